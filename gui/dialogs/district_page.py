"""What is said of the district as a whole before an import: name, boundary, surveyed services."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from gui.dialogs.choices import Choices
from gui.panels.parts import Label, column
from layers.importing.preview import Preview
from twin.language import text
from twin.model.catalogues import service_types


class DistrictPage(QWidget):
    """Takes the district's name, where its boundary comes from, and what was surveyed.

    Signals
    -------
    chosen(choices, anew)
        The person decided something; `anew` tells whether layers must be looked at again.
    """

    chosen = Signal(object, bool)

    def __init__(self, name: str, updating: bool) -> None:
        super().__init__()
        self._found = Preview(())
        self._choices = Choices()
        self._updating = updating
        layout = column(self, gap=8)
        self.name = QLineEdit(name)
        self.name.setAccessibleName(text("intake.name"))
        self.name.setReadOnly(updating)
        self.boundary = QComboBox()
        self.boundary.setAccessibleName(text("intake.boundary"))
        self.boundary.activated.connect(self._on_boundary)
        self.surveyed = QListWidget()
        self.surveyed.setAccessibleName(text("intake.surveyed"))
        self.surveyed.itemChanged.connect(self._on_surveyed)
        for key, widget in (("name", self.name), ("boundary", self.boundary)):
            layout.addWidget(Label(f"intake.{key}", bold=True))
            layout.addWidget(widget)
            layout.addSpacing(8)
        layout.addWidget(Label("intake.surveyed", bold=True))
        layout.addWidget(Label("intake.surveyed_note", tone="soft"))
        layout.addWidget(self.surveyed, 1)

    def show_district(self, found: Preview, choices: Choices) -> None:
        """Show what was found and chosen."""
        self._found, self._choices = found, choices
        self._show_boundary()
        self._show_surveyed()

    def _show_boundary(self) -> None:
        first = "intake.boundary_kept" if self._updating else "intake.boundary_proposed"
        self.boundary.blockSignals(True)
        self.boundary.clear()
        self.boundary.addItem(text(first), "")
        for view in self._found.layers:
            if "boundary" in view.roles:
                self.boundary.addItem(text("intake.boundary_layer", layer=view.source), view.source)
                if view.role.value == "boundary":
                    self.boundary.setCurrentIndex(self.boundary.count() - 1)
        self.boundary.blockSignals(False)

    def _show_surveyed(self) -> None:
        self.surveyed.blockSignals(True)
        if not self.surveyed.count():
            for type_id in service_types():
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, type_id)
                self.surveyed.addItem(item)
        occur = {type_id for view in self._found.layers for type_id in view.types}
        for line in range(self.surveyed.count()):
            item = self.surveyed.item(line)
            type_id = item.data(Qt.ItemDataRole.UserRole)
            name = service_types()[type_id].name
            found = type_id in occur
            item.setText(text("intake.surveyed_found", name=name) if found else name)
            on = self._choices.is_surveyed(type_id, self._found)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.surveyed.blockSignals(False)

    def _on_boundary(self) -> None:
        chosen = self._choices.choose_boundary(self.boundary.currentData(), self._found)
        if chosen != self._choices:
            self._choices = chosen
            self.chosen.emit(chosen, True)

    def _on_surveyed(self, item: QListWidgetItem) -> None:
        type_id = item.data(Qt.ItemDataRole.UserRole)
        on = item.checkState() == Qt.CheckState.Checked
        self._choices = self._choices.choose_surveyed(type_id, on)
        self.chosen.emit(self._choices, False)
