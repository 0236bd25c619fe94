"""Which metric CRS a district gets, and what numbers without a CRS can be taken for."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from layers.geodesy.crs import (
    choose_metric_crs,
    decide_missing_crs,
    in_china,
    is_local_metric,
    middle_of_features,
)

WGS84 = pyproj.CRS.from_epsg(4326)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "code"),
    [
        # (lon - 75) / 3, rounded, counts the zones after EPSG:4534 (75 E).
        ("Beijing", 116.40, 39.90, 4548),  # 13.8 -> 14: 117 E
        ("Shanghai", 121.47, 31.23, 4549),  # 15.49 -> 15: 120 E
        ("Shenzhen", 114.06, 22.54, 4547),  # 13.02 -> 13: 114 E
        ("Urumqi", 87.62, 43.82, 4538),  # 4.2 -> 4: 87 E
        ("Lhasa", 91.11, 29.65, 4539),  # 5.37 -> 5: 90 E
        ("Harbin", 126.64, 45.76, 4551),  # 17.2 -> 17: 126 E
        ("Haikou", 110.33, 20.03, 4546),  # 11.8 -> 12: 111 E
        ("Zug", 8.52, 47.17, 32632),
        ("Quito", -78.47, -0.18, 32717),
        ("Seoul", 126.98, 37.57, 32652),
        ("Ulaanbaatar", 106.90, 47.90, 32648),
        ("Hanoi", 105.83, 21.03, 32648),
        ("Delhi", 77.21, 28.61, 32643),
        ("Vladivostok", 131.89, 43.12, 32652),
        ("Fiji, at the last meridian", 180.0, -17.8, 32760),
    ],
)
def test_degrees_get_the_zone_of_their_place(place, longitude, latitude, code):
    assert choose_metric_crs(longitude, latitude, [WGS84]).to_epsg() == code


@given(st.floats(73.6, 135.0), st.floats(18.3, 53.5))
def test_wherever_china_is_the_chosen_crs_measures_true_metres(longitude, latitude):
    if in_china(longitude, latitude):
        crs = choose_metric_crs(longitude, latitude)
        assert is_local_metric(crs, longitude, latitude)
        assert 4534 <= crs.to_epsg() <= 4554


@pytest.mark.parametrize(
    ("code", "longitude", "latitude", "local"),
    [
        (3857, 116.4, 39.9, False),  # Web Mercator is 30 % long at Beijing
        (3857, 9.0, 0.0, False),  # and is no CRS to measure in even where it is true
        (3395, 116.4, 39.9, False),  # World Mercator
        (4547, 114.06, 22.54, True),
        (4547, 121.47, 31.23, False),  # seven degrees off its meridian
        (32632, 8.52, 47.17, True),
        (32732, 8.52, 47.17, True),  # the southern zone measures as well in the north
        (27700, -0.1, 51.5, True),  # British National Grid in London
        (2278, -95.4, 29.8, False),  # Texas, in US feet
        (4326, 8.5, 47.2, False),
    ],
)
def test_a_local_metric_crs_is_told_by_its_scale(code, longitude, latitude, local):
    assert is_local_metric(pyproj.CRS.from_epsg(code), longitude, latitude) is local


def test_a_true_local_crs_of_the_data_is_kept():
    utm = pyproj.CRS.from_epsg(32650)
    assert choose_metric_crs(117.0, 39.9, [WGS84, utm]).equals(utm)


def test_numbers_that_can_only_be_degrees_are_degrees():
    crs, why = decide_missing_crs((116.3, 39.9, 116.5, 40.0), [])
    assert (crs.to_epsg(), why) == (4326, "degrees")


def test_degrees_elsewhere_than_the_other_layers_are_not_believed():
    others = [(WGS84, (121.4, 31.2, 121.5, 31.3))]
    assert decide_missing_crs((116.3, 39.9, 116.5, 40.0), others) is None


def test_metres_are_decided_by_another_layer_at_the_same_place():
    zone = pyproj.CRS.from_epsg(4547)
    others = [
        (WGS84, (114.0, 22.5, 114.1, 22.6)),
        (zone, (505000.0, 2490000.0, 506000.0, 2491000.0)),
    ]
    assert decide_missing_crs((505500.0, 2490500.0, 507000.0, 2492000.0), others) == (
        zone,
        "other_layers",
    )


@pytest.mark.parametrize(
    "bounds",
    [
        (532189.0, 2545681.0, 540000.0, 2550000.0),  # metres of some zone
        (0.0, 0.0, 150.0, 80.0),  # a drawing in metres from its own corner
        (0.0, 0.0, 0.5, 0.5),  # a unit square
    ],
)
def test_numbers_that_decide_nothing_are_refused(bounds):
    assert decide_missing_crs(bounds, []) is None


def test_the_users_word_counts_only_where_the_numbers_can_be_that():
    zone = pyproj.CRS.from_epsg(4547)
    metres, degrees = (532189.0, 2545681.0, 540000.0, 2550000.0), (114.0, 22.5, 114.1, 22.6)
    assert decide_missing_crs(metres, [], zone) == (zone, "given")
    assert decide_missing_crs(degrees, [], zone) == (WGS84, "degrees")


def test_one_stray_feature_does_not_move_the_middle():
    places = [Point(n, 0) for n in range(9)] + [Point(1e6, 1e6), Point(np.nan, 0)]
    assert middle_of_features(gpd.GeoDataFrame(geometry=places)) == (4.5, 0.0)
