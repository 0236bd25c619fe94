"""The ground: gentle relief, the hill, and the cut of the canal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from sample_data.plan import frame
from sample_data.plan.parks import HILL

CELL_M = 10.0
MARGIN_M = 60.0
BANK_M = 3.2
"""Depth of the canal's water below its quays."""


def elevation(plan: np.ndarray) -> np.ndarray:
    """Height above sea level in metres at plan coordinates (n, 2), without the canal's cut."""
    u, v = plan[..., 0], plan[..., 1]
    relief = 24.0 + 1.6 * np.sin(u / 620 + 0.6) * np.cos(v / 710) + 0.0011 * u + 0.0016 * v
    relief += 0.5 * np.sin(u / 170 + 1.0) * np.sin(v / 205)
    du, dv = (u - HILL[0]) / 118, (v - HILL[1]) / 172
    bend = np.arctan2(dv, du)
    away = np.hypot(du, dv) * (1 + 0.10 * np.sin(3 * bend + 0.8) + 0.05 * np.sin(5 * bend))
    spur = 11 * np.exp(-(((u - 985) / 62) ** 2) - ((v - 840) / 70) ** 2)
    return np.asarray(relief + 38 * np.exp(-0.5 * (away * 1.25) ** 2.4) + spur)


def write_terrain(
    path: Path, area: tuple[float, float, float, float], water: shapely.Geometry
) -> None:
    """Write the elevation of an area (west, south, east, north) as a GeoTIFF."""
    west, south = (np.floor((c - MARGIN_M) / CELL_M) * CELL_M for c in area[:2])
    east, north = (np.ceil((c + MARGIN_M) / CELL_M) * CELL_M for c in area[2:])
    xs = np.arange(west + CELL_M / 2, east, CELL_M)
    ys = np.arange(north - CELL_M / 2, south, -CELL_M)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    heights = elevation(frame.to_plan(grid))
    points = shapely.points(grid)
    away = shapely.distance(water, points)
    heights -= BANK_M * np.clip(1 - away / 9.0, 0, 1)
    with rasterio.open(
        path, "w", driver="GTiff", width=len(xs), height=len(ys), count=1, dtype="float32",
        crs=f"EPSG:{frame.EPSG}", transform=from_origin(west, north, CELL_M, CELL_M),
        compress="deflate", predictor=3, nodata=np.nan,
    ) as raster:  # fmt: skip
        raster.write(np.round(heights, 2).astype("float32"), 1)
