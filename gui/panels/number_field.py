"""Fields of the inspector: a line that leaves undo to the plan, and one number with its limits."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui.panels import figures
from gui.panels.parts import column, labelled, set_tone
from twin.language import text

Range = tuple[float, float]

_NUMBER = re.compile(r"[-−+]?(\d{1,3}([,，]\d{3})+|\d+)(\.\d*)?(e[-+]?\d+)?", re.IGNORECASE)
"""Digits, with commas between thousands alone: ``12,5`` may be meant as 12.5 or as 125."""
_COMMA = re.compile(r"[-−+]?[\d.,，]*[,，][\d.,，]*")
_LONGEST = 32
"""Letters: more than any number within a limit, few enough for a message to hold them."""
_STEPS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class EntryLine(QLineEdit):
    """A line of text; once what was typed is entered, undo and redo are the plan's."""

    def event(self, event: QEvent) -> bool:
        """Leave the keys of undo alone, which Qt keeps for the letters of a line."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.isModified()
            and any(event.matches(step) for step in _STEPS)
        ):
            event.ignore()
            return False
        return super().event(event)


class NumberField(EntryLine):
    """Takes digits, with or without commas between thousands; empty means unknown.

    Parameters
    ----------
    limits
        Asked for the least and the greatest number that is taken, when one was typed.
    needed
        Whether a number must stand here: there is no unknown.

    Signals
    -------
    entered(value)
        Another value was typed and left; NaN for unknown.
    refused(words)
        What was typed stays but is not taken, and why; "" once it is mended or put back.
    """

    entered = Signal(float)
    refused = Signal(str)

    def __init__(
        self,
        unit: str = "",
        decimals: int = 0,
        *,
        limits: Callable[[], Range] = lambda: (0.0, math.inf),
        needed: bool = False,
    ) -> None:
        super().__init__()
        self._unit, self._decimals = unit, decimals
        self._limits, self._needed = limits, needed
        self._value = math.nan
        self._why = ""
        self.setMaxLength(_LONGEST)
        self.setPlaceholderText("–")
        self.editingFinished.connect(self._take)
        self.textEdited.connect(lambda _: self._refuse(""))

    def show_value(self, value: float) -> None:
        """Show a value, unless the user is typing another or was told what is wrong with it."""
        same = _same(value, self._value)
        self._value = value
        busy = self.isModified() and (self.hasFocus() or (bool(self._why) and same))
        if not busy:
            self._say()

    def _take(self) -> None:
        if not self.isModified():
            return
        typed = re.sub(r"\s|" + re.escape(self._unit), "", self.text())
        if why := self._why_not(typed):
            self._refuse(why)
            return
        value = _number(typed)
        changed = not _same(value, self._value)
        self._value = value
        self._say()
        if changed:
            self.entered.emit(value)

    def _why_not(self, typed: str) -> str:
        """Return what is wrong with the letters, and what is allowed; "" if nothing is."""
        low, high = self._limits()
        facts = {"typed": typed, "low": self._figure(low), "high": self._figure(high)}
        if typed in ("", "–"):
            return text("number.needed", **facts) if self._needed else ""
        if not _NUMBER.fullmatch(typed):
            return text("number.comma" if _COMMA.fullmatch(typed) else "number.none", **facts)
        return "" if low <= _number(typed) <= high else text("number.beyond", **facts)

    def _refuse(self, why: str) -> None:
        if why != self._why:
            self._why = why
            self.setAccessibleDescription(why)
            self.refused.emit(why)

    def _figure(self, value: float) -> str:
        return f"{value:,.{self._decimals}f}"

    def _say(self) -> None:
        known = not math.isnan(self._value)
        tail = f"{figures.THIN_SPACE}{self._unit}" if self._unit else ""
        self.setText(f"{self._figure(self._value)}{tail}" if known else "")
        self.setModified(False)
        self._refuse("")


def numbered(name: str, field: NumberField) -> QWidget:
    """Return a line with a name and a field for a number; what is wrong with it stands below."""
    both = QWidget()
    layout = column(both, gap=4)
    layout.addWidget(labelled(name, field))
    why = QLabel()
    why.setTextFormat(Qt.TextFormat.PlainText)
    why.setWordWrap(True)
    why.hide()
    set_tone(why, "error")
    layout.addWidget(why)

    def say(words: str) -> None:
        why.setText(words)
        why.setVisible(bool(words))

    field.refused.connect(say)
    return both


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def _number(typed: str) -> float:
    if typed in ("", "–"):
        return math.nan
    return float(re.sub(r"[,，]", "", typed).replace("−", "-"))
