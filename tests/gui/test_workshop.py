"""Workshop mode: what the room sees, the story, the timer, polls, and the way back."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableWidget

from gui.panels.messages import Message
from gui.presentation import MINUTES, _is_public
from gui.view_state import ColourBy
from gui.workshop import Poll, polls_from_json, polls_to_json, room_screen
from tests.gui.conftest import click, run_apart, wait_for_figures
from twin.assessment.circle_words import circle_basis
from twin.language import text
from twin.model.catalogues import service_types
from twin.model.edits import RemoveService
from twin.projects.project import open_project

Control = Qt.KeyboardModifier.ControlModifier


def begin(window):
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.workshop.shown is not None
    QApplication.processEvents()
    return window.workshop.shown


def test_one_key_begins_and_one_returns(qtbot, window):
    near = replace(window.stage.viewport.camera, distance=300.0)
    window.stage.viewport.set_camera(near)
    shown = begin(window)
    assert shown.isFullScreen()
    said = [label.text() for label in shown.findChildren(QLabel)]
    assert window.document.project.name in said
    assert shown.view.camera == window.stage.viewport.camera
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert window.workshop.shown is None


def test_targets_are_large_and_type_is_large(window):
    shown = begin(window)
    buttons = [b for b in shown.findChildren(QPushButton) if b.isVisible()]
    assert len(buttons) >= 6
    assert min(button.height() for button in buttons) >= 48
    assert shown._covered.font().pixelSize() >= 60
    window.workshop.close()


def test_the_room_is_told_what_the_figure_rests_on(window):
    """13 of 24 kinds were surveyed: nobody may be told that somebody has all of them."""
    found = circle_basis(window.document.assessment)
    assert 0 < found.surveyed < found.required
    shown = begin(window)
    said = [label.text() for label in shown.findChildren(QLabel) if label.isVisible()]
    told = next(words for words in said if str(found.required) in words)
    assert str(found.surveyed) in told
    assert text("workshop.full_circle") not in told
    if window.document.assessment.full_circle.at_least():
        assert shown._covered.text().startswith("≥")
        assert any(words.startswith("≥ ") and words != shown._covered.text() for words in said)
    window.workshop.close()


@pytest.mark.parametrize("size", [(853, 533), (1093, 614), (1920, 1080)])
def test_small_screens_show_the_figure_and_the_whole_legend(window, size):
    """A laptop's 1280 x 800 at 150 % is the first; names in the view are larger than on a desk."""
    shown = begin(window)
    shown.showNormal()
    shown.resize(*size)
    QTest.qWait(100)
    assert shown._covered.height() >= shown._covered.fontMetrics().height()
    assert shown.view.width() >= 0.55 * size[0]
    assert shown.view.rect().contains(shown.legend.geometry().adjusted(0, 0, 0, -1))
    assert shown.view.type_scale > 1.2
    window.workshop.close()


def test_on_a_small_projector_all_has_room_and_the_legend_leaves_the_view_free(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_B, Control)  # with a story and hands held up it has most
    shown = begin(window)
    shown.showNormal()
    shown.resize(853, 533)
    QTest.qWait(100)  # until it tells as much as finds room
    shown.vote("yes")
    QTest.qWait(100)
    assert (shown.width(), shown.height()) == (853, 533)
    for button in shown.findChildren(QPushButton):
        assert button.visibleRegion().boundingRect() == button.rect()
        assert shown.rect().contains(QRect(button.mapTo(shown, QPoint()), button.size()))
        assert button.height() >= 44  # a finger's width
    legend, view = shown.legend, shown.view
    assert legend.width() * legend.height() < 0.2 * view.width() * view.height()
    assert legend.words.text()
    shown.resize(1920, 1080)
    QTest.qWait(100)
    assert legend.width() > 400
    window.workshop.close()


def test_the_room_is_told_what_the_glyphs_are(qtbot, window):
    """The shape of each family; what is asked about by its own drawing, for the rest are dots."""

    def told():
        return {label.text() for label in legend.shapes.findChildren(QLabel) if label.isVisible()}

    shown = begin(window)
    legend = shown.legend
    shown.showNormal()
    shown.resize(1920, 1080)
    listed = ",".join(window.document.district.services["types"]).split(",")
    kinds = [service_types()[kind] for kind in listed]
    qtbot.waitUntil(lambda: told() - {""} == {kind.family.name for kind in kinds})
    assert shown.view.rect().contains(legend.geometry())
    for label in legend.shapes.findChildren(QLabel):
        assert label.height() >= label.sizeHint().height()
    window.state.set(colour_by=ColourBy("walk", "canteen"))
    qtbot.waitUntil(lambda: told() - {""} == {service_types()["canteen"].name})
    shown.resize(853, 533)  # no room for more than the colours
    qtbot.waitUntil(lambda: not told())
    window.workshop.close()


