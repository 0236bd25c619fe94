"""A street grid of 5 x 5 nodes, 100 m apart, whose walks anyone can work out by hand.

Node (i, j) stands at x = 100 i, y = 100 j. The 40 edges have the ids

    along(i, j)  =  1 + 4 j + i     from (i, j) to (i + 1, j), eastwards, 1..20
    up(i, j)     = 21 + 4 i + j     from (i, j) to (i, j + 1), northwards, 21..40

    (0,4)--17--(1,4)--18--(2,4)--19--(3,4)--20--(4,4)
      |          |          |          |          |
      24         28         32         36         40
      |          |          |          |          |
    (0,3)--13--(1,3)--14--(2,3)--15--(3,3)--16--(4,3)
      |          |          |          |          |
      23         27         31         35         39
      |          |          |          |          |
    (0,2)---9--(1,2)--10--(2,2)--11--(3,2)--12--(4,2)
      |          |          |          |          |
      22         26         30         34         38
      |          |          |          |          |
    (0,1)---5--(1,1)---6--(2,1)---7--(3,1)---8--(4,1)
      |          |          |          |          |
      21         25         29         33         37
      |          |          |          |          |
    (0,0)---1--(1,0)---2--(2,0)---3--(3,0)---4--(4,0)

A door's leg goes straight to the nearest edge, so a door at (30, 10) stands 10 m off edge 1, 30 m
from node (0, 0) and 70 m from node (1, 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.schema import AGE_BANDS, ROLES, unknown_column

CRS = "EPSG:4547"
Point = tuple[float, float]


def along(i: int, j: int) -> int:
    """Id of the edge from node (i, j) eastwards."""
    return 1 + 4 * j + i


def up(i: int, j: int) -> int:
    """Id of the edge from node (i, j) northwards."""
    return 21 + 4 * i + j


@dataclass(frozen=True)
class Dem:
    """A DEM as plain numbers: cell centres at left + (col + 1/2) step, top - (row + 1/2) step."""

    values: NDArray[np.float32]
    left: float
    top: float
    step: float


def dem(height: Callable[[Any], Any], step: float = 4.0, reach: float = 600.0) -> Dem:
    """Sample height(x) at cell centres that are multiples of `step`, from -reach to reach."""
    centres = np.arange(round(-reach / step), round(reach / step) + 1) * step
    row = np.asarray(height(centres), np.float32)
    return Dem(np.tile(row, (len(row), 1)), -reach - step / 2, reach + step / 2, step)


@dataclass
class Grid:
    """The grid and what a test puts into it; rows are dicts of the schema's columns."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {r: [] for r in ROLES})
    terrain: Dem | None = None
    surveyed: set[str] = field(default_factory=set)
    bare: bool = False
    """Whether to leave the forty streets out."""

    def __post_init__(self) -> None:
        if self.bare:
            return
        for j in range(5):
            for i in range(4):
                self.street(along(i, j), (100 * i, 100 * j), (100 * i + 100, 100 * j))
        for i in range(5):
            for j in range(4):
                self.street(up(i, j), (100 * i, 100 * j), (100 * i, 100 * j + 100))

    def street(self, street_id: int, *points: Point, kind: str = "street", **columns: Any) -> None:
        """Add a street through points."""
        line = shapely.LineString(points)
        self.rows["streets"].append({"id": street_id, "geometry": line, "kind": kind, **columns})

    def change(self, street_id: int, **columns: Any) -> None:
        """Set columns of a street."""
        next(row for row in self.rows["streets"] if row["id"] == street_id).update(columns)

    def building(
        self,
        building_id: int,
        *doors: Point,
        people: Mapping[str, float] | None = None,
        residents: tuple[float, ...] = (),
        outline: Any = None,
        **columns: Any,
    ) -> None:
        """Add a building of 4 x 4 m behind its first door (or of `outline`) with home doors.

        People default to 10 adults. `residents` are the numbers given to the doors, in order.
        """
        bands = dict.fromkeys(AGE_BANDS, 0.0) | dict(people or {"age_18_59": 10.0})
        if outline is None:
            outline = centred(*doors[0], 2.0)
        total = sum(bands[band] for band in AGE_BANDS)
        row = {"use": "residential", "residents": total, "disabled": 0.0, **bands, **columns}
        self.rows["buildings"].append({"id": building_id, "geometry": outline, **row})
        for number, door in enumerate(doors):
            given = {"residents": residents[number]} if residents else {}
            self.door(door, building_id=building_id, residential=True, **given)

    def door(self, point: Point, **columns: Any) -> None:
        """Add an entrance."""
        number = len(self.rows["entrances"]) + 1
        row = {"id": number, "geometry": shapely.Point(point), **columns}
        self.rows["entrances"].append(row)

    def service(
        self,
        service_id: int,
        place: Any,
        types: str = "canteen",
        status: str = "open",
        **columns: Any,
    ) -> None:
        """Add a service at a point or polygon, its types counting as surveyed."""
        shape = place if isinstance(place, shapely.Geometry) else shapely.Point(place)
        self.surveyed |= set(types.split(","))
        row = {"id": service_id, "geometry": shape, "types": types, "status": status, **columns}
        self.rows["services"].append(row)

    def add(self, role: str, geometry: Any, **columns: Any) -> None:
        """Add a feature of another role."""
        self.rows[role].append({"id": len(self.rows[role]) + 1, "geometry": geometry, **columns})

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """All roles as tidy frames in the schema's columns."""
        return {role: _frame(role, rows) for role, rows in self.rows.items()}


def centred(x: float, y: float, half: float) -> Any:
    """A square of side 2 `half` round (x, y)."""
    return shapely.box(x - half, y - half, x + half, y + half)


def _frame(role: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    columns: dict[str, Any] = {"id": np.array([row["id"] for row in rows], np.int64)}
    for column in ROLES[role].columns_among(name for row in rows for name in row):
        values = unknown_column(column, len(rows))
        for number, row in enumerate(rows):
            if column.name in row:
                values[number] = row[column.name]
        columns[column.name] = values
    geometry = [row["geometry"] for row in rows]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
