"""Files that set traps open no other file, make no connection and give no traceback."""

import http.server
import threading

import numpy as np
import pytest
import rasterio

from layers.files.raster_files import Raster, opened
from layers.formats.recognising import read_vector
from layers.problems import LayerError

KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<NetworkLink><Link><href>{target}</href></Link></NetworkLink>
<Placemark><name>a</name><Point><coordinates>114,22</coordinates></Point></Placemark>
</Document></kml>"""
GML = """<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"
xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
xsi:schemaLocation="http://x {target}"><gml:featureMember><house><name>a</name>
<gml:surfaceProperty xlink:href="{target}"/><gml:pointProperty><gml:Point><gml:coordinates>114,22
</gml:coordinates></gml:Point></gml:pointProperty></house></gml:featureMember>
</gml:FeatureCollection>"""
ENTITY = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "{target}">]>
<kml><Placemark><name>&x;</name></Placemark></kml>"""
VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{target}</SrcDataSource>
</OGRVRTLayer></OGRVRTDataSource>"""


CITYGML = """<?xml version="1.0"?><core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0"
xmlns:bldg="http://www.opengis.net/citygml/building/2.0" xmlns:gml="http://www.opengis.net/gml"
xmlns:app="http://www.opengis.net/citygml/appearance/2.0"
xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
xsi:schemaLocation="http://x {target}"><core:cityObjectMember xlink:href="{target}"/>
<core:cityObjectMember><bldg:Building gml:id="a"><core:externalReference>{target}
</core:externalReference><bldg:usage codeSpace="{target}">411</bldg:usage>
<bldg:lod2Solid xlink:href="{target}"/><bldg:lod1ImplicitRepresentation><core:ImplicitGeometry>
<core:libraryObject>{target}</core:libraryObject></core:ImplicitGeometry>
</bldg:lod1ImplicitRepresentation><app:appearance><app:imageURI>{target}</app:imageURI>
</app:appearance></bldg:Building></core:cityObjectMember></core:CityModel>"""
CITYGML_ENTITY = CITYGML.replace(
    "<core:CityModel", '<!DOCTYPE x [<!ENTITY x SYSTEM "{target}">]><core:CityModel', 1
)
CITYGML_EXTERNAL = CITYGML.replace(
    "<core:CityModel", '<!DOCTYPE CityModel SYSTEM "{target}"><core:CityModel', 1
)
CITYJSON = """{"type": "CityJSON", "version": "2.0", "extensions": {"X": {"url": "{target}",
"version": "1"}}, "metadata": {"referenceSystem": "{target}"}, "appearance": {"textures":
[{"type": "PNG", "image": "{target}"}]}, "CityObjects": {"a": {"type": "Building", "geometry": []}},
"vertices": []}"""
CITYJSON_PROJ = CITYJSON.replace('"{target}"}, "app', '"+proj=longlat +nadgrids={target}"}, "app')


@pytest.fixture
def canary():
    """A server on this machine that notes whoever asks it for anything."""
    asked = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

    server = http.server.HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x", asked
    server.shutdown()
    thread.join()
    server.server_close()


HOSTILE = [
    KML, GML, ENTITY, VRT, CITYGML, CITYGML_ENTITY, CITYGML_EXTERNAL, CITYJSON, CITYJSON_PROJ
]  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize(
    "name", ["a.kml", "a.gml", "a.csv", "a.fgb", "a.dxf", "a.geojson", "a.city.json"]
)
def test_nothing_is_asked_for(tmp_path, canary, content, name):
    url, asked = canary
    secret = tmp_path / "secret.kml"
    secret.write_text(KML.replace("<name>a", "<name>canary"), encoding="utf-8")
    for target in (url, f"/vsicurl/{url}", str(secret), secret.as_uri()):
        path = tmp_path / name
        path.write_text(content.replace("{target}", target), encoding="utf-8")
        try:
            layers, _ = read_vector(path)
        except LayerError:
            continue
        for layer in layers:
            assert "canary" not in layer.frame.drop(columns="geometry").to_csv()
            assert len(layer.frame) == 1
    assert asked == []


def test_a_name_of_a_table_is_no_path_to_follow(tmp_path):
    text = "name,wkt\n/vsicurl/http://127.0.0.1:9/x,POINT (1 2)\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    [layer], _ = read_vector(tmp_path / "a.csv")
    assert len(layer.frame) == 1


@pytest.mark.parametrize("name", ["a.tif", "a.asc", "N22E114.hgt", "a.png", "a.jpg"])
def test_a_grid_that_is_none_opens_nothing(tmp_path, canary, name):
    url, asked = canary
    for target in (url, f"/vsicurl/{url}", str(tmp_path / "secret.tif")):
        dataset = (
            '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1">'
            f"<SimpleSource><SourceFilename>{target}</SourceFilename></SimpleSource>"
            "</VRTRasterBand></VRTDataset>"
        )
        (tmp_path / name).write_text(dataset, encoding="utf-8")
        with pytest.raises(LayerError), opened(Raster(tmp_path / name)):
            pass
        with pytest.raises(LayerError):
            read_vector(tmp_path / name)
    assert asked == []


def test_what_lies_beside_a_grid_is_not_followed(tmp_path, canary):
    """GDAL looks for overviews, masks and metadata beside a grid, whatever they are."""
    url, asked = canary
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", width=64, height=64, count=1, dtype="uint8",
        crs="EPSG:4547", transform=rasterio.Affine(1, 0, 500_000, 0, -1, 2_490_000),
    ) as file:  # fmt: skip
        file.write(np.ones((1, 64, 64), np.uint8))
    trap = '<VRTDataset rasterXSize="32" rasterYSize="32"><VRTRasterBand dataType="Byte" band="1">'
    trap += f"<SimpleSource><SourceFilename>/vsicurl/{url}</SourceFilename></SimpleSource>"
    trap += "</VRTRasterBand></VRTDataset>"
    for beside in ("a.tif.ovr", "a.tif.msk", "a.tif.aux.xml", "a.aux"):
        (tmp_path / beside).write_text(trap, encoding="utf-8")
    with opened(Raster(tmp_path / "a.tif")) as file:
        assert file.read(1, out_shape=(16, 16)).max() == 1
        file.dataset_mask()
    assert asked == []
