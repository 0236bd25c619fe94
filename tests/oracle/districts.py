"""Small districts drawn at random: crooked streets, gates, walls, water, hills, doors, services."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.affinity
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.schema import AGE_BANDS
from tests.grid.grid import Dem, Grid

TYPES = ("canteen", "nursery", "pharmacy")
KINDS = ("street", "footway", "crossing", "steps", "bridge", "tunnel", "gate")
KIND_SHARES = (0.55, 0.21, 0.06, 0.06, 0.03, 0.02, 0.07)
GATED_SHARES = (0.38, 0.16, 0.04, 0.04, 0.02, 0.02, 0.34)
"""Of a district of compounds: so many gates that they enclose pieces of it."""


@dataclass(frozen=True)
class Sizes:
    """How large a random district is, and what is in it."""

    columns: int
    rows: int
    buildings: int
    services: int
    walls: int
    pond: bool
    hills: bool
    communities: bool
    boundary: bool
    surveyed: frozenset[str]


@st.composite
def districts(draw: Any) -> Grid:
    """A district as the rows of its layers; sizes shrink, places follow from a seed."""
    seed = draw(st.integers(0, 2**32 - 1), label="seed")
    sizes = Sizes(
        draw(st.integers(2, 5), label="columns"),
        draw(st.integers(2, 4), label="rows"),
        draw(st.integers(1, 14), label="buildings"),
        draw(st.integers(0, 8), label="services"),
        draw(st.integers(0, 4), label="walls"),
        draw(st.booleans(), label="pond"),
        draw(st.booleans(), label="hills"),
        draw(st.booleans(), label="communities"),
        draw(st.booleans(), label="boundary"),
        frozenset(draw(st.sets(st.sampled_from(TYPES), min_size=1), label="surveyed")),
    )
    return make(seed, sizes)


def district_number(number: int) -> Grid:
    """The district of a number: no two alike, as Hypothesis may draw them, and none simplest."""
    rng = np.random.default_rng([number, 2050])
    pond, hills, communities, boundary = (rng.random(4) < 0.5).tolist()
    surveyed = frozenset(rng.permutation(TYPES)[: rng.integers(1, len(TYPES) + 1)].tolist())
    counts = rng.integers((2, 2, 1, 0, 0), (6, 5, 15, 9, 5)).tolist()
    return make(number, Sizes(*counts, pond, hills, communities, boundary, surveyed))


def make(seed: int, sizes: Sizes) -> Grid:
    """A district of these sizes; everything else follows from the seed."""
    rng = np.random.default_rng(seed)
    grid = Grid(bare=True)
    size = (sizes.columns * 90.0, sizes.rows * 90.0)
    _streets(grid, rng, sizes.columns, sizes.rows)
    _levels(grid, np.random.default_rng([seed, 3]))
    for _ in range(sizes.buildings):
        _building(grid, rng, size)
    for _ in range(sizes.services):
        _service(grid, rng, size)
    for _ in range(sizes.walls):
        line = _place(rng, size) + rng.uniform(-40, 40, (3, 2)).cumsum(axis=0)
        grid.add("barriers", shapely.LineString(line), kind="wall")
    if sizes.pond:
        grid.add("water", shapely.Point(_place(rng, size)).buffer(rng.uniform(5, 40), 4))
    if sizes.hills:
        grid.terrain = _hills(rng, size)
    if sizes.communities:
        middle = size[0] * rng.uniform(0.3, 0.7)
        grid.add("communities", shapely.box(-60, -60, middle, size[1]), name="west")
        grid.add("communities", shapely.box(middle, -60, size[0], size[1]), name="east")
    if sizes.boundary:
        grid.add("boundary", shapely.box(-20, -20, *(np.array(size) * rng.uniform(0.5, 1.1, 2))))
    grid.surveyed = set(sizes.surveyed)
    return grid


def _place(rng: np.random.Generator, size: tuple[float, float]) -> NDArray[Any]:
    return rng.uniform(-30, np.array(size) - 60)


def _streets(grid: Grid, rng: np.random.Generator, across: int, deep: int) -> None:
    """A crooked lattice with gaps, bends and shortcuts, and now and then a stray path."""
    nodes = {
        (i, j): np.round(np.array([90.0 * i, 90.0 * j]) + rng.uniform(-25, 25, 2), 2)
        for i in range(across)
        for j in range(deep)
    }
    links = [((i, j), (i + 1, j)) for i, j in nodes] + [((i, j), (i, j + 1)) for i, j in nodes]
    links += [((i, j), (i + 1, j + 1)) for i, j in nodes if rng.random() < 0.15]
    links = [link for link in links if link[1] in nodes and rng.random() < 0.88]
    numbers = rng.permutation(10 * len(links))[: len(links)] + 1
    gated = rng.random() < 0.5
    shares = GATED_SHARES if gated else KIND_SHARES
    for number, (a, b) in zip(numbers, links, strict=True):
        points = [nodes[a], nodes[b]]
        if rng.random() < 0.4:
            points.insert(1, np.round((points[0] + points[1]) / 2 + rng.uniform(-15, 15, 2), 2))
        if rng.random() < 0.5:
            points.reverse()
        signals = {"cycle_s": 90.0, "green_s": 25.0} if rng.random() < 0.5 else {}
        kind = str(rng.choice(KINDS, p=shares))
        odds = [0.3, 0.6, 0.1] if gated and kind == "gate" else [0.87, 0.05, 0.08]
        grid.street(
            int(number),
            *(tuple(point) for point in points),
            kind=kind,
            status=str(rng.choice(["open", "residents", "closed"], p=odds)),
            signalled=bool(rng.random() < 0.6),
            ramp=bool(rng.random() < 0.3),
            kerb=str(rng.choice(["", "flush", "lowered", "raised"], p=[0.7, 0.1, 0.1, 0.1])),
            **signals,
        )
    if rng.random() < 0.5:
        start = nodes[0, 0] - 45
        grid.street(10_000, tuple(start), (start[0] + rng.uniform(20, 700), start[1] - 20))


def _levels(grid: Grid, rng: np.random.Generator) -> None:
    """Now and then, streets one way lie above those the other way, but for a few of no level."""
    if rng.random() < 0.7:
        return
    for row in grid.rows["streets"]:
        (left, low), (right, high) = shapely.get_coordinates(row["geometry"])[[0, -1]]
        across = abs(right - left) > abs(high - low)
        row["level"] = float(rng.choice([across, 2.0, math.nan], p=[0.93, 0.03, 0.04]))


def _building(grid: Grid, rng: np.random.Generator, size: tuple[float, float]) -> None:
    number = len(grid.rows["buildings"]) * 3 + 1
    wide, deep = rng.uniform(8, 40), rng.uniform(6, 14)
    turn, centre = rng.uniform(0, math.pi), _place(rng, size)
    corners = np.array([(-wide, -deep), (wide, -deep), (wide, deep), (-wide, deep)]) / 2
    turned = corners @ np.array(
        [(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))]
    )
    outline: Any = shapely.Polygon(turned + centre)
    shape = rng.random()
    if shape < 0.1:  # a courtyard
        outline = outline.difference(outline.buffer(-2.5))
    elif shape < 0.2:  # two parts
        outline = outline.union(shapely.affinity.translate(outline, 0, 50))
    people = dict(zip(AGE_BANDS, rng.integers(0, 30, len(AGE_BANDS)).astype(float), strict=True))
    doors = rng.integers(0, 4)
    given = tuple(rng.integers(1, 20, doors).astype(float)) if rng.random() < 0.3 else ()
    places = [_on_outline(rng, outline) for _ in range(doors)]
    grid.building(
        number,
        *((p.x, p.y) for p in places),
        people=people,
        residents=given,
        outline=outline,
        disabled=float(rng.integers(0, 5)),
    )
    if rng.random() < 0.3:
        common = _on_outline(rng, outline)
        grid.door((common.x, common.y), building_id=number)


def _on_outline(rng: np.random.Generator, outline: Any) -> Any:
    """A place on the outer wall of one of its parts, now and then a corner."""
    walls = [part.exterior for part in shapely.get_parts(outline)]
    wall = walls[rng.integers(len(walls))]
    if rng.random() < 0.2:
        return shapely.Point(wall.coords[int(rng.integers(len(wall.coords) - 1))])
    return wall.interpolate(rng.random(), normalized=True)


def _service(grid: Grid, rng: np.random.Generator, size: tuple[float, float]) -> None:
    number = int(rng.integers(1, 50)) * 10 + len(grid.rows["services"])
    place = _place(rng, size)
    homes = grid.rows["entrances"]
    if homes and rng.random() < 0.15:  # in a home's doorway
        place = shapely.get_coordinates(homes[rng.integers(len(homes))]["geometry"])[0]
    shape: Any = shapely.Point(place)
    if rng.random() < 0.2:  # a ground of no particular shape
        shape = shapely.MultiPoint(place + rng.uniform(-20, 20, (5, 2))).convex_hull
    types = ",".join(rng.choice(TYPES, rng.integers(1, 3), replace=False))
    status = str(rng.choice(["open", "closed"], p=[0.9, 0.1]))
    grid.service(number, shape, types=types, status=status)
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 3)):
            door = place + rng.uniform(-15, 15, 2)
            grid.door((door[0], door[1]), service_id=number)


def _hills(rng: np.random.Generator, size: tuple[float, float]) -> Dem:
    """Waves of a few metres over some hundred, steep in places; sometimes with a hole."""
    step, reach = 10.0, 150.0
    x = np.arange(-reach, size[0] + reach, step) + step / 2
    y = (np.arange(-reach, size[1] + reach, step) + step / 2)[::-1]
    heights = np.zeros((len(y), len(x)))
    for _ in range(3):
        bearing, length = rng.uniform(0, math.tau), rng.uniform(120, 500)
        along = np.add.outer(y * math.sin(bearing), x * math.cos(bearing))
        heights += rng.uniform(0.5, 3.5) * np.sin(along * math.tau / length)
    if rng.random() < 0.2:
        heights[len(y) // 2, len(x) // 3] = np.nan
    return Dem(heights.astype(np.float32), -reach, float(y[0]) + step / 2, step)
