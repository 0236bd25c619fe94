"""The menus of rows and lists: what a right click, the Menu key and Shift+F10 offer there."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QStyleOptionViewItem, QWidget

from gui.actions import MENU
from gui.dialogs.problems import ProblemsPanel
from gui.offers import OFFERED, as_line
from tests.gui.conftest import click, opened, wait_for_figures
from tests.gui.test_table import open_table
from twin.language import text
from twin.model.catalogues import type_name
from twin.model.edits import ChangeService, RemoveService

Right = Qt.MouseButton.RightButton
Control, NoKeys = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
Shift = Qt.KeyboardModifier.ShiftModifier


def right_click(widget: QWidget, at: QPoint | None = None) -> None:
    """Press, let go, and ask for a menu as the system does then."""
    place = at or widget.rect().center()
    QTest.mouseClick(widget, Right, NoKeys, place)
    asked = QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place)
    QApplication.sendEvent(widget, QContextMenuEvent(*asked))


def offered(window) -> dict[str, object]:
    """Return what the menu that is open offers, by the names of actions, else by their words."""
    menu = window.offers.menu
    assert QApplication.activePopupWidget() is menu
    shown = [action for action in menu.actions() if not action.isSeparator()]
    return {action.objectName() or action.text(): action for action in shown}


def choose(window, name: str) -> None:
    """Click an entry of the menu that is open."""
    menu = window.offers.menu
    action = offered(window)[name]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, NoKeys, menu.actionGeometry(action).center())


def put_away(window) -> None:
    QTest.keyClick(window.offers.menu, Qt.Key.Key_Escape)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_every_action_of_a_menu_of_rows_stands_in_the_main_menus():
    within = {name for names in MENU.values() for name in names}
    assert {name for names in OFFERED.values() for name in names} <= within


def test_a_row_of_the_table_offers_what_its_feature_does_in_the_view(qtbot, window):
    window.state.set(selected=("services", int(window.document.session.district.services.ids[0])))
    panel = open_table(qtbot, window)
    cell = panel.model.index(3, 2)
    right_click(panel.view.viewport(), panel.view.visualRect(cell).center())
    (service,) = panel.model.ids([3])
    assert window.state.seen.selected == ("services", service)  # the row first
    names = list(offered(window))
    assert names[:4] == ["zoom", "copy_service", "delete", "explain"]
    assert "show_in_table" not in names
    words = str(cell.data())
    choose(window, text("menu.copy_value", value=words))
    assert clipboard() == words
    right_click(panel.view.viewport(), panel.view.visualRect(cell).center())
    choose(window, "copy_row")
    head, line = clipboard().split("\n")
    assert head.split("\t")[0] == text("column.id") if "column.id" in head else "id"
    assert line.split("\t")[0] == str(service)
    right_click(panel.view.viewport(), panel.view.visualRect(cell).center())
    choose(window, "delete")
    assert window.document.session.district.services.rows_of([service])[0] < 0
    wait_for_figures(qtbot, window)


def test_the_head_of_a_column_has_no_menu_of_a_row(qtbot, window):
    panel = open_table(qtbot, window)
    head = panel.view.horizontalHeader().viewport()
    before = window.state.seen.chosen
    right_click(head, QPoint(head.width() // 3, head.height() - 4))
    assert QApplication.activePopupWidget() is None
    assert window.state.seen.chosen == before


def test_one_of_several_rows_leaves_them_selected_and_ctrl_c_copies_them(qtbot, window):
    panel = open_table(qtbot, window)
    panel.view.setFocus()
    click(panel.view.viewport(), panel.view.visualRect(panel.model.index(1, 0)).center())
    QTest.keyClick(panel.view, Qt.Key.Key_Down, Shift)
    assert len(window.state.seen.chosen) == 2
    right_click(panel.view.viewport(), panel.view.visualRect(panel.model.index(1, 1)).center())
    assert len(window.state.seen.chosen) == 2
    assert offered(window)["copy_row"].text() == text("chosen.copy_rows", count=2)
    put_away(window)
    QTest.keyClick(panel.view, Qt.Key.Key_C, Control)
    assert [line.split("\t")[0] for line in clipboard().split("\n")[1:]] == [
        str(id_) for id_ in panel.model.ids([1, 2])
    ]


@pytest.mark.parametrize(("key", "held"), [(Qt.Key.Key_Menu, NoKeys), (Qt.Key.Key_F10, Shift)])
def test_keys_open_the_menu_of_the_row_that_has_them(qtbot, window, key, held):
    panel = open_table(qtbot, window)
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.model.index(2, 0))
    QTest.keyClick(panel.view, key, held)
    assert "zoom" in offered(window)
    assert window.state.seen.selected == ("buildings", panel.model.ids([2])[0])
    put_away(window)
    row = window.score._rows._rows[0]
    row.setFocus()
    QTest.keyClick(row, key, held)
    assert text("action.explain") in offered(window)
    put_away(window)


def test_a_requirement_is_opened_explained_and_its_service_taken_in_hand(qtbot, window):
    rows = window.score._rows
    wanted = window.document.standard.requirements
    key = next(k for k in rows._keys if k in {r.id for r in wanted})
    kind = next(r for r in wanted if r.id == key).service_types[0]
    row = rows._rows[rows._keys.index(key)]
    right_click(row)
    assert window.state.seen.requirement == key
    assert "compare" not in offered(window)  # there is but the base
    choose(window, text("menu.copy_row"))
    assert clipboard().startswith(row.bar.title)
    right_click(row)
    assert window.state.seen.requirement == key  # a second time closes nothing
    choose(window, text("chooser.place", name=type_name(kind)))
    assert window.state.seen.armed == kind
    QTest.keyClick(window.stage, Qt.Key.Key_Escape)
    right_click(row)
    choose(window, text("action.explain"))
    assert window.state.seen.subject.requirement == key


def turn_to(qtbot, window, page: str) -> list[QAbstractButton]:
    window.dashboard.open_at(page)
    drawer = window.dashboard.drawer
    shown = drawer.page
    qtbot.waitUntil(lambda: shown.listing.rows != [], timeout=30_000)
    return shown.listing.rows


def test_the_worst_served_and_the_fullest_offer_what_the_view_does(qtbot, window):
    row = turn_to(qtbot, window, "worst")[0]
    right_click(row)
    role, home = window.state.seen.selected
    assert (role, home) == row.line.value
    assert {"zoom", "correct", "toggle_lift", "explain", "show_in_table"} <= set(offered(window))
    choose(window, text("menu.copy_row"))
    assert clipboard().split("\t")[0] == row.line.cells[0].words
    right_click(row)
    choose(window, "show_in_table")
    assert window.tabling.panel.isVisible()
    window.tabling.close()
    rows = turn_to(qtbot, window, "capacity")
    right_click(rows[0])
    assert {"zoom", "copy_service", "delete", "explain"} <= set(offered(window))
    choose(window, "copy_service")
    assert window.state.seen.armed
    QTest.keyClick(window.stage, Qt.Key.Key_Escape)


def test_what_was_in_hand_last_is_placed_on_a_row(qtbot, window):
    window.hand.arm("canteen")
    QTest.keyClick(window.stage, Qt.Key.Key_Escape)
    row = turn_to(qtbot, window, "worst")[0]
    before = len(window.document.session.district.services)
    right_click(row)
    choose(window, text("chooser.place_here", name=type_name("canteen")))
    services = window.document.session.district.services
    assert len(services) == before + 1
    home = window.document.session.district.buildings
    shape = home.geometry[home.row_of(row.line.value[1])]
    assert services.geometry[-1].distance(shape) < 30
    wait_for_figures(qtbot, window)


def test_the_scenario_in_hand_offers_what_its_menu_does(qtbot, planned):
    window = planned
    name = window.document.session.scenario
    box = window.header._scenario
    right_click(box)
    assert list(offered(window)) == list(OFFERED["scenario"])
    choose(window, "compare")
    assert window.dashboard.drawer.page is window.dashboard.drawer.page_of("compare")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Menu)
    choose(window, "remove_scenario")
    assert name not in window.document.session.scenarios
    right_click(box)
    assert "rename_scenario" not in offered(window)  # the base keeps its name
    put_away(window)
    wait_for_figures(qtbot, window)


def test_several_services_are_removed_by_number_and_copied_one_at_a_time(window):
    services = [("services", int(i)) for i in window.document.session.district.services.ids[:3]]
    window.state.set(selected=services[0], also=tuple(services[1:]))
    window.pointing.open_menu(services[1], window.mapToGlobal(QPoint(400, 300)))
    assert offered(window)["delete"].text() == text("many.remove", count=3)
    assert "copy_service" not in offered(window)
    put_away(window)
    QTest.keyClick(window, Qt.Key.Key_D, Control)
    assert window.stage.messages.shown[-1].words == text("hint.copy_one", count=3)
    assert not window.state.seen.armed


def test_a_step_of_the_history_offers_what_is_true_of_it(qtbot, window):
    services = window.document.session.district.services
    for service in services.ids[:4]:
        window.document.do("history.remove", RemoveService(int(service)))
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Z, Control)
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    steps, go = window.history.panel.list, text("menu.go_to_step")
    wanted = [{go}, {go, "redo"}, {"undo"}, {go}, {go}]  # the latest at the top, the base below
    assert steps.count() == len(wanted)
    for row, only in enumerate(wanted):
        right_click(steps.viewport(), steps.visualItemRect(steps.item(row)).center())
        assert {go, "undo", "redo"} & set(offered(window)) == only
        put_away(window)
    wait_for_figures(qtbot, window)


def test_a_long_step_of_the_history_keeps_its_note(qtbot, window):
    services = window.document.session.district.services
    service = int(services.ids[0])
    window.document.do("history.change", ChangeService(service, {"name": "Long name " * 8}))
    QTest.keyClick(window, Qt.Key.Key_Z, Control)
    QTest.keyClick(window, Qt.Key.Key_Y, Control)
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    steps = window.history.panel.list
    assert not steps.horizontalScrollBar().isVisible()
    option = QStyleOptionViewItem()
    steps.initViewItemOption(option)
    option.rect = steps.visualItemRect(steps.item(0))
    steps.itemDelegate().initStyleOption(option, steps.indexFromItem(steps.item(0)))
    assert option.text.endswith(text("history_list.now"))
    assert "…" in option.text
    assert option.fontMetrics.horizontalAdvance(option.text) < steps.viewport().width()
    wait_for_figures(qtbot, window)


def test_a_step_of_the_history_is_gone_to_or_looked_at(qtbot, planned):
    window = planned
    services = window.document.session.district.services
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    steps = window.history.panel.list
    window.document.do("history.remove", RemoveService(int(services.ids[0])))
    wait_for_figures(qtbot, window)
    place = steps.visualItemRect(steps.item(1)).center()
    right_click(steps.viewport(), place)
    assert steps.currentRow() == 1
    assert len(window.document.session.history) == 2  # nothing is done before it is chosen
    choose(window, text("menu.go_to_step"))
    assert len(window.document.session.history) == 1
    wait_for_figures(qtbot, window)
    right_click(steps.viewport(), place)
    assert "undo" in offered(window)
    put_away(window)


def test_what_a_step_changed_is_zoomed_to(qtbot, window):
    place_one(window)
    wait_for_figures(qtbot, window)
    made = window.state.seen.selected
    window.state.set(selected=None)
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    steps = window.history.panel.list
    QTest.keyClick(steps, Qt.Key.Key_F10, Shift)
    choose(window, text("menu.zoom_changed"))
    assert window.state.seen.selected == made


def place_one(window) -> None:
    site = int(window.document.session.district.sites.ids[0])
    window.hand.arm("canteen")
    window.hand.on_asked("place_on_site", site)


def test_a_layer_is_shown_alone_and_all_of_them_again(qtbot, window):
    row = window.layers.row("buildings")
    right_click(row)
    assert "show_layers" not in offered(window)
    choose(window, text("layers.only"))
    hidden = window.state.seen.hidden
    assert "services" in hidden
    assert "buildings" not in hidden
    right_click(row)
    choose(window, "show_layers")
    assert not window.state.seen.hidden
    right_click(row)
    choose(window, text("menu.layer_table"))
    qtbot.waitUntil(lambda: window.tabling.panel.model.table is not None)
    assert window.tabling.panel.model.table.role == "buildings"
    right_click(row)
    choose(window, text("layers.hide"))
    assert window.state.seen.hidden == {"buildings"}


def fits(types: str) -> bool:
    return "canteen" in types.split(",")


def all_ids(model) -> list[int]:
    return model.ids(list(range(model.rowCount())))


def test_a_kind_of_service_is_looked_at_and_listed(qtbot, window):
    row = window.palette_.row("canteen")
    right_click(row)
    assert not window.state.seen.armed
    choose(window, text("legend.walk", name=type_name("canteen")))
    assert window.state.seen.colour_by.service_type == "canteen"
    right_click(row)
    choose(window, text("menu.list_type"))
    services = window.document.session.district.services
    wanted = [id_ for id_, of in zip(services.ids, services["types"], strict=True) if fits(of)]
    model = window.tabling.panel.model
    listed = partial(all_ids, model)
    qtbot.waitUntil(lambda: model.table is services and listed() == wanted, timeout=20_000)
    right_click(row)
    choose(window, text("chooser.place", name=type_name("canteen")))
    assert window.state.seen.armed == "canteen"


def test_what_was_found_has_its_menu_and_the_search_stays_until_something_is_chosen(qtbot, window):
    services = window.document.session.district.services
    id_ = next(int(i) for i, name in zip(services.ids, services["name"], strict=True) if name)
    name = str(services["name"][services.row_of(id_)])
    QTest.keyClick(window, Qt.Key.Key_F, Control)
    found = window.finder.chooser
    found.field.setText(name)
    wanted = ("services", id_)
    qtbot.waitUntil(lambda: wanted in [e.value for e in found.entries], timeout=20_000)
    row = found.list.model().index([e.value for e in found.entries].index(wanted), 0)
    found.list.scrollTo(row)
    for chosen in ("", "by keys", "show_in_table"):
        if chosen == "by keys":
            QTest.keyClick(found.field, Qt.Key.Key_F10, Shift)
        else:
            right_click(found.list.viewport(), found.list.visualRect(row).center())
        assert window.state.seen.selected == wanted
        assert {"zoom", "copy_service", "delete", "show_in_table"} <= set(offered(window))
        if chosen == "show_in_table":
            choose(window, chosen)
        else:
            put_away(window)
            assert found.isVisible()
    assert not found.isVisible()
    assert window.tabling.panel.isVisible()


def test_a_stop_of_the_story_is_gone_to_and_removed(qtbot, window):
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_B, Control)
        window.stage.viewport.zoom_to(*window.stage.viewport.camera.focus[:2], 90.0)
        qtbot.waitUntil(lambda: window.stage.viewport._flight is None)
    window.workshop.edit_story()
    listed = window.workshop.editor.list
    right_click(listed.viewport(), listed.visualItemRect(listed.item(0, 0)).center())
    choose(window, text("menu.fly_there"))
    qtbot.waitUntil(lambda: window.stage.viewport._flight is None)
    assert window.stage.viewport.camera == window.document.views[0].camera()
    kept = window.document.views[1]
    right_click(listed.viewport(), listed.visualItemRect(listed.item(0, 0)).center())
    choose(window, text("workshop.remove_stop"))
    assert window.document.views == (kept,)
    window.workshop.editor.close()


def test_a_finding_offers_what_its_feature_does(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_E, Control)
    tree = window.findChild(ProblemsPanel).tree
    lines = tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    line = next(one for one in lines if one.data(0, Qt.ItemDataRole.UserRole))
    tree.scrollToItem(line)
    right_click(tree.viewport(), tree.visualItemRect(line).center())
    assert window.state.seen.selected in line.data(0, Qt.ItemDataRole.UserRole)
    assert {"zoom", "show_in_table"} <= set(offered(window))
    choose(window, text("menu.copy_row"))
    assert clipboard() == line.text(0)
    window.findChild(ProblemsPanel).close()


def test_beside_each_other_a_right_click_looks_and_edits_nothing(qtbot, planned):
    board = opened(qtbot, planned)
    pane = board.panes[1]
    right_click(pane._name)
    assert list(offered(planned)) == [text("beside.take"), "compare"]
    put_away(planned)
    home = int(planned.document.assessment.origins.building_id[0])
    pane.view.context_requested.emit(("buildings", home), pane.mapToGlobal(QPoint(60, 90)))
    assert list(offered(planned)) == [text("beside.take"), "zoom", "compare"]
    choose(planned, text("beside.take"))
    assert planned.beside.board is None


def test_what_a_spreadsheet_would_calculate_is_copied_as_text():
    line = as_line(["=1+1", "-3.5", "+86 10", "a\tb\nc", "1,200"])
    assert line == "'=1+1\t-3.5\t'+86 10\ta b c\t1,200"


def test_a_community_is_gone_to_and_what_is_selected_has_its_menu_in_its_page(qtbot, window):
    click(window.score._segments._buttons["communities"])
    right_click(window.score._rows._rows[0])
    choose(window, text("action.zoom"))
    role, community = window.state.seen.selected
    assert role == "communities"
    assert community in window.document.session.district.communities.ids
    right_click(window.inspector, QPoint(8, window.inspector.height() - 8))
    assert {"zoom", "show_in_table", "copy_row"} <= set(offered(window))
    put_away(window)


def test_words_that_are_marked_are_copied_before_the_rows_of_what_is_selected(qtbot, window):
    home = int(window.document.assessment.origins.building_id[0])
    window.state.set(selected=("buildings", home))
    title = window.inspector.page._title
    click(title)
    title.setSelection(0, 4)
    QTest.keyClick(title, Qt.Key.Key_C, Control)
    assert clipboard() == title.text()[:4]
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_C, Control)
    assert str(home) in clipboard().split("\n")[1].split("\t")


def test_a_menu_of_rows_speaks_the_language_in_use(window):
    QTest.keyClick(window, Qt.Key.Key_L, Control)
    right_click(window.layers.row("streets"))
    words = [action.text() for action in window.offers.menu.actions()]
    assert text("layers.only", "zh_CN") in words
    assert isinstance(window.offers.menu, QMenu)
    put_away(window)
