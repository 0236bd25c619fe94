"""What features are called in an account: by name, address or number."""

from __future__ import annotations

from twin.language import name_of, text
from twin.model.catalogues import service_types
from twin.model.district import District
from twin.standards import Requirement, Standard


def requirement_name(wanted: Requirement) -> str:
    """Return a requirement's name in the language in use."""
    return name_of(wanted.name)


def asked_name(standard: Standard, id_: str) -> str:
    """Return the name of a requirement or of alternatives, in the language in use."""
    return next(name_of(one.name) for one in standard.asked() if one.id == id_)


def building_name(district: District, building_id: int) -> str:
    """Return a building's name, else its address, else its number."""
    table = district.buildings
    row = table.row_of(building_id)
    named = str(table["name"][row]) or str(table["address"][row])
    return named or text("explain.name.building", id=building_id)


def service_name(district: District, service_id: int) -> str:
    """Return a service's name, else its types."""
    table = district.services
    row = table.row_of(service_id)
    known = service_types()
    kinds = [known[t].name for t in str(table["types"][row]).split(",") if t in known]
    return str(table["name"][row]) or text("explain.comma").join(kinds)


def community_name(district: District, row: int) -> str:
    """Return the name of a community by its row; the row behind the last is outside them all."""
    if row >= len(district.communities):
        return text("explain.name.outside")
    return str(district.communities["name"][row])


def feature_name(district: District, role: str, feature_id: int) -> str:
    """Return what a feature of any role is called."""
    if role == "services":
        return service_name(district, feature_id)
    if role == "buildings":
        return building_name(district, feature_id)
    table = district.table(role)
    named = str(table["name"][table.row_of(feature_id)])
    if named:
        return named
    if role == "streets":
        kind = str(table["kind"][table.row_of(feature_id)])
        return text("explain.name.street", kind=text(f"kind.{kind}"), id=feature_id)
    return text(f"explain.name.{role}", id=feature_id)
