"""The scenario against the district as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layers.schema import ROLES
from twin.assessment.assess import Assessment, Result
from twin.assessment.circle_words import circle_words
from twin.assessment.compare import RequirementChange, compare
from twin.figures import bounded, points
from twin.model import edits
from twin.model.catalogues import groups, service_types
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Subheading, Table
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.report.sections.coverage import is_hidden, is_long, known
from twin.telling.compare_words import sentence


def section(material: Material) -> Section | None:
    """Return what the scenario changes and what that does, or None without a base."""
    base = material.base
    if base is None:
        return None
    blocks: list[Block] = [Paragraph(material.say("comparison.intro", scenario=material.scenario))]
    found = compare(base, material.assessment)
    if not any(_of_few(material, change) for change in found.changes):
        blocks.insert(0, Paragraph(sentence(found, material.language, marked=True), "lead"))
    if material.edits:
        blocks.append(_measures(material))
    before = {result.requirement.id: result for result in base.results}
    rows = [_circle(material)]
    rows += [
        _row(material, before[result.requirement.id], result)
        for result in known(material)
        if result.requirement.id in before
    ]
    columns = (
        Column(material.say("column.requirement"), 4),
        Column(material.say("column.before"), 1.4, "right"),
        Column(material.say("column.after"), 1.4, "right"),
        Column(material.say("column.points"), 1.6, "right"),
        Column(material.say("column.change"), 3),
        Column(material.say("column.people_change"), 1.8, "right"),
    )
    rests = circle_words(material.assessment, material.language)
    sign = material.say("coverage.lower_bound") if _any_bound(base, material.assessment) else ""
    notes = (material.say("comparison.bars"), sign, *material.marks(known(material)), rests)
    blocks += [
        Subheading(material.say("comparison.effect")),
        Table(material.say("table.comparison"), columns, _scaled(rows), tuple(filter(None, notes))),
    ]
    return Section(material.say("section.comparison"), tuple(blocks), is_long(material))


def _any_bound(*sides: Assessment) -> bool:
    """Return whether a share of either side is a lower bound."""
    return any(
        side.full_circle.at_least() or any(result.at_least for result in side.results)
        for side in sides
    )


def _of_few(material: Material, change: RequirementChange) -> bool:
    """Return whether a gain or loss is of so few people that a public report leaves it out."""
    moved = np.array([change.gained, change.lost])
    return bool(hidden(moved, moved, material.public).any())


def _circle(material: Material) -> Row:
    base = material.base
    assert base is not None
    was, now = base.full_circle, material.assessment.full_circle
    name = Cell(material.say("column.full_circle"), strong=True)
    few = _few(material, (was.covered, was.total), (now.covered, now.total))
    shares = bounded(was.share, was.at_least()), bounded(now.share, now.at_least())
    return _change(material, name, (was.share, was.covered), (now.share, now.covered), shares, few)


def _row(material: Material, was: Result, now: Result) -> Row:
    wanted = now.requirement
    group = material.name(groups()[wanted.group].names)
    name = Cell(material.marked(wanted), f"{group} · {material.limit(wanted)}")
    if "assessed" not in (was.status, now.status) or is_hidden(material, was):
        words = Cell(
            material.say("hidden.short") if is_hidden(material, was) else material.status(now),
            muted=True,
        )
        return Row((name, words, words, *(Cell("–", muted=True),) * 3))
    few = _few(material, (was.covered, was.total), (now.covered, now.total))
    shares = bounded(was.share, was.at_least), bounded(now.share, now.at_least)
    return _change(material, name, (was.share, was.covered), (now.share, now.covered), shares, few)


def _few(material: Material, was: tuple[float, float], now: tuple[float, float]) -> bool:
    """Return whether a state, or the difference of the two, tells of too few people."""
    covered = np.array([was[0], now[0], abs(now[0] - was[0])])
    total = np.array([was[1], now[1], max(was[1], now[1])])
    return any(hidden(covered[[i]], total[[i]], material.public)[0] for i in range(3))


def _change(
    material: Material,
    name: Cell,
    was: tuple[float, float],
    now: tuple[float, float],
    shares: tuple[str, str],
    few: bool,
) -> Row:
    if few:
        words = Cell(material.say("hidden.short"), muted=True)
        return Row((name, words, words, *(Cell("–", muted=True),) * 3))
    change, gained = now[0] - was[0], now[1] - was[1]
    if np.isnan(change):
        return Row((name, Cell(shares[0]), Cell(shares[1]), *(Cell("–", muted=True),) * 3))
    still = points(change) == "0"
    count = "0" if abs(gained) < 0.5 else f"{gained:+,.0f}".replace("-", "−")
    return Row(
        (
            name,
            Cell(shares[0], muted=True),
            Cell(shares[1], strong=True),
            Cell(points(change), muted=still, strong=not still),
            Cell("", change=change),
            Cell(count, muted=still),
        )
    )


def _scaled(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows with their bars drawn to the largest change of all."""
    changes = [cell.change for row in rows for cell in row.cells if cell.change is not None]
    largest = max((abs(change) for change in changes), default=0.0) or 1.0
    return tuple(
        replace(row, cells=tuple(_scaled_cell(cell, largest) for cell in row.cells)) for row in rows
    )


