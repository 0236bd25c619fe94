"""Random districts: the product against the plain reference, and what must hold in all of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.ops import substring

from tests.grid.answers import Need, ReferenceAnswers, raster_of
from tests.grid.grid import Grid
from tests.grid.product import district_of, standard_of
from tests.oracle.comparison import Comparison, near
from tests.oracle.districts import TYPES, district_number, districts
from tests.oracle.reference import Reference
from twin.assessment.assess import Assessment, assess
from twin.model.catalogues import walkers
from twin.model.district import District
from twin.model.edits import AddPath, PlaceService, SetStreetStatus, apply_edit
from twin.projects.session import Session
from twin.walking.origins import find_origins
from twin.walking.walks import walks

steady = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=40
)
STANDARD = standard_of(
    Need(250.0, service_types=("canteen",)),
    Need(4.0, "min", service_types=("canteen",), group="older", walker="older"),
    Need(200.0, service_types=("nursery",), group="infants", walker="carer"),
    Need(5.0, "min", service_types=("pharmacy", "nursery"), group="disabled", walker="wheelchair"),
    Need(350.0, service_types=("pharmacy",), level="as_needed"),
)


def reference_of(grid: Grid) -> Reference:
    return ReferenceAnswers(grid).reference


@steady
@given(districts(), st.sampled_from(sorted(walkers())))
def test_walks_and_scores_equal_the_reference(grid: Grid, walker: str) -> None:
    check(grid, walker)


@pytest.mark.long
@settings(deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(districts(), st.sampled_from(sorted(walkers())))
def test_walks_and_scores_equal_the_reference_in_many_districts(grid: Grid, walker: str) -> None:
    check(grid, walker)


def check(grid: Grid, walker: str) -> None:
    comparison = Comparison(district_of(grid), reference_of(grid))
    comparison.check_origins()
    comparison.check_attachments()
    services = [row["id"] for row in grid.rows["services"]]
    for measure in ((walker, "m"), (walker, "min")):
        comparison.check_walks(measure, services)  # type: ignore[arg-type]
        comparison.check_nearest(measure, list(TYPES))  # type: ignore[arg-type]
    comparison.check_scores(assess(comparison.district, STANDARD))


def figures(assessment: Assessment) -> list[Any]:
    """Everything that a reader would see of an assessment."""
    circle = assessment.full_circle
    return [
        [
            (r.status, r.covered, r.total, r.unreached, *map(np.ndarray.tolist, r.by_community))
            for r in assessment.results
        ],
        circle.covered,
        circle.total,
        circle.by_origin.tolist(),
    ]


@steady
@given(districts(), st.floats(0, 300), st.floats(0, 300), st.sampled_from(TYPES))
def test_another_service_covers_nobody_less_and_undo_gives_the_same_figures(
    grid: Grid, x: float, y: float, service_type: str
) -> None:
    base = replace(district_of(grid), surveyed=frozenset(TYPES))
    session = Session(base)
    before = assess(session.district, STANDARD)
    session.do("place", PlaceService(id=100_000, types=(service_type,), x=x, y=y))
    placed = assess(session.district, STANDARD)
    for old, new in zip(before.results, placed.results, strict=True):
        assert (new.covered_mask >= old.covered_mask).all()
        assert (new.cost <= old.cost).all()
    assert (placed.full_circle.by_origin >= before.full_circle.by_origin).all()
    session.undo()
    assert figures(assess(session.district, STANDARD)) == figures(before)
    session.redo()
    assert figures(assess(session.district, STANDARD)) == figures(placed)


@st.composite
def street_edits(draw: Any) -> Any:
    """A change of the streets: which, and where; ids far above those of the districts."""
    x, y = draw(st.floats(-40, 350)), draw(st.floats(-40, 250))
    dx, dy = draw(st.floats(-90, 90)), draw(st.floats(10, 90))
    kind = draw(st.sampled_from(("footway", "steps", "gate", "bridge")))
    status = draw(st.sampled_from(("open", "residents", "closed")))
    return draw(st.integers(0, 1000)), ((x, y), (x + dx, y + dy)), kind, status


@steady
@given(districts(), st.lists(street_edits(), min_size=1, max_size=4))
def test_what_is_kept_between_edits_equals_a_fresh_start(grid: Grid, edits: list[Any]) -> None:
    """Edit by edit, with every cache warm, the figures equal the reference of the new district."""
    session = Session(district_of(grid))
    for number, (choice, line, kind, status) in enumerate(edits):
        assess(session.district, STANDARD)
        streets = session.district.streets
        ends = [shapely.get_coordinates(g)[0] for g in streets.geometry]
        if ends and choice % 3:  # most paths start where there is a node
            line = (tuple(ends[choice % len(ends)]), line[1])
        session.do("path", AddPath(id=20_000 + number, line=line, kind=kind))
        if len(streets):
            street = int(streets.ids[choice % len(streets)])
            session.do("status", SetStreetStatus(street, status))
        x, y = line[1]
        place = PlaceService(id=100_000 + number, types=("canteen",), x=x, y=y)
        session.do("place", place)
        check_kept(session.district, grid)


@pytest.mark.parametrize("number", [0, 23, 43, 45, 55, 106])
def test_a_service_beside_the_joint_of_a_street_then_closed_is_on_the_joint(number: int) -> None:
    """A path drawn to a few centimetres off a street cuts it where the service's leg falls.

    Rounding would say for each of these whether that foot is on the node or a nanometre up a
    street that nobody may walk.
    """
    rng = np.random.default_rng([number, 5])
    grid = district_number(int(rng.integers(0, 10**7)))
    session = Session(district_of(grid))
    for place in range(int(rng.integers(1, 3))):
        assess(session.district, STANDARD)
        streets = session.district.streets
        row = int(rng.integers(len(streets)))
        near_by = shapely.get_parts(streets.geometry[row])[0].interpolate(
            rng.random(), normalized=True
        )
        x, y = (shapely.get_coordinates(near_by)[0] + rng.uniform(-0.04, 0.04, 2)).tolist()
        start = shapely.get_coordinates(streets.geometry[rng.integers(len(streets))])[0].tolist()
        kind = str(rng.choice(["footway", "steps", "gate", "bridge"]))
        session.do("path", AddPath(id=20_000 + place, line=(tuple(start), (x, y)), kind=kind))
        status = str(rng.choice(["residents", "closed"]))
        session.do("status", SetStreetStatus(id=int(streets.ids[row]), status=status))
        session.do("place", PlaceService(id=100_000 + place, types=("canteen",), x=x, y=y))
        check_kept(session.district, grid)


def check_kept(district: District, grid: Grid) -> None:
    """Hold an assessment in which caches were warm against the reference of the district."""
    frames = {role: table.frame() for role, table in district.tables().items()}
    comparison = Comparison(district, Reference(frames, raster_of(grid)))
    comparison.check_origins()
    comparison.check_attachments()
    comparison.check_scores(assess(district, STANDARD))


@steady
@given(
    districts(),
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
    st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)),
    st.sampled_from(sorted(walkers())),
)
def test_a_path_between_the_middles_of_streets_joins_them_there(
    grid: Grid, choice: tuple[int, int], part: tuple[float, float], walker: str
) -> None:
    """The same as a district whose streets were drawn in two parts that meet at the path."""
    base = district_of(grid)
    walked = [row for row in grid.rows["streets"] if row["kind"] in ("street", "footway")]
    if len(walked) < 2:
        return
    assess(base, STANDARD)  # with every cache warm
    rows = [walked[number % len(walked)] for number in choice]
    lines = [row["geometry"] for row in rows]
    ends = [line.interpolate(p, normalized=True) for line, p in zip(lines, part, strict=True)]
    assume(rows[0] is not rows[1] and ends[0].distance(ends[1]) > 1.0)
    path = tuple((end.x, end.y) for end in ends)
    crossed = shapely.distance(base.streets.geometry, shapely.MultiPoint(path)) < 0.01
    assume(crossed.sum() == 2)
    joined = apply_edit(base, AddPath(id=20_000, line=path))
    for row, line, end in zip(rows, lines, path, strict=True):
        row["geometry"] = in_two(line, end)
    grid.street(20_000, *path, kind="footway")
    reference = reference_of(grid)
    comparison = Comparison(joined, reference)
    services = [row["id"] for row in grid.rows["services"]]
    for measure in ((walker, "m"), (walker, "min")):
        comparison.check_walks(measure, services)  # type: ignore[arg-type]


def in_two(line: shapely.LineString, place: tuple[float, float]) -> shapely.MultiLineString:
    """A line as two parts that meet at a place on it, to the last digit."""
    along = line.project(shapely.Point(place))
    first, rest = substring(line, 0.0, along).coords, substring(line, along, line.length).coords
    return shapely.MultiLineString([[*first[:-1], place], [place, *rest[1:]]])


@steady
@given(districts(), st.integers(0, 1000), st.sampled_from(sorted(walkers())))
def test_the_less_a_street_lets_through_the_longer_the_walks(
    grid: Grid, choice: int, walker: str
) -> None:
    """Whatever it lets through now: for residents only shortens no walk, closed neither."""
    base = district_of(grid)
    if not len(base.streets):
        return
    streets = base.streets
    gates = streets.ids[streets["kind"] == "gate"]
    some = gates if choice % 2 and len(gates) else streets.ids
    street = int(some[choice % len(some)])
    steps = [
        apply_edit(base, SetStreetStatus(street, status))
        for status in ("open", "residents", "closed")
    ]
    edges = [find_origins(one).access.points.edge.tolist() for one in steps]
    assert edges[0] == edges[1] == edges[2]
    for service in base.services.ids:
        for measure in ((walker, "m"), (walker, "min")):
            open_, residents, closed = (walks(one, service, measure) for one in steps)  # type: ignore[arg-type]
            assert (residents >= open_).all()
            assert (closed >= residents).all()


@steady
@given(districts())
def test_a_faster_walker_never_loses(grid: Grid) -> None:
    """Of walkers whom slopes, steps and kerbs bar alike, the faster is never the later."""
    district = district_of(grid)
    kinds: dict[tuple[str, ...], list[str]] = {}
    for walker in walkers().values():
        kinds.setdefault((walker.slope, walker.steps, walker.kerbs), []).append(walker.id)
    for alike in kinds.values():
        by_speed = sorted(alike, key=lambda id_: walkers()[id_].lasting_mps)
        for slower, faster in pairwise(by_speed):
            asked = [
                standard_of(Need(4.0, "min", service_types=TYPES, walker=one))
                for one in (slower, faster)
            ]
            late, early = (assess(district, one).results[0] for one in asked)
            if late.status == "assessed":
                assert (early.covered_mask >= late.covered_mask).all()
                assert (early.cost <= late.cost).all()


@steady
@given(districts())
def test_people_of_all_communities_are_the_people_of_the_district(grid: Grid) -> None:
    assessment = assess(district_of(grid), STANDARD)
    for result in assessment.results:
        covered, total = result.by_community
        np.testing.assert_allclose(covered.sum(), result.covered, atol=1e-6)
        np.testing.assert_allclose(total.sum(), result.total, atol=1e-6)
        assert 0 <= result.covered <= result.total + 1e-9
        assert 0 <= result.unreached <= result.total - result.covered + 1e-6
    circle = assessment.full_circle
    np.testing.assert_allclose(circle.by_community[1].sum(), circle.total, atol=1e-6)


@steady
@given(districts(), st.randoms(use_true_random=False))
def test_names_and_order_of_features_play_no_part(grid: Grid, random: Any) -> None:
    """Other ids, and rows in another order, give the same figures (places are random: no ties)."""
    before = assess(district_of(grid), STANDARD)
    for rows in grid.rows.values():
        random.shuffle(rows)
    rename(grid, "streets", lambda id_: 7 * id_ + 3)
    buildings = rename(grid, "buildings", lambda id_: 5000 - id_)
    services = rename(grid, "services", lambda id_: 9000 - id_)
    rename(grid, "entrances", lambda id_: 3 * id_ + 1)
    for row in grid.rows["entrances"]:
        row["building_id"] = buildings.get(row.get("building_id", -1), -1)
        row["service_id"] = services.get(row.get("service_id", -1), -1)
    after = assess(district_of(grid), STANDARD)
    for old, new in zip(before.results, after.results, strict=True):
        assert (new.status, new.covered, new.total) == (
            old.status,
            near(old.covered),
            near(old.total),
        )
    assert after.full_circle.covered == near(before.full_circle.covered)


def rename(grid: Grid, role: str, new_id: Any) -> dict[int, int]:
    names = {row["id"]: new_id(row["id"]) for row in grid.rows[role]}
    for row in grid.rows[role]:
        row["id"] = names[row["id"]]
    return names


@steady
@given(districts(), st.floats(-5e4, 5e4), st.floats(-5e4, 5e4))
def test_a_district_elsewhere_has_the_same_walks(grid: Grid, east: float, north: float) -> None:
    """Moved as a whole, by whole metres, every walk stays within a millimetre.

    GEOS takes the inner point of a building in its widest part. Where two wings are equally wide,
    rounding chooses between them, and a building across the boundary may change sides: such a
    district says nothing here.
    """
    if not grid.rows["services"]:
        return
    here = inner_points(grid)
    service = grid.rows["services"][0]["id"]
    before = walks(district_of(grid), service, ("adult", "m"))
    moved = moved_by(grid, round(east), round(north))
    shift = inner_points(grid) - here
    assume(np.allclose(shift, (round(east), round(north)), rtol=0, atol=1e-6))
    after = walks(moved, service, ("adult", "m"))
    reached = np.isfinite(before)
    assert (np.isfinite(after) == reached).all()
    np.testing.assert_allclose(after[reached], before[reached], rtol=0, atol=1e-3)


def inner_points(grid: Grid) -> np.ndarray:
    shapes = [row["geometry"] for row in grid.rows["buildings"]]
    return shapely.get_coordinates(shapely.point_on_surface(shapes))


def moved_by(grid: Grid, east: float, north: float) -> District:
    for rows in grid.rows.values():
        for row in rows:
            row["geometry"] = shapely.transform(
                row["geometry"], lambda xy: np.add(xy, (east, north))
            )
    grid.terrain = None  # metres do not know of it
    return district_of(grid)
