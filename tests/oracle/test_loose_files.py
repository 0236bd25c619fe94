"""A project imported from loose files scores as the plain reference scores the same layers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

import sample_data
from layers.importing import import_layers
from tests.oracle.comparison import Comparison
from tests.oracle.reference import Reference, read_raster
from twin.assess import assess
from twin.project import Project, open_project, save_project
from twin.standards import load_standard

Frames = dict[str, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    layers = [name for name, _ in pyogrio.list_layers(sample_data.DISTRICT)]
    return {name: gpd.read_file(sample_data.DISTRICT, layer=name) for name in layers}


def shapefiles(folder: Path, frames: Frames) -> Frames:
    """Write shapefiles in the sample's CRS, whose column names are cut to ten characters."""
    for role, frame in frames.items():
        for kind, part in frame.groupby(frame.geom_type.str.removeprefix("Multi")):
            flags = part.select_dtypes(bool).columns
            part = part.astype(dict.fromkeys(flags, "int32"))
            part.to_file(folder / f"{role}_{kind.lower()}.shp", encoding="utf-8")
    return frames


def geojson(folder: Path, frames: Frames) -> Frames:
    """Write GeoJSON in longitude and latitude with 10 decimals, a hundredth of a mm."""
    for role, frame in frames.items():
        options = {"COORDINATE_PRECISION": "10", "RFC7946": "NO"}
        frame.to_crs(4326).to_file(folder / f"{role}.geojson", driver="GeoJSON", **options)
    return frames


@pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized/laundered")
@pytest.mark.parametrize("write", [shapefiles, geojson])
def test_loose_files_score_as_the_reference_does(
    tmp_path: Path, frames: Frames, write: Callable[[Path, Frames], Frames]
) -> None:
    folder = tmp_path / "loose"
    folder.mkdir()
    write(folder, frames)
    shutil.copy(sample_data.TERRAIN, folder)
    project = Project.from_file(import_layers([folder]))
    save_project(tmp_path / "loose.twin.gpkg", project)
    opened = open_project(tmp_path / "loose.twin.gpkg")
    reference = Reference(frames, read_raster(sample_data.TERRAIN))
    comparison = Comparison(opened.district, reference)
    assert len(comparison.row) > 1000
    comparison.check_nearest(("adult", "m"), ["canteen", "nursery", "pharmacy", "park"])
    comparison.check_nearest(("wheelchair", "min"), ["canteen"])
    comparison.check_scores(assess(opened.district, load_standard("gb50180-2018")))