@pytest.mark.parametrize("size", [(1440, 900), (1366, 860)])
def test_on_a_laptop_no_button_is_cut_however_much_is_told(qtbot, window, size):
    QTest.keyClick(window, Qt.Key.Key_B, Control)
    window.actions_.by_name["story"].trigger()
    write(qtbot, window.workshop.editor.list, 0, 1, "Here the canteen could stand. " * 7)
    window.workshop.editor.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    shown = begin(window)
    shown.showNormal()
    shown.resize(*size)
    for _ in range(2):
        QTest.keyClick(shown, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not shown.view.is_flying)
        shown.vote("yes")
    QTest.qWait(100)
    assert (shown.width(), shown.height()) == size
    assert shown._story.text()
    buttons = [one for one in shown.findChildren(QPushButton) if one.isVisible()]
    assert {one.text() for one in buttons if one.height() < one.sizeHint().height()} == set()
    assert shown._story.height() >= shown._story.heightForWidth(shown._story.width())
    window.workshop.close()


def test_the_room_sees_the_figures_of_the_scenario_and_only_of_enough_people(qtbot, window):
    shown = begin(window)
    service = int(window.document.session.district.services.ids[0])
    window.document.do("history.remove", RemoveService(service))
    wait_for_figures(qtbot, window)
    assert window.document.session.scenario == shown._scenario.text()
    for result in window.document.assessment.results:
        if result.status == "assessed" and 0 < result.total < 10:
            assert not _is_public(result)
    window.workshop.close()


@pytest.mark.parametrize(
    ("covered", "total", "public"),
    [(500.0, 1000.0, True), (4.0, 9.0, False), (3.0, 1000.0, False), (995.0, 1000.0, False)],
)
def test_few_people_are_not_shown(covered, total, public):
    class Figure:
        def __init__(self) -> None:
            self.covered, self.total = covered, total

    assert _is_public(Figure()) is public


def write(qtbot, table: QTableWidget, row: int, column: int, words: str) -> None:
    """Double-click a cell, type and press Enter."""
    place = table.visualItemRect(table.item(row, column)).center()
    click(table.viewport(), place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    field = table.viewport().findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, words)
    with qtbot.waitSignal(field.destroyed):
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_story_is_made_from_nothing_ordered_and_played_to_its_end(qtbot, window):
    view = window.stage.viewport
    middle = window.document.session.district.boundary.geometry[0].centroid
    window.actions_.by_name["story"].trigger()
    editor = window.workshop.editor
    assert not editor.list.isVisible()
    for radius in (80.0, 300.0, 150.0):  # the model is turned while the editor stands beside it
        view.zoom_to(middle.x, middle.y, radius)
        qtbot.waitUntil(lambda: not view.is_flying)
        click(editor.add)
    assert editor.list.rowCount() == 3
    write(qtbot, editor.list, 0, 1, "Here the canteen could stand.")
    write(qtbot, editor.list, 1, 0, "All of it")
    near, far, _ = window.document.views
    assert (near.words, far.name) == ("Here the canteen could stand.", "All of it")
    click(editor.later)  # the second after the third
    assert window.document.views[2] == far
    click(editor.list.viewport(), editor.list.visualItemRect(editor.list.item(1, 0)).center())
    click(editor.remove)
    assert window.document.views == (near, far)
    assert not editor.later.isEnabled(), (editor.list.currentRow(), editor.list.rowCount())
    assert window.document.dirty
    editor.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    shown = begin(window)
    told = ["Here the canteen could stand.", "", "Here the canteen could stand."]
    for stop, words in zip((0, 1, 0), told, strict=True):
        QTest.keyClick(shown, Qt.Key.Key_Space)
        assert shown.stop == stop
        qtbot.waitUntil(lambda: not shown.view.is_flying)
        assert shown.view.camera == window.document.views[stop].camera()
        assert shown._story.text() == words
        assert window.document.views[stop].name in shown._stop_name.text()
    window.workshop.close()


def test_a_view_kept_while_the_room_looks_on_is_a_stop_at_once(qtbot, window):
    shown = begin(window)
    assert shown._stop_name.text() == text("workshop.no_stops")
    assert not shown._ways.isVisible()
    window.activateWindow()  # on its own screen
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_B, Control)
    assert shown._ways.isVisible()
    click(next(b for b in shown.findChildren(QPushButton) if b.text() == text("workshop.next")))
    assert shown.stop == 0
    window.workshop.close()


