"""Files that set traps open no other file, make no connection and give no traceback."""

import http.server
import threading

import pytest

from layers.formats import read_vector
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


@pytest.mark.parametrize("content", [KML, GML, ENTITY, VRT])
@pytest.mark.parametrize("name", ["a.kml", "a.gml", "a.csv", "a.fgb", "a.dxf", "a.geojson"])
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
