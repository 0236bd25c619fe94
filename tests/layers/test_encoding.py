"""Text is read in the encoding its bytes are in, whatever the file claims."""

import geopandas as gpd
import pytest
from shapely.geometry import Point

from layers.encoding import encoding_of
from layers.formats import read_vector

NAMES = ["幸福里社区食堂", "人民路１２号", "第三幼儿园（北园）", "Café 1"]
CHINESE = NAMES[:3]


def shapefile(path, names, encoding, *, cpg=None, language=0x00):
    """Write a shapefile in one encoding whose sidecar and header claim another."""
    frame = gpd.GeoDataFrame({"名称": names}, geometry=[Point(114, 22)] * len(names), crs=4326)
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = language
    path.with_suffix(".dbf").write_bytes(content)


@pytest.mark.parametrize("language", [0x00, 0x57, 0x03, 0x4D])
@pytest.mark.parametrize("cpg", [None, "ISO-8859-1", "UTF-8", "nonsense <html>"])
def test_chinese_in_gbk_is_never_garbled(tmp_path, cpg, language):
    shapefile(tmp_path / "a.shp", CHINESE, "GB18030", cpg=cpg, language=language)
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["名称"].tolist() == CHINESE
    claimed = language == 0x4D and cpg in (None, "nonsense <html>")
    assert [p.facts["encoding"] for p in problems] == ([] if claimed else ["GB18030"])


@pytest.mark.parametrize("cpg", [None, "936", "UTF-8"])
def test_chinese_in_utf8_is_never_garbled(tmp_path, cpg):
    shapefile(tmp_path / "a.shp", NAMES, "UTF-8", cpg=cpg)
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["名称"].tolist() == NAMES
    assert [p.key for p in problems] == ([] if cpg == "UTF-8" else ["encoding_found"])


def test_plain_letters_need_no_encoding(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["A1"]}, geometry=[Point(114, 22)], crs=4326)
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.cpg").unlink()
    assert encoding_of(tmp_path / "a.dbf")[1] is False


def test_western_letters_are_not_taken_for_chinese(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["Zürich", "Café Größe", "São João"]}, geometry=[Point(8, 47)] * 3, crs=4326
    )
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["name"].tolist() == ["Zürich", "Café Größe", "São João"]
    assert problems == []
    (tmp_path / "a.cpg").unlink()
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    content[29] = 0
    (tmp_path / "a.dbf").write_bytes(content)
    _, problems = read_vector(tmp_path / "a.shp")
    assert [p.key for p in problems] == ["encoding_unknown"]


@pytest.mark.parametrize("content", [b"", b"\x03", b"\x03" * 40, b"\x03" + b"\xff" * 200])
def test_a_damaged_table_tells_nothing(tmp_path, content):
    (tmp_path / "a.dbf").write_bytes(content)
    encoding_of(tmp_path / "a.dbf")
