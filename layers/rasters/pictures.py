"""Orthophotos and scanned plans in files, brought into the district's CRS at a bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from pyproj.exceptions import ProjError
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, array_bounds
from rasterio.warp import Resampling, reproject
from rasterio.windows import Window, from_bounds

from layers.files.raster_files import Raster
from layers.geodesy.crs import WGS84, Bounds, looks_like_degrees, overlap, transformer
from layers.limits import limit
from layers.problems import LayerError, Problem, Severity
from layers.rasters.terrain import crs_of, readable
from layers.rasters.underlay import Underlay

Pixels = NDArray[np.uint8]

_ROLE = "underlay"
_OPAQUE = 255


def read_underlay(
    rasters: Sequence[Raster], crs: pyproj.CRS, bounds: Bounds
) -> tuple[Underlay | None, list[Raster], list[Problem]]:
    """Read pictures as one, cut to `bounds`; where two overlap, the first lies above.

    Parameters
    ----------
    rasters
        Pictures with a place.
    crs
        The district's.
    bounds
        West, south, east, north in `crs`: what is kept.

    Returns
    -------
    The picture, None where none could be used; the rasters that are in it; what was found.
    """
    problems: list[Problem] = []
    placed: list[tuple[Raster, pyproj.CRS, Bounds]] = []
    for raster in rasters:
        try:
            own, box, found = _place_of(raster, crs, bounds)
        except LayerError as error:
            problems.append(error.problem)
            continue
        problems += found
        placed.append((raster, own, box))
    if not placed:
        return None, [], problems
    place, cols, rows = _grid([box for _, _, box in placed], bounds)
    pixels = np.zeros((rows, cols, 4), dtype=np.uint8)
    used = []
    for raster, own, _ in placed:
        try:
            one = _read(raster, own, crs, place, cols, rows)
        except LayerError as error:
            problems.append(error.problem)
            continue
        used.append(raster)
        pixels = np.where(pixels[:, :, 3:] == 0, one, pixels)
    if not pixels[:, :, 3].any():
        problems += [_problem("underlay_elsewhere", Severity.WARNING, raster) for raster in used]
        return None, [], problems
    return Underlay(pixels, place.c, place.f, place.a, -place.e), used, problems


def _place_of(
    raster: Raster, crs: pyproj.CRS, bounds: Bounds
) -> tuple[pyproj.CRS, Bounds, list[Problem]]:
    """Return a picture's CRS, its bounds in the district's, and how it was told.

    Raises
    ------
    LayerError
        ``underlay_without_crs``, ``underlay_nowhere``, ``underlay_elsewhere``; as
        `layers.rasters.terrain.readable`.
    """
    problems: list[Problem] = []
    with readable(raster, _ROLE) as file:
        if file.transform.is_identity:
            raise _refusal("underlay_nowhere", raster)
        west, south, east, north = array_bounds(file.height, file.width, file.transform)
        box = (min(west, east), min(south, north), max(west, east), max(south, north))
        own = crs_of(file)
    if own is None:
        # Numbers that lie among the district's, or that are degrees, leave no doubt.
        own = crs if overlap(box, bounds) else WGS84 if looks_like_degrees(box) else None
        if own is None:
            raise _refusal("underlay_without_crs", raster)
        problems.append(_problem("underlay_crs_assumed", Severity.WARNING, raster, crs=own.name))
    try:
        there = transformer(own, crs).transform_bounds(*box)
    except ProjError as error:
        raise _refusal("underlay_elsewhere", raster) from error
    if not np.isfinite(there).all() or not overlap(there, bounds):
        raise _refusal("underlay_elsewhere", raster)
    return own, there, problems


def _problem(key: str, severity: Severity, raster: Raster, **facts: str | int) -> Problem:
    return Problem(key, severity, _ROLE, raster.source, facts=facts)


def _refusal(key: str, raster: Raster) -> LayerError:
    return LayerError(_problem(key, Severity.WARNING, raster))


def _grid(boxes: Sequence[Bounds], bounds: Bounds) -> tuple[Affine, int, int]:
    """Lay square pixels over the pictures' part of the district, at most so many each way."""
    west = max(min(box[0] for box in boxes), bounds[0])
    south = max(min(box[1] for box in boxes), bounds[1])
    east = min(max(box[2] for box in boxes), bounds[2])
    north = min(max(box[3] for box in boxes), bounds[3])
    step = max(east - west, north - south) / limit("underlay", "most_pixels")
    cols = max(int(np.ceil((east - west) / step)), 1)
    rows = max(int(np.ceil((north - south) / step)), 1)
    return Affine(step, 0.0, west, 0.0, -step, north), cols, rows


