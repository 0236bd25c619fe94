"""Two hundred random districts against the reference, with the hard cases among them counted.

Districts drawn at random prove nothing of what they happen not to hold.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.grid.answers import ReferenceAnswers
from tests.grid.grid import Grid
from tests.oracle.districts import district_number
from tests.oracle.reference import ATTRACTING
from tests.oracle.test_random_districts import check
from twin.model.catalogues import walkers

DISTRICTS = 200
"""No two are alike; Hypothesis, drawing 240, draws a hundred of them again."""
OFTEN = 10
"""In so many of the districts each of the hard cases must be, at least."""


def cases(grid: Grid) -> dict[str, bool]:
    """Return which of the hard cases a district has, as the reference sees it."""
    reference = ReferenceAnswers(grid).reference
    doors, edges, rows = reference.doors, reference.edges, grid.rows
    homes = {number for origin in reference.origins for number in origin.doors}
    services = {number for numbers in reference.service_doors.values() for number in numbers}
    meeting = {doors[n].edge for n in homes} & {doors[n].edge for n in services} - {None}
    home_of = [origin.building_id for origin in reference.origins]
    return {
        "a home with several doors for residents": len(home_of) > len(set(home_of)),
        "a home with doors that are alternatives": any(len(o.doors) > 1 for o in reference.origins),
        "a service with doors of its own": any("service_id" in row for row in rows["entrances"]),
        "a home without doors": any(o.entrance_id < 0 for o in reference.origins),
        "an island": any(e.kind in ATTRACTING and not e.attracts for e in edges),
        "a home and a service on one edge": bool(meeting),
        "terrain": grid.terrain is not None,
        "a wall": bool(rows["barriers"]),
        "water": bool(rows["water"]),
        "a closed street": any(e.status == "closed" for e in edges),
        "a gate for residents": any(e.status == "residents" for e in edges),
        "steps": any(e.kind == "steps" for e in edges),
        "a raised kerb": any(e.kerb == "raised" for e in edges),
        "a signalled crossing": any(e.delay_s > 0 for e in edges),
        "a home that a wall or water cuts off": any(
            doors[n].reason == "leg_blocked" for n in homes
        ),
        "a home too far from any street": any(
            doors[n].reason == "no_edge_within_cap" for n in homes
        ),
        "a home beside an island": any(doors[n].reason == "island" for n in homes),
        "a leg through another building": any(doors[n].through_building for n in homes),
        "people outside the boundary": any(not o.inside for o in reference.origins),
    }


@pytest.mark.long
def test_two_hundred_districts_with_every_hard_case_equal_the_reference() -> None:
    found: Counter[str] = Counter()
    names = sorted(walkers())
    for number in range(DISTRICTS):
        grid = district_number(number)
        check(grid, names[number % len(names)])
        found.update(name for name, there in cases(grid).items() if there)
    rare = {name: found[name] for name in cases(grid) if found[name] < OFTEN}
    assert not rare, f"too rare among {DISTRICTS} districts: {rare}"
