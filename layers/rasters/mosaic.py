"""Several elevation models as one: tiles side by side, brought onto the grid of the finest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj
from rasterio.transform import Affine

from layers.files.raster_files import Raster
from layers.geodesy.crs import Bounds
from layers.limits import limit
from layers.problems import LayerError, Problem, Severity
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import Grid, grid_of, read_terrain

_NO_STEP = 1e-6
"""Share of a cell by which two grids may differ and still be the same."""


def read_mosaic(
    rasters: Sequence[Raster], crs: pyproj.CRS, bounds: Bounds
) -> tuple[Terrain | None, list[Raster], list[Problem]]:
    """Read elevation models as one grid; where two overlap, the first has the word.

    Parameters
    ----------
    rasters
        At least one.
    crs
        The district's, also assumed for those that state none.
    bounds
        West, south, east, north in `crs`: what is kept.

    Returns
    -------
    The terrain, None where none could be read; the rasters that are in it; what was found.
    """
    if len(rasters) == 1:
        return _read_one(rasters[0], crs, bounds)
    problems: list[Problem] = []
    usable: list[tuple[Raster, Grid, bool]] = []
    for raster in rasters:
        try:
            usable.append((raster, *grid_of(raster, crs, crs, bounds)))
        except LayerError as error:
            problems.append(error.problem)
    if len(usable) < 2:
        left = [raster for raster, _, _ in usable]
        made = _read_one(left[0], crs, bounds) if left else (None, [], [])
        return made[0], made[1], [*problems, *made[2]]
    whole = _around([grid for _, grid, _ in usable])
    values = np.full((whole[2], whole[1]), np.nan, dtype=np.float32)
    used = []
    for raster, _, _ in usable:
        try:
            tile, found = read_terrain(
                raster.path, crs, assumed_crs=crs, dataset=raster.part, grid=whole
            )
        except LayerError as error:
            problems.append(error.problem)
            continue
        problems += found
        used.append(raster)
        values = np.where(np.isnan(values), tile.values, values)
    if not used:
        return None, [], problems
    names = ", ".join(raster.source for raster in used)
    facts: dict[str, str | int | float | bool] = {"count": len(used), "names": names}
    problems.append(Problem("terrain_mosaic", Severity.INFO, "terrain", facts=facts))
    place = whole[0]
    return Terrain(values, place.c, place.f, place.a, -place.e), used, problems


def _read_one(
    raster: Raster, crs: pyproj.CRS, bounds: Bounds
) -> tuple[Terrain | None, list[Raster], list[Problem]]:
    try:
        terrain, problems = read_terrain(
            raster.path, crs, assumed_crs=crs, bounds=bounds, dataset=raster.part
        )
    except LayerError as error:
        return None, [], [error.problem]
    return terrain, [raster], list(problems)


def _around(grids: Sequence[Grid]) -> Grid:
    """Return the finest grid, widened to hold all others."""
    finest = min(grids, key=lambda grid: grid[0].a * -grid[0].e)[0]
    west = min(t.c for t, _, _ in grids)
    north = max(t.f for t, _, _ in grids)
    east = max(t.c + cols * t.a for t, cols, _ in grids)
    south = min(t.f + rows * t.e for t, _, rows in grids)
    left = np.floor((west - finest.c) / finest.a + _NO_STEP)
    top = np.floor((finest.f - north) / -finest.e + _NO_STEP)
    x, y = finest.c + left * finest.a, finest.f + top * finest.e
    cols = int(np.ceil((east - x) / finest.a - _NO_STEP))
    rows = int(np.ceil((y - south) / -finest.e - _NO_STEP))
    coarser = max(int(np.ceil(np.sqrt(rows * cols / limit("terrain", "most_cells")))), 1)
    step_x, step_y = finest.a * coarser, finest.e * coarser
    place = Affine(step_x, 0.0, float(x), 0.0, step_y, float(y))
    return place, -(-cols // coarser), -(-rows // coarser)
