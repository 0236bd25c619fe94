"""Elevation models in files: reading and writing of grids of heights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
import rasterio.errors
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError
from rasterio._err import CPLE_BaseError
from rasterio.transform import Affine, array_bounds
from rasterio.warp import Resampling, reproject
from rasterio.windows import Window

from layers.files.raster_files import Raster, opened
from layers.geodesy.crs import WGS84, Bounds, horizontal, looks_like_degrees, transformer
from layers.limits import limit
from layers.problems import LayerError, Problem, Severity
from layers.rasters.elevation import Terrain

Grid = tuple[Affine, int, int]
"""Place of a north-up grid, its columns and its rows."""

NO_DATA = -9999.0
"""Stands for "no height" in files; in memory that is NaN."""


def read_terrain(
    path: Path,
    crs: pyproj.CRS | None = None,
    *,
    assumed_crs: pyproj.CRS | None = None,
    bounds: Bounds | None = None,
    dataset: str | None = None,
    grid: Grid | None = None,
) -> tuple[Terrain, tuple[Problem, ...]]:
    """Read an elevation model and bring it into `crs`.

    Parameters
    ----------
    path
        A GeoTIFF, ASCII grid or SRTM tile, also in an archive; or a GeoPackage.
    crs
        The district's CRS; the file's own where None.
    assumed_crs
        Taken where the file states no CRS (a problem says so); without it such a file is refused.
    bounds
        West, south, east, north in `crs`: only this part is kept.
    dataset
        Name of the raster table of a GeoPackage, or of the file in an archive.
    grid
        Brought onto this grid in `crs`, whatever its own and `bounds` are.

    Raises
    ------
    LayerError
        The file is missing, truncated, no elevation model, or lies elsewhere than `bounds`.
    """
    raster = Raster(path, dataset)
    with readable(raster, "terrain") as file:
        return _from_dataset(file, raster.source, crs, assumed_crs, bounds, grid)


@contextmanager
def readable(raster: Raster, role: str) -> Iterator[Any]:
    """Give an opened raster, and turn each of GDAL's errors into one clear refusal.

    Raises
    ------
    LayerError
        ``file_missing``, ``terrain_unreadable``; as `layers.files.raster_files.opened`.
    """
    try:
        with opened(raster) as file:
            yield file
    except (
        rasterio.errors.RasterioError,
        rasterio.errors.CRSError,
        CPLE_BaseError,
        CRSError,
        OSError,
        SystemError,  # rasterio's word for an error of GDAL without a message
    ) as error:
        key = "terrain_unreadable" if raster.path.exists() else "file_missing"
        said = str(error.__cause__ or error)  # rasterio itself says no more than "Read failed"
        facts = {"reason": said.splitlines()[0] if said else ""}
        raise LayerError(Problem(key, Severity.ERROR, role, raster.source, facts=facts)) from error


def stated_crs(path: Path, dataset: str | None = None) -> pyproj.CRS | None:
    """Return the CRS that a readable elevation model states, or None."""
    with opened(Raster(path, dataset)) as file:
        return crs_of(file)


def grid_of(
    raster: Raster, crs: pyproj.CRS, assumed_crs: pyproj.CRS, bounds: Bounds
) -> tuple[Grid, bool]:
    """Return the part of a grid that lies within bounds, and whether it is the raster's own.

    Raises
    ------
    LayerError
        As `read_terrain`.
    """
    with readable(raster, "terrain") as file:
        if file.transform.is_identity:
            raise LayerError(_terrain_problem("terrain_nowhere", Severity.ERROR, raster.source))
        own = _own_crs(file, raster.source, assumed_crs, [])
        grid = _target_grid(file, own, crs, bounds, raster.source, [])
        return grid, own.equals(crs) and grid[0].a == file.transform.a


def crs_of(file: Any) -> pyproj.CRS | None:
    """Return the plan part of the CRS that an opened raster states, or None."""
    stated = horizontal(pyproj.CRS.from_user_input(file.crs)) if file.crs is not None else None
    return stated if stated is not None and (stated.is_projected or stated.is_geographic) else None


def _from_dataset(
    file: Any,
    source: str,
    crs: pyproj.CRS | None,
    assumed_crs: pyproj.CRS | None,
    bounds: Bounds | None,
    grid: Grid | None,
) -> tuple[Terrain, tuple[Problem, ...]]:
    if file.transform.is_identity:
        raise LayerError(_terrain_problem("terrain_nowhere", Severity.ERROR, source))
    problems: list[Problem] = []
    own = _own_crs(file, source, assumed_crs, problems)
    wanted = crs or own
    chosen = grid or _target_grid(file, own, wanted, bounds, source, problems)
    transform, cols, rows = chosen
    same_step = transform.a == file.transform.a and transform.e == file.transform.e
    if grid is None and own.equals(wanted) and same_step:
        values = _read_cells(file, transform, cols, rows)
    else:
        values = _resampled(file, own, wanted, transform, cols, rows)
    with np.errstate(all="ignore"):
        values *= np.float32(file.scales[0] or 1.0)
        values += np.float32(file.offsets[0])
    values[~np.isfinite(values)] = np.nan
    problems += _check_heights(values, source)
    return Terrain(values, transform.c, transform.f, transform.a, -transform.e), tuple(problems)


def _read_cells(file: Any, transform: Affine, cols: int, rows: int) -> NDArray[np.float32]:
    """Read the cells of the grid's own raster as they are, "no data" as NaN."""
    first_col = round((transform.c - file.transform.c) / transform.a)
    first_row = round((transform.f - file.transform.f) / transform.e)
    window = Window(first_col, first_row, cols, rows)
    heights = file.read(1, window=window, masked=True)
    return np.asarray(heights.astype(np.float32).filled(np.nan))


