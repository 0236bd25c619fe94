"""What lies on the ground as a colour while a service is placed or looked at: work for threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gui.colouring import FULL_WALK
from twin.assessment.gain import gain_field
from twin.model.edits import RemoveService, apply_edit
from twin.walking.routes import reach_streets
from twin.walking.walks import costs_of

if TYPE_CHECKING:
    from gui.scene.field import Field
    from gui.scene.surface import Bounds
    from twin.assessment.assess import Progress
    from twin.model.district import District
    from twin.model.horizon import Horizon
    from twin.standards import Requirement, Standard

Work: TypeAlias = "Callable[[Progress], Field | None]"


def gain_work(
    district: District,
    standard: Standard,
    service_type: str,
    bounds: Bounds,
    horizon: Horizon,
    without: int = -1,
) -> Work | None:
    """Return the work that draws who would gain from one more service, or None without a rule.

    The rule is the standard's first requirement that the type answers to. The service `without` is
    taken as not there: wherever the hand carries that one, what is drawn stays true.
    """
    wanted = _requirement(standard, (service_type,))
    if wanted is None:
        return None

    def work(progress: Progress) -> Field | None:
        from gui.scene.field import make_field

        progress(0.0)
        left = district if without < 0 else apply_edit(district, RemoveService(without))
        there = horizon.of(left)
        gain = gain_field(there, wanted, service_type)
        progress(0.6)
        network = costs_of(there, wanted.measure).network
        ends = gain[network.tail], gain[network.head]
        most = float(np.nanmax(gain, initial=0.0))
        return make_field(network.line, *ends, bounds, "gain", most) if most > 0.0 else None

    return work


def reach_work(
    district: District, standard: Standard, service_id: int, bounds: Bounds, horizon: Horizon
) -> Work | None:
    """Return the work that draws how far a service reaches, up to the limit of its requirement.

    It has the colours of homes at that distance: one scale, whatever the limit.
    """
    services = district.services
    row = int(services.rows_of([service_id])[0])
    types = tuple(services["types"][row].split(",")) if row >= 0 else ()
    wanted = _requirement(standard, types)
    if wanted is None:
        return None

    def work(progress: Progress) -> Field | None:
        from gui.scene.field import make_field

        progress(0.0)
        there = horizon.of(district)
        found = reach_streets(there, service_id, wanted.measure, wanted.limit)
        progress(0.6)
        if not len(found.line):
            return None
        ends, unit = (found.cost_start, found.cost_end), wanted.unit
        drawn = make_field(found.line, *ends, bounds, "reach", FULL_WALK[unit], unit)
        return replace(drawn, limit=wanted.limit)

    return work


def _requirement(standard: Standard, types: tuple[str, ...]) -> Requirement | None:
    """Return the first requirement that a service of one of the types answers to."""
    return next((r for r in standard.requirements if set(types) & set(r.service_types)), None)
