"""What a person decided of layers is kept in a mapping file and counts in the next import."""

from pathlib import Path

import pytest
from shapely.geometry import Point

from layers.importing.from_files import import_layers
from layers.problems import LayerError
from layers.project_file import Source
from layers.understanding.decisions import (
    Decisions,
    LayerDecision,
    Words,
    learned,
    pattern_of,
    read_decisions,
    write_decisions,
)
from tests.layers.conftest import X, Y, frame, square

FULL = Decisions(
    (
        LayerDecision(
            "*房屋*",
            "buildings",
            {"storeys": "CS", "name": ""},
            {"use": {'商"住"楼': "mixed", "2": "other"}, "storeys": {"多层": 6}},
            crs="EPSG:4547",
            datum="gcj02",
            encoding="GB18030",
        ),
        LayerDecision("tmp_*", "ignore"),
    ),
    surveyed=("nursery",),
    not_surveyed=("pharmacy",),
)


@pytest.mark.parametrize("name", ["办公室.toml", "office.json"])
def test_a_mapping_file_holds_all_that_was_decided(tmp_path, name):
    write_decisions(tmp_path / name, FULL)
    assert read_decisions(tmp_path / name) == FULL


@pytest.mark.parametrize(
    ("text", "row", "field", "value"),
    [
        ("schema = 1\n[[layers]]\nlayer='a'\n[[layers]]\nlayer='b'\nrole='x'", 2, "role = x", "x"),
        ("schema = 1\n[[layers]]\nrole='buildings'", 1, "layer", ""),
        ("schema = 1\n[[layers]]\nlayer='a'\nfoo=1", 1, "foo", "foo"),
        ("schema = 1\n[[layers]]\nlayer='a'\ndatum='wgs72'", 1, "datum = wgs72", "wgs72"),
        ("schema = 1\n[[layers]]\nlayer='a'\nencoding='klingon'", 1, "encoding", "klingon"),
        ("schema = 1\n[[layers]]\nlayer='a'\ncrs='EPSG:0'", 1, "crs", "EPSG:0"),
        (
            "schema = 1\n[[layers]]\nlayer='a'\nrole='buildings'\n[layers.columns]\nfloors='CS'",
            1,
            "columns.floors",
            "floors",
        ),
        (
            "schema = 1\n[[layers]]\nlayer='a'\nrole='buildings'\nvalues.use.'公寓'='home'",
            1,
            "values.use.公寓",
            "home",
        ),
        ("schema = 1\nlayer = []", 0, "layer", "layer"),
        ("layers = []", 0, "schema", "None"),
    ],
)
def test_an_error_names_row_and_field(tmp_path, keys, text, row, field, value):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayerError) as caught:
        read_decisions(path)
    problem = caught.value.problem
    assert keys([problem]) == {"mapping_wrong"}
    assert problem.source == "m.toml"
    assert (problem.facts["row"], problem.facts["field"], problem.facts["value"]) == (
        row,
        field,
        value,
    )


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"schema = ", "mapping_unreadable"),
        (b"{", "mapping_unreadable"),
        (b"schema = 2", "mapping_newer"),
        ("schema = 1 # 层数".encode("gbk"), "cannot_read"),
    ],
)
def test_what_is_no_mapping_file_is_refused(tmp_path, keys, content, key):
    path = tmp_path / "m.toml"
    path.write_bytes(content)
    with pytest.raises(LayerError) as caught:
        read_decisions(path)
    assert keys([caught.value.problem]) == {key}


def test_decisions_count_in_an_import(tmp_path):
    houses = frame(
        [square(0, 0), square(50, 0), square(90, 0)], A=[5, 6, 7], YT=["甲", "乙", "住宅"], MC="x"
    )
    houses.to_file(tmp_path / "图层1.shp", encoding="GB18030")
    (tmp_path / "图层1.cpg").unlink()
    frame([Point(X, Y)], 类型=["甲"]).to_file(tmp_path / "pts.gpkg", layer="pts")
    frame([square(0, 0)]).to_file(tmp_path / "建筑旧.gpkg", layer="建筑旧")
    decisions = Decisions(
        (
            LayerDecision("*旧", "ignore"),
            LayerDecision(
                "图层?",
                "buildings",
                {"storeys": "A", "name": "", "use": "YT"},
                {"use": {"甲": "commercial", "乙": "mixed"}},
            ),
            LayerDecision("pts", "services", values={"types": {"甲": "canteen"}}),
        ),
        surveyed=("nursery",),
    )
    project = import_layers([tmp_path], decisions=decisions)
    made = project.layers["buildings"]
    assert made["storeys"].tolist() == [5, 6, 7]
    assert made["use"].tolist() == ["commercial", "mixed", "residential"]
    assert made["name"].tolist() == ["", "", ""]
    assert project.layers["services"]["types"].tolist() == ["canteen"]
    assert project.surveyed == ("canteen", "nursery")


