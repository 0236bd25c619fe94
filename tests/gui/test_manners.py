"""House manners: settings, keys, help, the tour, recent projects, versions and the log."""

from __future__ import annotations

import re
import sys

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWhatsThis, QWidget

from gui import app, files
from gui.actions import SPECS
from gui.dialogs.about import log_path, versions
from gui.dialogs.guide import GUIDE, PAGES, GuideWindow
from gui.dialogs.recent import RecentProjects
from gui.keeping import THUMBNAIL, thumbnail_path
from gui.panels.parts import HelpButton
from gui.scene import style
from gui.settings import Settings
from gui.tour import STEPS
from tests.gui.conftest import PATIENCE_MS, choose, click, open_place, wait_for_figures
from tests.gui.test_window import contrast
from twin.language import language, text

Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def open_settings(window):
    QTest.keyClick(window, Qt.Key.Key_Comma, Control)
    return window.keeping.dialog


def test_each_setting_holds_at_once_and_is_remembered(window):
    dialog = open_settings(window)
    for name, value in {"theme": "dark", "navigation": "blender", "quality": "fast"}.items():
        choose(dialog.boxes[name], value)
        assert getattr(Settings(), name) == value
    assert window.grab().toImage().pixelColor(4, 300).lightnessF() < 0.2
    assert window.stage.viewport.navigation.left_selects
    choose(dialog.boxes["autosave"], "5")
    assert Settings().autosave == 5
    assert window.keeping._autosave.interval() == 5 * 60_000
    window.keeping.set_autosave("0")
    choose(dialog.boxes["standard"], "quarter-hour-2021")
    assert window.document.standard.id == "quarter-hour-2021"
    dialog.close()


def test_the_language_of_the_settings_is_theirs_too(window):
    choose(open_settings(window).boxes["language"], "zh_CN")
    assert language() == "zh_CN"
    assert window.keeping.dialog is not None
    titles = [w.windowTitle() for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert "设置" in titles
    for widget in QApplication.topLevelWidgets():
        if widget.windowTitle() == "设置":
            widget.close()


def test_keys_are_changed_taken_and_put_back(window):
    dialog = open_settings(window)
    click(next(b for b in dialog.findChildren(QPushButton) if b.text() == text("settings.keys")))
    page = dialog.keys
    field = page.fields["plan"]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_M)
    actions = window.actions_.by_name
    assert actions["plan"].shortcut() == QKeySequence("M")
    assert actions["tool_measure"].shortcut().isEmpty()
    assert actions["tool_measure"].text() in page.said.text()
    assert Settings().shortcuts == {"plan": "M", "tool_measure": ""}
    click(page.reset)
    assert actions["tool_measure"].shortcut() == QKeySequence("M")
    asked = {one.findChild(QLineEdit).placeholderText() for one in page.fields.values()}
    assert asked == {text("settings.keys_press")}  # not the toolkit's own words
    window.keeping.dialog.close()


def test_no_two_actions_have_the_same_keys():
    taken = [keys for spec in SPECS.values() for keys in spec.keys]
    assert len(taken) == len(set(taken))


def test_the_cheat_sheet_lists_every_key(window):
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Question)
    said = [label.text() for label in window.keeping.dialog.findChildren(QLabel)]
    for name, spec in SPECS.items():
        if spec.keys:
            assert window.actions_.by_name[name].text().rstrip("…") in said
            assert any(window.actions_.by_name[name].shortcut().toString() in s for s in said)
    window.keeping.dialog.close()


def test_the_about_box_gives_versions_to_copy_and_the_log(window):
    window.actions_.by_name["about"].trigger()
    box = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == text("about.title"))
    click(box.copy)
    assert "PySide6-Essentials 6." in QGuiApplication.clipboard().text()
    assert versions()["vtk"] in QGuiApplication.clipboard().text()
    assert any(str(log_path()) == label.text() for label in box.findChildren(QLabel))
    box.close()


