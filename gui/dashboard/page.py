"""What every page of the dashboard is: work in the background, and what shows its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.panels.limits import noted
from gui.panels.parts import column, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.background import Progress
    from twin.assessment.assess import Assessment
    from twin.assessment.scoring import Result


@dataclass(frozen=True, eq=False)
class Ask:
    """What a page is to be about.

    Parameters
    ----------
    now
        The assessment that the view shows.
    beside
        Makes, or finds, the assessment that it is compared with; called in the background.
    beside_name
        The scenario's name as people read it.
    requirement
        Id of the requirement that is opened, "" for none.
    """

    now: Assessment
    beside: Callable[[Progress], Assessment]
    beside_name: str
    requirement: str

    @property
    def result(self) -> Result | None:
        """The opened requirement's result, None where none is opened or it was not assessed."""
        for result in self.now.results:
            if result.requirement.id == self.requirement and result.status == "assessed":
                return result
        return None

    @property
    def some_result(self) -> Result | None:
        """The same, else the first that was assessed."""
        known = (result for result in self.now.results if result.status == "assessed")
        return self.result or next(known, None)


def with_bounds(words: str, some: bool) -> str:
    """Return a sentence followed by what the sign of a lower bound means, where `some` bear it."""
    return noted(words, text("dashboard.lower_bound")) if some else words


class Page(QWidget):
    """One page of the dashboard; each kind of page has its own `work` and `show_result`.

    The two raise here, for Qt's metaclass leaves no room for ``ABCMeta``, which would refuse a page
    without them.

    Signals
    -------
    asked(what, value)
        Something that only the window can do: ``account`` a subject, ``show`` a feature,
        ``colour`` by a colouring, ``open`` a requirement, ``again`` with other settings,
        a ``menu`` of a row.
    """

    asked = Signal(str, object)
    slow = False
    """Waits until the hand rests; a quick page follows the edit under the hand."""
    compares = False
    """Sets another scenario beside that in hand, which may be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.room: QVBoxLayout = column(self)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setContentsMargins(16, 8, 16, 8)
        set_tone(self._words, "soft")
        self.room.addWidget(self._words)

    @property
    def words(self) -> str:
        """The sentence above the page's figures."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Say a sentence above the figures."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        bounded = text("dashboard.lower_bound") in words
        self._words.setToolTip(text("dashboard.lower_bound_why") if bounded else "")

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Return the work whose result :meth:`show_result` shows; it touches no widget."""
        raise NotImplementedError

    def show_result(self, found: Any) -> None:
        """Show what the work returned."""
        raise NotImplementedError