def test_the_word_for_an_encoding_overrides_what_the_text_seems_to_be(tmp_path):
    # Cyrillic in KOI8-R, and a .cpg that says nothing of it.
    houses = frame([square(0, 0)], name=["дом"], 层=[3]).rename(columns={"层": "storeys"})
    houses.to_file(tmp_path / "buildings.shp", encoding="KOI8-R")
    (tmp_path / "buildings.cpg").unlink()
    told = Decisions((LayerDecision("buildings", encoding="KOI8-R"),))
    project = import_layers([tmp_path / "buildings.shp"], decisions=told)
    assert project.layers["buildings"]["name"].tolist() == ["дом"]
    assert project.sources[0].encoding.upper() == "KOI8-R"


def test_the_word_for_a_crs_overrides_what_the_file_says(tmp_path):
    houses = frame([square(0, 0)], storeys=[3]).set_crs(4546, allow_override=True)
    houses.to_file(tmp_path / "buildings.gpkg", layer="buildings")
    told = Decisions((LayerDecision("buildings", crs="EPSG:4547"),))
    project = import_layers([tmp_path / "buildings.gpkg"], decisions=told)
    assert project.crs.to_epsg() == 4547
    assert project.layers["buildings"].geometry[0].bounds[:2] == pytest.approx((X, Y))


def test_a_pattern_of_a_name_fits_that_name_alone():
    told = Decisions((LayerDecision(pattern_of("[1]*层?"), "buildings"),))
    assert told.of_names(*["[1]*层?"]).role == "buildings"
    assert told.of_names(*["1层x"]).role == ""


def test_the_words_of_a_command_are_kept_for_the_next_time():
    sources = [
        Source("buildings", file="图层7.shp", layer="", crs=""),
        Source("services", file="plan.dxf", layer="养老", crs="EPSG:4547"),
    ]
    words = Words(
        roles={"图层7": "buildings", "pop.tif": "residents", "备注": "ignore"},
        datums={"养老": "gcj02"},
        encodings={"plan.dxf": "Big5", "图层7": "GB18030"},
        crs="EPSG:4547",
    )
    told = Decisions((LayerDecision("图层*", encoding="UTF-8"),))
    kept = learned(sources, told, words)
    assert kept.of_names("图层7", "图层7.shp").role == "buildings"
    assert kept.of_names("图层7").crs == "EPSG:4547"
    assert kept.encoding_of(Path("图层7.shp")) == "GB18030"
    # A drawing's layer is named by itself, its encoding by the file.
    assert (kept.of_names("养老").datum, kept.of_names("养老").crs) == ("gcj02", "")
    assert kept.encoding_of(Path("plan.dxf")) == "Big5"
    assert kept.of_names("pop.tif").role == "residents"
    assert kept.of_names("备注").role == "ignore"
    assert learned(sources, kept) == kept


def test_a_project_keeps_the_figures_of_people_for_what_is_imported_into_it(tmp_path):
    houses = frame([square(0, 0)], storeys=[6], use=["residential"])
    houses.to_file(tmp_path / "buildings.gpkg", layer="buildings")

    def people(**given):
        project = import_layers([tmp_path / "buildings.gpkg"], **given)
        return project, float(project.layers["buildings"]["residents"][0])

    first, four = people(people={"persons_per_dwelling": 4.0})
    assert first.settings == {"people_figures": {"persons_per_dwelling": 4.0}}
    again, kept = people(into=first)
    assert kept == four > 0
    assert again.settings == first.settings
    assert people(into=first, people={"persons_per_dwelling": 2.0})[1] == four / 2
    assert people()[1] != four