@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_the_guide_is_read_beside_the_work_and_offline(qtbot, window, spoken):
    window.appearance.set_language(spoken)
    QTest.keyClick(window, Qt.Key.Key_F1)
    guide = window.findChild(GuideWindow)
    source = (GUIDE / PAGES[spoken]).read_text(encoding="utf-8")
    chapters = re.findall(r"^## (.+)$", source, re.M)
    assert [guide.chapters.item(i).text() for i in range(guide.chapters.count())] == chapters
    page = guide.page
    assert page.verticalScrollBar().value() == 0
    guide.chapters.setFocus()
    QTest.keyClick(guide.chapters, Qt.Key.Key_Down)
    QTest.keyClick(guide.chapters, Qt.Key.Key_Down)
    at_top = page.cursorForPosition(QPoint(30, 20)).block().text()
    assert at_top == chapters[2]
    pictures = len(re.findall(r"^!\[", source, re.M))
    shown = page.toHtml().count("<img")
    assert shown == pictures > 5
    picture = QUrl(f"pictures/{spoken[:2]}/1-window.png")

    def seen() -> QImage:
        return page.document().resource(2, picture)

    qtbot.waitUntil(lambda: seen().pixelColor(seen().rect().center()).alpha() == 255)
    before = seen().size()
    assert before.height() > 200  # read, not the sign for one that is missing
    guide.resize(guide.width() - 200, guide.height())
    qtbot.waitUntil(lambda: seen().width() < before.width() and not page._wanted)
    assert seen().pixelColor(seen().rect().center()).alpha() == 255
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.findChildren(GuideWindow) == [guide]
    guide.close()


def test_every_panel_says_what_it_is_for(qtbot, window):
    window.state.set(selected=("services", int(window.document.session.district.services.ids[0])))
    for name in ("dashboard", "table", "sun", "history", "when"):
        keys = window.actions_.by_name[name].shortcut()[0]
        QTest.keyClick(window.stage, keys.key(), keys.keyboardModifiers())
    panels = {
        "palette": window.palette_,
        "layers": window.layers,
        "inspector": window.inspector,
        "score": window.score,
        "dashboard": window.dashboard.drawer,
        "table": window.tabling.panel,
        "sun": window.sun,
        "history": window.history.panel,
        "when": window.looking.card,
    }
    for name, panel in panels.items():
        if panel.isHidden():  # the latest of those that share a place is shown
            keys = window.actions_.by_name[name].shortcut()[0]
            QTest.keyClick(window.stage, keys.key(), keys.keyboardModifiers())
        (button,) = (b for b in panel.findChildren(HelpButton) if b.isVisible())
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        before = QApplication.topLevelWidgets()
        click(button)
        shown = [w for w in QApplication.topLevelWidgets() if w not in before and w.isVisible()]
        assert len(shown) == 1, name
        assert len(text(f"help.{name}")) > 40
        QWhatsThis.hideText()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not window.dashboard.drawer.updating, timeout=PATIENCE_MS)


def test_a_saved_project_stands_among_the_recent_with_its_picture(qtbot, window, tmp_path):
    path = tmp_path / "north.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: thumbnail_path(path).exists(), timeout=20_000)
    QTest.keyClick(window, Qt.Key.Key_O, Control | Qt.KeyboardModifier.ShiftModifier)
    listed = window.keeping.dialog.list
    assert [listed.item(row).text() for row in range(listed.count())] == ["north"]
    size = listed.item(0).icon().availableSizes()[0]
    assert size.width() >= THUMBNAIL[0] or size.height() >= THUMBNAIL[1]
    before = window.document
    click(listed.viewport(), listed.visualItemRect(listed.item(0)).center())
    qtbot.waitUntil(lambda: window.document is not before, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    assert window.document.project.path == path
    assert not any(one.isVisible() for one in window.findChildren(RecentProjects))


@pytest.mark.parametrize("size", [(960, 540), (1200, 700)])
def test_the_tour_leaves_the_legend_in_sight(qtbot, window, size):
    window.resize(*size)
    window.tour.begin()
    stage = window.stage
    for _step in STEPS[:-1]:
        QTest.qWait(50)
        card = window.tour.card.geometry()
        assert stage.rect().contains(card)
        for other in (stage.legend, stage._buttons):
            assert not (card & other.geometry()).isValid(), (card, other.geometry())
        click(window.tour.card.next)


def turn_by_drag(window) -> None:
    view = window.stage.viewport
    middle = view.rect().center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for step in range(1, 6):
        QTest.mouseMove(view, middle + QPoint(12 * step, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))


def turn_by_cube(window) -> None:
    view = window.stage.viewport
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.compass().toPoint())