def test_a_poll_is_recorded_with_the_scenario_and_saved(qtbot, window, tmp_path):
    shown = begin(window)
    shown.question.setText("A canteen here?")
    for answer, count in {"yes": 3, "no": 1}.items():
        for _ in range(count):
            click(shown.answers[answer])
    click(shown.record)
    assert not any(shown.ballot.votes.values())
    said = next(one for one in shown.findChildren(QLabel) if "A canteen here?" in one.text())
    assert said.isVisible()  # the room is told, not only the window behind
    assert "For 3" in said.text()
    click(shown.answers["unsure"])
    assert not said.isVisible()  # the next question
    assert shown.record.isVisible()
    click(shown.back)
    window.workshop.close()
    (poll,) = window.document.polls
    assert (poll.scenario, poll.question) == ("base", "A canteen here?")
    assert poll.votes == {"For": 3, "Against": 1, "Unsure": 0}
    path = tmp_path / "room.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: not window.document.dirty, timeout=20_000)
    assert polls_from_json(open_project(path).settings["polls"]) == (poll,)


def test_the_room_is_spoken_to_in_one_language_throughout(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_B, Control)
    shown = begin(window)
    window.appearance.set_language("zh_CN")
    said = [part.text() for kind in (QLabel, QPushButton) for part in shown.findChildren(kind)]
    said += [shown.windowTitle(), shown.question.placeholderText()]
    said += shown.legend._steps.accessibleName().split(", ")
    words = {
        text(f"workshop.{key}", "en")
        for key in ("next", "back", "return", "record", "take_back", "question", "yes", "no")
    }
    english = [one for one in said for word in words if word in one.split("  ")]
    assert not english
    assert text("workshop.next") in said
    assert text("map_sheet.requirements_met") in shown.legend.words.text()
    window.appearance.set_language("en")
    window.workshop.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_hands_counted_are_kept_on_return_and_can_be_counted_on(qtbot, window, key):
    shown = begin(window)
    QTest.keyClicks(shown.question, "A canteen here?")
    for answer in ("yes", "yes", "yes", "no"):
        click(shown.answers[answer])
    shown.view.setFocus()
    QTest.keyClick(shown.view, key)
    assert window.workshop.shown is None
    (poll,) = window.document.polls
    assert (poll.question, poll.votes) == (
        "A canteen here?",
        {"For": 3, "Against": 1, "Unsure": 0},
    )
    assert window.document.dirty
    told = next(m for m in window.stage.messages.findChildren(Message) if poll.question in m.words)
    count_on = text("workshop.count_on")
    click(next(b for b in told.findChildren(QPushButton) if b.text() == count_on))
    again = window.workshop.shown
    assert not window.document.polls
    assert again.question.text() == "A canteen here?"
    click(again.answers["no"])
    window.workshop.close()
    (poll,) = window.document.polls
    assert poll.votes == {"For": 3, "Against": 2, "Unsure": 0}


def test_hands_that_are_being_counted_are_work_that_is_not_saved(window):
    shown = begin(window)
    click(shown.answers["yes"])
    window.close()
    assert window.filing.question is not None
    (poll,) = window.document.polls
    assert poll.votes["For"] == 1
    window.filing.question.reject()
    window.workshop.close()


def test_a_hand_counted_by_mistake_is_taken_back_and_a_poll_without_words_has_a_number(window):
    shown = begin(window)
    for answer in ("yes", "no", "no"):
        click(shown.answers[answer])
    click(shown.back)
    assert shown.ballot.votes == {"yes": 1, "no": 1, "unsure": 0}
    click(shown.record)
    window.workshop.close()
    (poll,) = window.document.polls
    assert poll.question == "Question 1"
    assert poll.votes == {"For": 1, "Against": 1, "Unsure": 0}


def test_type_grows_with_the_screen(window):
    """At ten metres a letter of 2.8 % of a picture two metres high is 19 minutes of arc."""
    shown = begin(window)
    shown.showNormal()
    for width, height in ((1920, 1080), (3840, 2160)):
        shown.resize(width, height)
        QTest.qWait(100)
        assert shown.view.type_scale > 1.4 * height / 720
        for label in (shown._of, shown._title, shown.legend.words, *shown.answers.values()):
            assert label.fontInfo().pixelSize() >= 0.027 * height, label.text()
        assert shown.view.width() >= 0.55 * width
    window.workshop.close()


def test_the_timer_counts_down_and_holds(qtbot, window):
    shown = begin(window)
    QTest.keyClick(shown, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: shown.seconds < MINUTES * 60, timeout=5000)
    QTest.keyClick(shown, Qt.Key.Key_T)
    held = shown.seconds
    QTest.qWait(1200)
    assert shown.seconds == held
    window.workshop.close()


def test_polls_come_back_from_json_and_what_is_none_is_passed_over():
    poll = Poll("base", "?", {"For": 2}, "2026-11-22T10:00+08:00")
    assert polls_from_json(polls_to_json([poll])) == (poll,)
    assert polls_from_json([1, {"votes": 3}, {"question": "x"}]) == ()


