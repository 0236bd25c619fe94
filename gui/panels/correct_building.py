"""Fields that correct a building: storeys, residents, lift; each writes one edit when left."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from gui.panels.number_field import NumberField, numbered
from gui.panels.parts import Segments, column, labelled
from twin.language import text
from twin.model.allowed import allowed
from twin.model.correcting import with_residents
from twin.model.edits import ChangeBuilding

if TYPE_CHECKING:
    from gui.document import Document


class CorrectBuilding(QWidget):
    """The fields of one building."""

    def __init__(self, document: Document, building_id: int) -> None:
        super().__init__()
        self._document, self._id = document, building_id
        layout = column(self, gap=8)
        layout.setContentsMargins(16, 8, 16, 0)
        self.storeys, self.residents = (
            NumberField(limits=partial(allowed, "buildings", name))
            for name in ("storeys", "residents")
        )
        self.lift = Segments(
            {"yes": "building.lift_on", "no": "building.lift_off"},
            lambda name: self._write({"has_lift": name == "yes"}, "history.lift"),
        )
        layout.addWidget(numbered(text("building.correct_storeys"), self.storeys))
        layout.addWidget(numbered(text("building.correct_residents"), self.residents))
        layout.addWidget(labelled(text("building.correct_lift"), self.lift))
        self.storeys.entered.connect(lambda value: self._write({"storeys": value}))
        self.residents.entered.connect(self._write_residents)

    def refresh(self, record: Mapping[str, Any]) -> None:
        """Show what the building has now."""
        self.storeys.show_value(record["storeys"])
        self.residents.show_value(record["residents"])
        self.lift.choose("yes" if record["has_lift"] else "no")

    def _write_residents(self, count: float) -> None:
        buildings = self._document.session.district.buildings
        self._write(with_residents(buildings.record(buildings.row_of(self._id)), count))

    def _write(self, values: Mapping[str, float | bool], label: str = "history.building") -> None:
        self._document.do(label, ChangeBuilding(self._id, dict(values)))
