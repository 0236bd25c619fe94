"""The hours of the sample: readable, believable, and an evening is not a noon."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import pytest

from layers.importing.from_files import import_layers
from sample_data import DISTRICT, TERRAIN
from sample_data.plan.hours import MAIN_GATE_M
from sample_data.plan.hours import service_hours as hours_of
from twin.assessment.assess import Assessment, assess
from twin.model.horizon import NOW, Horizon
from twin.model.hours import When, open_then, unreadable
from twin.projects.project import Project
from twin.standards import load_standard

STANDARD = "gb50180-2018"


@cache
def project() -> Project:
    return Project.from_file(import_layers([DISTRICT, TERRAIN]))


@cache
def at(when: str) -> Assessment:
    horizon = Horizon(when=When.parse(when)) if when else NOW
    return assess(project().district, load_standard(STANDARD), horizon=horizon)


def covered(kind: str, when: str) -> float:
    assessment = at(when)
    return float((assessment.origins.residents * assessment.result(kind).covered_part).sum())


def test_all_hours_can_be_read_and_reach_the_district() -> None:
    for table in (project().district.services, project().district.streets):
        assert len(unreadable(table)) == 0
        assert (table["hours"] != "").sum() > 100


@pytest.mark.parametrize(
    ("facility", "expected"),
    [
        ({"types": ["canteen"]}, "06:30-19:00"),
        ({"types": ["canteen"], "hours": "11:00-13:00"}, "11:00-13:00"),
        # A toilet is open at any time, but not in a market that is shut.
        ({"types": ["public_toilet", "food_market"]}, "06:00-19:30"),
        ({"types": ["bus_stop"]}, ""),
    ],
)
def test_a_facility_has_its_own_hours_else_those_of_its_type(facility, expected) -> None:
    assert hours_of(facility) == expected


def test_some_side_gates_are_locked_at_night_and_no_main_gate() -> None:
    streets = gpd.read_file(DISTRICT, layer="streets")
    locked = streets[streets["hours"] != ""]
    assert set(locked["kind"]) == {"gate"}
    assert locked["width_m"].max() < MAIN_GATE_M
    assert "closed" not in set(locked["status"])
    side = streets.query("kind == 'gate' and width_m < @MAIN_GATE_M and status != 'closed'")
    assert 0.4 < len(locked) / len(side) < 0.6
    hours = locked["hours"].to_numpy()
    assert open_then(hours, When.parse("Tu 21:59")).all()
    assert not open_then(hours, When.parse("Tu 22:00")).any()


def test_the_evening_has_fewer_canteens_than_noon() -> None:
    # One of the canteens closes at 18:30, the others at 19:00.
    noon, evening, late = (covered("canteen", f"Tu {when}") for when in ("12:00", "18:45", "21:00"))
    assert noon == covered("canteen", "")
    assert noon > evening > late == 0


def test_locked_gates_lengthen_the_walk_to_what_is_always_open() -> None:
    assert covered("bus_stop", "Tu 21:00") == covered("bus_stop", "")
    assert covered("bus_stop", "Tu 23:00") < covered("bus_stop", "Tu 21:00")
