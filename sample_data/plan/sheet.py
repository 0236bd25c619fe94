"""The drawing sheet: what has been drawn so far, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

Row = dict[str, Any]


@dataclass
class Sheet:
    """Rows of every layer in drawing order; ids are given when the sheet is finished."""

    walks: list[Row] = field(default_factory=list)
    buildings: list[Row] = field(default_factory=list)
    entrances: list[Row] = field(default_factory=list)
    roads: list[Row] = field(default_factory=list)
    walls: list[Row] = field(default_factory=list)
    water: list[Row] = field(default_factory=list)
    green: list[Row] = field(default_factory=list)
    trees: list[np.ndarray] = field(default_factory=list)

    def walk(
        self, line: LineString, kind: str, road_class: str, width_m: float, **more: Any
    ) -> None:
        """Add a walkable line; where lines meet they are joined later."""
        rounded = shapely.transform(line, lambda xy: np.round(xy, 3))
        if rounded.length > 0.05:
            self.walks.append(
                {
                    "geometry": rounded,
                    "kind": kind,
                    "road_class": road_class,
                    "width_m": width_m,
                    **more,
                }
            )

    def road(self, line: LineString, name: str, road_class: str, width_m: float) -> None:
        """Add a carriageway, drawn and not walked."""
        rounded = shapely.transform(line, lambda xy: np.round(xy, 3))
        self.roads.append(
            {"geometry": rounded, "name": name, "road_class": road_class, "width_m": width_m}
        )

    def building(self, outline: Polygon, **attributes: Any) -> int:
        """Add a building; return its number."""
        self.buildings.append({"geometry": outline, **attributes})
        return len(self.buildings) - 1

    def entrance(self, building: int, at: Point, residential: bool = True) -> None:
        """Add an entrance on the outline of a building, at the outline point nearest to `at`."""
        ring = self.buildings[building]["geometry"].exterior
        on_ring = ring.interpolate(ring.project(at))
        rounded = shapely.transform(on_ring, lambda xy: np.round(xy, 3))
        self.entrances.append(
            {"geometry": rounded, "building": building, "residential": residential}
        )
