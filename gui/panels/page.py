"""What every page of the inspector has: a title, facts, rows, and a way to ask the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.panels.parts import column, fact_row, set_tone
from gui.view_state import Feature, ViewState

if TYPE_CHECKING:
    from gui.document import Document


class Page(QWidget):
    """One page, made for one feature; `refresh` says it anew after a change.

    Signals
    -------
    asked(what, value)
        Something that only the window can do.
    """

    asked = Signal(str, object)

    def __init__(self, feature: Feature, document: Document, state: ViewState) -> None:
        super().__init__()
        self.feature = feature
        self.document = document
        self.state = state
        self.column = column(self)
        self.column.setContentsMargins(0, 0, 0, 16)
        self._title = QLabel()
        self._title.setProperty("weight", "bold")
        self._title.setWordWrap(True)
        self._title.setContentsMargins(16, 0, 16, 0)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._subtitle = QLabel()
        self._subtitle.setContentsMargins(16, 0, 16, 8)
        self._subtitle.setWordWrap(True)
        set_tone(self._subtitle, "soft")
        self.column.addWidget(self._title)
        self.column.addWidget(self._subtitle)
        self.build()

    @property
    def record(self) -> dict[str, Any]:
        """The feature's columns in the district that is shown."""
        table = self.document.district.table(self.feature[0])
        return table.record(table.row_of(self.feature[1]))

    def build(self) -> None:
        """Make the widgets of the page."""

    def refresh(self) -> None:
        """Show the feature as it is now."""

    def say(self, title: str, subtitle: str) -> None:
        """Set the title and the line below it."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle) and subtitle != title)

    def box(self, margin_top: int = 8) -> QVBoxLayout:
        """Return a new column on the page with the margins of text."""
        inside = QWidget()
        layout = column(inside, gap=8)
        layout.setContentsMargins(16, margin_top, 16, 0)
        self.column.addWidget(inside)
        return layout

    def heading(self, words: str) -> None:
        """Put a small heading on the page."""
        label = QLabel(words)
        label.setWordWrap(True)
        label.setContentsMargins(16, 16, 16, 0)
        label.setProperty("weight", "bold")
        self.column.addWidget(label)

    @staticmethod
    def explain(layout: QVBoxLayout, words: str) -> None:
        """Say of what stands in a box what its marks mean: on hover, and to those who hear it."""
        box = layout.parentWidget()
        if box is not None:
            box.setToolTip(words)
            box.setAccessibleDescription(words)

    @staticmethod
    def facts(layout: QVBoxLayout, values: dict[str, str]) -> None:
        """Put lines of name and value into a column."""
        for name, value in values.items():
            layout.addWidget(fact_row(name, value))