def _read(
    raster: Raster, own: pyproj.CRS, crs: pyproj.CRS, place: Affine, cols: int, rows: int
) -> Pixels:
    """Read one picture onto the grid."""
    with readable(raster, _ROLE) as file:
        colours, at = _colours(file, own, crs, place, cols, rows)
        target = np.zeros((4, rows, cols), dtype=np.uint8)
        reproject(
            colours,
            target,
            src_transform=at,
            src_crs=own.to_wkt(),
            dst_transform=place,
            dst_crs=crs.to_wkt(),
            resampling=Resampling.bilinear,
        )
    pixels = np.moveaxis(target, 0, -1).copy()
    # Half a pixel's worth of the outside at an edge would show as a dark rim.
    pixels[:, :, 3] = np.where(pixels[:, :, 3] > _OPAQUE // 2, _OPAQUE, 0)
    return pixels


def _colours(
    file: Any, own: pyproj.CRS, crs: pyproj.CRS, place: Affine, cols: int, rows: int
) -> tuple[Pixels, Affine]:
    """Return the part of a picture that the grid needs as uint8 (4, rows, cols), and its place.

    It is read no finer than the grid: a file of gigabytes costs no more than a small one.
    """
    wanted = array_bounds(rows, cols, place)
    there = transformer(crs, own).transform_bounds(*wanted)
    whole = Window(0, 0, file.width, file.height)
    if file.transform.b == file.transform.d == 0 and file.transform.e < 0:
        window = from_bounds(*there, transform=file.transform).round_offsets().round_lengths()
        whole = _widened(window).intersection(whole)
    most = 2 * limit("underlay", "most_pixels")
    share = min(1.0, most / max(whole.width, whole.height))
    shape = max(round(whole.height * share), 1), max(round(whole.width * share), 1)
    bands = _three_bands(file, whole, shape)
    opacity = np.asarray(file.dataset_mask(window=whole, out_shape=shape), dtype=np.uint8)
    at = file.window_transform(whole)
    at = at @ Affine.scale(whole.width / shape[1], whole.height / shape[0])
    return np.concatenate([bands, opacity[None]]), at


def _widened(window: Window) -> Window:
    return Window(window.col_off - 2, window.row_off - 2, window.width + 4, window.height + 4)


def _three_bands(file: Any, window: Window, shape: tuple[int, int]) -> Pixels:
    """Return red, green and blue; a palette is looked up, grey stands for all three."""
    if ColorInterp.palette in file.colorinterp:
        index = file.read(1, window=window, out_shape=shape, resampling=Resampling.nearest)
        table = np.zeros((256, 3), dtype=np.uint8)
        for number, colour in file.colormap(1).items():
            table[number % 256] = colour[:3]
        return np.moveaxis(table[index.astype(np.uint8)], -1, 0)
    bands = [1, 2, 3] if file.count >= 3 else [1, 1, 1]
    read = [
        file.read(band, window=window, out_shape=shape, resampling=Resampling.average)
        for band in bands
    ]
    return np.stack([_as_bytes(band) for band in read])


def _as_bytes(band: NDArray[Any]) -> Pixels:
    """Return a band as bytes; finer values are spread between their 2nd and 98th hundredth."""
    if band.dtype == np.uint8:
        return band
    values = band.astype(np.float64)
    low, high = np.nanpercentile(values, (2, 98))
    spread = (values - low) / (high - low) if high > low else np.zeros_like(values)
    return np.asarray(np.nan_to_num(np.clip(spread, 0, 1) * 255), dtype=np.uint8)


def write_underlay(path: str, underlay: Underlay, crs: pyproj.CRS, table: str) -> None:
    """Add a picture as the tiles of a GeoPackage, without loss."""
    rows, cols, _ = underlay.pixels.shape
    profile = {
        "driver": "GPKG",
        "width": cols,
        "height": rows,
        "count": 4,
        "dtype": "uint8",
        "crs": crs.to_wkt(),
        "transform": Affine(
            underlay.step_x, 0.0, underlay.origin_x, 0.0, -underlay.step_y, underlay.origin_y
        ),
        "APPEND_SUBDATASET": "YES",
        "RASTER_TABLE": table,
        "TILE_FORMAT": "PNG",
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.moveaxis(underlay.pixels, -1, 0))


def read_tiles(path: str, table: str, shape: tuple[int, int]) -> Pixels:
    """Return the pixels that `write_underlay` wrote: uint8 (rows, cols, 4)."""
    with rasterio.open(f"GPKG:{path}:{table}", driver="GPKG") as file:
        window = Window(0, 0, shape[1], shape[0])
        bands = file.read([1, 2, 3, 4], window=window, boundless=False)
    return np.asarray(np.moveaxis(bands, 0, -1), dtype=np.uint8)
