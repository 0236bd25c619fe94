"""What the card beside the pointer says of a feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.panels import figures
from gui.panels.building_page import building_line
from gui.panels.limits import coloured, limit_words
from twin.language import text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from gui.document import Document
    from gui.view_state import ColourBy, Feature


def hover_words(document: Document, feature: Feature, by: ColourBy) -> list[str]:
    """Return a name and a line or two of facts; nothing where the feature is gone."""
    role, id_ = feature
    table = document.district.table(role)
    row = int(table.rows_of([id_])[0])
    if row < 0:
        return []
    record = table.record(row)
    if role == "buildings":
        name = record["name"] or record["address"] or text("building.unnamed", id=id_)
        return [name, building_line(record), *_walk(document, row, by)]
    if role == "services":
        types = [t for t in record["types"].split(",") if t in service_types()]
        kinds = text("building.between").join(service_types()[t].name for t in types)
        status = text(f"service.status.{record['status']}")
        facts = [kinds, status, figures.area(record["floor_area_m2"])]
        return [record["name"] or kinds, text("building.between").join(facts)]
    if role == "streets":
        kind = text(f"street.kind.{record['kind']}")
        facts = [kind, figures.length(record["geometry"].length)]
        facts.append(text(f"street.status.{record['status']}"))
        return [record["name"] or kind, text("building.between").join(facts)]
    if role == "sites":
        kind = text(f"site.kind.{record['kind']}")
        facts = [kind, figures.area(record["floor_area_m2"])]
        return [record["name"] or kind, text("building.between").join(facts)]
    return [record.get("name") or text(f"role.{role}")]


def _walk(document: Document, row: int, by: ColourBy) -> list[str]:
    """Return the walk that the building's colour shows."""
    assessment = document.assessment
    if by.what != "walk" or assessment is None or assessment.asked is not document.district:
        return []
    walk = float(assessment.building_cost(by.service_type, (by.walker, by.unit))[row])
    if walk != walk:
        return []
    name = service_types()[by.service_type].name
    said = [text("hover.walk", name=name, walk=figures.walk(walk, by.unit))]
    for wanted in coloured(by, document.standard)[:1]:
        key = "hover.within" if walk <= wanted.limit else "hover.beyond"
        said.append(text(key, limit=limit_words(wanted)))
    return said
