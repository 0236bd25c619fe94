"""The data catalogue: what the district's data is and what it is fit for."""

import json

import numpy as np
import pytest

from layers.problems import Problem, Severity
from layers.project_file import Source
from layers.schema import ROLES
from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.language import LANGUAGES, catalogue
from twin.projects.data_catalogue import catalogue_table, catalogue_values, data_catalogue
from twin.telling.data_words import column_name, reason_words, role_name, state_name

SOURCE = Source("buildings", "楼栋.shp", "楼栋", "EPSG:2383", 4, 4, 3, {"storeys": "层数"})


def town():
    """Two homes, one of unknown storeys and estimated residents; an office; a shop."""
    grid = Grid()
    grid.building(1, (60, 10), people={"age_18_59": 20})
    grid.building(2, (160, 10), people={"age_18_59": 20})
    grid.building(3, (260, 10), people={"age_18_59": 0})
    rows = grid.rows["buildings"]
    for row, storeys in zip(rows, (6.0, np.nan, np.nan), strict=True):
        row["storeys"] = storeys
    rows[1]["estimated"] = "residents"
    rows[2] |= {"use": "office", "residents": np.nan}
    grid.service(1, (100, 0), "canteen")
    return district(grid)


def readiness(found, analysis):
    [one] = [one for one in found.readiness if one.analysis == analysis]
    return one


def test_completeness_of_people_is_that_of_homes():
    found = data_catalogue(town(), [SOURCE])
    [layer] = [one for one in found.layers if one.role == "buildings"]
    columns = {one.column: one for one in layer.columns}
    assert columns["residents"].filled == 1
    assert columns["residents"].estimated == 0.5
    assert columns["storeys"].filled == pytest.approx(1 / 3)
    assert "use" not in columns  # has a default, so nothing tells whether it was stated


def test_what_an_analysis_lacks_is_named():
    found = data_catalogue(town(), [SOURCE])
    assert readiness(found, "walks").state == "ready"
    storeys = readiness(found, "door_to_door")
    assert storeys.state == "weaker"
    assert [(r.key, r.subject) for r in storeys.reasons] == [("column_gaps", "buildings.storeys")]
    covered = readiness(found, "coverage")
    assert [(r.key, r.part) for r in covered.reasons] == [("column_estimated", 0.5)]
    assert readiness(found, "capacity").state == "impossible"
    assert [r.subject for r in readiness(found, "siting").reasons] == ["sites"]
    assert [r.subject for r in readiness(found, "times").reasons] == ["terrain"]


def test_problems_belong_to_their_source_and_weaken_what_rests_on_them():
    own = Problem("features_lost", Severity.ERROR, "buildings", "楼栋.shp")
    early = Problem("streets_end_early", Severity.WARNING, "streets")
    found = data_catalogue(town(), [SOURCE], [own, early])
    assert found.sources[0].problems == (own,)
    assert found.problems == (early,)
    walks = readiness(found, "walks")
    assert (walks.state, walks.reasons[0].subject) == ("weaker", "streets_end_early")


def test_the_catalogue_is_json_and_a_table():
    found = data_catalogue(town(), [SOURCE])
    values = json.loads(json.dumps(catalogue_values(found), allow_nan=False))
    assert values["sources"][0]["crs"] == "EPSG:2383"
    assert {one["analysis"]: one["state"] for one in values["readiness"]}["walks"] == "ready"
    table = catalogue_table(found).set_index("column")
    assert table.loc["storeys", "filled_from"] == "层数"
    assert table.loc["storeys", "filled"] == pytest.approx(1 / 3)
    assert table.loc["storeys", "features_kept"] == 3


def test_a_source_that_became_no_layer_has_a_row_too():
    lost = Source("", "plan.dxf")
    table = catalogue_table(data_catalogue(town(), [lost]))
    assert table["file"].tolist() == ["plan.dxf"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_has_words(language):
    from twin.projects.data_catalogue import _rules

    found = data_catalogue(town(), [SOURCE])
    for layer in found.layers:
        assert role_name(layer.role, language)
        assert all(column_name(one.column, language) for one in layer.columns)
    for role in ROLES.values():
        for column in role.columns:
            if column.kind != "flag" and not column.choices and column.name != "estimated":
                assert f"data.column_{column.name}" in catalogue()
    keys = {key for rule in _rules()["analyses"] for key in rule.get("weakened_by", ())}
    problems = [Problem(key, Severity.WARNING) for key in keys]
    for one in data_catalogue(town(), [SOURCE], problems).readiness:
        assert state_name(one.state, language)
        assert all(reason_words(reason, language) for reason in one.reasons)
