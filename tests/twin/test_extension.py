"""A service type, a walker, a group and a requirement for them are data: no code names them."""

import hashlib

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.assessment.assess import assess
from twin.assessment.compare import compare
from twin.assessment.complexes import find_complexes
from twin.assessment.confidence import bounds, bounds_source
from twin.assessment.walker_comparison import compare_walkers
from twin.indicators import INDICATORS, settings
from twin.keeping.kept import digest_of_code
from twin.model.catalogues import families, groups, rules, service_types, walkers
from twin.model.edits import MoveService, apply_edit
from twin.model.own_data import FOLDER_VARIABLE, own_files, using_data
from twin.model.rows import RowError
from twin.standards import StandardError, load_standard, own_standards, standard_ids
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
OWN = {"service_types": TYPE, "walkers": WALKER, "groups": GROUP}


def own_folder(folder, **contents):
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def spa(tmp_path):
    """A standard that names what only an office's own data files know, while they are in use."""
    path = tmp_path / "spa.toml"
    path.write_text(STANDARD, encoding="utf-8")
    with using_data(own_folder(tmp_path / "office", **OWN)):
        yield load_standard(path)


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
    digest = hashlib.sha256(TYPE.encode()).hexdigest()
    own = scores(assessment, "base")["own_data"]
    assert own[0] == {
        "name": "service_types.toml",
        "entries": ["bathhouse"],
        "sha256": digest,
    }
    assert [one["name"] for one in own[1:]] == ["walkers.toml", "groups.toml"]


def test_without_the_folder_the_standard_names_what_nobody_knows(tmp_path):
    path = tmp_path / "spa.toml"
    path.write_text(STANDARD, encoding="utf-8")
    with pytest.raises(StandardError) as refused:
        load_standard(path)
    assert refused.value.facts["value"] == "bathhouse"
    assert own_files() == ()


def test_an_own_entry_replaces_the_one_of_its_id_in_its_place(tmp_path):
    own = WALKER.replace("[pilgrim]", "[older]").replace("0.5", "0.6")
    before, kinds = list(walkers()), list(service_types())
    family = TYPE.replace('"public"', '"spas"') + (
        '[families.spas]\nname = "Spas"\ncolour = "#123456"\nshape = "circle"\n'
    )
    with using_data(own_folder(tmp_path / "office", walkers=own, service_types=family)):
        assert list(walkers()) == before
        assert walkers()["older"].speed_mps == 0.6
        assert walkers()["adult"].speed_mps == 1.2
        assert list(service_types()) == [*kinds, "bathhouse"]
        assert service_types()["bathhouse"].colour == "#123456"
    assert walkers()["older"].speed_mps == 0.9
    assert "spas" not in families()


def test_the_folder_that_is_named_goes_before_the_users_own(tmp_path, monkeypatch):
    home = own_folder(tmp_path / "home")
    own_folder(home / "data", walkers=WALKER, groups=GROUP)
    monkeypatch.setenv(FOLDER_VARIABLE, str(home))
    with using_data(own_folder(tmp_path / "office", walkers=WALKER.replace("0.5", "0.4"))):
        assert walkers()["pilgrim"].speed_mps == 0.4
        assert groups()["school_age"].columns == ("age_6_11", "age_12_17")
        assert [one.name for one in own_files()] == ["walkers.toml", "walkers.toml", "groups.toml"]
    monkeypatch.undo()
    with using_data(own_folder(tmp_path / "other", groups=GROUP)):  # forgets the home of this test
        assert "pilgrim" not in walkers()


def test_what_is_kept_is_kept_for_these_data_files(tmp_path):
    folder = own_folder(tmp_path / "office", walkers=WALKER)
    plain = digest_of_code(tmp_path / "nothing")
    with using_data(folder):
        own = digest_of_code(tmp_path / "nothing")
        own_folder(folder, walkers=WALKER.replace("0.5", "0.4"))
        assert digest_of_code(tmp_path / "nothing") == own  # what is in use was read before
    with using_data(folder):
        changed = digest_of_code(tmp_path / "nothing")
    assert len({plain, own, changed}) == 3


