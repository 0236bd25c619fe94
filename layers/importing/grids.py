"""Grids and pictures among the files of an import: what each is, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from layers.files.foreign import ForeignLayer
from layers.files.raster_files import Raster, rasters_in
from layers.formats.recognising import RASTER, Format, read_archive
from layers.geodesy.crs import Bounds, bounds_of
from layers.limits import limit
from layers.problems import Fact, Problem, Severity
from layers.rasters.elevation import Terrain
from layers.rasters.mosaic import read_mosaic
from layers.rasters.pictures import read_underlay
from layers.rasters.raster_roles import role_of_raster
from layers.rasters.triangles import terrain_of
from layers.rasters.underlay import Underlay
from layers.residents.population import spread_people
from layers.vocabulary.columns import IGNORE


@dataclass
class Grids:
    """The rasters of an import by what they are."""

    terrains: list[Raster] = field(default_factory=list)
    people: list[Raster] = field(default_factory=list)
    pictures: list[Raster] = field(default_factory=list)
    left_out: list[Raster] = field(default_factory=list)
    grounds: list[ForeignLayer] = field(default_factory=list)
    """Ground drawn in triangles, of which a terrain is made where there is no elevation model."""
    grounds_left: list[ForeignLayer] = field(default_factory=list)

    @property
    def has_ground(self) -> bool:
        """Whether anything says how high the ground is."""
        return bool(self.terrains or self.grounds)

    def take(self, raster: Raster, chosen: Mapping[str, str] | None) -> tuple[Problem, ...]:
        """Sort in one raster; return what a person should know of how it was told.

        Raises
        ------
        LayerError
            As `layers.rasters.raster_roles.role_of_raster`.
        """
        role, problems = role_of_raster(raster, chosen)
        if role == "terrain":
            self.terrains.append(raster)
        elif role == "residents":
            self.people.append(raster)
        elif role != IGNORE:
            self.pictures.append(raster)
        else:
            self.left_out.append(raster)
        return problems

    def take_ground(self, layer: ForeignLayer, chosen: str) -> None:
        """Sort in a layer of triangles; a person may leave it out."""
        (self.grounds_left if chosen == IGNORE else self.grounds).append(layer)

    def roles(self) -> list[tuple[Raster, str]]:
        """Return every raster with what it was taken for, by file."""
        lists = {
            "terrain": self.terrains,
            "residents": self.people,
            "underlay": self.pictures,
            IGNORE: self.left_out,
        }
        found = [(one, role) for role, rasters in lists.items() for one in rasters]
        found += [(_as_raster(layer), "terrain") for layer in self.grounds]
        found += [(_as_raster(layer), IGNORE) for layer in self.grounds_left]
        return sorted(found, key=lambda pair: pair[0].source)


def rasters_of(file: Path, format_: Format) -> list[Raster]:
    """Return the rasters that a file is or, being an archive, holds.

    Raises
    ------
    LayerError
        As `layers.files.archive.unpacked`.
    """
    if format_ is RASTER:
        return [Raster(file)]
    return rasters_in(file) if format_.read is read_archive else []


def _as_raster(layer: ForeignLayer) -> Raster:
    return Raster(layer.file, layer.name)


def ground_of(
    grids: Grids,
    crs: pyproj.CRS,
    layers: Mapping[str, gpd.GeoDataFrame],
    systems: Mapping[Path, pyproj.CRS],
) -> tuple[Terrain | None, list[Raster], list[Problem]]:
    """Make the terrain, cut to the layers and their halo: of elevation models, else of triangles.

    Parameters
    ----------
    grids, crs, layers
        What there is, the district's CRS and its layers.
    systems
        CRS that the layers of a file were found to have, for its triangles that state none.

    Returns
    -------
    The terrain or None; the rasters that are in it; what was found.
    """
    extent = extent_of(layers) if grids.has_ground else None
    if extent is None:
        return None, [], [_lies_nowhere(one) for one in grids.terrains]
    used: list[Raster] = []
    terrain, problems = None, list[Problem]()
    if grids.terrains:
        terrain, used, problems = read_mosaic(grids.terrains, crs, extent)
    if terrain is None and grids.grounds:
        placed = [(one, one.crs or systems.get(one.file, crs)) for one in grids.grounds]
        terrain, found = terrain_of(placed, crs, extent)
        problems += found
    else:
        problems += [_not_needed(one, used) for one in grids.grounds]
    return terrain, used, problems


def _lies_nowhere(raster: Raster) -> Problem:
    """Say that a raster covers nothing, for no feature is left that has a place."""
    return Problem("raster_of_nothing", Severity.WARNING, "", raster.source)


def _not_needed(ground: ForeignLayer, used: Sequence[Raster]) -> Problem:
    facts: dict[str, Fact] = {"used": ", ".join(raster.source for raster in used)}
    return Problem("terrain_not_used", Severity.INFO, "terrain", ground.source, facts=facts)


def picture_of(
    grids: Grids, crs: pyproj.CRS, layers: Mapping[str, gpd.GeoDataFrame]
) -> tuple[Underlay | None, list[Raster], list[Problem]]:
    """Read the pictures as one underlay, cut to the layers and their halo.

    Returns
    -------
    The underlay or None; the rasters that are in it; what was found.
    """
    extent = extent_of(layers) if grids.pictures else None
    if extent is None:
        return None, [], [_lies_nowhere(one) for one in grids.pictures]
    return read_underlay(grids.pictures, crs, extent)


def extent_of(layers: Mapping[str, gpd.GeoDataFrame]) -> Bounds | None:
    """Return the bounds of all layers and their halo; None where no feature has a place."""
    boxes = [b for b in (bounds_of(frame) for frame in layers.values()) if b is not None]
    if not boxes:
        return None
    west, south = np.min([box[:2] for box in boxes], axis=0) - limit("space", "halo_m")
    east, north = np.max([box[2:] for box in boxes], axis=0) + limit("space", "halo_m")
    return float(west), float(south), float(east), float(north)


def people_home(
    grids: Grids, layers: Mapping[str, gpd.GeoDataFrame]
) -> tuple[gpd.GeoDataFrame | None, list[Raster], tuple[Problem, ...]]:
    """Bring the people of grids to the buildings.

    Returns
    -------
    The buildings, None where there are none or no grid of people; the rasters that were used; what
    was found.
    """
    if not grids.people:
        return None, [], ()
    buildings = layers.get("buildings")
    if buildings is None or not len(buildings):
        key = "people_grid_without_buildings"
        lost = [Problem(key, Severity.WARNING, "buildings", r.source) for r in grids.people]
        return None, [], tuple(lost)
    frames = (layers.get(role) for role in ("boundary", "communities"))
    outline = next((f.geometry.union_all() for f in frames if f is not None and len(f)), None)
    area: shapely.Geometry | None = outline
    return spread_people(grids.people, buildings, area)
