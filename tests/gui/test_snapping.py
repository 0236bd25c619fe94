"""What catches the hand: a site for a service; doors, street ends and streets for a path."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import click, point_at, wait_for_figures
from tests.gui.test_tools import go_to, look_down

BESIDE = QPoint(4, -3)
"""Where the hand is, beside what it means."""


def streets(window):
    return window.document.session.district.streets


def nearest(window, places):
    """Return the place that is nearest to the middle of the district."""
    middle = window.document.session.district.boundary.geometry[0].centroid
    return places[int(np.argmin(shapely.distance(places, middle)))]


def away_from(things, places):
    """Return how far each place is from the nearest of some things."""
    near = shapely.STRtree(things).query_nearest(places, return_distance=True, all_matches=False)
    return near[1]


def test_a_service_that_is_put_near_a_site_stands_on_it_in_its_building(qtbot, window):
    look_down(window)
    district = window.document.session.district
    site = nearest(window, district.sites.geometry)
    row = int(np.flatnonzero(district.sites.geometry == site)[0])
    at = go_to(window, site.centroid, 80.0) + BESIDE
    click(window.palette_.row("canteen"))
    point_at(window.stage.viewport, at)
    x, y, _types = window.state.seen.ghost  # already while it hovers
    assert shapely.contains_xy(site, x, y)
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    services = window.document.session.district.services
    assert services["site_id"][-1] == district.sites.ids[row]
    assert services["building_id"][-1] == district.sites["building_id"][row]
    assert (services.geometry[-1].x, services.geometry[-1].y) == pytest.approx((x, y))


def test_a_path_begins_at_a_door_at_a_street_s_end_and_on_a_street(qtbot, window):
    look_down(window)
    district = window.document.session.district
    lines = streets(window)
    walked = lines.geometry[np.isin(lines["kind"], ("footway", "street"))]
    ends = shapely.get_point(shapely.get_parts(lines.geometry), 0)
    doors = district.entrances.geometry
    door = nearest(window, doors[away_from(ends, doors) > 12.0])
    end = nearest(window, ends)
    long = walked[shapely.length(walked) > 60.0]
    middles = shapely.line_interpolate_point(long, 0.5, normalized=True)
    on_street = nearest(window, middles[away_from(np.concatenate([ends, doors]), middles) > 12.0])
    QTest.keyClick(window, Qt.Key.Key_L)
    for place, exactly in ((door, True), (end, True), (on_street, False)):
        at = go_to(window, place, 60.0) + BESIDE
        point_at(window.stage.viewport, at)
        click(window.stage.viewport, at)
        corner = shapely.Point(window.hand._tool.corners[-1])
        if exactly:
            assert corner.distance(place) < 1e-6
        else:
            assert shapely.distance(walked, corner).min() < 1e-6
            assert corner.distance(place) < 8.0
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    drawn = shapely.get_coordinates(streets(window).geometry[-1])
    assert np.hypot(*(drawn[0] - (door.x, door.y))) < 1e-6
    assert np.hypot(*(drawn - (end.x, end.y)).T).min() < 1e-6


def test_away_from_everything_the_hand_has_its_own_place(qtbot, window):
    look_down(window)
    view, district = window.stage.viewport, window.document.session.district
    kept = shapely.union_all(
        [*district.entrances.geometry, *streets(window).geometry], grid_size=0.01
    )
    QTest.keyClick(window, Qt.Key.Key_L)
    for x in range(360, view.width() - 120, 23):
        at = QPoint(x, view.height() // 2)
        pick = view.pick_at(at.x(), at.y())
        if pick.x == pick.x and kept.distance(shapely.Point(pick.x, pick.y)) > 1.3 * view.reach_m():
            break
    else:
        raise AssertionError("streets and doors everywhere")
    point_at(view, at)
    click(view, at)
    assert window.hand._tool.corners[-1] == pytest.approx((pick.x, pick.y))