@pytest.mark.parametrize(
    ("name", "content", "read", "key", "row", "field"),
    [
        ("walkers", WALKER.replace("0.5", "-1"), walkers, "standard_type", "pilgrim", "speed_mps"),
        (
            "walkers",
            WALKER.replace("tobler", "hill"),
            walkers,
            "standard_value",
            "pilgrim",
            "slope",
        ),
        ("walkers", WALKER + "pace = 3\n", walkers, "standard_unknown_field", "pilgrim", "pace"),
        (
            "walkers",
            WALKER + 'kerbs = "high"\n',
            walkers,
            "standard_value",
            "pilgrim",
            "kerbs",
        ),
        ("walkers", WALKER + "rest_s = -9\n", walkers, "standard_type", "pilgrim", "rest_s"),
        (
            "walkers",
            WALKER + "rest_s = 30\n",
            walkers,
            "standard_missing",
            "pilgrim",
            "rest_every_m",
        ),
        ("walkers", "[Frau]\n", walkers, "own_data_id", "walkers", "Frau"),
        ("walkers", "pilgrim = 3\n", walkers, "standard_type", "walkers", "pilgrim"),
        (
            "service_types",
            TYPE.replace("capacity = 90.0", ""),
            service_types,
            "standard_missing",
            "types.bathhouse",
            "capacity",
        ),
        (
            "service_types",
            TYPE.replace('"public"', '"baths"'),
            service_types,
            "standard_value",
            "types.bathhouse",
            "family",
        ),
        (
            "service_types",
            TYPE.replace("[types.", "[type."),
            service_types,
            "standard_unknown_field",
            "service_types",
            "type",
        ),
        (
            "groups",
            GROUP.replace("age_6_11", "age_6"),
            groups,
            "standard_value",
            "school_age",
            "columns",
        ),
        (
            "groups",
            GROUP.replace("[school_age]", "[all]"),
            groups,
            "group_of_all",
            "all",
            "columns",
        ),
    ],
)
def test_a_wrong_own_file_is_refused_by_file_row_and_field(
    tmp_path, name, content, read, key, row, field
):
    folder = own_folder(tmp_path / "office", **{name: content})
    with using_data(folder), pytest.raises(RowError) as refused:
        read()
    facts = refused.value.facts
    assert refused.value.key == key
    assert facts["file"] == str(folder / f"{name}.toml")
    assert (facts["row"], facts["field"]) == (row, field)


def test_own_parameters_say_otherwise_of_some_and_leave_the_rest(tmp_path):
    folder = own_folder(
        tmp_path / "office",
        rules='[access]\nleg_cap_m = 25\nsource = "Ours"\n[crossings]\nsignal_delay_s = 0\n',
        indicators="[demand.by_type]\ncanteen = 0.25\n[travel_time]\nquantiles = [0.5]\n",
        uncertainty="[speed]\ntogether = 0.4\n",
    )
    tie_m, residents = rules().tie_m, bounds().residents_each
    # the leg from the building to the street is 30 m long: within the cap that comes along alone
    grid = Grid()
    grid.building(1, (60, 30), people={"age_18_59": 7.0})
    wanted = load_standard("gb50180-2018")
    first = wanted.requirements[0]
    grid.service(1, (30, -10), first.service_types[0])
    assert assess(district(grid), wanted).result(first.id).cost[0] == pytest.approx(70.0)
    with using_data(folder):
        assert (rules().leg_cap_m, rules().tie_m) == (25.0, tie_m)
        assert rules().signal_delay_s == 0.0
        assert rules().own["leg_cap_m"]["en"] == "Ours"
        assert "rules.toml" in rules().own["signal_delay_s"]["en"]
        assert settings().share_by_type == {"canteen": 0.25}
        assert settings().quantiles == (0.5,)
        assert (bounds().speed_together, bounds().residents_each) == (0.4, residents)
        assert "uncertainty.toml" in bounds_source("speed")["zh"]
        assert not np.isfinite(assess(district(grid), wanted).result(first.id).cost[0])
        assert own_files()[0].entries == ("access.leg_cap_m", "crossings.signal_delay_s")
    assert rules().leg_cap_m != 25.0
    assert not rules().own


