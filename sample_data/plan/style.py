"""How compounds in rows are built, and the outlines of their buildings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import Polygon, box

from sample_data.plan.frame import Floats

STAIR_HALF_M = 1.35
STAIR_OUT_M = 0.9
"""The stair stands out of a slab of the eighties, and back in one of the nineties."""
STEP_M = 1.2
"""How far every other unit of a stepped slab stands back."""


@dataclass(frozen=True)
class Style:
    """How a compound in rows is built. Pairs are the bounds of what is drawn at random."""

    storeys: tuple[int, ...]
    years: tuple[int, int]
    depth: tuple[float, float]
    unit: tuple[float, float]
    """Breadth of a stair unit."""
    units: tuple[int, float, int]
    """Stair units of one building: at least, usually, at most."""
    gap_m: tuple[float, float]
    """Between gables."""
    sun: tuple[float, float]
    """Distance between rows as a share of the height."""
    per_floor: tuple[int, ...]
    """Dwellings on each floor of a stair unit."""
    shape: str = "slab"
    lift: bool = False
    floor_m: float = 2.9
    walled: bool = True
    shops: float = 0.6
    """Chance that a side on a collector street gets shops."""
    mixed: float = 0.4
    """Chance that there are flats over the shops."""
    spine_each_m: float = 120.0
    least_gap_m: float = 12.0
    doors_each: int = 1
    """Units that share one door."""
    lane_m: float = 4.6
    """Distance of the lane from the side where the doors are."""

    @property
    def narrow(self) -> bool:
        """Whether the lanes are alleys."""
        return self.lane_m < 2.5


def _read(path: Path) -> dict[str, Style]:
    table: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))
    styles = {}
    for name, row in table.items():
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        styles[name] = Style(**values)
    return styles


STYLES = _read(Path(__file__).with_name("styles.toml"))


@dataclass(frozen=True)
class Lot:
    """Where one building of a row stands: lower left corner, stair units, depth."""

    x: float
    y: float
    units: int
    unit: float
    depth: float

    @property
    def length(self) -> float:
        """Length of the building along the row."""
        return self.units * self.unit

    @property
    def north(self) -> float:
        """The y of its north side."""
        return self.y + self.depth


def footprint(
    style: Style, lot: Lot, rng: np.random.Generator, plain: bool = False
) -> tuple[Polygon, Floats]:
    """Return the outline of one building and the places of its doors (n, 2) on the north side.

    `plain` leaves out the stairs and the doors, for what is seen from afar.
    """
    if style.shape == "cross":
        return _cross(lot)
    if style.shape == "house":
        return _house(lot, rng)
    if style.shape == "terrace":
        return _terrace(lot, max(1, lot.units // style.doors_each))
    if plain:
        return box(lot.x, lot.y, lot.x + lot.length, lot.north), np.empty((0, 2))
    step = float(rng.choice([0.0, STEP_M])) if style.shape == "stepped" else 0.0
    return _slab(lot, step, STAIR_OUT_M if style.shape == "slab" else -STAIR_OUT_M)


def _house(lot: Lot, rng: np.random.Generator) -> tuple[Polygon, Floats]:
    wide, deep = lot.length * rng.uniform(0.86, 1.0), lot.depth * rng.uniform(0.78, 1.0)
    outline = box(lot.x, lot.north - deep, lot.x + wide, lot.north)
    return outline, np.array([[lot.x + wide / 2, lot.north]])


def _terrace(lot: Lot, doors: int) -> tuple[Polygon, Floats]:
    xs = lot.x + lot.length * (np.arange(doors) + 0.5) / doors
    outline = box(lot.x, lot.y, lot.x + lot.length, lot.north)
    return outline, np.stack([xs, np.full(doors, lot.north)], 1)


def _slab(lot: Lot, step: float, out: float) -> tuple[Polygon, Floats]:
    """Draw a walk-up slab: units stepped by `step` on the south, stairs by `out` on the north."""
    edges = lot.x + lot.unit * np.arange(lot.units + 1)
    low = lot.y + step * (np.arange(lot.units) % 2)
    south = np.stack([np.stack([edges[:-1], edges[1:]], 1), np.stack([low, low], 1)], -1)
    middles = (edges[:-1] + edges[1:]) / 2
    sides = np.array([STAIR_HALF_M, STAIR_HALF_M, -STAIR_HALF_M, -STAIR_HALF_M])
    backs = lot.north + np.array([0.0, out, out, 0.0])
    stairs = np.stack([middles[::-1, None] + sides, np.tile(backs, (lot.units, 1))], -1)
    corners = [[[edges[-1], lot.north]], stairs.reshape(-1, 2), [[edges[0], lot.north]]]
    outline = Polygon(np.concatenate([south.reshape(-1, 2), *corners]))
    doors = np.stack([middles, np.full(lot.units, lot.north + out)], 1)
    return shapely.simplify(outline, 0.01), doors


def _cross(lot: Lot) -> tuple[Polygon, Floats]:
    """Draw a point tower with recesses between its wings; the lobby is on the north side."""
    x, y, width, depth = lot.x, lot.y, lot.length, lot.depth
    a, b, c, d = width * 0.3, width * 0.7, depth * 0.24, depth * 0.8
    outline = Polygon(
        [
            (x, y + c), (x + a * 0.62, y + c), (x + a * 0.62, y), (x + width / 2 - 2, y),
            (x + width / 2 - 2, y + 2.5), (x + width / 2 + 2, y + 2.5), (x + width / 2 + 2, y),
            (x + width - a * 0.62, y), (x + width - a * 0.62, y + c), (x + width, y + c),
            (x + width, y + d), (x + b, y + d), (x + b, y + depth), (x + a, y + depth),
            (x + a, y + d), (x, y + d),
        ]
    )  # fmt: skip
    return outline, np.array([[x + width / 2, y + depth]])
