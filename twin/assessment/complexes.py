"""Neighbourhood complexes: places with several services, against what a standard calls one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.arrays import Flags, Ints
from twin.language import Language, name_of, text
from twin.model.district import District
from twin.standards import ComplexRule, Standard
from twin.walking.facilities import serving

Lacking = Literal["functions", "priority_functions", "floor_area"]
Verdict = Literal["met", "not_met", "area_unknown"]
Place = Literal["sites", "buildings", "services"]
"""What holds the services together: a site, a building, or being one facility."""
PLACES: tuple[Place, ...] = ("sites", "buildings", "services")


@dataclass(frozen=True)
class Complex:
    """One place against one rule.

    Parameters
    ----------
    rule_id
        The rule of the standard.
    place, place_id
        What its services share, and the id of that site, building or service.
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
    place: Place
    place_id: int
    service_ids: tuple[int, ...]
    functions: tuple[str, ...]
    priority_functions: tuple[str, ...]
    floor_area_m2: float
    area_known: bool
    lacking: tuple[Lacking, ...]
    preferred: bool

    @property
    def site_id(self) -> int:
        """The site that holds its services, -1 where none does."""
        return self.place_id if self.place == "sites" else -1

    @property
    def verdict(self) -> Verdict:
        """Whether it is the complex that the rule means; unknown where only the area is not."""
        if "functions" in self.lacking or "priority_functions" in self.lacking:
            return "not_met"
        if "floor_area" in self.lacking:
            return "not_met" if self.area_known else "area_unknown"
        return "met"


def find_complexes(district: District, standard: Standard) -> tuple[Complex, ...]:
    """Return every place with services of two functions or more, for each rule of a standard.

    Services belong together where they share a ``site_id`` or a ``building_id``, those of a site in
    a building with the others there; a facility of several types is a place of its own. Only open
    ones count; for those planned, pass the district at its horizon
    (:func:`twin.model.horizon.at_horizon`).
    """
    return tuple(
        one
        for rule in standard.complexes
        for one in _of_rule(district, rule, _serving_functions(district, standard, rule))
    )


def rule_words(rule: ComplexRule, standard: Standard, in_language: Language | None = None) -> str:
    """Return in a sentence what a complex takes."""
    named = {one.id: name_of(one.name, in_language) for one in standard.requirements}
    names = text("cli.assess.comma", in_language).join(
        named[id_] for id_ in rule.priority_functions
    )
    key = "takes" if rule.priority_functions else "takes_functions"
    if rule.preferred_floor_area_m2 > rule.min_floor_area_m2:
        key += "_better"
    return text(
        f"complex.{key}",
        in_language,
        functions=rule.min_functions,
        priority=rule.min_priority_functions,
        names=names,
        area=f"{rule.min_floor_area_m2:,.0f}",
        better=f"{rule.preferred_floor_area_m2:,.0f}",
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
    useful = np.logical_or.reduce(list(serves.values()))
    kind, id_ = _places(district)
    found = []
    for place, name in enumerate(PLACES):
        for place_id in np.unique(id_[useful & (kind == place)]).tolist():
            rows = np.flatnonzero(useful & (kind == place) & (id_ == place_id))
            functions = tuple(one for one, flags in serves.items() if flags[rows].any())
            if len(functions) >= 2:
                found.append(_judge(district, rule, (name, int(place_id)), rows, functions))
    return found


def _places(district: District) -> tuple[Ints, Ints]:
    """Return what holds each service together with others: a position in PLACES, and its id."""
    services, sites = district.services, district.sites
    site, building = services["site_id"], services["building_id"]
    housed = np.append(sites["building_id"], -1)[sites.rows_of(site)]  # row -1 is no site
    inside = np.where(building >= 0, building, housed)
    # who shares a building with a service of a site belongs to that site, the lowest of several
    named = np.flatnonzero((site >= 0) & (inside >= 0))
    order = named[np.lexsort((site[named], inside[named]))]
    buildings, first = np.unique(inside[order], return_index=True)
    at = np.searchsorted(buildings, inside)
    known = (at < len(buildings)) & (np.append(buildings, -1)[at] == inside) & (inside >= 0)
    shared = np.append(site[order[first]], -1)[np.where(known, at, len(buildings))]
    of_site = np.where(site >= 0, site, shared)
    kind = np.select([of_site >= 0, inside >= 0], [0, 1], 2)
    return kind, np.choose(kind, [of_site, inside, services.ids])


def _judge(
    district: District,
    rule: ComplexRule,
    place: tuple[Place, int],
    rows: Ints,
    functions: tuple[str, ...],
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
        place=place[0],
        place_id=place[1],
        service_ids=tuple(sorted(services.ids[rows].tolist())),
        functions=functions,
        priority_functions=priority,
        floor_area_m2=total,
        area_known=known,
        lacking=tuple(name for name, holds in checks.items() if not holds),
        preferred=total >= rule.preferred_floor_area_m2,
    )
