"""Files are told by what is in them, read whole, or refused with the true reason."""

import http.server
import json
import shutil
import threading

import geopandas as gpd
import pyogrio
import pytest
import rasterio
from shapely.geometry import Point, box

from layers.formats.recognising import files_in, format_of, passed_over, read_vector
from layers.problems import LayerError

HOUSES = gpd.GeoDataFrame(
    {"名称": ["甲", "乙", "丙"], "层数": [6, 18, 33]},
    geometry=[box(114 + n, 22, 114.001 + n, 22.001) for n in range(3)],
    crs=4326,
)


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("name", ["建筑.gpkg", "建筑.shp", "建筑.geojson"])
def test_a_layer_is_read_whole(tmp_path, name):
    HOUSES.to_file(tmp_path / name, encoding="UTF-8")
    [layer], problems = read_vector(tmp_path / name)
    assert problems == []
    assert layer.problems == ()
    assert layer.declared == 3
    assert layer.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert layer.crs.to_epsg() == 4326
    assert layer.source == name


def test_the_name_does_not_decide(tmp_path):
    HOUSES.to_file(tmp_path / "a.gpkg")
    shutil.copy(tmp_path / "a.gpkg", tmp_path / "b.geojson")
    assert format_of(tmp_path / "b.geojson").name == "GeoPackage"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "file_empty"),
        (b"what a nice district", "not_gis"),
        (b"\x00\x01\x02", "not_gis"),
        (b"<VRTDataset/>", "not_gis"),
        (b"{", "json_broken"),
        (b'{"type": "FeatureCollection", "features": [', "json_broken"),
        (b'{"type": "FeatureCollection", "features": []}', "layer_empty"),
        (b'{"type": "CityJSON", "version": "1.1"}', "cityjson_broken"),
        (b'{"a": 1}', "json_no_features"),
        (b'{"a": "\x81\x8d\xff\xff"}', "text_not_utf8"),
        (b'{"a":' * 100_000, "json_broken"),
        (b"SQLite format 3\x00", "file_truncated"),
        (b"\x00\x00\x27\x0a", "file_truncated"),
        (b"SQLite format 3\x00" + b"\x38" * 1000, "header_damaged"),
        (b"\x00\x00\x27\x0a" + b"\xff" * 1000, "header_damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path, content, key):
    (tmp_path / "a.geojson").write_bytes(content)
    assert refused(tmp_path / "a.geojson") == key


def test_a_missing_file_and_a_folder_without_layers_are_refused(tmp_path):
    assert refused(tmp_path / "none.shp") == "file_missing"
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(LayerError) as caught:
        files_in(tmp_path)
    assert caught.value.problem.key == "folder_without_layers"


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson"])
def test_a_truncated_file_is_never_read_as_a_shorter_one(tmp_path, name, share):
    many = gpd.GeoDataFrame({"n": range(500)}, geometry=[Point(n, n) for n in range(500)], crs=4547)
    path = tmp_path / name
    many.to_file(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refused(path) in {"file_truncated", "json_broken"}


def test_a_database_with_a_page_of_zeros_is_told_or_loses_nothing(tmp_path):
    """A bad sector, a broken download: SQLite keeps no sums, and GDAL reads past such pages."""
    houses = [box(30 * n, 0, 30 * n + 20, 20) for n in range(150)]
    many = gpd.GeoDataFrame({"name": ["东风路幸福里" * 3] * 150}, geometry=houses, crs=4547)
    many.to_file(tmp_path / "a.gpkg", layer="houses")
    whole = (tmp_path / "a.gpkg").read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    expected = read_vector(tmp_path / "a.gpkg")[0][0].frame
    told = 0
    for start in range(page, len(whole), page):
        (tmp_path / "b.gpkg").write_bytes(whole[:start] + bytes(page) + whole[start + page :])
        try:
            layers, problems = read_vector(tmp_path / "b.gpkg")
        except LayerError:
            continue
        told += any(problem.key == "geopackage_damaged" for problem in problems)
        assert problems or [layer.frame.equals(expected) for layer in layers] == [True]
    assert told >= 8  # as many pages as hold the 150 rows of some 240 bytes


def test_an_attribute_table_that_promises_more_than_there_is_is_reported(tmp_path):
    HOUSES.to_file(tmp_path / "a.shp", encoding="UTF-8")
    table = tmp_path / "a.dbf"
    content = bytearray(table.read_bytes())
    content[4:8] = (5).to_bytes(4, "little")
    table.write_bytes(content)
    [layer], _ = read_vector(tmp_path / "a.shp")
    lost = [p for p in layer.problems if p.key == "features_lost"]
    assert [dict(p.facts) for p in lost] == [{"declared": 5, "read": 3}]


def test_a_shapefile_without_its_index_is_read_and_its_folder_left_alone(tmp_path):
    HOUSES.to_file(tmp_path / "a.shp", encoding="UTF-8")
    (tmp_path / "a.shx").unlink()
    before = sorted(tmp_path.iterdir())
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert [p.key for p in problems] == ["shapefile_without_index"]
    assert layer.file == tmp_path / "a.shp"
    assert sorted(tmp_path.iterdir()) == before


def test_a_shapefile_without_attributes_or_with_parts_in_capitals_is_read(tmp_path):
    HOUSES.to_file(tmp_path / "a.shp", encoding="UTF-8")
    (tmp_path / "a.prj").rename(tmp_path / "a.PRJ")
    (tmp_path / "a.dbf").unlink()
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert len(layer.frame) == 3
    assert [p.key for p in problems] == ["shapefile_without_attributes"]


def test_every_layer_of_a_geopackage_is_read_and_plain_tables_are_named(tmp_path):
    HOUSES.to_file(tmp_path / "a.gpkg", layer="建筑")
    HOUSES.to_file(tmp_path / "a.gpkg", layer="社区")
    pyogrio.write_dataframe(HOUSES.drop(columns="geometry"), tmp_path / "a.gpkg", layer="人口")
    layers, problems = read_vector(tmp_path / "a.gpkg")
    assert [layer.name for layer in layers] == ["建筑", "社区"]
    assert [(p.key, p.source) for p in problems] == [("table_without_geometry", "a.gpkg · 人口")]


@pytest.mark.parametrize("folder", ["!急", "my data", "a.zip", "重要!"])
@pytest.mark.parametrize("name", ["建筑!.geojson", "a b.shp", "#1 [x].gpkg"])
def test_awkward_names_are_only_names(tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    HOUSES.to_file(tmp_path / "safe.gpkg")
    plain = tmp_path / f"plain{name[name.rindex('.') :]}"
    HOUSES.to_file(plain, encoding="UTF-8")
    for part in tmp_path.glob("plain.*"):
        shutil.copy(part, tmp_path / folder / (name[: name.rindex(".")] + part.suffix))
    [layer], _ = read_vector(tmp_path / folder / name)
    assert layer.frame["层数"].tolist() == [6, 18, 33]


def test_columns_that_hold_lists_are_named_and_left_out(tmp_path):
    feature = {
        "type": "Feature",
        "properties": {"层数": 6, "tags": ["a", "b"]},
        "geometry": {"type": "Point", "coordinates": [114, 22]},
    }
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    [layer], _ = read_vector(tmp_path / "a.geojson")
    assert list(layer.frame.columns) == ["层数", "geometry"]
    assert [dict(p.facts) for p in layer.problems] == [{"columns": "tags"}]


def test_drivers_that_follow_references_are_off_in_both_builds_of_gdal():
    off = {"OGR_VRT", "VRT", "WFS", "OAPIF", "GDALG", "HTTP", "WMS", "WCS"}
    assert not off & set(pyogrio.list_drivers())
    with rasterio.Env() as environment:
        assert not off & set(environment.drivers())


VIRTUAL = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource>
</OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize("name", ["a.geojson", "a.shp", "a.gpkg", "a.vrt"])
def test_a_file_that_refers_to_others_opens_none_of_them(tmp_path, name):
    asked = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

        do_HEAD = do_GET  # noqa: N815

    server = http.server.HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        HOUSES.to_file(tmp_path / "secret.gpkg")
        url = f"/vsicurl/http://127.0.0.1:{server.server_port}/x.geojson"
        for target in (tmp_path / "secret.gpkg", url):
            (tmp_path / name).write_text(VIRTUAL.format(target), encoding="utf-8")
            assert refused(tmp_path / name) == "not_gis"
            # Neither does GDAL itself, asked directly.
            with pytest.raises(pyogrio.errors.DataSourceError):
                pyogrio.read_dataframe(tmp_path / name)
        with pytest.raises(pyogrio.errors.DataSourceError):
            pyogrio.read_dataframe(url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_hidden_files_and_links_out_of_a_folder_are_passed_over(tmp_path):
    inside = tmp_path / "in"
    (inside / "deep").mkdir(parents=True)
    (inside / ".hidden").mkdir()
    for place in (tmp_path, inside, inside / "deep", inside / ".hidden"):
        HOUSES.to_file(place / "a.geojson")
    (inside / "link.geojson").symlink_to(tmp_path / "a.geojson")
    assert files_in(inside) == [inside / "a.geojson", inside / "deep" / "a.geojson"]


def test_what_a_folder_holds_beside_layers_is_named(tmp_path):
    inside = tmp_path / "in"
    (inside / "deep").mkdir(parents=True)
    HOUSES.to_file(inside / "houses.shp")
    (inside / "houses.shp.xml").write_text("<metadata/>")
    (inside / "说明.docx").write_bytes(b"PK")
    (inside / "deep" / "照片.jpg").write_bytes(b"\xff\xd8\xff")  # a photograph: no world file
    (inside / "people.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (inside / "Thumbs.db").write_bytes(b"x")
    HOUSES.to_file(tmp_path / "out.geojson")
    (inside / "link.geojson").symlink_to(tmp_path / "out.geojson")
    read = files_in(inside)
    assert [path.name for path in read] == ["houses.shp", "people.xls"]
    assert refused(inside / "people.xls") == "office_old"
    told = {one.key: (one.facts["count"], one.facts["names"]) for one in passed_over(inside, read)}
    assert told == {
        "files_passed_over": (2, "deep/照片.jpg, 说明.docx"),
        "links_passed_over": (1, "link.geojson"),
    }


def test_what_accompanies_a_city_model_is_not_named(tmp_path):
    for place in ("udx/walls/1.jpg", "codes/use.xml", "schema/1.xsd", "photo.jpg", "说明.pdf"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"<a/>")
    model = tmp_path / "udx" / "1.gml"
    model.write_bytes(b"<CityModel/>")
    [told] = passed_over(tmp_path, [model])
    assert told.facts["names"] == "photo.jpg, 说明.pdf"
    [told] = passed_over(tmp_path, [])
    assert told.facts["count"] == 6
