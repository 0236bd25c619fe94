"""Dwellings and residents where nobody counted them: sums worked out by hand, each marked."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from layers.importing.from_files import import_layers
from layers.mending.tidy import tidy
from layers.problems import LayerError
from layers.residents.estimate import estimate_missing, forget_people
from layers.residents.people import read_figures
from layers.schema import AGE_BANDS

CHINA, ZUG = 4547, 32632
BANDS = list(AGE_BANDS)


def houses(count=2, crs=CHINA, size=(20, 10), origin=(505_000, 2_490_000), **columns):
    """Houses of 20 x 10 m in a row, 100 m apart, near Shenzhen unless said otherwise."""
    west, south = origin
    shapes = [
        box(west + 100 * n, south, west + 100 * n + size[0], south + size[1]) for n in range(count)
    ]
    columns = {"id": range(1, count + 1), "use": ["residential"] * count, **columns}
    return tidy("buildings", gpd.GeoDataFrame(columns, geometry=shapes, crs=crs))[0]


def communities(**columns):
    """One community around the first two houses, one around the third."""
    shapes = [
        box(504_990, 2_489_990, 505_150, 2_490_050),
        box(505_190, 2_489_990, 505_300, 2_490_050),
    ]
    frame = gpd.GeoDataFrame({"id": [1, 2], **columns}, geometry=shapes, crs=CHINA)
    return tidy("communities", frame)[0]


def found(problems):
    return {problem.key: problem for problem in problems}


def test_dwellings_by_floor_area_and_residents_by_dwellings():
    # 200 m2 x 6 storeys = 1,200 m2: 12 dwellings of 100 m2, 12 x 2.62 = 31.44 residents. Half of
    # the floor area of a mixed building is homes: 6 dwellings, 15.72 residents.
    frame, problems = estimate_missing(houses(storeys=[6.0, 6.0], use=["residential", "mixed"]))
    assert frame["dwellings"].tolist() == [12, 6]
    assert frame["residents"].tolist() == pytest.approx([31.44, 15.72])
    assert all(mark.startswith("dwellings,residents,") for mark in frame["estimated"])
    facts = found(problems)["people_estimated"].facts
    assert (facts["people"], facts["persons"], facts["count"]) == (47, 2.62, 2)
    assert found(problems)["dwellings_estimated"].facts["floor_area_m2"] == 100


def test_elsewhere_other_figures_hold():
    # 200 m2 x 11 storeys / 110 m2 = 20 dwellings of 2.3 people; no ages are guessed.
    given = houses(1, ZUG, origin=(463_000, 5_224_000), storeys=[11.0])
    frame, _ = estimate_missing(given)
    assert frame["residents"].tolist() == pytest.approx([46])
    assert frame["estimated"].tolist() == ["dwellings,residents"]
    assert frame[BANDS].isna().all(axis=None)


def test_an_offices_own_figures_go_first(tmp_path):
    file = tmp_path / "本地.toml"
    file.write_text("floor_area_m2_per_dwelling = 60\npersons_per_dwelling = 3", encoding="utf-8")
    frame, _ = estimate_missing(houses(1, storeys=[6.0]), None, read_figures(file))
    assert frame["residents"].tolist() == [60]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("persons = 3", "figures_unknown"),
        ("persons_per_dwelling = 0", "figures_unknown"),
        ("persons_per_dwelling = 'three'", "figures_unknown"),
        ("age_shares = { old = 0.5 }", "figures_unknown"),
        ("persons_per_dwelling = ", "figures_unreadable"),
    ],
)
def test_figures_that_are_none_are_refused(tmp_path, words, key):
    file = tmp_path / "own.toml"
    file.write_text(words, encoding="utf-8")
    with pytest.raises(LayerError) as refused:
        read_figures(file)
    assert refused.value.problem.key == key
    assert refused.value.problem.source == "own.toml"


def test_ages_of_estimated_people_follow_the_country():
    # 100 people of the country: 2.54 are 80 and more.
    frame, problems = estimate_missing(houses(1, storeys=[6.0]))
    assert frame["age_80_up"][0] == pytest.approx(31.44 * 0.0254 / 1.0, rel=1e-3)
    assert frame.loc[0, BANDS].sum() == pytest.approx(31.44)
    assert found(problems)["bands_from_country"].ids == (1,)


def test_counted_people_without_ages_have_those_of_the_country_marked():
    # Counting people must not make their ages less known than guessing who lives there does.
    frame, problems = estimate_missing(houses(1, storeys=[6.0], residents=[1000.0]))
    older = frame["age_60_79"][0] + frame["age_80_up"][0]
    assert older == pytest.approx(187.3, rel=1e-3)  # 264.02 of 1,409.78 million are 60 or more
    assert frame["residents"].tolist() == [1000]
    assert frame["estimated"][0] == ",".join(BANDS)  # the ages, not the people
    assert found(problems)["bands_from_country"].ids == (1,)
    assert "bands_unknown" not in found(problems)


def test_a_communitys_older_people_are_spread_and_the_others_share_the_rest():
    # 90 people in two equal houses, 30 of them 60 or more: 15 each. The 60 others follow the
    # country, of whose people under 60 (81.28 %) 60.21 % are 18 to 59.
    older = {"age_60_79": [20.0, np.nan], "age_80_up": [10.0, np.nan]}
    given = houses(3, storeys=[6.0] * 3)
    frame, problems = estimate_missing(given, communities(residents=[90.0, np.nan], **older))
    assert frame["age_60_79"].tolist()[:2] == pytest.approx([10, 10])
    assert frame["age_80_up"].tolist()[:2] == pytest.approx([5, 5])
    assert frame["age_18_59"][0] == pytest.approx(30 * 0.6021 / 0.8128, rel=1e-3)
    assert frame.loc[0, BANDS].sum() == pytest.approx(45)
    assert "age_60_79" in frame["estimated"][0].split(",")
    assert found(problems)["bands_from_communities"].ids == (1, 2)


def test_a_communitys_older_people_among_residents_who_were_counted():
    # The community does not say how many people it has: those counted in its buildings are they.
    older = {"age_60_79": [20.0, np.nan], "age_80_up": [10.0, np.nan]}
    frame, problems = estimate_missing(
        houses(3, residents=[60.0, 40.0, 10.0]), communities(**older)
    )
    assert frame["age_60_79"].tolist()[:2] == pytest.approx([12, 8])
    assert frame.loc[0, BANDS].sum() == pytest.approx(60)
    assert found(problems)["bands_from_country"].ids == (3,)  # its community says nothing


def test_more_older_people_than_a_community_has_people_are_not_believed():
    older = {"age_60_79": [80.0, np.nan], "age_80_up": [40.0, np.nan]}
    given = houses(2, residents=[60.0, 40.0])
    frame, problems = estimate_missing(given, communities(residents=[100.0, np.nan], **older))
    assert found(problems)["community_ages_not_used"].ids == (1,)
    assert frame.loc[0, BANDS].sum() == pytest.approx(60)


def test_counted_dwellings_stand_for_residents():
    frame, problems = estimate_missing(houses(3, storeys=[6.0] * 3, dwellings=[24.0, 30.0, np.nan]))
    assert frame["residents"].isna().all()
    assert frame["dwellings"].tolist() == [24, 30, 12]
    assert frame["estimated"].tolist() == ["", "", "dwellings"]
    assert "people_from_dwellings" in found(problems)


def test_a_few_counted_dwellings_do_not_keep_people_away():
    frame, problems = estimate_missing(
        houses(3, storeys=[6.0] * 3, dwellings=[20.0, np.nan, np.nan])
    )
    assert frame["residents"].tolist() == pytest.approx([52.4, 31.44, 31.44])
    # The first house's dwellings are counted, its residents are not.
    assert frame["estimated"][0].split(",")[0] == "residents"
    assert "people_estimated" in found(problems)


def test_a_communitys_residents_go_to_its_homes_by_floor_area():
    # 1,200 and 600 m2 in the first community share 90 people 2 : 1; the second has none to give.
    given = houses(3, storeys=[6.0, 3.0, 6.0])
    frame, problems = estimate_missing(given, communities(residents=[90.0, np.nan]))
    assert frame["residents"].tolist()[:2] == pytest.approx([60, 30])
    assert np.isnan(frame["residents"][2])
    assert frame["estimated"][0].startswith("residents")
    assert found(problems)["residents_from_communities"].ids == (1, 2)
    assert found(problems)["residents_missing"].ids == (3,)


def test_what_was_counted_of_a_community_is_taken_off_first():
    given = houses(3, storeys=[6.0, 6.0, 6.0], residents=[50.0, np.nan, np.nan])
    frame, _ = estimate_missing(given, communities(residents=[90.0, 40.0]))
    assert frame["residents"].tolist() == pytest.approx([50, 40, 40])
    assert "residents" not in frame["estimated"][0].split(",")


def test_more_people_than_homes_can_hold_are_not_put_into_them():
    # 2,400 m2 for 1,000 people: 2.4 m2 each; the community's other homes are not in the data.
    given = houses(3, storeys=[6.0] * 3)
    frame, problems = estimate_missing(given, communities(residents=[1000.0, np.nan]))
    assert found(problems)["community_residents_not_spread"].ids == (1,)
    assert frame["residents"].tolist() == pytest.approx([31.44] * 3)


def test_homes_with_dwellings_but_no_residents_have_as_many_to_a_dwelling():
    # Too few to tell the district's own persons to a dwelling: the country's 2.62.
    given = houses(residents=[40.0, np.nan], dwellings=[20.0, 10.0])
    frame, problems = estimate_missing(given)
    assert frame["residents"].tolist() == pytest.approx([40, 26.2])
    assert found(problems)["residents_from_dwellings"].ids == (2,)


def test_the_districts_own_persons_to_a_dwelling_where_enough_are_known():
    residents = [60.0] * 20 + [np.nan]
    frame, _ = estimate_missing(houses(21, residents=residents, dwellings=[20.0] * 20 + [10.0]))
    assert frame["residents"][20] == 30


def test_sheds_and_offices_house_nobody():
    small = houses(size=(4, 4), storeys=[1.0, 1.0])
    assert estimate_missing(small)[0]["residents"].isna().all()
    frame, problems = estimate_missing(houses(storeys=[6.0, 6.0], use=["office", "school"]))
    assert frame["residents"].isna().all()
    assert "people_unknown" in found(problems)


def test_storeys_that_nobody_states_are_assumed_for_the_estimate_alone():
    # Three storeys of 200 m2: 6 dwellings.
    frame, problems = estimate_missing(houses(1))
    assert frame["dwellings"].tolist() == [6]
    assert np.isnan(frame["storeys"][0])
    assert found(problems)["dwellings_storeys"].facts["storeys"] == 3


def test_newer_communities_alone_let_people_be_estimated_anew(tmp_path):
    # 100 people in the first community on two equal houses: 50 each; 30 in the third house.
    homes = houses(3, storeys=[6.0] * 3, residents=[np.nan, np.nan, 12.0])
    homes.drop(columns="estimated").to_file(tmp_path / "buildings.gpkg")
    communities(residents=[100.0, 30.0]).to_file(tmp_path / "communities.gpkg")
    before = import_layers([tmp_path / "buildings.gpkg", tmp_path / "communities.gpkg"])
    assert before.layers["buildings"]["residents"].tolist() == pytest.approx([50, 50, 12])
    (tmp_path / "newer").mkdir()
    communities(residents=[60.0, 40.0]).to_file(tmp_path / "newer" / "communities.gpkg")
    after = import_layers([tmp_path / "newer" / "communities.gpkg"], into=before)
    buildings = after.layers["buildings"]
    assert buildings["residents"].tolist() == pytest.approx([30, 30, 12])  # who was counted stays
    assert buildings["id"].tolist() == before.layers["buildings"]["id"].tolist()
    assert "residents" in buildings["estimated"][0]
    assert "residents" not in buildings["estimated"][2].split(",")


def test_people_of_a_grid_stay_and_only_their_ages_are_estimated_anew():
    frame, _ = estimate_missing(houses(1, storeys=[6.0]))
    kept = forget_people(frame, keep_totals=True)
    assert kept["residents"].tolist() == frame["residents"].tolist()
    assert kept[BANDS].isna().all(axis=None)
    assert kept["estimated"].tolist() == ["dwellings,residents"]
    gone = forget_people(frame, keep_totals=False)
    assert gone["residents"].isna().all()
    assert gone["estimated"].tolist() == [""]
