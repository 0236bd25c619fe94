"""One table without places in the preview of an import: whose features it names, in what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from gui.dialogs.choices import Choices
from gui.dialogs.layer_page import ENCODINGS, fill
from gui.dialogs.rows_table import RowsTable
from gui.panels.parts import Label, Rule, column, row, set_tone
from layers.importing.preview_tables import TableView
from twin.language import text
from twin.telling.findings import sentence


class TablePage(QWidget):
    """Shows a table and takes another encoding for it.

    Signals
    -------
    chosen(choices, anew)
        As of the page of a layer.
    """

    chosen = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._view: TableView | None = None
        layout = column(self, gap=12)
        self._title = QLabel()
        self._title.setProperty("weight", "bold")
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        set_tone(self._facts, "soft")
        self.encoding = QComboBox()
        self.encoding.setAccessibleName(text("intake.encoding"))
        self.encoding.setMinimumContentsLength(24)
        self.encoding.activated.connect(self._on_encoding)
        label = Label("intake.encoding", tone="soft")
        label.setWordWrap(False)
        label.setBuddy(self.encoding)
        across = row(gap=16)
        across.addWidget(label)
        across.addWidget(self.encoding)
        across.addStretch(1)
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        set_tone(self._notes, "warning")
        layout.addWidget(self._title)
        layout.addWidget(self._facts)
        layout.addLayout(across)
        layout.addWidget(self._notes)
        layout.addWidget(Rule())
        layout.addWidget(Label("intake.rows", bold=True))
        self.table = RowsTable()
        layout.addWidget(self.table, 1)

    def show_table(self, view: TableView, choices: Choices) -> None:
        """Show a table as it was read, with what was chosen of it."""
        same = self._view is not None and self._view.source == view.source
        self._view, self._choices = view, choices
        self._title.setText(view.source)
        facts = {"count": f"{view.count:,}", "matched": f"{view.matched:,}"}
        key = "intake.table_joined" if view.layer else "intake.table_alone"
        self._facts.setText(text(key, layer=view.layer, key=view.key, **facts))
        fixed = {"": text("intake.encoding_fixed", found=view.encoding or "UTF-8")}
        found = {"": text("intake.encoding_found", found=view.encoding or text("intake.plain"))}
        choice = {**found, **{name: name for name in ENCODINGS}} if view.encoding_open else fixed
        fill(self.encoding, choice, choices.encoding_of(view))
        self.encoding.setEnabled(view.encoding_open)
        told = [p for p in view.problems if p.key != "table_joined"]
        self._notes.setText("\n".join(sentence(problem, in_window=True) for problem in told))
        self._notes.setVisible(bool(told))
        self.table.show_rows(view.names, view.rows, from_left=not same)

    def _on_encoding(self) -> None:
        if self._view is None:
            return
        chosen = self._choices.choose_encoding(self._view, self.encoding.currentData())
        if chosen.decisions() != self._choices.decisions():
            self._choices = chosen
            self.chosen.emit(chosen, True)
