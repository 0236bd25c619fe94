"""A project imported from loose files scores as the plain reference scores the same layers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

import sample_data
from tests.oracle.comparison import Comparison
from tests.oracle.reference import Reference, read_raster
from twin.assessment.assess import assess
from twin.cli import main
from twin.projects.project import open_project
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
            name = role if len(part) == len(frame) else f"{role}_{kind.lower()}"
            part.to_file(folder / f"{name}.shp", encoding="utf-8")
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
    project = tmp_path / "loose.twin.gpkg"
    assert main(["import", str(project), str(folder)]) in (0, 1)
    opened = open_project(project)
    reference = Reference(frames, read_raster(sample_data.TERRAIN))
    comparison = Comparison(opened.district, reference)
    assert len(comparison.row) > 1000
    comparison.check_nearest(("wheelchair", "min"), ["canteen"])
    assessment = assess(opened.district, load_standard("gb50180-2018"))
    comparison.check_scores(assessment)
    # What the command line hands to other programs is what was checked.
    assert main(["assess", str(project), "--json", str(tmp_path / "scores.json")]) in (0, 1)
    told = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert told["standard"]["id"] == "gb50180-2018"
    written = {row["id"]: row for row in told["requirements"]}
    assert set(written) == {result.requirement.id for result in assessment.results}
    for result in assessment.results:
        row = written[result.requirement.id]
        assert row["status"] == result.status
        if result.status == "not_assessed":
            assert row["covered"] is None
        else:
            assert row["covered"] == pytest.approx(result.covered, abs=0.0005)  # three decimals
    covered = assessment.full_circle.covered
    assert told["full_circle"]["covered"] == pytest.approx(covered, abs=0.0005)
