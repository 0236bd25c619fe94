"""One grid or picture in the preview of an import: what it is taken for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from gui.dialogs.choices import Choices
from gui.panels.parts import Label, column, row, set_tone
from layers.importing.preview import RasterView
from layers.schema import RASTER_ROLES
from layers.vocabulary.columns import IGNORE
from twin.language import text
from twin.telling.findings import sentence


class RasterPage(QWidget):
    """Shows a raster and takes another role for it.

    Signals
    -------
    chosen(choices, anew)
        As of the page of a layer.
    """

    chosen = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._view: RasterView | None = None
        layout = column(self, gap=12)
        self._title = QLabel()
        self._title.setProperty("weight", "bold")
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._title)
        self.role = QComboBox()
        self.role.setAccessibleName(text("intake.role"))
        self.role.setMinimumContentsLength(24)
        self.role.activated.connect(self._on_role)
        label = Label("intake.role", tone="soft")
        label.setWordWrap(False)
        label.setBuddy(self.role)
        across = row(gap=16)
        across.addWidget(label)
        across.addWidget(self.role)
        across.addStretch(1)
        layout.addLayout(across)
        self._what = QLabel()
        self._what.setWordWrap(True)
        set_tone(self._what, "soft")
        layout.addWidget(self._what)
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        set_tone(self._notes, "warning")
        layout.addWidget(self._notes)
        layout.addStretch(1)

    def show_raster(self, view: RasterView, choices: Choices) -> None:
        """Show a raster with what was chosen of it."""
        self._view, self._choices = view, choices
        self._title.setText(view.source)
        self.role.blockSignals(True)
        self.role.clear()
        for role in (*RASTER_ROLES, IGNORE):
            words = text("intake.left_out") if role == IGNORE else text(f"role.{role}")
            self.role.addItem(words, role)
        self.role.setCurrentIndex(self.role.findData(view.role))
        self.role.blockSignals(False)
        self._what.setText(text(f"intake.raster_{view.role}"))
        self._notes.setText(
            "\n".join(sentence(problem, in_window=True) for problem in view.problems)
        )
        self._notes.setVisible(bool(view.problems))

    def _on_role(self) -> None:
        if self._view is None or self.role.currentData() == self._view.role:
            return
        self._choices = self._choices.choose(self._view.source, role=self.role.currentData())
        self.chosen.emit(self._choices, True)