def turn_by_key(window) -> None:
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_BracketLeft)


@pytest.mark.parametrize("turn", [turn_by_drag, turn_by_cube, turn_by_key])
def test_the_tour_begins_with_turning_the_view_which_the_hand_alone_does(qtbot, window, turn):
    window.tour.begin()
    view = window.stage.viewport
    view.look_over(view.camera)
    view.home()
    qtbot.waitUntil(lambda: not view.is_flying)
    assert window.tour.step == 0
    turn(window)
    assert window.tour.step == 1


@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_every_step_of_the_tour_can_be_read_whole(qtbot, window, spoken):
    window.appearance.set_language(spoken)
    window.tour.begin()
    card = window.tour.card
    for _step in STEPS:
        qtbot.wait(20)
        for label in (card.title, card.words):
            assert label.height() >= label.heightForWidth(label.width())
        assert window.stage.rect().contains(card.geometry())
        click(card.next)
    window.appearance.set_language("en")


def test_the_tour_is_done_by_doing_it(qtbot, window):
    window.settings.toured = False
    window.tour.offer()
    card = window.tour.card
    assert card.isVisible()
    assert text("tour.count", number=1, count=len(STEPS)) == card._count.text()
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_BracketLeft)
    assert window.tour.step == 1
    click(window.score._rows._rows[0])
    assert window.tour.step == 2
    click(window.palette_.row("canteen"))
    assert window.tour.step == 3
    click(window.stage.viewport, open_place(window))
    wait_for_figures(qtbot, window)
    assert window.tour.step == 4
    click(card.next)
    assert not card.isVisible()
    assert Settings().toured
    window.tour.offer()
    assert not card.isVisible()


def test_the_tour_comes_at_the_first_start_and_is_skipped_for_good(
    qtbot, quick_sample, open_window
):
    Settings().toured = False
    window = open_window()
    wait_for_figures(qtbot, window)
    card = window.tour.card
    assert card is not None
    assert window.stage.rect().contains(card.geometry())
    QTest.qWait(300)  # the view makes room for the card before anybody has seen it
    assert window.tour.step == 0
    window.resize(1400, 820)
    QTest.qWait(100)
    assert card.title.text() == text("tour.look_title")
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert Settings().toured


def at_the_tour(window) -> bool:
    return window.tour.card is not None and window.tour.card.isVisible()


