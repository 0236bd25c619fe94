"""A service type, a walker, a group and a requirement for them are data: no code names them."""

import shutil
from pathlib import Path

import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.assessment.assess import assess
from twin.assessment.compare import compare
from twin.assessment.complexes import find_complexes
from twin.assessment.walker_comparison import compare_walkers
from twin.model import catalogues
from twin.model.edits import MoveService, apply_edit
from twin.standards import load_standard
from twin.telling.scores import scores

TYPE = """
[types.bathhouse]
name = { en = "Bathhouse", zh = "浴室" }
family = "public"
mark = { en = "Bh", zh = "浴" }
floor_area_m2 = 200.0
capacity = 90.0
"""
WALKER = """
[pilgrim]
name = { en = "Pilgrim", zh = "朝圣者" }
speed_mps = 0.5
slope = "tobler"
steps = "walk"
stairs_up_s = 40.0
stairs_down_s = 30.0
source = "Made up"
verified = false
stairs_source = "Made up"
"""
GROUP = """
[school_age]
name = { en = "School age", zh = "学龄" }
columns = ["age_6_11", "age_12_17"]
"""
STANDARD = """
id = "spa"
name = { en = "Spa town", zh = "温泉镇" }
issued = "2026"

[[requirements]]
id = "bath"
name = { en = "Bath", zh = "洗浴" }
service_types = ["bathhouse"]
group = "school_age"
walker = "pilgrim"
limit = 2.0
unit = "min"
level = "shall"
wording = "firm"
clause = "1"
verified = false
source = "Own"

[[requirements]]
id = "meal"
name = { en = "Meal", zh = "餐" }
service_types = ["canteen"]
group = "all"
walker = "adult"
limit = 100
unit = "m"
level = "as_needed"
wording = "firm"
clause = "2"
verified = false
source = "Own"

[[complexes]]
id = "spa"
name = { en = "Spa", zh = "温泉" }
functions = ["bath", "meal"]
priority_functions = ["bath"]
min_functions = 2
min_priority_functions = 1
min_floor_area_m2 = 100
clause = "3"
verified = false
source = "Own"
"""
CATALOGUES = ("families", "service_types", "groups", "walkers", "rules")


@pytest.fixture
def spa(tmp_path, monkeypatch):
    """The catalogues with the new entries appended, for one test."""
    folder = tmp_path / "data"
    shutil.copytree(Path(catalogues.__file__).parent / "data", folder)
    for name, entry in (("service_types", TYPE), ("walkers", WALKER), ("groups", GROUP)):
        with (folder / f"{name}.toml").open("a", encoding="utf-8") as file:
            file.write(entry)
    monkeypatch.setattr(catalogues, "_DATA", folder)
    for name in CATALOGUES:
        getattr(catalogues, name).cache_clear()
    path = tmp_path / "spa.toml"
    path.write_text(STANDARD, encoding="utf-8")
    yield load_standard(path)
    monkeypatch.undo()
    for name in CATALOGUES:
        getattr(catalogues, name).cache_clear()


def test_what_only_a_file_names_is_assessed_compared_and_told(spa):
    # 50 m: legs of 10 m and 30 m along the street, 100 s at 0.5 m/s; a storey down takes 30 s, so
    # of three storeys only that at the street is within two minutes
    grid = Grid()
    grid.building(1, (60, 10), people={"age_6_11": 3.0, "age_18_59": 7.0}, storeys=3.0)
    grid.service(1, (30, -10), "bathhouse,canteen", site_id=4, floor_area_m2=150.0)
    here = district(grid)
    assessment = assess(here, spa)
    bath = assessment.result("bath")
    assert (bath.covered, bath.total) == (3, 3)
    assert bath.cost[0] == pytest.approx(100 / 60)
    assert assess(here, spa, door_to_door=True).result("bath").covered == pytest.approx(1)
    assert compare_walkers(assessment, "bath", ("pilgrim", "adult")).lost("pilgrim", "adult") == 0
    assert [found.verdict for found in find_complexes(here, spa)] == ["met"]
    moved = apply_edit(here, MoveService(1, 370.0, 410.0))
    assert compare(assessment, assess(moved, spa)).changes[0].lost_by_group["school_age"] == 3
    assert scores(assessment, "base")["requirements"][0]["group"] == "school_age"
