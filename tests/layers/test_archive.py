"""Zipped layers open wherever they lie in the archive; hostile archives touch nothing."""

import os
import shutil
import stat
import struct
import zipfile
from errno import ENOSPC

import geopandas as gpd
import pytest
from shapely.geometry import box

from layers.formats.recognising import read_vector
from layers.importing.from_files import import_layers
from layers.problems import LayerError

HOUSES = gpd.GeoDataFrame(
    {"名称": ["甲", "乙", "丙"], "层数": [6, 18, 33]},
    geometry=[box(114 + n / 100, 22, 114.001 + n / 100, 22.001) for n in range(3)],
    crs=4326,
)


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "loose").mkdir()
    HOUSES.to_file(tmp_path / "loose" / "建筑.shp", encoding="GB18030")
    return sorted((tmp_path / "loose").iterdir())


def packed(path, parts, folder=""):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, folder + part.name)
    return path


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("folder", ["", "数据/2024/"])
def test_a_zipped_shapefile_opens_also_in_a_subfolder(tmp_path, parts, folder):
    path = packed(tmp_path / "data.zip", parts, folder)
    [layer], problems = read_vector(path)
    assert layer.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert layer.source == "data.zip · 建筑"
    assert layer.file == path
    assert all(problem.source == f"data.zip · {folder}建筑.shp" for problem in problems)


def test_several_layers_in_one_archive_and_the_import_of_it(tmp_path, parts, keys):
    path = packed(tmp_path / "data.zip", parts, "a/")
    (tmp_path / "broken.geojson").write_text('{"type": ')
    packed(path, [tmp_path / "broken.geojson"])
    project = import_layers([path])
    assert project.layers["buildings"]["storeys"].tolist() == [6, 18, 33]
    assert "json_broken" in keys(project.problems)
    assert project.sources[0].file == "data.zip"


def test_names_in_gbk_as_chinese_windows_packs_them(tmp_path, parts):
    path = packed(tmp_path / "data.zip", parts)
    content = path.read_bytes()
    old, new = "建筑".encode(), "建筑".encode("gb18030")
    assert len(old) == len(new) + 2
    # The same archive, written by hand with GBK names and without the UTF-8 flag.
    made, directory = b"", b""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = entry.filename.encode("gb18030")
            start = entry.header_offset + 30 + len(entry.filename.encode())
            data = content[start : start + entry.compress_size]
            common = struct.pack(
                "<HHHHHIIIH", 20, 0, 8, 0, 33, entry.CRC, len(data), entry.file_size, len(name)
            )
            at = len(made)
            made += b"PK\x03\x04" + common + b"\0\0" + name + data
            directory += b"PK\x01\x02\x14\x00" + common + b"\0" * 12 + struct.pack("<I", at) + name
    count = len(parts)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(made), 0)
    path.write_bytes(made + directory + b"PK\x05\x06" + end)
    [layer], _ = read_vector(path)
    assert layer.name == "建筑"


@pytest.mark.parametrize("name", ["../evil.geojson", "/tmp/evil.geojson", "a/../../evil.geojson"])
def test_entries_that_lead_out_are_refused(tmp_path, name):
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "a.zip", "w") as archive:
        archive.writestr(name, HOUSES.to_json())
    assert refused(tmp_path / "in" / "a.zip") == "archive_unsafe"
    assert not list(tmp_path.rglob("evil*"))


def test_links_are_refused(tmp_path):
    HOUSES.to_file(tmp_path / "secret.geojson")
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, str(tmp_path / "secret.geojson"))
    assert refused(tmp_path / "a.zip") == "archive_unsafe"


def test_bombs_are_refused_unopened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 60_000_000)
    assert refused(tmp_path / "a.zip") == "archive_too_large"


def test_many_entries_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(5001):
            archive.writestr(f"{number}.geojson", b"")
    assert refused(tmp_path / "a.zip") == "archive_too_large"


def test_truncated_broken_and_empty_archives_are_refused(tmp_path, parts):
    path = packed(tmp_path / "a.zip", parts)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path) == "archive_broken"
    damaged = bytearray(whole)
    damaged[60:120] = b"\0" * 60
    path.write_bytes(damaged)
    assert refused(path) in ("archive_broken", "unreadable", "file_truncated")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert refused(tmp_path / "b.zip") == "archive_without_layers"
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(path, "inner.zip")
    assert refused(tmp_path / "c.zip") == "archive_member_alone"


def test_a_disk_that_is_full_is_no_fault_of_the_archive(tmp_path, parts, monkeypatch):
    def full(*_):
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    path = packed(tmp_path / "a.zip", parts)
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(LayerError) as refusal:
        read_vector(path)
    assert refusal.value.problem.key == "cannot_read"
    assert refusal.value.problem.facts["reason"] == os.strerror(ENOSPC)