def test_the_room_has_the_largest_other_screen_or_else_the_one_there_is():
    def screen(width, height, ratio=1.0):
        size = QRect(0, 0, width, height)
        return SimpleNamespace(geometry=lambda: size, devicePixelRatio=lambda: ratio)

    own, small, projector = screen(1920, 1080), screen(800, 600), screen(1280, 800)
    sharp = screen(1280, 800, 2.0)
    assert room_screen(own, [own]) is own
    assert room_screen(own, []) is own
    assert room_screen(own, [own, small, projector]) is projector
    assert room_screen(own, [sharp, own, projector]) is sharp


def test_the_room_comes_over_when_its_screen_goes(qtbot, window):
    shown = begin(window)
    shown.question.setText("Where?")
    QApplication.instance().screenRemoved.emit(window.screen())
    assert window.workshop.shown is shown
    assert shown.isFullScreen()
    assert shown.question.text() == "Where?"
    window.workshop.close()


_TWO_SCREENS = """
from PySide6.QtWidgets import QApplication
from gui import app as application
from gui.settings import Settings
from gui.window import Window
app, settings = application.application(), Settings()
settings.toured = True
application.dress(app, settings)
window = Window(settings)
window.show()
window.begin(None)
while not (window.document and window.document.current and window.stage.viewport):
    app.processEvents()
window.actions_.by_name["workshop"].trigger()
shown = window.workshop.shown
app.processEvents()
assert shown.screen().name() == "projector", shown.screen().name()
assert shown.geometry() == shown.screen().geometry()
assert window.screen().name() == "desk"
window.stage.viewport.set_camera(window.stage.viewport.scene.home(90.0))
assert shown.view.camera == window.stage.viewport.camera

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
desk = window.workshop.desk
assert desk.isVisible()
for kind in (QPushButton, QLineEdit):
    assert not [one for one in shown.findChildren(kind) if one.isVisible()]
def said():
    return [label.text() for label in shown.findChildren(QLabel) if label.isVisible()]
desk.question.setFocus()
QTest.keyClicks(desk.question, "A canteen here?")
assert not any("A canteen" in words for words in said())  # not while it is typed
QTest.keyClick(desk.question, Qt.Key.Key_Return)
assert any("A canteen here?" in words for words in said())
left = Qt.MouseButton.LeftButton
for answer in ("yes", "yes", "no"):
    QTest.mouseClick(desk.answers[answer], left)
QTest.mouseClick(desk.take_back, left)
assert any("For  2" in words and "Against  0" in words for words in said()), said()
QTest.mouseClick(desk.timer, left)
assert desk.timer.text().startswith("❚❚")
assert any(words.endswith("5:00") or words.endswith("4:59") for words in said())
QTest.mouseClick(desk.record, left)
(poll,) = window.document.polls
assert (poll.question, poll.votes["For"], poll.votes["Against"]) == ("A canteen here?", 2, 0)
assert any("A canteen here?" in words for words in said())  # that it is kept
assert desk.question.text() == ""
window.actions_.by_name["keep_view"].trigger()
QTest.mouseClick(desk.next, left)
assert shown.stop == 0

app.screenRemoved.emit(shown.screen())
app.processEvents()
assert shown.screen().name() == "desk"
assert window.workshop.desk is None
assert [b for b in shown.findChildren(QPushButton) if b.isVisible()]
shown.left.emit()
window.filing.give_up()
window.close()
print("came over")
"""


@pytest.mark.long
def test_on_two_screens_the_room_has_its_own_and_follows(tmp_path):
    screens = [
        {"name": "desk", "x": 0, "y": 0, "width": 1280, "height": 800, "logicalDpi": 96, "dpr": 1},
        {"name": "projector", "x": 1280, "y": 0, "width": 1024, "height": 768, "dpr": 1},
    ]
    told = tmp_path / "screens.json"
    told.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    screen = f"offscreen:configfile={told}"
    assert "came over" in run_apart(_TWO_SCREENS, home=tmp_path, QT_QPA_PLATFORM=screen)


def test_the_room_sees_all_of_the_district_beside_the_legend(qtbot, window):
    main = window.stage.viewport
    main.set_camera(main.scene.home(40.0))
    shown = begin(window)
    qtbot.waitUntil(lambda: not shown.view._unseen)
    scene, legend = shown.view.scene, shown.legend.geometry()
    assert scene.shows_all
    assert scene.camera.heading_deg == 40.0
    pixels, _ = scene.project(scene._outline())
    inside = [legend.contains(round(x), round(y)) for x, y in pixels.tolist()]
    assert not any(inside)
    window.workshop.close()
