"""Columns of other years are told from those of today, kept, shown and corrected."""

import pytest

from layers.importing.from_files import import_layers
from layers.importing.preview import preview
from layers.project import read_project, write_project
from layers.schema import ROLES
from layers.understanding.decisions import Decisions, LayerDecision, read_decisions, write_decisions
from layers.understanding.guessing import guess_columns
from tests.layers.conftest import frame, square


def told(role="communities", **columns):
    guesses, _ = guess_columns(role, frame([square(0, 0, 900)] * 2, **columns))
    return {name: guess.value for name, guess in guesses.items()}


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("pop_2030", 2030),
        ("POP2030", 2030),
        ("人口2035", 2035),
        ("2035年人口", 2035),
        ("规划人口2035", 2035),
        ("2035年规划常住人口", 2035),
        ("预测人口_2030", 2030),
        ("2030年末常住人口预测", 2030),
        ("residents_2035", 2035),
        ("population (2040)", 2040),
        ("ghrk2035", 2035),
        ("projected_population_2045", 2045),
    ],
)
@pytest.mark.parametrize("role", ["communities", "buildings"])
def test_people_of_a_year_are_told_by_their_names(role, name, year):
    found = told(role, 常住人口=[10, 20], **{name: [12, 25]})
    assert found["residents"] == "常住人口"
    assert found[f"residents_{year}"] == name


@pytest.mark.parametrize(
    "name", ["面积2035", "2035", "人口2030_2035", "pop_20355", "年份2035人口密度", "老年人口2035"]
)
def test_other_names_with_a_year_are_not_the_people_of_it(name):
    assert set(told(常住人口=[10, 20], **{name: [12, 25]})) == {"residents"}


def test_numbers_that_no_building_can_hold_are_not_believed():
    columns = {"residents": [10, 20], "人口2035": [2_000_000, 3_000_000]}
    guesses, doubted = guess_columns("buildings", frame([square(0, 0)] * 2, **columns))
    assert "residents_2035" not in guesses
    assert doubted == {"residents_2035": "人口2035"}


def test_the_latest_count_stands_for_today_and_no_forecast_does():
    # 2010 and 2020 have come, 2190 has not; what was planned for 2015 was counted by nobody.
    found = told(pop_2010=[1, 2], pop_2020=[3, 4], 规划人口2015=[5, 6], pop_2190=[7, 8])
    years = {f"residents_{year}": f"pop_{year}" for year in (2010, 2020, 2190)}
    assert found == {"residents": "pop_2020", "residents_2015": "规划人口2015", **years}
    assert told(pop_2190=[7, 8]) == {"residents_2190": "pop_2190"}


def test_years_stay_with_the_project_and_its_layer(tmp_path, buildings, streets):
    communities = frame(
        [square(-100, -100, 2000)], 社区名称=["幸福社区"], 常住人口=[480], 规划人口2035=["600人"]
    )
    for name, made in (("社区", communities), ("建筑", buildings), ("streets", streets)):
        made.to_file(tmp_path / f"{name}.gpkg")
    made = import_layers([tmp_path])
    assert made.layers["communities"]["residents_2035"].tolist() == [600]
    source = next(one for one in made.sources if one.role == "communities")
    assert source.mapping["residents_2035"] == "规划人口2035"
    assert source.confidence["residents_2035"] >= 0.9
    assert "residents_2035" not in made.layers["buildings"].columns
    write_project(path := tmp_path / "a.twin.gpkg", made)
    assert read_project(path).layers["communities"]["residents_2035"].tolist() == [600]


def test_a_person_sees_and_corrects_the_year(tmp_path, streets):
    # The window's preview names what was understood; a mapping file says what was meant.
    communities = frame([square(0, 0, 900)], name=["a"], pop=[10], 人口2035=[12], target=[15])
    communities.to_file(tmp_path / "communities.gpkg")
    streets.to_file(tmp_path / "streets.gpkg")
    view = next(
        one for one in preview([tmp_path], Decisions()).layers if one.role.value == "communities"
    )
    assert view.columns["residents_2035"].value == "人口2035"
    assert view.columns["residents_2035"].confidence >= 0.9
    meant = LayerDecision("communities", "", {"residents_2035": "", "residents_2040": "target"})
    write_decisions(tmp_path / "office.map.toml", Decisions((meant,)))
    decisions = read_decisions(tmp_path / "office.map.toml")
    made = import_layers([tmp_path], decisions=decisions).layers["communities"]
    assert made["residents_2040"].tolist() == [15]
    assert "residents_2035" not in made.columns


def test_only_people_have_years():
    assert [name for name, role in ROLES.items() if role.of_years] == ["communities", "buildings"]
    with pytest.raises(KeyError):
        ROLES["buildings"].column("storeys_2035")
    named = ROLES["communities"].columns_among(["residents_2040", "residents_2030", "x_2030"])
    assert [column.name for column in named[-2:]] == ["residents_2030", "residents_2040"]
