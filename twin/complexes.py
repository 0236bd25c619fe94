"""Neighbourhood complexes: sites that host several services, against what a standard calls one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.district import District
from twin.facilities import serving
from twin.network import Flags, Ints
from twin.standards import ComplexRule, Standard

Lacking = Literal["functions", "priority_functions", "floor_area"]
Verdict = Literal["met", "not_met", "area_unknown"]


@dataclass(frozen=True)
class Complex:
    """One site against one rule.

    Parameters
    ----------
    rule_id
        The rule of the standard.
    site_id
        The site, as the services name it.
    service_ids
        Its open services that serve any function, ascending.
    functions, priority_functions
        Ids of the requirements whose types they serve, in the rule's order.
    floor_area_m2
        Floor area of these services, each once, as far as it is known.
    area_known
        Every one of them states its floor area.
    lacking
        What of the rule is not met by what is known.
    preferred
        The floor area is what the rule wishes for where possible.
    """

    rule_id: str
    site_id: int
    service_ids: tuple[int, ...]
    functions: tuple[str, ...]
    priority_functions: tuple[str, ...]
    floor_area_m2: float
    area_known: bool
    lacking: tuple[Lacking, ...]
    preferred: bool

    @property
    def verdict(self) -> Verdict:
        """Whether it is the complex that the rule means; unknown where only the area is not."""
        if "functions" in self.lacking or "priority_functions" in self.lacking:
            return "not_met"
        if "floor_area" in self.lacking:
            return "not_met" if self.area_known else "area_unknown"
        return "met"


def find_complexes(district: District, standard: Standard) -> tuple[Complex, ...]:
    """Return every site with services of two functions or more, for each rule of a standard.

    Services belong to one site where they share a ``site_id``. Only open ones count; for those
    planned, pass the district at its horizon (:func:`twin.horizon.at_horizon`).
    """
    return tuple(
        one
        for rule in standard.complexes
        for one in _of_rule(district, rule, _serving_functions(district, standard, rule))
    )


def _serving_functions(
    district: District, standard: Standard, rule: ComplexRule
) -> dict[str, Flags]:
    """Return which rows of the services serve each function of a rule."""
    flags, types = (
        serving(district.services),
        {r.id: r.service_types for r in standard.requirements},
    )
    nobody = np.zeros(len(district.services), bool)
    return {
        function: np.logical_or.reduce([nobody, *(flags.get(t, nobody) for t in types[function])])
        for function in rule.functions
    }


def _of_rule(district: District, rule: ComplexRule, serves: dict[str, Flags]) -> list[Complex]:
    site = district.services["site_id"]
    useful = np.logical_or.reduce(list(serves.values())) & (site >= 0)
    found = []
    for site_id in np.unique(site[useful]).tolist():
        rows = np.flatnonzero(useful & (site == site_id))
        functions = tuple(name for name, flags in serves.items() if flags[rows].any())
        if len(functions) >= 2:
            found.append(_judge(district, rule, int(site_id), rows, functions))
    return found


def _judge(
    district: District, rule: ComplexRule, site_id: int, rows: Ints, functions: tuple[str, ...]
) -> Complex:
    services = district.services
    area = services["floor_area_m2"][rows]
    known, total = bool(np.isfinite(area).all()), float(np.nansum(area))
    priority = tuple(name for name in functions if name in rule.priority_functions)
    checks: dict[Lacking, bool] = {
        "functions": len(functions) >= rule.min_functions,
        "priority_functions": len(priority) >= rule.min_priority_functions,
        "floor_area": total >= rule.min_floor_area_m2,
    }
    return Complex(
        rule_id=rule.id,
        site_id=site_id,
        service_ids=tuple(sorted(services.ids[rows].tolist())),
        functions=functions,
        priority_functions=priority,
        floor_area_m2=total,
        area_known=known,
        lacking=tuple(name for name, holds in checks.items() if not holds),
        preferred=total >= rule.preferred_floor_area_m2,
    )
