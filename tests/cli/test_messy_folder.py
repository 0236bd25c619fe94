"""A folder as an office has it imports without a flag, and scores as its clean version does."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import sample_data
import twin
from layers.geodesy.china_datum import to_bd09, to_gcj02
from layers.problems import Severity
from layers.schema import AGE_BANDS
from layers.understanding.decisions import read_decisions
from twin.projects.project import open_project

TYPES = Path(twin.__file__).parent / "data" / "service_types.toml"
RADIUS_M = 600.0
OFFICE_CRS = "EPSG:4547"
BANDS = dict(
    zip(
        AGE_BANDS,
        ["0-2岁", "3-5岁", "6-11岁", "12-17岁", "18-59岁", "60-79岁", "80岁以上"],
        strict=True,
    )
)
USES = {
    "residential": "住宅",
    "mixed": "商住",
    "commercial": "商业",
    "office": "办公",
    "education": "教育",
    "health": "医疗",
    "public": "公共服务",
    "industrial": "工业",
    "other": "其他",
}
Frames = dict[str, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def clean() -> Frames:
    """The middle of the sample: buildings, doors, streets, services, in metres."""
    frames = {
        role: gpd.read_file(sample_data.DISTRICT, layer=role)
        for role in ("buildings", "entrances", "streets", "services", "boundary")
    }
    middle = frames["boundary"].geometry[0].centroid
    disc = middle.buffer(RADIUS_M)
    near = {
        role: frame[shapely.within(frame.geometry.to_numpy(), disc)].reset_index(drop=True)
        for role, frame in frames.items()
        if role != "boundary"
    }
    known = near["buildings"]["id"]
    doors = near["entrances"]
    near["entrances"] = doors[doors["building_id"].isin(known)].reset_index(drop=True)
    near["services"] = near["services"].assign(site_id=-1, building_id=-1)
    study = gpd.GeoDataFrame({"name": ["片区"]}, geometry=[middle.buffer(RADIUS_M - 150)])
    return {**near, "boundary": study.set_crs(frames["boundary"].crs)}


def write_clean(folder: Path, frames: Frames) -> Path:
    for role, frame in frames.items():
        frame.to_file(folder / f"{role}.gpkg", layer=role)
    return folder


def write_messy(folder: Path, frames: Frames) -> Path:
    """Write what an office has: GBK without a word of it, Chinese and pinyin, a shifted table."""
    houses = frames["buildings"]
    named = {
        "id": "编号",
        "name": "楼名",
        "storeys": "层数",
        "has_lift": "DT",
        "built_year": "JCND",
    }
    named |= {"dwellings": "HS", "residents": "常住人口", "disabled": "残疾人数", **BANDS}
    office = houses[[*named, "geometry"]].rename(columns=named)
    office["DT"] = np.where(houses["has_lift"], "有", "无")
    office["建筑用途"] = houses["use"].map(USES)
    office.to_crs(OFFICE_CRS).to_file(folder / "现状建筑.shp", encoding="GB18030")
    (folder / "现状建筑.cpg").unlink()
    doors = frames["entrances"].rename(columns={"building_id": "楼栋编号", "residential": "住宅"})
    doors = doors[["楼栋编号", "住宅", "geometry"]].astype({"住宅": "int32"})
    doors.to_crs(OFFICE_CRS).to_file(folder / "单元门.shp", encoding="GB18030")
    (folder / "单元门.cpg").unlink()
    frames["streets"].to_crs(4490).to_file(
        folder / "道路中心线.geojson", driver="GeoJSON", COORDINATE_PRECISION="11"
    )
    frames["boundary"].to_file(folder / "研究范围.gpkg", layer="研究范围")
    _write_table(folder / "设施POI.csv", frames["services"], to_gcj02)
    return folder


def _write_table(path: Path, services: gpd.GeoDataFrame, shift) -> None:
    """Write services as a map provider hands them out: degrees of its own datum, in GBK."""
    degrees = shapely.get_coordinates(services.to_crs(4326).geometry.to_numpy())
    longitude, latitude = shift(degrees[:, 0], degrees[:, 1])
    types = tomllib.loads(TYPES.read_text(encoding="utf-8"))["types"]
    words = [
        "、".join(types[one]["name"]["zh"] for one in listed.split(","))
        for listed in services["types"]
    ]
    lines = ["设施名称,设施类型,经度,纬度"]
    lines += [
        f"{name},{said},{x:.11f},{y:.11f}"
        for name, said, x, y in zip(services["name"], words, longitude, latitude, strict=True)
    ]
    path.write_bytes("\n".join(lines).encode("gb18030"))


def scores(command, project: Path, out: Path) -> dict[str, object]:
    assert command("assess", project, "--json", out).status in (0, 1)
    told = json.loads(out.read_text(encoding="utf-8"))
    rows = {
        row["id"]: (row["status"], row["covered"], row["total"]) for row in told["requirements"]
    }
    return {**rows, "full circle": (told["full_circle"]["covered"], told["full_circle"]["total"])}


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_messy_folder_scores_as_its_clean_version(tmp_path, command, clean, datum):
    (tmp_path / "clean").mkdir()
    (tmp_path / "杂").mkdir()
    folder = write_messy(tmp_path / "杂", clean)
    if datum == "BD-09":
        _write_table(folder / "设施POI.csv", clean["services"], to_bd09)
    paths = tmp_path / "clean.twin.gpkg", tmp_path / "messy.twin.gpkg"
    assert command("import", paths[0], write_clean(tmp_path / "clean", clean)).status in (0, 1)
    answer = command("import", paths[1], folder)
    assert answer.status in (0, 1), answer.err
    tidy, messy = (open_project(path) for path in paths)
    assert not [p for p in messy.problems if p.severity is Severity.ERROR]
    # It lies where it belongs, to the millimetre, and nothing is garbled or lost.
    for role in ("buildings", "entrances", "streets", "services"):
        one, other = tidy.district.table(role), messy.district.table(role)
        assert len(one) == len(other)
        assert shapely.hausdorff_distance(one.geometry, other.geometry).max() < 1e-3
    for column in ("name", "use", "storeys", "has_lift", "residents", *AGE_BANDS):
        given = tidy.district.buildings[column], messy.district.buildings[column]
        np.testing.assert_array_equal(*given)
    assert list(messy.district.services["types"]) == list(tidy.district.services["types"])
    assert list(messy.district.services["name"]) == list(tidy.district.services["name"])
    # The offset is found and named, with the encoding.
    [found] = [p for p in messy.problems if p.key == "datum_found"]
    assert (found.role, found.facts["datum"]) == ("services", datum)
    assert f"{datum}" in answer.out
    [points] = [one for one in messy.sources if one.role == "services"]
    assert points.crs_used == f"EPSG:4326, {datum}"
    assert "GB18030" in answer.out
    # And the numbers are the same.
    told = [scores(command, path, path.with_suffix(".json")) for path in paths]
    assert told[0] == told[1]
    assert any(row[1] for row in told[0].values() if isinstance(row, tuple))


def test_what_was_decided_serves_the_next_district(tmp_path, command, clean):
    """A layer called by a number is told once; the next district needs no word."""
    folder = tmp_path / "一期"
    folder.mkdir()
    write_messy(folder, clean)
    for part in folder.glob("现状建筑.*"):
        part.rename(part.with_stem("图层7"))
    mapping = tmp_path / "office.toml"
    first = command(
        "import",
        tmp_path / "a.twin.gpkg",
        folder,
        "--role",
        "图层7=buildings",
        "--save-map",
        mapping,
    )
    assert first.status in (0, 1)
    kept = read_decisions(mapping)
    assert kept.of_names("图层7").columns["storeys"] == "层数"
    words = '\nvalues.use."住宅" = "mixed"'
    edited = mapping.read_text(encoding="utf-8").replace(
        'layer = "图层7"', f'layer = "图层*"{words}'
    )
    mapping.write_text(edited, encoding="utf-8")
    for part in folder.glob("图层7.*"):
        part.rename(part.with_stem("图层8"))
    answer = command("import", tmp_path / "b.twin.gpkg", folder, "--map", mapping)
    assert answer.status in (0, 1)
    made = open_project(tmp_path / "b.twin.gpkg").district.buildings
    assert len(made) == len(clean["buildings"])
    assert (made["use"] == "mixed").sum() > (clean["buildings"]["use"] == "mixed").sum()
    mapping.write_text("schema = 1\n[[layers]]\nlayer = 'x'\nrole = 'haus'\n", encoding="utf-8")
    refused = command("import", tmp_path / "c.twin.gpkg", folder, "--map", mapping)
    assert refused.status == 2
    assert "office.toml, layer entry 1, role = haus" in refused.err
    assert not (tmp_path / "c.twin.gpkg").exists()
