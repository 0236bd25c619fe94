"""Ground that a city model draws in triangles becomes the district's terrain, exactly."""

import zipfile

import numpy as np
import pyproj
import pytest

from layers.formats.recognising import read_vector
from layers.geodesy.crs import transformer
from layers.importing.from_files import import_layers
from layers.importing.preview import preview
from layers.problems import LayerError
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import write_terrain
from layers.understanding.decisions import Decisions, LayerDecision
from tests.layers.city.models import Model, X, Y, gml, gml_house, pos_list

ZONE_33 = pyproj.CRS.from_epsg(25833)

# A valley 400 m wide: 20 m high at both sides, 0 m along its middle line x = 0.
VALLEY = [
    [(-200, -200, 20), (0, -200, 0), (0, 200, 0)],
    [(-200, -200, 20), (0, 200, 0), (-200, 200, 20)],
    [(0, -200, 0), (200, -200, 20), (200, 200, 20)],
    [(0, -200, 0), (200, 200, 20), (0, 200, 0)],
]


def relief(*pieces, **where):
    triangles = "".join(
        "<gml:Triangle><gml:exterior><gml:LinearRing><gml:posList>"
        f"{pos_list(one, **where)}</gml:posList></gml:LinearRing></gml:exterior></gml:Triangle>"
        for one in pieces
    )
    return (
        '<dem:ReliefFeature xmlns:dem="urn:d" gml:id="r"><dem:lod>1</dem:lod><dem:reliefComponent>'
        '<dem:TINRelief gml:id="t"><dem:lod>1</dem:lod><dem:tin><gml:TriangulatedSurface>'
        f"<gml:trianglePatches>{triangles}</gml:trianglePatches></gml:TriangulatedSurface>"
        "</dem:tin></dem:TINRelief></dem:reliefComponent></dem:ReliefFeature>"
    )


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def heights(project, *places):
    """Heights at places in metres from the model's corner."""
    x, y = np.array(places, dtype=float).T
    there = transformer(ZONE_33, project.crs).transform(X + x, Y + y)
    return project.terrain.sample(*there)


def test_a_valley_is_as_high_as_its_triangles_everywhere(tmp_path, keys):
    path = written(tmp_path / "a.gml", gml(gml_house(), relief(*VALLEY)))
    project = import_layers([path])
    # By hand: 0.1 m of height for each metre from the middle line; cells are 141 m wide, so the
    # fold along it is cut, and slopes beside it are exact.
    assert project.terrain.step_x == pytest.approx(np.sqrt(200 * 400 / 2))
    assert "terrain_from_triangles" in keys(project.problems)
    [source] = [one for one in project.sources if one.role == "terrain"]
    assert (source.file, source.crs, source.features_declared) == ("a.gml", "EPSG:25833", 4)
    fine = [
        [(x, y, abs(x) / 10) for x, y in corners]
        for a in range(-200, 200, 10)
        for b in range(-200, 200, 10)
        for corners in (
            ((a, b), (a + 10, b), (a + 10, b + 10)),
            ((a, b), (a + 10, b + 10), (a, b + 10)),
        )
    ]
    project = import_layers([written(tmp_path / "b.gml", gml(gml_house(), relief(*fine)))])
    found = heights(project, (-150, 33), (-80.5, -120), (47.25, 160), (120, 0))
    np.testing.assert_allclose(found, [15, 8.05, 4.725, 12], atol=1e-4)


def test_latitude_first_and_a_file_of_its_own_in_an_archive(tmp_path):
    """As PLATEAU delivers: ground in a folder beside the buildings, in degrees, latitude first."""
    srs = "http://www.opengis.net/def/crs/EPSG/0/6697"
    where = {"x": 139.7, "y": 35.2, "swapped": True, "scale": 1e-5}
    flat = [[(x, y, 7.5) for x, y, _ in one] for one in VALLEY]
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("udx/bldg/1_bldg.gml", gml(gml_house(**where), srs=srs))
        archive.writestr("udx/dem/1_dem.gml", gml(relief(*flat, **where), srs=srs))
    project = import_layers([tmp_path / "p.zip"])
    x, y = transformer(project.crs).transform(139.7, 35.2, direction="INVERSE")
    assert project.terrain.sample(np.array([x]), np.array([y])) == 7.5
    assert not [p for p in project.problems if p.key == "archive_member_alone"]


def test_cityjson_has_ground_too_and_what_is_none_is_told(tmp_path, keys):
    model = Model().house()
    quad = [[(-200, -200, 0), (200, -200, 0), (200, 200, 0), (-200, 200, 0)]]
    surfaces = {"type": "CompositeSurface", "lod": "1", "boundaries": model.surfaces(VALLEY + quad)}
    model.add("tin", "TINRelief", [surfaces]).add("rocks", "ReliefFeature", [])
    layers, problems = read_vector(model.write(tmp_path / "a.city.json"))
    [ground] = [layer for layer in layers if layer.is_ground]
    assert (len(ground.frame), ground.declared) == (4, 5)
    [told] = [p for p in problems if p.key == "ground_pieces_left"]
    assert told.facts["count"] == 1
    [unused] = [p for p in problems if p.key == "city_objects_unused"]
    assert unused.facts["kinds"] == "ReliefFeature 1"  # drawn by no triangle
    keys(problems)


def test_an_elevation_model_goes_before_triangles(tmp_path, keys):
    written(tmp_path / "a.gml", gml(gml_house(), relief(*VALLEY)))
    values = np.full((40, 40), 33, np.float32)
    write_terrain(tmp_path / "dem.tif", Terrain(values, X - 2000, Y + 2000, 100.0, 100.0), ZONE_33)
    project = import_layers([tmp_path])
    assert heights(project, (100, 0)) == [33]
    [told] = [p for p in project.problems if p.key == "terrain_not_used"]
    assert told.source == "a.gml · ground"
    keys(project.problems)


def test_ground_can_be_left_out_and_is_no_district_alone(tmp_path):
    path = written(tmp_path / "a.gml", gml(gml_house(), relief(*VALLEY)))
    assert [(one.source, one.role) for one in preview([path], Decisions()).rasters] == [
        ("a.gml · ground", "terrain")
    ]
    told = Decisions((LayerDecision("a.gml · ground", "ignore"),))
    assert import_layers([path], decisions=told).terrain is None
    assert [one.role for one in preview([path], told).rasters] == ["ignore"]
    with pytest.raises(LayerError) as caught:
        import_layers([written(tmp_path / "b.gml", gml(relief(*VALLEY)))])
    assert caught.value.problem.key == "terrain_alone"


def test_triangles_of_any_shape_cost_no_more_than_the_grid(tmp_path):
    """Two thousand needles across the district, each in a box as large as all of it."""
    needles = [
        [(-200, -200 + n / 10, 5), (200, 199 - n / 10, 5), (200, 199.0001 - n / 10, 5)]
        for n in range(2000)
    ]
    flat = [[(x, y, 5) for x, y, _ in one] for one in VALLEY]
    path = written(tmp_path / "a.gml", gml(gml_house(), relief(*needles, *flat)))
    project = import_layers([path])
    assert project.terrain.step_x > 0.5
    assert heights(project, (100, 0)) == [5]
