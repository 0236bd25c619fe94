"""Frames in the schema's columns, made from what was understood of OSM elements."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.geodesy.crs import WGS84
from layers.schema import ROLES, unknown_column

NODE, WAY, RELATION = 1, 2, 3
"""Last digit of a feature's id: OSM numbers each kind of element on its own."""


def feature_ids(ids: NDArray[np.int64], element: int) -> NDArray[np.int64]:
    """Return ids that tell what they were in OSM: the element's id and a digit for its kind."""
    return np.asarray(ids * 10 + element, dtype=np.int64)


def made_frame(role: str, shapes: NDArray[np.object_], **columns: Any) -> gpd.GeoDataFrame:
    """Return a frame in degrees with all columns of a role, unknown where not given.

    Parameters
    ----------
    role
        One of `layers.schema.ROLES`.
    shapes
        Geometries.
    columns
        ``id`` and columns of the role.
    """
    data = {"id": columns.pop("id")}
    for column in ROLES[role].columns:
        given = columns.pop(column.name, None)
        data[column.name] = unknown_column(column, len(shapes)) if given is None else given
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=list(shapes), crs=WGS84)