def _scaled_cell(cell: Cell, largest: float) -> Cell:
    return cell if cell.change is None else replace(cell, change=cell.change / largest)


def _measures(material: Material) -> Table:
    """Return the scenario's edits, numbered as they were made."""
    rows = tuple(
        Row((Cell(str(number)), Cell(_words(material, edit))))
        for number, edit in enumerate(material.edits, start=1)
    )
    columns = (
        Column(material.say("column.number"), 0.6),
        Column(material.say("column.measure"), 10),
    )
    return Table(material.say("table.measures"), columns, rows)


def _words(material: Material, edit: edits.Edit) -> str:
    """Return what an edit does, in words."""
    say = material.say
    match edit:
        case edits.PlaceService():
            kinds = _kinds(material, edit.types)
            return say("edit.place", kinds=kinds, id=edit.id, x=f"{edit.x:.1f}", y=f"{edit.y:.1f}")
        case edits.MoveService():
            name = _service(material, edit.id)
            return say("edit.move", service=name, id=edit.id, x=f"{edit.x:.1f}", y=f"{edit.y:.1f}")
        case edits.RemoveService():
            return say("edit.remove", service=_service(material, edit.id), id=edit.id)
        case edits.ChangeService():
            name, values = _service(material, edit.id), _values("services", edit.values)
            return say("edit.change_service", service=name, id=edit.id, values=values)
        case edits.SetStreetStatus():
            status = say(f"street_status.{edit.status}")
            return say("edit.street", id=edit.id, status=status)
        case edits.AddPath():
            return say("edit.path", id=edit.id)
        case edits.ChangeBuilding():
            return say("edit.building", id=edit.id, values=_values("buildings", edit.values))
        case edits.ChangeStreet():
            return say("edit.change_street", id=edit.id, values=_values("streets", edit.values))
        case edits.ReshapeBuilding():
            return say("edit.reshape", id=edit.id)
        case edits.AddEntrance():
            return say("edit.add_entrance", id=edit.id)
        case edits.MoveEntrance():
            return say("edit.move_entrance", id=edit.id)
        case edits.ChangeEntrance():
            return say("edit.entrance", id=edit.id, values=_values("entrances", edit.values))
        case edits.RemoveEntrance():
            return say("edit.remove_entrance", id=edit.id)
        case edits.DrawBoundary():
            return say("edit.boundary", corners=len(edit.outline))
        case edits.DrawCommunity():
            return say("edit.community", name=edit.name or f"#{edit.id}")
        case edits.ChangeCommunity():
            values = _values("communities", edit.values)
            return say("edit.change_community", id=edit.id, values=values)
        case edits.RemoveCommunity():
            return say("edit.remove_community", id=edit.id)


def _service(material: Material, id_: int) -> str:
    """Return the name of a service, before the scenario if it removes it."""
    for assessment in (material.base, material.assessment):
        table = assessment.district.services if assessment else None
        if table is not None and (row := int(table.rows_of([id_])[0])) >= 0:
            kinds = tuple(kind for kind in table["types"][row].split(",") if kind)
            return str(table["name"][row]) or _kinds(material, kinds)
    return ""


def _kinds(material: Material, types: tuple[str, ...]) -> str:
    known = service_types()
    names = (material.name(known[id_].names) if id_ in known else id_ for id_ in types)
    return material.say("list.comma").join(names)


def _values(role: str, values: object) -> str:
    """Return ``column = value`` for each changed column, in the schema's order."""
    given = dict(values)  # type: ignore[call-overload]  # a mapping, by the edits' own definition
    names = [column.name for column in ROLES[role].columns if column.name in given]
    return ", ".join(f"{name} = {given[name]}" for name in names)
