"""The ground that a city model draws in triangles, as a layer of which a terrain can be made."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.city.model import CityModel, Surfaces, rules
from layers.files.foreign import ForeignLayer
from layers.problems import Severity

_CORNERS = 3
NAME = "ground"


def ground_of_model(
    model: CityModel, surfaces: Surfaces, crs: pyproj.CRS | None, account: Account
) -> list[ForeignLayer]:
    """Return the triangles of a model's ground as one layer; none where it has no ground.

    Parameters
    ----------
    model, surfaces
        The model and its sound surfaces.
    crs
        Plan only; None where unknown.
    account
        Told of pieces that are no triangles, or have no heights.
    """
    kinds = model.objects["kind"].to_numpy(dtype=object)
    on_ground = np.isin(kinds, rules()["ground"]["names"])[surfaces.owner]
    if not on_ground.any():
        return []
    drawn = surfaces.without(~on_ground)
    usable = drawn.without(~_is_triangle(drawn))
    lost = len(drawn.owner) - len(usable.owner)
    if lost:
        account.note("ground_pieces_left", Severity.WARNING, count=lost)
    if not len(usable.owner):
        return []
    of = np.repeat(np.arange(len(usable.owner)), usable.ring_size)
    first = np.r_[True, of[1:] != of[:-1]]
    rank = np.arange(len(of)) - np.maximum.accumulate(np.where(first, np.arange(len(of)), 0))
    corners = rank < _CORNERS  # the fourth point closes a ring
    rings = shapely.linearrings(usable.xyz[corners], indices=of[corners])
    frame = gpd.GeoDataFrame(geometry=shapely.polygons(rings), crs=crs)
    return [ForeignLayer(model.file, NAME, frame, len(drawn.owner), is_ground=True)]


def _is_triangle(surfaces: Surfaces) -> NDArray[np.bool_]:
    """Tell which surfaces are one ring of three corners whose heights are known."""
    count = len(surfaces.owner)
    rings = np.bincount(surfaces.ring_surface, minlength=count)
    size = np.bincount(surfaces.ring_surface, surfaces.ring_size, minlength=count)
    end = np.cumsum(surfaces.ring_size)
    closed = (surfaces.xyz[end - surfaces.ring_size] == surfaces.xyz[end - 1]).all(axis=1)
    corners = size - np.bincount(surfaces.ring_surface, closed, minlength=count)
    of = np.repeat(surfaces.ring_surface, surfaces.ring_size)
    flat = np.bincount(of, ~np.isfinite(surfaces.xyz[:, 2]), minlength=count) > 0
    return np.asarray((rings == 1) & (corners == _CORNERS) & ~flat)
