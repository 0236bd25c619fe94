"""A district cut out of larger data: what is kept, what is told, and by which words."""

import geopandas as gpd
import pytest
from shapely.geometry import box

from layers.extent.clipping import clip_from
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from tests.layers.osm.conftest import METRES, osm_xml

STREET = {"highway": "residential"}


@pytest.fixture
def city(tmp_path):
    """Forty houses and pharmacies in a row of 10 km along one street of forty ways."""
    nodes, ways = {}, {}
    for n in range(41):
        x = n * 2.25  # 250 m
        nodes[1000 + n] = (x, 0, {"amenity": "pharmacy"})
        nodes[2000 + n] = (x, 0.1)
        corners = [(x, 0.3), (x + 0.2, 0.3), (x + 0.2, 0.5), (x, 0.5)]
        nodes |= {3000 + 10 * n + k: corner for k, corner in enumerate(corners)}
        ring = [3000 + 10 * n + k for k in (0, 1, 2, 3, 0)]
        ways[7000 + n] = (ring, {"building": "house", "building:levels": "2"})
        if n < 40:
            ways[8000 + n] = ([2000 + n, 2001 + n], STREET)
    path = tmp_path / "city.osm"
    path.write_text(osm_xml(nodes, ways))
    return path


def test_a_box_keeps_its_district_and_a_halo_of_a_kilometre(city, keys):
    # From house 16 to house 24: 2 km; a kilometre more is four houses on either side.
    west, east = 16 * 2.25e-3 - 1e-4, 24 * 2.25e-3 + 1e-4
    project = import_layers([city], clip=f"{west},-0.001,{east},0.001")
    assert sorted(project.layers["services"]["id"] // 10 - 1000) == list(range(12, 29))
    assert sorted(project.layers["buildings"]["id"] // 10 - 7000) == list(range(12, 29))
    # The ways that reach into the halo stay whole.
    assert sorted(project.layers["streets"]["id"] // 10_000 - 8000) == list(range(11, 29))
    [outline] = project.layers["boundary"].geometry
    area = (east - west) * 1000 * METRES * 2 * METRES
    assert outline.area == pytest.approx(area, rel=0.01)
    assert {"clipped", "buildings_outside"} & keys(project.problems)


def test_a_polygon_in_a_file_of_another_crs_clips_too(city, tmp_path):
    west, east = 16 * 2.25e-3 - 1e-4, 24 * 2.25e-3 + 1e-4
    frame = gpd.GeoDataFrame(geometry=[box(west, -0.001, east, 0.001)], crs=4326)
    frame.to_crs(32631).to_file(tmp_path / "outline.gpkg")
    project = import_layers([city], clip=str(tmp_path / "outline.gpkg"))
    assert len(project.layers["buildings"]) == 17


@pytest.mark.parametrize("words", ["3,0,1,1", "0,0,1,95", "0,nan,1,1"])
def test_a_box_that_is_none(words):
    with pytest.raises(LayerError) as caught:
        clip_from(words, 1000)
    assert caught.value.problem.key == "clip_not_understood"


def test_a_clip_elsewhere_and_a_clip_without_polygons(city, tmp_path, keys):
    with pytest.raises(LayerError) as caught:
        import_layers([city], clip="50,50,50.01,50.01")
    keys([caught.value.problem])
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs=4326)
    points.to_file(tmp_path / "points.gpkg")
    with pytest.raises(LayerError) as caught:
        clip_from(str(tmp_path / "points.gpkg"), 1000)
    assert caught.value.problem.key == "clip_not_understood"
    with pytest.raises(LayerError) as caught:
        clip_from("no such file", 1000)
    assert caught.value.problem.key == "file_missing"
