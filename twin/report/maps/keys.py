"""What the colours of a plan say: a class for each building, and the key that names the classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.assessment.assess import Assessment, Result
from twin.assessment.by_building import requirements_met
from twin.language import Language, name_of, text
from twin.model.catalogues import default_walker, rules, service_types, walkers
from twin.report.maps.colours import LIMIT_STEPS, steps
from twin.telling.ramps import MINUTES_RAMP, SHARE_RAMP

MINUTES = (3.0, 6.0, 9.0, 12.0, 15.0)
LIMITS = (0.5, 1.0, 1.5, 2.0)
SHARES = (0.2, 0.4, 0.6, 0.8)
HATCH = "hatch"
"""Stands for a colour where nobody can walk at all."""

FULL_CIRCLE = "full_circle"
REQUIREMENTS_MET = "requirements_met"


@dataclass(frozen=True)
class Class:
    """One class of the key: what it means and its colour (``#rrggbb`` or `HATCH`)."""

    label: str
    colour: str


@dataclass(frozen=True, eq=False)
class Key:
    """A colouring of the buildings.

    `of_building` holds a number of `classes` for each building row, -1 where nothing is said
    (nobody lives there). `service_types` are the types whose places the map shows; empty for all.
    """

    title: str
    classes: tuple[Class, ...]
    of_building: NDArray[np.int64]
    service_types: frozenset[str]


def key_for(
    assessment: Assessment, colour_by: str, language: Language, public: bool = False
) -> Key:
    """Return the colouring that `colour_by` names.

    Parameters
    ----------
    colour_by
        `FULL_CIRCLE`, `REQUIREMENTS_MET`, the id of a requirement of the standard, or of a
        service type (walking minutes of the walker whom the standard's requirement names, else
        of an adult).
    public
        Say nothing of the people of a building where fewer than the smallest cell live.

    Raises
    ------
    KeyError
        Where `colour_by` is none of these.
    """
    if colour_by == FULL_CIRCLE:
        return _full_circle(assessment, language, public)
    if colour_by == REQUIREMENTS_MET:
        return _requirements_met(assessment, language)
    for result in assessment.results:
        if result.requirement.id == colour_by:
            return _against_limit(assessment, result, language)
    return _minutes(assessment, service_types()[colour_by].id, language)


def farthest_by_building(assessment: Assessment, cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each building the longest walk of its homes (inf unreached, NaN nobody home)."""
    longest = np.full(len(assessment.district.buildings), -np.inf)
    np.maximum.at(longest, assessment.origins.building_row, cost)
    return np.where(np.isneginf(longest), np.nan, longest)


def _full_circle(assessment: Assessment, language: Language, public: bool) -> Key:
    full, total = assessment.full_circle.by_building
    lived_in = np.asarray(total) > 0
    share = np.asarray(full) / np.where(lived_in, total, 1.0)
    number = np.where(lived_in, np.searchsorted(SHARES, share, side="right"), -1)
    classes = _share_classes()
    if public:
        few = lived_in & (np.asarray(total) < rules().smallest_cell)
        number = np.where(few, len(classes), number)
        label = text("report.key.few", language, smallest=rules().smallest_cell)
        classes.append(Class(label, "#cfcac0"))
    title = text("report.key.full_circle", language)
    return Key(title, tuple(classes), number.astype(np.int64), frozenset())


def _requirements_met(assessment: Assessment, language: Language) -> Key:
    part = requirements_met(assessment)
    number = np.where(np.isnan(part), -1, np.searchsorted(SHARES, part, side="right"))
    count = sum(
        r.status == "assessed" and r.requirement.level == "shall" for r in assessment.results
    )
    title = text("report.key.requirements_met", language, count=count)
    return Key(title, tuple(_share_classes()), number.astype(np.int64), frozenset())


def _share_classes() -> list[Class]:
    edges = (0.0, *SHARES, 1.0)
    return [
        Class(f"{low:.0%}–{high:.0%}", colour)
        for low, high, colour in zip(
            edges[:-1], edges[1:], steps(SHARE_RAMP, len(SHARES) + 1), strict=True
        )
    ]


def _against_limit(assessment: Assessment, result: Result, language: Language) -> Key:
    wanted = result.requirement
    cost = farthest_by_building(assessment, np.asarray(result.cost, dtype=np.float64))
    number = _numbers(cost / wanted.limit, LIMITS)
    unit = text(f"report.unit.{wanted.unit}", language)
    edges = [wanted.limit * part for part in LIMITS]
    labels = _range_labels(edges, unit, language)
    classes = (*map(Class, labels, LIMIT_STEPS), _unreached(language))
    title = text("report.key.walk", language, service=name_of(wanted.name, language))
    return Key(title, classes, number, frozenset(wanted.service_types))


def _minutes(assessment: Assessment, service_type: str, language: Language) -> Key:
    asked = (r.requirement for r in assessment.results)
    walker = next((q.walker for q in asked if service_type in q.service_types), None)
    walker = walker or default_walker()
    number = _numbers(assessment.building_cost(service_type, (walker, "min")), MINUTES)
    labels = _range_labels(list(MINUTES), text("report.unit.min", language), language)
    colours = steps(MINUTES_RAMP, len(labels))
    classes = (*map(Class, labels, colours), _unreached(language))
    title = text(
        "report.key.minutes",
        language,
        service=name_of(service_types()[service_type].names, language),
        walker=name_of(walkers()[walker].names, language),
    )
    return Key(title, classes, number, frozenset({service_type}))


def _numbers(value: NDArray[np.float64], edges: tuple[float, ...]) -> NDArray[np.int64]:
    """Return the class of each value; a value at an edge is still within it."""
    number = np.searchsorted(edges, np.nan_to_num(value, nan=0.0), side="left")
    number = np.where(np.isposinf(value), len(edges) + 1, number)
    return np.where(np.isnan(value), -1, number).astype(np.int64)


def _range_labels(edges: list[float], unit: str, language: Language) -> list[str]:
    ends = [f"{edge:,.4g}" if edge < 1000 else f"{edge:,.0f}" for edge in edges]
    within = [f"{low}–{high}" for low, high in zip(["0", *ends], ends, strict=False)]
    within[0] = f"{within[0]} {unit}"
    return [*within, text("report.key.beyond", language, edge=ends[-1])]


def _unreached(language: Language) -> Class:
    return Class(text("report.key.unreached", language), HATCH)