def test_the_tour_on_another_project_opens_the_sample_and_offers_the_way_back(
    qtbot, window, tmp_path
):
    path = tmp_path / "own.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: window.document.project.path == path, timeout=20_000)
    window.filing.open_paths([path])
    qtbot.waitUntil(lambda: window.document.inputs == (), timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    window.document.session.copy_scenario("North")
    tour = window.actions_.by_name["tour"]
    tour.trigger()
    qtbot.waitUntil(lambda: window.filing.question is not None, timeout=PATIENCE_MS)
    click(window.filing.question.escapeButton())  # stay with the work
    qtbot.waitUntil(lambda: window.filing.question is None)
    assert window.document.project.path == path
    assert not at_the_tour(window)
    tour.trigger()
    qtbot.waitUntil(lambda: window.filing.question is not None, timeout=PATIENCE_MS)
    save = window.filing.question.defaultButton()
    click(save)
    qtbot.waitUntil(lambda: at_the_tour(window), timeout=PATIENCE_MS)
    assert window.document.inputs == files.SAMPLE
    wait_for_figures(qtbot, window)
    QTest.keyClick(window.tour.card, Qt.Key.Key_Escape)
    last = window.stage.messages.shown[-1]
    assert last.words == text("tour.came_from", name=path.name)
    click(last.buttons[0])
    qtbot.waitUntil(lambda: window.document.project.path == path, timeout=PATIENCE_MS)
    assert "North" in window.document.session.scenarios
    wait_for_figures(qtbot, window)


def test_another_project_that_takes_the_place_of_the_sample_ends_its_tour(qtbot, window, tmp_path):
    path = tmp_path / "own.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: not window.jobs.slots, timeout=20_000)
    window.actions_.by_name["tour"].trigger()
    assert at_the_tour(window)  # at once: it is the sample
    window.filing.open_paths([path])
    qtbot.waitUntil(lambda: window.document.inputs == (), timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    assert not at_the_tour(window)


@pytest.mark.parametrize("minutes", [0, 5])
def test_saving_by_itself_saves_what_has_a_file(qtbot, window, tmp_path, minutes):
    path = tmp_path / "own.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: window.document.project.path == path, timeout=20_000)
    window.keeping.set_autosave(str(minutes))
    assert window.keeping._autosave.isActive() == bool(minutes)
    window.document.session.copy_scenario("North")
    assert window.document.dirty
    window.keeping._save()
    qtbot.waitUntil(lambda: not window.document.dirty, timeout=20_000)
    window.keeping.set_autosave("0")


def test_what_has_the_keyboard_shows_it(window):
    """Each kind of widget looks different with the focus, in the light and in the dark."""
    for theme in ("light", "dark"):
        window.appearance.set_theme(theme)
        for widget in (
            window.palette_.row("canteen"),
            window.layers.row("trees"),
            window.header._menu,
            window.header._standard,
        ):
            window.setFocus()
            QApplication.processEvents()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            assert widget.hasFocus()
            assert widget.grab().toImage() != before, (theme, type(widget).__name__)


@pytest.mark.parametrize("tones", [style.LIGHT, style.DARK], ids=["light", "dark"])
def test_notes_over_the_picture_can_be_read(tones):
    """Ink on the card, labels on their halo, the accent of what the hand holds on the ground."""
    for ink, ground in (("ink", "halo"), ("muted", "halo"), ("ink", "ground")):
        assert contrast(getattr(tones, ink), getattr(tones, ground)) >= 4.5, (ink, ground)
    assert contrast(tones.accent, tones.halo) >= 3.0  # a line, not a text


def test_the_keyboard_goes_round_the_whole_window(window):
    """Tab comes from the header through every panel and back."""
    seen: set[int] = set()
    reached: list[QWidget] = []
    widget: QWidget | None = window.header._menu
    while widget is not None and id(widget) not in seen and len(seen) < 2000:
        seen.add(id(widget))
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.append(widget)
        widget = widget.nextInFocusChain()
    for panel in (window.header, window.toolbar, window.palette_, window.layers, window.score):
        assert any(panel.isAncestorOf(w) for w in reached), panel


def test_what_nobody_foresaw_is_said_and_stands_in_the_log_that_can_be_sent(
    window, tmp_path, monkeypatch, capsys
):
    known = list(app.LOG.handlers)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    app.write_log(tmp_path)
    app.report_to(window)
    try:
        raise ZeroDivisionError("a slip of ours")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    written = [handler for handler in app.LOG.handlers if handler not in known]
    for handler in written:
        app.LOG.removeHandler(handler)
        handler.close()
    log = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert log.index("started: renewal-twin") < log.index("ZeroDivisionError: a slip of ours")
    assert "Traceback" in log
    kinds = [message.kind for message in window.stage.messages.shown]
    assert kinds.count("error") == 1  # what else is told of a slow machine is no concern here
    capsys.readouterr()


def test_settings_turn_by_ctrl_tab_and_windows_beside_the_work_explain_themselves(qtbot, window):
    dialog = open_settings(window)
    shown = dialog.boxes["theme"]
    assert shown.isVisible()
    assert not dialog.keys.isVisible()
    for keys, on_keys in ((Control, True), (Control | Shift, False), (Control, True)):
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        QTest.keyClick(dialog, Qt.Key.Key_Tab if on_keys else Qt.Key.Key_Backtab, keys)
        assert dialog.keys.isVisible() is on_keys
        assert shown.isVisible() is not on_keys
    dialog.close()
    for name in ("settings", "recent_projects", "cheat_sheet", "story"):
        window.actions_.by_name[name].trigger()
        beside = window.workshop.editor if name == "story" else window.keeping.dialog
        (help_,) = beside.findChildren(HelpButton)
        click(help_)
        said = [
            w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QWhatsThat"
        ]
        assert any(one.isVisible() for one in said)
        QWhatsThis.hideText()
        beside.close()


def test_windows_wear_the_programs_own_icon(window):
    for one in (window, open_settings(window)):
        picture = one.windowIcon().pixmap(64, 64).toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(64) for y in range(64)}
        assert {style.LIGHT.accent, "#22568c", "#faf8f4"} <= colours
    assert picture.pixelColor(0, 0).alpha() == 0  # its corners are round
