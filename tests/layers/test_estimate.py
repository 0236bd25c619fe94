"""What is missing is estimated openly, with sums worked out by hand."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from layers.mending.tidy import tidy
from layers.residents.estimate import estimate_missing
from layers.schema import AGE_BANDS

CRS = 4547
BANDS = list(AGE_BANDS)


def houses(**columns):
    count = len(next(iter(columns.values())))
    shapes = [box(20 * n, 0, 20 * n + 10, 10) for n in range(count)]
    columns = {"id": range(1, count + 1), "use": ["residential"] * count, **columns}
    return tidy("buildings", gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS))[0]


def bands(*people):
    """Columns of age bands, one tuple of seven numbers a building (NaN: unknown)."""
    return dict(zip(BANDS, zip(*people, strict=True), strict=True))


NONE = (np.nan,) * 7


def keys(problems):
    return {problem.key for problem in problems}


def test_storeys_come_from_the_height_and_are_marked():
    # 3 m a storey: 18 m are 6, 20 m are 6.7 and so 7, 2 m are still one.
    given = houses(height_m=[18, 20, 2, np.nan], storeys=[np.nan] * 4, residents=[1.0] * 4)
    frame, problems = estimate_missing(given)
    assert frame["storeys"].tolist()[:3] == [6, 7, 1]
    assert np.isnan(frame["storeys"][3])
    assert frame["estimated"].tolist() == ["storeys"] * 3 + [""]
    assert {"storeys_estimated", "storeys_unknown"} <= keys(problems)


def test_known_storeys_are_not_touched():
    frame, problems = estimate_missing(houses(height_m=[18.0], storeys=[5.0], residents=[1.0]))
    assert frame["storeys"].tolist() == [5]
    assert "storeys_estimated" not in keys(problems)


def test_storeys_that_contradict_the_height_are_reported():
    # 9 m a storey is too much for two; one alone may be a hall.
    _, problems = estimate_missing(houses(height_m=[18.0, 18.0, 9.0], storeys=[6.0, 2.0, 1.0]))
    assert [p.ids for p in problems if p.key == "storeys_against_height"] == [(2,)]


def test_residents_are_the_sum_of_their_ages():
    given = houses(
        residents=[np.nan, 90.0], **bands((1, 2, 3, 4, 50, 20, 10), (0, 0, 0, 0, 80, 0, 0))
    )
    frame, problems = estimate_missing(given)
    # The second building's ages count 80, not 90: figures by group need the ages.
    assert frame["residents"].tolist() == [90, 80]
    assert [p.ids for p in problems if p.key == "bands_against_residents"] == [(2,)]
    assert frame["estimated"].tolist() == ["", ""]


def test_missing_ages_come_from_the_districts_shares():
    known = (10, 10, 10, 10, 40, 15, 5)  # 100 people
    frame, problems = estimate_missing(houses(residents=[100.0, 50.0], **bands(known, NONE)))
    assert frame.loc[1, BANDS].tolist() == [5, 5, 5, 5, 20, 7.5, 2.5]
    assert frame["estimated"].tolist() == ["", ",".join(BANDS)]
    assert [p.ids for p in problems if p.key == "bands_from_district"] == [(2,)]


def test_ages_that_are_known_stay_and_the_rest_is_shared_out():
    # 40 of the 100 are known to be 60 to 79; the others split as 10:10:10:10:40:-:5 = 85 parts.
    known = (10, 10, 10, 10, 40, 15, 5)
    partly = (np.nan,) * 5 + (40, np.nan)
    frame, _ = estimate_missing(houses(residents=[100.0, 100.0], **bands(known, partly)))
    assert frame.loc[1, "age_60_79"] == 40
    assert frame.loc[1, "age_18_59"] == pytest.approx(60 * 40 / 85)
    assert frame.loc[1, BANDS].sum() == pytest.approx(100)
    assert "age_60_79" not in frame["estimated"][1]


def communities(*people):
    shapes = [box(0, -5, 15, 15), box(15, -5, 200, 15)]
    columns = {"id": [1, 2], "name": ["东", "西"], **bands(*people)}
    return tidy("communities", gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS))[0]


def test_missing_ages_come_from_the_buildings_own_community():
    young, old = (50, 0, 0, 0, 50, 0, 0), (0, 0, 0, 0, 50, 0, 50)
    given = houses(residents=[10.0, 10.0], **bands(NONE, NONE))
    frame, problems = estimate_missing(given, communities(young, old))
    assert frame["age_0_2"].tolist() == [5, 0]
    assert frame["age_80_up"].tolist() == [0, 5]
    assert "bands_from_communities" in keys(problems)


def test_a_community_without_ages_of_its_own_takes_those_of_its_buildings():
    # House 1 stands in the first community, 2 and 3 in the second.
    given = houses(
        residents=[100.0, 100.0, 10.0],
        **bands((100, 0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 100), NONE),
    )
    frame, _ = estimate_missing(given, communities(NONE, NONE))
    assert frame["age_80_up"].tolist() == [0, 100, 10]


def test_without_any_ages_they_stay_unknown_and_that_is_said():
    frame, problems = estimate_missing(houses(residents=[40.0, 0.0]))
    assert frame[BANDS].isna().to_numpy()[0].all()
    assert [p.ids for p in problems if p.key == "bands_unknown"] == [(1,)]


def test_homes_without_residents_and_residents_without_homes_are_named():
    given = houses(residents=[40.0, np.nan, 12.0], use=["residential", "mixed", "office"])
    _, problems = estimate_missing(given)
    named = {problem.key: problem.ids for problem in problems}
    assert named["residents_missing"] == (2,)
    assert named["residents_outside_homes"] == (3,)


def test_what_is_given_is_not_changed():
    given = houses(residents=[100.0, 50.0], **bands((10, 10, 10, 10, 40, 15, 5), NONE))
    before = given.copy()
    estimate_missing(given)
    assert given.equals(before)
