"""What weakens the figures of an assessment, as problems that name how many people it concerns."""

from __future__ import annotations

import numpy as np

from layers.problems import Fact, Problem, Severity
from twin.arrays import Flags, Floats, Ints
from twin.assessment.map_edge import to_map_edge
from twin.assessment.measured import basis
from twin.assessment.scoring import limit_m
from twin.memo import Memo
from twin.model.district import District
from twin.model.forecast import Forecast, forecast_of, people_now, stated_of, years_stated
from twin.model.horizon import Horizon
from twin.model.hours import unreadable
from twin.model.whereabouts import where_they_are
from twin.standards import Standard
from twin.streets.compounds import rights, walls_of
from twin.streets.network import Network, edges_without_height
from twin.walking.access import REASONS
from twin.walking.demand import PEOPLE
from twin.walking.facilities import find_facilities
from twin.walking.origins import Origins
from twin.walking.storeys import HomeStoreys

_MOST_IDS = 1000

_homes: Memo[tuple[Problem, ...]] = Memo(16)
_networks: Memo[tuple[Problem, ...]] = Memo(16)
_edges: Memo[tuple[Problem, ...]] = Memo(16)


def find_notes(district: District, origins: Origins, standard: Standard) -> tuple[Problem, ...]:
    """Return the findings that weaken the figures of a standard in a district."""
    network, limit = find_facilities(district).around.network, largest_limit_m(standard)
    edge_m = to_map_edge(district, origins)
    return (
        *_homes.get((origins, district.boundary), lambda: _about_homes(district, origins)),
        *_about_named_streets(district, origins, network),
        *_networks.get((network,), lambda: _about_network(district, network)),
        *_edges.get((edge_m, origins), lambda: _about_edge(edge_m, origins, limit), limit),
        *_about_gates(district, network),
        *_about_services(district),
    )


def stairs_unknown(origins: Origins, homes: HomeStoreys | None) -> tuple[Problem, ...]:
    """Return the homes whose stairs nobody knows, where stairs are counted."""
    if homes is None or homes.known.all():
        return ()
    people = float(origins.residents[~homes.known].sum())
    rows = origins.building_id[~homes.known]
    return (_note("stairs_unknown", Severity.WARNING, "buildings", rows, people),)


def about_horizon(district: District, horizon: Horizon) -> tuple[Problem, ...]:
    """Return what the hour and the year that are looked at mean for the figures."""
    notes: list[Problem] = []
    if horizon.when is not None:
        notes.append(Problem("at_an_hour", Severity.INFO, facts={"when": str(horizon.when)}))
        for table in (district.services, district.streets):
            ids = unreadable(table)
            if len(ids):
                notes.append(_note("hours_unreadable", Severity.WARNING, table.role, ids))
    if horizon.phase is not None:
        notes.append(Problem("in_a_phase", Severity.INFO, facts={"year": horizon.phase}))
    if isinstance(horizon.growth, Forecast):
        notes += _about_forecast(district, horizon.growth)
    elif horizon.growth is not None:
        notes.append(Problem("of_a_year", Severity.INFO, facts={"year": horizon.growth.year}))
    elif horizon.phase is not None and (years := years_stated(district)):
        named: dict[str, Fact] = {"year": horizon.phase, "years": ", ".join(map(str, years))}
        known = forecast_of(district, horizon.phase) is not None
        key = "people_of_today_chosen" if known else "people_of_today"
        notes.append(Problem(key, Severity.INFO, facts=named))
    return tuple(notes)


def _about_forecast(district: District, forecast: Forecast) -> list[Problem]:
    """Return how many people the data states for a year, and of whom it says nothing.

    Parameters
    ----------
    district
        As it will be then.
    """
    found, year = stated_of(district, forecast.year), forecast.year
    inside, _ = where_they_are(district)
    people = np.where(inside, people_now(district.buildings), 0.0)
    silent = ~(np.isfinite(found.factor) | np.isfinite(found.buildings)) & (people > 0)
    said = float(people[~silent].sum())
    key = "of_a_year_between" if forecast.estimated else "of_a_year_stated"
    notes = [Problem(key, Severity.INFO, facts={"year": year, "people": round(said)})]
    if silent.any():
        ids, left = district.buildings.ids[silent], float(people[silent].sum())
        notes.append(
            _note("of_a_year_unstated", Severity.WARNING, "buildings", ids, left, year=year)
        )
    if found.unplaced.any():
        ids, lost = district.communities.ids[found.unplaced], found.communities[found.unplaced]
        notes.append(
            _note(
                "of_a_year_unplaced",
                Severity.WARNING,
                "communities",
                ids,
                float(lost.sum()),
                year=year,
            )
        )
    return notes


def largest_limit_m(standard: Standard) -> float:
    """Return the longest walk that any requirement allows, in metres (minutes at their speed)."""
    return max((limit_m(requirement) for requirement in standard.requirements), default=0.0)


def _note(
    key: str, severity: Severity, role: str, ids: Ints, people: float = 0.0, **facts: Fact
) -> Problem:
    shown = tuple(int(i) for i in np.unique(ids)[:_MOST_IDS])
    count = len(np.unique(ids))
    return Problem(
        key, severity, role, ids=shown, facts={"count": count, "people": round(people), **facts}
    )


