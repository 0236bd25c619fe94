"""From figures to colours: which value each building shows, and what the legend says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gui.scene.colours import PLAIN, BuildingColours, Stairs
from gui.view_state import ColourBy
from twin.language import text
from twin.model.catalogues import service_types, walkers

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.standards import Requirement, Standard

FULL_WALK = {"min": 15.0, "m": 1000.0}
"""Where the ramp ends for a service type without a limit in the standard: the quarter hour."""
FULL_CHANGE = 0.3
"""Where the ramp of differences ends: three tenths more, or fewer, of what is asked."""


def colours(
    assessment: Assessment | None, by: ColourBy, beside: Assessment | None = None
) -> BuildingColours:
    """Return what the buildings' colours say; plain while there are no figures.

    Parameters
    ----------
    beside
        What a difference is the difference from.
    """
    if assessment is None or by.what == "none":
        return PLAIN
    if by.what == "full_circle":
        full, total = assessment.full_circle.by_building
        share = np.divide(full, total, out=np.full(len(total), math.nan), where=total > 0)
        return BuildingColours("share", share, 1.0)
    if by.what == "requirements_met":
        from twin.assessment.by_building import requirements_met

        return BuildingColours("share", requirements_met(assessment), 1.0)
    if by.what == "difference":
        return _difference(assessment, by, beside)
    values = assessment.building_cost(by.service_type, (by.walker, by.unit))
    apart, stairs = _storeys_within(assessment, by), _stairs(assessment, by)
    return BuildingColours("minutes", values, FULL_WALK[by.unit], apart, stairs)


def _stairs(assessment: Assessment, by: ColourBy) -> Stairs | None:
    """Return the walks of every storey where stairs are counted; of several units, the worst."""
    from twin.streets.costs import INF, PER_UNIT
    from twin.walking.walks import nearest

    homes, measure = assessment.homes, (by.walker, by.unit)
    if homes is None:
        return None
    found = nearest(assessment.district, by.service_type, measure)
    row, count = assessment.origins.building_row, len(assessment.district.buildings)
    door, step = np.full(count, -np.inf), np.zeros(count)
    np.maximum.at(door, row, found.public)
    rise = homes.step(measure)
    np.maximum.at(step, row, np.where(rise >= INF, np.inf, rise / PER_UNIT[by.unit]))
    below = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(below, row, homes.below)
    shops = np.where(np.isneginf(door), 0, np.where(below < np.iinfo(np.int64).max, below, 0))
    return Stairs(np.where(np.isneginf(door), np.nan, door), step, shops)


def _storeys_within(assessment: Assessment, by: ColourBy) -> NDArray[np.float64] | None:
    """Return how many storeys of each building lie within the limit where only some do, else NaN.

    Of several stair units it is the worst. None where stairs are not counted, or without a limit.
    """
    from twin.streets.costs import PER_UNIT
    from twin.walking.walks import nearest

    homes, measure = assessment.homes, (by.walker, by.unit)
    if homes is None or not by.limit or by.limit_unit not in ("", by.unit):
        return None
    found = nearest(assessment.district, by.service_type, measure)
    part = homes.part_within(found.cost, measure, round(by.limit * PER_UNIT[by.unit]))
    within = np.full(len(assessment.district.buildings), np.inf)
    some = (part > 0.0) & (part < 1.0)
    storeys = np.where(some, homes.below + part * homes.count, np.inf)
    np.minimum.at(within, assessment.origins.building_row, storeys)
    return np.where(np.isinf(within), np.nan, within)


def picture_words(by: ColourBy) -> str:
    """Return what the colours of a picture mean, for its caption; "" where it has none."""
    if by.what == "none":
        return ""
    facts: dict[str, str] = {}
    if by.what == "walk":
        facts["service"] = service_types()[by.service_type].name
        facts["walker"] = walkers()[by.walker].name
        facts["unit"] = text(f"legend.unit_{by.unit}")
    return text(f"picture_words.{by.what}", None, **facts)


def _difference(assessment: Assessment, by: ColourBy, beside: Assessment | None) -> BuildingColours:
    from twin.assessment.by_building import change

    ids = [] if beside is None else [r.requirement.id for r in beside.results]
    if beside is None or (by.requirement and by.requirement not in ids):
        return PLAIN
    values = change(beside, assessment, by.requirement)
    return BuildingColours("difference", values, 1.0 if by.requirement else FULL_CHANGE)


def residents_unknown(assessment: Assessment | None) -> bool:
    """Return whether nobody is counted because nobody was: there are homes, but no numbers."""
    if assessment is None:
        return False
    demand = assessment.origins.demand
    return not demand.people.any() and bool(demand.unknown.any())


def requirement_colour(requirement: Requirement) -> ColourBy:
    """Return the colouring that shows a requirement: its first service type, unit and walker."""
    kind, unit = requirement.service_types[0], requirement.unit
    return ColourBy("walk", kind, unit, requirement.walker, requirement.limit, unit)


def asked_types(by: ColourBy, opened: str, standard: Standard) -> frozenset[str]:
    """Return the types of services that a colouring is about; none where it is about all.

    A walk is to its own type, and to what else answers the requirement that is `opened`.
    """
    if by.what == "none" or (by.what != "walk" and not by.requirement):
        return frozenset()
    wanted = by.requirement or opened
    types = {kind for r in standard.requirements if r.id == wanted for kind in r.service_types}
    if by.what == "difference":
        return frozenset(types)
    return frozenset(types | {by.service_type} if by.service_type in types else {by.service_type})


def colour_for(types: Sequence[str], standard: Standard, opened: str = "") -> tuple[str, ColourBy]:
    """Return the requirement ("" for none) that a service answers to, and its colouring.

    Of several it is that of its first type, unless one that it answers to is `opened` already.
    """
    pairs = [(r, kind) for kind in types for r in standard.requirements if kind in r.service_types]
    if not pairs:
        return "", ColourBy("walk", types[0])
    wanted, kind = min(pairs, key=lambda pair: pair[0].id != opened)
    return wanted.id, replace(requirement_colour(wanted), service_type=kind)
