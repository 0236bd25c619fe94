"""What each of several scenarios shows beside the others; made in the background."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from gui.colouring import colours, requirement_colour
from gui.scene.colours import BuildingColours
from gui.view_state import ColourBy

if TYPE_CHECKING:
    from gui.background import Progress
    from gui.document import Document
    from gui.scene.meshes import Meshes
    from twin.assessment.assess import Assessment
    from twin.assessment.compare import Comparison
    from twin.model.district import District
    from twin.standards import Standard

Look = Literal["state", "difference"]


@dataclass(frozen=True, eq=False)
class Side:
    """One scenario beside the first.

    Parameters
    ----------
    scenario
        Its name in the sitting.
    district, meshes, colours
        What its view draws.
    share
        Covered part of those whom the requirement is about, 0 to 1; NaN where it is not assessed.
    change
        How much more that is than in the first, -1 to 1; None in the first itself, NaN where one of
        them is not assessed.
    at_least
        The share is a lower bound.
    gained, lost
        People newly covered, and no longer, against the first.
    """

    scenario: str
    district: District
    meshes: Meshes
    colours: BuildingColours
    share: float
    change: float | None = None
    gained: float = 0.0
    lost: float = 0.0
    hidden: frozenset[int] = frozenset()
    """Ids of the services that have nothing to do with the requirement: they would hide it."""
    at_least: bool = False


def colour_of(standard: Standard, requirement: str, look: Look) -> ColourBy:
    """Return what colours the views: a requirement's walks, "" for all that shall be near."""
    if look == "difference":
        return ColourBy("difference", requirement=requirement)
    wanted = next((r for r in standard.requirements if r.id == requirement), None)
    return requirement_colour(wanted) if wanted else ColourBy("requirements_met")


def sides_work(
    document: Document, scenarios: Sequence[str], asked: str | None, look: Look
) -> Callable[[Progress], tuple[str, tuple[Side, ...]]]:
    """Return the work that makes the sides of scenarios; the first is what others differ from.

    The work returns the requirement that they are about, and them.

    Parameters
    ----------
    asked
        Id of one of the standard's requirements, "" for full circle; None for the one that changes
        most, of which there is something to see.
    """
    standard, jobs = document.standard, {name: document.assessing(name) for name in scenarios}

    def work(progress: Progress) -> tuple[str, tuple[Side, ...]]:
        from gui.scene.meshes import build_meshes

        found: dict[str, Assessment] = {}
        for number, (name, assess) in enumerate(jobs.items()):
            progress(number / len(jobs))
            found[name] = assess(progress)
        first, sides = found[scenarios[0]], []
        requirement = most_changed(first, list(found.values())) if asked is None else asked
        by = colour_of(standard, requirement, look)
        for number, name in enumerate(scenarios):
            now = found[name]
            meshes = build_meshes(now.district, progress)
            shown = colours(now, by, first)  # the first differs nowhere, and looks like what stays
            share, others = _share(now, requirement), _others(now, requirement)
            bound = _at_least(now, requirement)
            side = Side(name, now.district, meshes, shown, share, hidden=others, at_least=bound)
            sides.append(_against(first, now, side, requirement) if number else side)
        return requirement, tuple(sides)

    return work


def most_changed(first: Assessment, others: Sequence[Assessment]) -> str:
    """Return the requirement in which most people gain or lose; "" where nobody does."""
    from twin.assessment.compare import compare

    changes = (
        change for other in others if other is not first for change in compare(first, other).changes
    )
    most = max(changes, key=lambda one: one.gained + one.lost, default=None)
    return most.requirement_id if most is not None and most.gained + most.lost > 0 else ""


def _against(first: Assessment, now: Assessment, side: Side, requirement: str) -> Side:
    """Return a side with what changes against the first."""
    from twin.assessment.compare import compare

    gained, lost = _moved(compare(first, now), requirement)
    return replace(side, change=side.share - _share(first, requirement), gained=gained, lost=lost)


def _share(assessment: Assessment, requirement: str) -> float:
    if not requirement:
        return assessment.full_circle.share
    known = (r for r in assessment.results if r.requirement.id == requirement)
    result = next(known, None)
    return math.nan if result is None or result.status != "assessed" else result.share


def _at_least(assessment: Assessment, requirement: str) -> bool:
    if not requirement:
        return assessment.full_circle.at_least()
    return any(r.requirement.id == requirement and r.at_least for r in assessment.results)


def _others(assessment: Assessment, requirement: str) -> frozenset[int]:
    """Return the services that neither serve a requirement nor stand in for what does."""
    asked = next(
        (r.requirement for r in assessment.results if r.requirement.id == requirement), None
    )
    if asked is None:
        return frozenset()
    wanted = {*asked.service_types, *asked.satisfied_by}
    services = assessment.district.services
    kinds, which = np.unique(services["types"].astype(str), return_inverse=True)
    serves = np.array([bool(wanted & set(kind.split(","))) for kind in kinds], bool)
    return frozenset(services.ids[~serves[which]].tolist())


def _moved(found: Comparison, requirement: str) -> tuple[float, float]:
    """Return who is newly covered and who no longer; "" is of full circle."""
    for change in found.changes:
        if change.requirement_id == requirement:
            return change.gained, change.lost
    if requirement:
        return 0.0, 0.0
    return found.circle_moved["all"]