def _about_homes(district: District, origins: Origins) -> tuple[Problem, ...]:
    demand, ids, people = origins.demand, district.buildings.ids, origins.residents
    notes: list[Problem] = []

    def of_origins(key: str, severity: Severity, which: Flags) -> None:
        if which.any():
            rows = origins.building_id[which]
            notes.append(_note(key, severity, "buildings", rows, float(people[which].sum())))

    if not len(district.boundary):
        notes.append(Problem("no_boundary", Severity.INFO, "boundary"))
    if not people.sum() > 0:
        notes.append(Problem("no_residents", Severity.WARNING, "buildings"))
    if demand.counts_dwellings:
        notes.append(Problem("counts_dwellings", Severity.WARNING, "buildings"))
    rests = basis(district, origins)
    if rests.estimated > 0:
        facts = {"people": round(rests.estimated), "percent": round(100 * rests.share)}
        key = "dwellings_rest_on_estimates" if demand.counts_dwellings else "rests_on_estimates"
        notes.append(Problem(key, Severity.WARNING, "buildings", facts=facts))
    unknown = demand.unknown & demand.inside
    if unknown.any() and not demand.counts_dwellings:
        notes.append(_note("residents_unknown", Severity.WARNING, "buildings", ids[unknown]))
    of_origins("ages_differ", Severity.WARNING, demand.differs[origins.building_row])
    differs = demand.differs & demand.inside & (demand.residents == 0)
    if differs.any():
        notes.append(_note("ages_all_zero", Severity.WARNING, "buildings", ids[differs]))
    nameless = origins.people[:, PEOPLE.index("age_unknown")]
    if nameless.any() and not demand.counts_dwellings:
        rows = origins.building_id[nameless > 0]
        count = float(nameless.sum())
        notes.append(_note("ages_unknown", Severity.WARNING, "buildings", rows, count))
    guessed = demand.estimated[origins.building_row] & (nameless == 0)
    of_origins("ages_estimated", Severity.INFO, guessed)
    for number, reason in enumerate(REASONS[1:], start=1):
        of_origins(f"home_{reason}", Severity.WARNING, origins.reason == number)
    own = origins.access.start[:-1] if len(origins) else np.empty(0, np.int64)
    of_origins("home_through_building", Severity.INFO, origins.access.points.through_building[own])
    return tuple(notes)


def _about_named_streets(
    district: District, origins: Origins, network: Network
) -> tuple[Problem, ...]:
    """Return the homes that do not open on the street which a person named."""
    doors, buildings = district.entrances, district.buildings
    if not (doors["street_id"] >= 0).any() and not (buildings["street_id"] >= 0).any():
        return ()
    row = doors.rows_of(origins.entrance_id)
    has_door = np.isin(origins.building_id, doors["building_id"])
    at_door = np.append(doors["street_id"], -1)[row]  # row -1 is no door: the last, -1
    wanted = np.where(has_door, at_door, buildings["street_id"][origins.building_row])
    own = origins.access.start[:-1]
    edge = origins.access.points.edge[own] if len(own) else np.empty(0, np.int64)
    street = np.append(network.street_id, -1)[edge]
    missed = (wanted >= 0) & (street != wanted)
    if not missed.any():
        return ()
    people = float(origins.residents[missed].sum())
    ids = origins.building_id[missed]
    return (_note("named_street_missed", Severity.WARNING, "buildings", ids, people),)


def _about_network(district: District, network: Network) -> tuple[Problem, ...]:
    if not len(network):
        return (Problem("no_network", Severity.ERROR, "streets"),)
    notes = []
    if network.island.any():
        metres = float(network.length_m[network.island].sum())
        ids = network.street_id[network.island]
        notes.append(_note("islands", Severity.WARNING, "streets", ids, metres=round(metres)))
    if district.terrain is None:
        notes.append(Problem("no_terrain", Severity.INFO))
    else:
        flat = edges_without_height(network, district.terrain)
        if len(flat):
            notes.append(_note("streets_without_height", Severity.WARNING, "streets", flat))
    return tuple(notes)


def _about_edge(edge_m: Floats, origins: Origins, limit_m: float) -> tuple[Problem, ...]:
    """Return whose walks could lead off the map: coverage is a lower bound for them."""
    near = edge_m < limit_m
    if not near.any():
        return ()
    people, rows = float(origins.residents[near].sum()), origins.building_id[near]
    return (_note("map_edge", Severity.WARNING, "buildings", rows, people, limit_m=round(limit_m)),)


def _about_gates(district: District, network: Network) -> tuple[Problem, ...]:
    """Return the gates for residents that nobody passes, because nothing tells whose they are."""
    edges = rights(network, district.streets["status"], walls_of(district.barriers)).nobodys
    if not len(edges):
        return ()
    return (_note("gates_enclose_nobody", Severity.WARNING, "streets", network.street_id[edges]),)


def _about_services(district: District) -> tuple[Problem, ...]:
    facilities = find_facilities(district)
    off = np.array([not access.attached for access in facilities.access], bool)
    open_ = district.services["status"][facilities.row] == "open"
    if not (off & open_).any():
        return ()
    ids = facilities.ids[off & open_]
    return (_note("services_unattached", Severity.WARNING, "services", ids),)
