"""What one requirement's figure means, under its row: definition, clause, wording, source."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.panels import figures
from gui.panels.parts import TextButton, column
from twin.language import name_of, text
from twin.model.catalogues import groups, walkers

if TYPE_CHECKING:
    from twin.assessment.assess import Result

_LINE = '<p style="margin-top: 0; margin-bottom: 6px">{}</p>'
"""A little room between sentences: they are facts of their own, and one below the other a wall."""


class Explanation(QWidget):
    """A few sentences, selectable with mouse and keyboard."""

    def __init__(self, parent: QWidget, more: Callable[[], object]) -> None:
        super().__init__(parent)
        layout = column(self)
        layout.setContentsMargins(16, 8, 16, 16)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("tone", "soft")
        self._words.setProperty("rich", "true")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._words)
        self._more = TextButton("score.explain.more", more, kind="link")
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def say(self, result: Result, unknown: bool = False) -> None:
        """Explain one result."""
        lines = explanation(result, unknown)
        self._words.setText("".join(_LINE.format(escape(line)) for line in lines))


def why_not(result: Result, unknown: bool) -> str:
    """Return why a result has no figure; `unknown` where nobody counted the residents."""
    if unknown and result.status == "no_demand":
        return text("score.residents_not_known")
    return text(f"score.{result.why_not or result.status}_why")


def explanation(result: Result, unknown: bool = False) -> list[str]:
    """Return the sentences that explain a result, in the language in use."""
    wanted = result.requirement
    key = "score.explain."
    lines = []
    if result.status == "assessed":
        lines.append(
            text(
                key + "definition",
                covered=figures.people(result.covered),
                total=figures.people(result.total),
                group=groups()[wanted.group].name,
                limit=figures.limit(wanted.limit, wanted.unit),
                walker=walkers()[wanted.walker].name,
            )
        )
        if round(result.unreached):
            lines.append(text(key + "unreached", count=figures.people(result.unreached)))
        if wanted.unit == "m":
            lines.append(text(key + "straight", share=figures.share(result.straight_share)))
    else:
        lines.append(why_not(result, unknown))
    lines.append(text(key + ("shall" if wanted.level == "shall" else "as_needed")))
    lines.append(text(key + wanted.wording))
    if wanted.clause:
        lines.append(text(key + "clause", clause=name_of(wanted.clause)))
    lines.append(text(key + wanted.standing))
    if wanted.source:
        lines.append(text(key + "source", source=name_of(wanted.source_words)))
    return lines
