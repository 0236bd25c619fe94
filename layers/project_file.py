"""What a project file holds, as values; `layers.project` reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from layers.problems import Problem
from layers.schema import RASTER_ROLES

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

    from layers.rasters.elevation import Terrain
    from layers.rasters.underlay import Underlay


@dataclass(frozen=True)
class Scenario:
    """A named list of edits over the base district."""

    name: str
    edits: tuple[dict[str, Any], ...] = ()
    """JSON objects in order; what they mean is not this package's business."""


@dataclass(frozen=True)
class Source:
    """Where a layer came from, and what became of its features.

    Parameters
    ----------
    role
        Role of the layer it went into (``terrain`` too); "" if none was found.
    file, layer
        File name and the layer's name inside it.
    crs
        CRS as found: an authority code where there is one; "" where the file states none.
    crs_used
        CRS in which the coordinates were read: as found, decided, or named by the user; after a
        comma the shifted datum that was taken off them (``EPSG:4326, GCJ-02``).
    features_declared, features_read, features_kept
        What the file's header promises, what came out of it, and what is in the project.
    mapping
        Schema column to the column of the file that fills it.
    read_at
        When, ISO 8601 in UTC.
    sha256
        Of the file that was read (the main one, where a format has several).
    note
        Free words of the person who owns the data.
    encoding
        In which the text was read, "" where the format knows one alone.
    role_confidence, confidence
        How sure the role, and each column of `mapping`, is: from 0 (a guess) to 1 (stated).
    owner, licence
        Who made the data and on which terms it may be used; "" where nobody said.
    unused
        Columns of the file that say something, of which nothing was used.
    """

    role: str
    file: str
    layer: str = ""
    crs: str = ""
    features_declared: int = 0
    features_read: int = 0
    features_kept: int = 0
    mapping: Mapping[str, str] = field(default_factory=dict)
    read_at: str = ""
    sha256: str = ""
    note: str = ""
    encoding: str = ""
    role_confidence: float = 1.0
    confidence: Mapping[str, float] = field(default_factory=dict)
    crs_used: str = ""
    owner: str = ""
    licence: str = ""
    unused: tuple[str, ...] = ()

    @property
    def is_raster(self) -> bool:
        """Whether it has cells or pixels, and no features to count."""
        return self.role in RASTER_ROLES


def source_from_json(record: Mapping[str, Any]) -> Source:
    """Return the source of which ``asdict`` made a JSON object; TypeError where it is none."""
    return Source(**{**record, "unused": tuple(record.get("unused", ()))})


@dataclass(frozen=True, eq=False)
class ProjectFile:
    """All that a project file holds.

    Parameters
    ----------
    name
        The district's name.
    crs
        Projected, metres, axes x and y.
    layers
        Tidy frames by role (see `layers.mending.tidy`); roles without a layer are absent.
    terrain
        None where there is no elevation model.
    surveyed
        Ids of the service types that were surveyed: for these, "none" means that none exists.
    settings
        JSON object; what it means is not this package's business.
    scenarios, sources, problems
        In the order they were made.
    underlay
        A picture that lies under the plan; None where there is none.
    mapped
        The area that the sources of the streets say they cover, as WKT in `crs`; "" where none
        does.
    """

    name: str
    crs: pyproj.CRS
    layers: Mapping[str, gpd.GeoDataFrame]
    terrain: Terrain | None = None
    surveyed: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    underlay: Underlay | None = None
    mapped: str = ""