@pytest.mark.parametrize(
    ("name", "content", "key", "row", "field"),
    [
        ("rules", "[access]\nleg_cap_m = -1\n", "standard_type", "access", "leg_cap_m"),
        ("rules", "[access]\nleg_cap = 1\n", "standard_unknown_field", "access", "leg_cap"),
        ("rules", "[acces]\nleg_cap_m = 1\n", "standard_unknown_field", "rules", "acces"),
        ("rules", "leg_cap_m = 1\n", "standard_unknown_field", "rules", "leg_cap_m"),
        ("rules", "access = 1\n", "standard_type", "rules", "access"),
        (
            "rules",
            '[access]\nattracting_kinds = ["road"]\n',
            "standard_value",
            "access",
            "attracting_kinds",
        ),
        (
            "rules",
            "[wheelchair_slopes]\nslow_slope = 0.2\n",
            "standard_order",
            "wheelchair_slopes",
            "slow_slope",
        ),
        (
            "indicators",
            '[floating_catchment]\ndecay = "linear"\n',
            "standard_value",
            "floating_catchment",
            "decay",
        ),
        (
            "indicators",
            "[demand.by_type]\nsauna = 1\n",
            "standard_value",
            "demand",
            "by_type",
        ),
        (
            "indicators",
            "[travel_time]\nquantiles = [0.5, 2]\n",
            "standard_type",
            "travel_time",
            "quantiles",
        ),
        ("uncertainty", "[draws]\ncount = 0.5\n", "standard_type", "draws", "count"),
        ("uncertainty", "[doors]\neach = 2\n", "standard_unknown_field", "doors", "each"),
    ],
)
def test_a_wrong_own_parameter_is_refused_by_file_row_and_field(
    tmp_path, name, content, key, row, field
):
    folder = own_folder(tmp_path / "office", **{name: content})
    with using_data(folder), pytest.raises(RowError) as refused:
        rules()
    facts = refused.value.facts
    assert refused.value.key == key
    assert facts["file"] == str(folder / f"{name}.toml")
    assert (facts["row"], facts["field"]) == (row, field)


def test_a_standard_in_the_folder_is_known_by_its_id(tmp_path):
    folder = own_folder(tmp_path / "office", **OWN)
    own_folder(
        folder / "standards",
        spa=STANDARD,
        twice=STANDARD,
        broken=STANDARD.replace("limit = 2.0", "limit = -2.0"),
    )
    with using_data(folder):
        assert standard_ids()[-1] == "spa"
        assert load_standard("spa").requirements[0].limit == 2.0
        wrong = {one.path.stem: one.error for one in own_standards() if one.error is not None}
        assert (wrong["broken"].facts["row"], wrong["broken"].facts["field"]) == ("bath", "limit")
        assert wrong["twice"].key == "standard_taken"
        with pytest.raises(StandardError) as refused:
            load_standard("broken")
        assert refused.value is wrong["broken"]
    assert "spa" not in standard_ids()
    assert own_standards() == ()


def test_short_tables_show_the_levels_that_own_settings_have(tmp_path):
    content = "[equity]\nranked_parts = [0.3]\n[travel_time]\nquantiles = [0.25, 0.75]\n"
    usual = {one.id: one.shown for one in INDICATORS}
    assert all(one.shown == one.headline for one in INDICATORS)
    with using_data(own_folder(tmp_path / "office", indicators=content)):
        own = {one.id: one.shown for one in INDICATORS}
    assert own["travel_time"][:2] == (("quantile", 0.25), ("quantile", 0.75))
    assert ("ranked_ratio", 0.3) in own["equity"]
    assert own["choice"] == usual["choice"]
