"""The command palette and the search: what one types, and what comes of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.actions import SPECS
from gui.finder import names_in, numbered
from gui.finding import Entry, make_index, search, sound
from tests.gui.conftest import PATIENCE_MS, wait_for_figures
from twin.language import text
from twin.model.edits import ChangeBuilding

Control = Qt.KeyboardModifier.ControlModifier


def open_palette(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_K, Control)
    assert window.commands.chooser.isVisible()
    qtbot.waitUntil(lambda: not window.jobs.busy("listen"), timeout=PATIENCE_MS)
    return window.commands.chooser


@pytest.mark.parametrize("typed", ["sq", "shequ", "sheq", "she q", "社区", "区", "SQ"])
def test_a_chinese_name_is_found_by_its_sound(typed):
    index = make_index([Entry("幸福社区"), Entry("撤销"), Entry("Save picture…")])
    assert [entry.title for entry in search(index, typed)] == ["幸福社区"]


def test_letters_that_no_syllable_begins_with_find_nothing():
    index = make_index([Entry("幸福社区"), Entry("Save picture")])
    assert search(index, "hequ") == []  # from the middle of a syllable
    assert search(index, "se") == []  # a letter is left out
    assert [entry.title for entry in search(index, "sp")] == ["Save picture"]


def test_readings_follow_the_word():
    assert sound("重庆银行") == "chong'qing'yin'hang'"


def test_a_name_that_begins_so_goes_first():
    index = make_index([Entry("平面撤销"), Entry("撤销"), Entry("车销")])
    assert [entry.title for entry in search(index, "撤销")] == ["撤销", "平面撤销"]
    assert [entry.title for entry in search(index, "cx")] == ["撤销", "车销", "平面撤销"]


def test_every_action_stands_in_the_palette_with_its_keys(qtbot, window):
    chooser = open_palette(qtbot, window)
    listed = {entry.title: entry.keys for entry in chooser.entries}
    for name in SPECS.keys() - {"commands"}:
        action = window.actions_.by_name[name]
        assert listed[action.text().rstrip("…")] == action.shortcut().toString()


@pytest.mark.parametrize("typed", ["bzsqst", "shequst", "Place: community c", "pmsw", "plan / 3d"])
def test_an_action_is_done_by_typing_in_either_language(qtbot, window, typed):
    chooser = open_palette(qtbot, window)
    plan = window.state.seen.plan
    QTest.keyClicks(chooser.field, typed)
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert not chooser.isVisible()
    assert window.state.seen.plan != plan or window.state.seen.armed


def test_escape_leaves_the_palette_and_changes_nothing(qtbot, window):
    chooser = open_palette(qtbot, window)
    QTest.keyClicks(chooser.field, "plan")
    QTest.keyClick(chooser.field, Qt.Key.Key_Escape)
    assert not chooser.isVisible()
    assert not window.state.seen.plan


def test_what_cannot_be_done_now_is_listed_and_not_done(qtbot, window):
    chooser = open_palette(qtbot, window)
    QTest.keyClicks(chooser.field, text("action.redo"))
    assert [entry.enabled for entry in chooser.entries] == [False]
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert chooser.isVisible()


def test_what_can_be_done_now_goes_before_what_cannot(qtbot, window):
    chooser = open_palette(qtbot, window)
    QTest.keyClicks(chooser.field, "cl")
    able = [entry.enabled for entry in chooser.entries]
    assert able == sorted(able, reverse=True)
    assert set(able) == {True, False}
    chooser.hide()


def test_a_feature_is_found_by_name_or_address_and_flown_to(qtbot, window):
    services = window.document.session.district.services
    row = len(services) // 2
    name, id_ = str(services["name"][row]), int(services.ids[row])
    assert name
    QTest.keyClick(window, Qt.Key.Key_F, Control)
    chooser = window.finder.chooser
    said = [label.text() for label in chooser.findChildren(QLabel) if label.isVisible()]
    assert said == ["Searching…"]  # and not that there is nothing
    QTest.keyClicks(chooser.field, sound(name).replace("'", ""))
    qtbot.waitUntil(
        lambda: any(entry.value == ("services", id_) for entry in chooser.entries),
        timeout=PATIENCE_MS,
    )
    at = [entry.value for entry in chooser.entries].index(("services", id_))
    for _ in range(at):
        QTest.keyClick(chooser.field, Qt.Key.Key_Down)
    before = window.stage.viewport.camera
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert window.state.seen.selected == ("services", id_)
    qtbot.waitUntil(lambda: window.stage.viewport.camera.distance < before.distance)
    home = int(window.document.session.district.buildings.ids[3])
    window.document.do("history.building", ChangeBuilding(home, {"address": "解放路 17 号"}))
    wait_for_figures(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_F, Control)
    QTest.keyClicks(chooser.field, "jfl17")
    wanted = [("buildings", home)]
    qtbot.waitUntil(lambda: [e.value for e in chooser.entries] == wanted, timeout=PATIENCE_MS)
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    assert window.state.seen.selected == wanted[0]
    wait_for_figures(qtbot, window)


def test_the_search_holds_addresses_and_every_layer(loaded_sample):
    district = loaded_sample.project.district
    address = district.buildings["address"].copy()
    address[3] = "解放路 17 号"
    district = district.with_table(district.buildings.with_columns({"address": address}))
    entries = names_in(district)
    assert {entry.value[0] for entry in entries} == {
        "buildings",
        "services",
        "sites",
        "communities",
        "streets",
    }
    home = ("buildings", int(district.buildings.ids[3]))
    for typed in ("解放路 17", "jfl17"):
        assert [entry.value for entry in search(make_index(entries), typed)] == [home]


def test_the_chooser_stands_within_the_window(qtbot, window):
    chooser = open_palette(qtbot, window)
    assert window.rect().contains(chooser.geometry())
    assert QApplication.focusWidget() is chooser.field


@pytest.mark.parametrize("typed", ["{id}", "建筑 {id}", "building {id}", "#{id}", " 建筑{id} "])
def test_a_building_is_found_by_its_number(loaded_sample, typed):
    district = loaded_sample.project.district
    id_ = int(district.buildings.ids[7])
    assert [e.value for e in numbered(district, typed.format(id=id_))] == [("buildings", id_)]


@pytest.mark.parametrize("typed", ["", "999999999", "12 a", "north 7", "9" * 30])
def test_what_is_no_buildings_number_finds_none(loaded_sample, typed):
    assert numbered(loaded_sample.project.district, typed) == []


def test_a_street_is_found_by_its_name_once_and_seen_whole(qtbot, window):
    streets = window.document.session.district.streets
    walked = ~np.isin(streets["kind"], ("gate", "crossing")) & (streets["name"] != "")
    names, counts = np.unique(streets["name"][walked].astype(str), return_counts=True)
    name = str(names[counts.argmax()])
    QTest.keyClick(window, Qt.Key.Key_F, Control)
    chooser = window.finder.chooser
    QTest.keyClicks(chooser.field, sound(name).replace("'", ""))
    qtbot.waitUntil(lambda: any(one.title == name for one in chooser.entries), timeout=PATIENCE_MS)
    assert [one.value[0] for one in chooser.entries if one.title == name] == ["streets"]
    assert chooser.entries[0].title == name  # before the bus stops that are named after it
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)
    role, id_ = window.state.seen.selected
    assert (role, streets["name"][streets.row_of(id_)]) == ("streets", name)
    view = window.stage.viewport
    qtbot.waitUntil(lambda: not view.is_flying, timeout=PATIENCE_MS)
    line = shapely.get_coordinates(streets.geometry[streets["name"] == name])
    pixels, seen = view.scene.project(np.column_stack([line, view.scene.height(line)]))
    assert seen.all()
    assert (pixels >= 0).all()
    assert (pixels <= (view.width(), view.height())).all()


def test_a_road_that_nobody_walks_on_is_found_too(loaded_sample):
    district = loaded_sample.project.district
    roads = district.table("roads")
    named = district.with_table(roads.with_values([0], {"name": "绕城高架"}))
    entries = [e for e in names_in(named) if e.title == "绕城高架"]
    assert [entry.value for entry in entries] == [("roads", int(roads.ids[0]))]