def _resampled(
    file: Any, own: pyproj.CRS, wanted: pyproj.CRS, transform: Affine, cols: int, rows: int
) -> NDArray[np.float32]:
    """Read the raster piece by piece onto another grid, bilinear."""
    values = np.full((rows, cols), np.nan, dtype=np.float32)
    reproject(
        rasterio.band(file, 1),
        values,
        src_crs=own.to_wkt(),
        src_nodata=file.nodata,
        dst_transform=transform,
        dst_crs=wanted.to_wkt(),
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return values


def _own_crs(
    file: Any, source: str, assumed_crs: pyproj.CRS | None, problems: list[Problem]
) -> pyproj.CRS:
    """Return the CRS the file states, or the assumed one with a problem that says so."""
    stated = crs_of(file)
    if stated is not None:
        return stated
    if assumed_crs is None:
        raise LayerError(_terrain_problem("terrain_without_crs", Severity.ERROR, source))
    west, south, east, north = array_bounds(file.height, file.width, file.transform)
    if looks_like_degrees((min(west, east), min(south, north), max(west, east), max(south, north))):
        problems.append(
            _terrain_problem("crs_assumed_degrees", Severity.WARNING, source, crs=WGS84.name)
        )
        return WGS84
    facts = {"crs": assumed_crs.name}
    problems.append(_terrain_problem("crs_assumed_other_layers", Severity.WARNING, source, **facts))
    return assumed_crs


def _target_grid(
    file: Any,
    own: pyproj.CRS,
    wanted: pyproj.CRS,
    bounds: Bounds | None,
    source: str,
    problems: list[Problem],
) -> tuple[Affine, int, int]:
    """Choose origin, cell size and size of the grid in the wanted CRS; north-up, bounded."""
    north_up = file.transform.b == 0 and file.transform.d == 0 and file.transform.e < 0
    if own.equals(wanted) and north_up:
        transform, cols, rows = file.transform, file.width, file.height
    else:
        transform, cols, rows = _grid_around(file, own, wanted, source)
    if bounds is not None:
        transform, cols, rows = _cropped(transform, cols, rows, bounds, source)
    most = int(limit("terrain", "most_cells"))
    coarser = int(np.ceil(np.sqrt(rows * cols / most)))
    if coarser > 1:
        facts = {"step_m": round(transform.a * coarser, 1)}
        problems.append(_terrain_problem("terrain_coarsened", Severity.INFO, source, **facts))
        step_x, step_y = transform.a * coarser, transform.e * coarser
        transform = Affine(step_x, 0.0, transform.c, 0.0, step_y, transform.f)
        rows, cols = -(-rows // coarser), -(-cols // coarser)
    return transform, cols, rows


def _grid_around(
    file: Any, own: pyproj.CRS, wanted: pyproj.CRS, source: str
) -> tuple[Affine, int, int]:
    """Lay a north-up grid of square cells, as fine as the raster's in its middle, around it.

    Rasterio's own function for this needs GDAL's VRT driver, which is switched off.
    """
    west, south, east, north = array_bounds(file.height, file.width, file.transform)
    box = (min(west, east), min(south, north), max(west, east), max(south, north))
    column, row = file.width / 2, file.height / 2
    t = file.transform
    x, y = t.c + t.a * column + t.b * row, t.f + t.d * column + t.e * row
    xs, ys = [x, x + t.a, x + t.b], [y, y + t.d, y + t.e]
    try:
        to_wanted = transformer(own, wanted)
        around = to_wanted.transform_bounds(*box)
        x, y = to_wanted.transform(xs, ys)
    except ProjError as error:
        raise LayerError(_terrain_problem("terrain_elsewhere", Severity.ERROR, source)) from error
    # The cell's area is kept: |a x b| of its two sides.
    area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
    if not np.isfinite([*around, area]).all() or area == 0:
        raise LayerError(_terrain_problem("terrain_elsewhere", Severity.ERROR, source))
    step = float(np.sqrt(area))
    cols = max(int(np.ceil((around[2] - around[0]) / step)), 1)
    rows = max(int(np.ceil((around[3] - around[1]) / step)), 1)
    return Affine(step, 0.0, around[0], 0.0, -step, around[3]), cols, rows


def _cropped(
    transform: Affine,
    cols: int,
    rows: int,
    bounds: Bounds,
    source: str,
) -> tuple[Affine, int, int]:
    """Cut a grid to the whole cells that `bounds` touch, one more on every side."""
    west, south, east, north = bounds
    first_col = max(int(np.floor((west - transform.c) / transform.a)) - 1, 0)
    last_col = min(int(np.ceil((east - transform.c) / transform.a)) + 1, cols)
    first_row = max(int(np.floor((north - transform.f) / transform.e)) - 1, 0)
    last_row = min(int(np.ceil((south - transform.f) / transform.e)) + 1, rows)
    if first_col >= last_col or first_row >= last_row:
        raise LayerError(_terrain_problem("terrain_elsewhere", Severity.ERROR, source))
    x, y = transform.c + first_col * transform.a, transform.f + first_row * transform.e
    moved = Affine(transform.a, 0.0, x, 0.0, transform.e, y)
    return moved, last_col - first_col, last_row - first_row


def _check_heights(values: NDArray[np.float32], source: str) -> list[Problem]:
    """Refuse a grid without heights; report heights that no land on Earth has."""
    known = np.isfinite(values)
    if not known.any():
        raise LayerError(_terrain_problem("terrain_empty", Severity.ERROR, source))
    low, high = limit("terrain", "lowest_m"), limit("terrain", "highest_m")
    absurd = known & ((values < low) | (values > high))
    count = int(absurd.sum())
    values[absurd] = np.nan
    if not count:
        return []
    return [_terrain_problem("terrain_heights_absurd", Severity.REPAIRED, source, count=count)]


def write_terrain(path: Path, terrain: Terrain, crs: pyproj.CRS) -> None:
    """Write a terrain as a compressed float32 GeoTIFF; nothing of the heights is lost."""
    rows, cols = terrain.values.shape
    profile = {
        "driver": "GTiff",
        "width": cols,
        "height": rows,
        "count": 1,
        "dtype": "float32",
        "crs": crs.to_wkt(),
        "transform": terrain.transform,
        "nodata": NO_DATA,
        "compress": "deflate",
        "predictor": 3,
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(_filled(terrain), 1)


def _filled(terrain: Terrain) -> NDArray[np.float32]:
    return np.where(np.isnan(terrain.values), np.float32(NO_DATA), terrain.values)


def _terrain_problem(
    key: str, severity: Severity, source: str, **facts: str | int | float
) -> Problem:
    return Problem(key, severity, "terrain", source, facts=facts)
