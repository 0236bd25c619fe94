"""Taking only a district out of larger data: its polygon, and a halo for walks that lead around."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from layers.account import Account
from layers.files.foreign import ForeignLayer, refusal
from layers.formats.recognising import read_vector
from layers.geodesy.crs import WGS84, Bounds, choose_metric_crs
from layers.mending.tidy import tidy
from layers.placing.settling import Placed
from layers.problems import Problem, Severity


@dataclass(frozen=True, eq=False)
class Clip:
    """A district's outline and how far around it data is kept.

    Parameters
    ----------
    area
        Polygon in degrees (WGS 84).
    halo_m
        Metres around it.
    """

    area: shapely.Geometry
    halo_m: float

    @property
    def around(self) -> Bounds:
        """Bounds of the area and its halo, in degrees."""
        west, south, east, north = self._widened(WGS84).bounds
        return float(west), float(south), float(east), float(north)

    def boundary(self, crs: pyproj.CRS) -> gpd.GeoDataFrame:
        """Return the area as a tidy boundary layer."""
        frame = gpd.GeoDataFrame({"id": [1]}, geometry=[self.area], crs=WGS84)
        return tidy("boundary", frame.to_crs(crs))[0]

    def cut(self, placed: Placed) -> tuple[Placed, tuple[Problem, ...]]:
        """Return a layer without the features that do not touch the area or its halo."""
        role, layer, crs = placed
        shapes = np.asarray(layer.frame.geometry.array, dtype=object)
        window = self._widened(crs)
        shapely.prepare(window)
        # What has no geometry or a broken one is left to those who mend and tell.
        kept = np.asarray(shapely.intersects(window, shapes) | ~shapely.is_valid(shapes))
        account = Account(role, layer.source)
        if not kept.all():
            account.note("clipped", Severity.INFO, count=int((~kept).sum()), kept=int(kept.sum()))
        frame = layer.frame.loc[kept].reset_index(drop=True)
        return (role, replace(layer, frame=frame), crs), account.problems

    def _widened(self, crs: pyproj.CRS) -> shapely.Geometry:
        middle = shapely.centroid(self.area)
        metric = choose_metric_crs(shapely.get_x(middle), shapely.get_y(middle), ())
        series = gpd.GeoSeries([self.area], crs=WGS84).to_crs(metric).buffer(self.halo_m)
        return series.to_crs(crs).iloc[0]


def clip_from(words: str, halo_m: float) -> Clip:
    """Return what a person means by a clip.

    Parameters
    ----------
    words
        ``west,south,east,north`` in degrees, or the path of a file with polygons.
    halo_m
        Metres around it that are kept, too.

    Raises
    ------
    LayerError
        ``clip_not_understood``, or why the file cannot be read.
    """
    bounds = _numbers(words)
    path = Path(words)
    if bounds is not None:
        west, south, east, north = bounds
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise refusal("clip_not_understood", path)
        return Clip(shapely.box(west, south, east, north), halo_m)
    shapes = [_polygons(layer) for layer in read_vector(path)[0]]
    area = shapely.union_all(np.concatenate(shapes)) if shapes else shapely.Polygon()
    if shapely.is_empty(area) or not np.isfinite(shapely.bounds(area)).all():
        raise refusal("clip_not_understood", path)
    return Clip(area, halo_m)


def _numbers(words: str) -> list[float] | None:
    try:
        found = [float(word) for word in words.split(",")]
    except ValueError:
        return None
    return found if len(found) == 4 else None


def _polygons(layer: ForeignLayer) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the layer's polygons in degrees; a layer without a CRS is taken to be in degrees."""
    frame = layer.frame if layer.crs is not None else layer.frame.set_crs(WGS84)
    shapes = np.asarray(frame.to_crs(WGS84).geometry.array, dtype=object)
    return np.asarray(shapely.make_valid(shapes[shapely.get_dimensions(shapes) == 2]), dtype=object)
