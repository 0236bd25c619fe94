"""Communities compared: full circle, and each requirement in each of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from twin.assessment.assess import Result
from twin.assessment.circle_words import circle_words
from twin.figures import people, percent, signs
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Subheading, Table
from twin.report.maps.colours import steps
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.report.sections.coverage import LEVEL_MARKS, is_long, known
from twin.telling.ramps import SHARE_RAMP

COLUMNS_EACH = 7
"""Communities beside one another on one page; more of them make a further table."""


def section(material: Material) -> Section | None:
    """Return the comparison, or None where the district has no communities."""
    if not len(material.district.communities):
        return None
    blocks: list[Block] = [_full_circle(material)]
    if known(material):
        blocks += [Subheading(material.say("communities.each")), Paragraph(_how_to_read(material))]
        blocks += list(_matrices(material))
    return Section(material.say("section.communities"), tuple(blocks), is_long(material))


def place_names(material: Material) -> list[str]:
    """Return the communities' names, and one for homes outside all of them."""
    table = material.district.communities
    numbered = (
        name or material.say("communities.unnamed", id=id_)
        for name, id_ in zip(table["name"].tolist(), table.ids.tolist(), strict=True)
    )
    return [*numbered, material.say("communities.none")]


def _full_circle(material: Material) -> Table:
    circle = material.assessment.full_circle
    covered, total = (np.asarray(part, dtype=np.float64) for part in circle.by_community)
    if not circle.asked:
        covered = np.full(len(total), np.nan)
    few = hidden(covered, total, material.public)
    weakest = _weakest(material, len(total))
    more = material.assessment.origins.by_community(circle.more)
    rows = []
    for place, name in enumerate(place_names(material)):
        if total[place] > 0 or place < len(total) - 1:
            figures = covered[place], total[place], bool(more[place] > 0)
            rows.append(_row(material, name, *figures, few[place], weakest[place]))
    whole = material.say("communities.all")
    only = hidden(np.array([circle.covered]), np.array([circle.total]), material.public)[0]
    figures = float(covered.sum()), circle.total, circle.at_least()
    last = _row(material, whole, *figures, only, Cell(""))
    columns = (
        Column(material.say("column.community"), 3),
        Column(material.people_word.capitalize(), 1.6, "right"),
        Column(material.say("column.full_circle"), 3),
        Column(material.say("column.in_full_circle"), 1.7, "right"),
        Column(material.say("column.weakest"), 4),
    )
    caption = material.say("table.communities")
    rests = circle_words(material.assessment, material.language)
    notes = (*filter(None, [rests]), *material.marks(_shall(material)))
    return Table(caption, columns, (*rows, Row(last.cells, "total")), notes)


def _row(
    material: Material,
    name: str,
    covered: float,
    total: float,
    at_least: bool,
    few: bool,
    weakest: Cell,
) -> Row:
    if few:
        words = Cell(material.say("hidden.short"), muted=True)
        return Row((Cell(name), words, words, words, Cell("–", muted=True)))
    if not total > 0:
        none = Cell(material.say("status.no_demand"), muted=True)
        return Row((Cell(name), Cell(people(total)), none, Cell("–", muted=True), Cell("")))
    if np.isnan(covered):
        none = Cell(material.say("status.not_assessed"), muted=True)
        return Row((Cell(name), Cell(people(total)), none, Cell("–", muted=True), Cell("")))
    share = covered / total
    sign = signs(at_least=at_least, estimated=False)
    shown = Cell(sign + percent(share), share=share, strong=True)
    return Row((Cell(name), Cell(people(total)), shown, Cell(people(covered)), weakest))


def _shall(material: Material) -> list[Result]:
    return [r for r in material.assessment.required if r.status == "assessed"]


def _weakest(material: Material, count: int) -> list[Cell]:
    """Return for each place the "shall" requirement that the smallest share of people meets."""
    results = _shall(material)
    if not results:
        return [Cell("")] * count
    shares = np.stack([np.where(_few(material, r), np.nan, shares_by_place(r)) for r in results])
    filled = np.where(np.isnan(shares), np.inf, shares)
    lowest = np.argmin(filled, axis=0)
    cells = []
    for place, row in enumerate(lowest.tolist()):
        name = material.marked(results[row].requirement)
        share = filled[row, place]
        cells.append(Cell(f"{name} {percent(share)}") if np.isfinite(share) else Cell(""))
    return cells


def _matrices(material: Material) -> Iterator[Table]:
    """Return requirement by community, in as many tables as fit beside one another."""
    names = place_names(material)
    origins = material.assessment.origins
    total = origins.by_community(origins.residents)
    kept = [i for i in range(len(names)) if i < len(names) - 1 or total[i] > 0]
    for first in range(0, len(kept), COLUMNS_EACH):
        places = kept[first : first + COLUMNS_EACH]
        columns = (
            Column(material.say("column.requirement"), 3.6),
            *(Column(names[place], 1.5, "center") for place in places),
        )
        rows = tuple(_cells(material, r, places) for r in known(material))
        notes = material.marks(known(material))
        yield Table(material.say("table.matrix"), columns, rows, notes)


def _cells(material: Material, result: Result, places: list[int]) -> Row:
    wanted = result.requirement
    name = Cell(f"{LEVEL_MARKS[wanted.level]} {material.marked(wanted)}")
    if result.status != "assessed":
        return Row((name, *(Cell(material.status(result), muted=True),) * len(places)))
    shares, few = shares_by_place(result), _few(material, result)
    cells = []
    for place in places:
        if few[place]:
            cells.append(Cell(material.say("hidden.sign"), muted=True))
        elif np.isnan(shares[place]):
            cells.append(Cell(material.say("status.no_demand"), muted=True))
        else:
            cells.append(Cell(percent(shares[place]), fill=_ground(shares[place])))
    return Row((name, *cells))


def shares_by_place(result: Result) -> NDArray[np.float64]:
    """Return the covered share by community, the last outside all; NaN where nobody is asked."""
    covered, total = result.by_community
    return np.where(total > 0, covered / np.where(total > 0, total, 1.0), np.nan)


def _few(material: Material, result: Result) -> NDArray[np.bool_]:
    return hidden(result.by_community[0], result.by_community[1], material.public)


def _ground(share: float) -> str:
    """Return the ground of a cell: the ramp of shares in twenty steps."""
    return steps(SHARE_RAMP, 21)[round(20 * float(share))]


def _how_to_read(material: Material) -> str:
    words = material.say("communities.read")
    if material.public:
        words += " " + material.say("hidden.sign_long")
    return words
