"""The window itself: languages, themes, scenarios, files, what goes wrong, what is remembered."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QDesktopServices, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QLabel, QWidget

from gui import app, files, theme
from gui.files import Loaded
from gui.overlay import digit_ink
from gui.panels.bars import BarRow
from gui.scene import style
from gui.scene.pins import looks
from gui.settings import Settings
from gui.view_state import ColourBy
from gui.window import Window
from layers.schema import AGE_BANDS
from tests.gui.conftest import PATIENCE_MS, choose, click, close, open_place, wait_for_figures
from twin.language import language, text
from twin.model.edits import PlaceService, RemoveService
from twin.projects.project import open_project

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def shown_texts(window) -> list[str]:
    """Return what labels, buttons and tooltips of the panels say."""
    said = []
    for panel in (window.header, window.palette_, window.layers, window.score, window.footer):
        for widget in panel.findChildren(QWidget):
            if isinstance(widget, (QLabel, QAbstractButton)):
                said += [widget.text(), widget.toolTip(), widget.accessibleName()]
    return [words for words in said if words]


def test_the_language_changes_everywhere_at_once(qtbot, window):
    assert text("score.requirements") in shown_texts(window)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert language() == "zh_CN"
    said = shown_texts(window)
    assert "配置要求" in said
    english = [words for words in said if words.isascii() and re.search("[a-z]{4}", words)]
    allowed = ("Sample district", "English")  # the district's own name, and the way back
    assert [words for words in english if not words.startswith(allowed)] == []
    assert Settings().language == "zh_CN"
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    names = {row.accessibleName() for row in window.palette_.findChildren(QAbstractButton)}
    assert not [name for name in names if CHINESE.search(name)]


def test_fonts_and_the_words_of_qt_follow_the_language(window):
    """Punctuation of Chinese is full width, and Qt's own buttons speak Chinese too."""

    def narrow() -> list[str]:
        labels = window.findChildren(QLabel) + window.findChildren(QAbstractButton)
        return [label.text() for label in labels if b"pwid" in tags(label)]

    def tags(widget: QWidget) -> list[bytes]:
        return [bytes(tag.toString()) for tag in widget.font().featureTags()]

    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        return box.button(QDialogButtonBox.StandardButton.Cancel).text()

    assert narrow() != []
    assert "Cancel" in cancel()
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert narrow() == []
    assert cancel() == "取消"
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert narrow() != []
    assert "Cancel" in cancel()


def test_the_theme_changes_at_once_and_is_remembered(window):
    before = window.grab().toImage().pixelColor(4, 300).lightnessF()
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    after = window.grab().toImage().pixelColor(4, 300).lightnessF()
    assert before > 0.8
    assert after < 0.2
    assert Settings().theme == "dark"
    assert window.stage.viewport is not None


@pytest.mark.parametrize("use", [theme.LIGHT, theme.DARK], ids=lambda use: use.name)
def test_every_text_colour_can_be_read_on_every_ground(use):
    grounds = ("paper", "panel", "raised", "hover", "pressed")
    pairs = [(ink, ground) for ink in ("ink", "ink_soft") for ground in grounds]
    pairs += [(tone, "panel") for tone in ("accent", "gain", "loss", "warning", "error")]
    pairs += [(tone, "pressed") for tone in ("gain", "loss", "warning")]
    pairs += [("on_accent", "accent"), ("on_shade", "shade"), ("accent", "accent_wash")]
    pairs += [("warning", "warning_wash"), ("error", "error_wash"), ("ink", "accent_wash")]
    # A chosen row says its details softly, a row under the pointer says its figures in their tones,
    # a link under the pointer or with the keyboard stands on a panel, a list or a field.
    pairs += [("ink_soft", "accent_wash"), ("accent", "raised"), ("accent", "hover")]
    tones = ("gain", "loss", "warning", "error")
    pairs += [(tone, ground) for tone in tones for ground in ("raised", "hover")]
    low = {
        pair: round(found, 2)
        for pair in pairs
        if (found := contrast(getattr(use, pair[0]), getattr(use, pair[1]))) < 4.5
    }
    assert low == {}


@pytest.mark.parametrize("use", [theme.LIGHT, theme.DARK], ids=lambda use: use.name)
def test_whatever_the_style_sheet_paints_on_a_ground_of_its_own_can_be_read(use):
    sheet = (Path(theme.__file__).parent / "window.css").read_text(encoding="utf-8")
    judged = 0
    for selector, looks_of in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        ink = re.search(r"(?<![-\w])color: \$(\w+)", looks_of)
        ground = re.search(r"background: \$(\w+)", looks_of)
        if ink and ground and ":disabled" not in selector:
            judged += 1
            found = contrast(getattr(use, ink[1]), getattr(use, ground[1]))
            assert found >= 4.5, selector.strip()
    assert judged >= 5


@pytest.mark.parametrize("tones", [style.LIGHT, style.DARK], ids=lambda tones: tones.theme)
def test_counts_on_glyphs_can_be_read_on_every_colour(tones):
    for look in looks():
        assert contrast(digit_ink(look.colour, tones), look.colour) >= 4.5, look


@pytest.mark.parametrize("use", [theme.LIGHT, theme.DARK], ids=lambda use: use.name)
def test_what_qt_paints_by_its_palette_can_be_read(use, qapp):
    theme.apply_theme(qapp, use.name)
    role, palette = QPalette.ColorRole, qapp.palette()
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
        (role.Link, role.Base),
    ]
    for ink, ground in pairs:
        found = contrast(palette.color(ink).name(), palette.color(ground).name())
        assert found >= 4.5, (ink, ground)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.1."""

    def luminance(name: str) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in QColor(name).getRgbF()[:3]
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_scenarios_are_copied_named_switched_and_put_back(qtbot, window):
    session = window.document.session
    window.actions_.by_name["new_scenario"].trigger()
    field = window.header._field
    assert field.text() == text("header.plan", number=1)
    field.selectAll()
    QTest.keyClicks(field, "North")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.scenario == "North"
    service = int(session.district.services.ids[0])
    window.document.do("history.remove", RemoveService(service))
    wait_for_figures(qtbot, window)
    changed = window.document.assessment.full_circle.covered
    choose(window.header._scenario, "base")
    assert session.scenario == "base"
    wait_for_figures(qtbot, window)
    assert not window.actions_.by_name["remove_scenario"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert session.scenario == "North"
    window.actions_.by_name["remove_scenario"].trigger()
    assert session.scenarios == ("base",)
    click(window.stage.messages.shown[-1].buttons[0])
    assert session.edits_of("North") == (RemoveService(service),)
    wait_for_figures(qtbot, window)
    assert window.document.assessment.full_circle.covered == changed
    window.actions_.by_name["new_scenario"].trigger()
    assert field.text() == text("header.copy_of", name="North")
    choose(window.header._scenario, "base")
    for number in (1, 2):  # the second is a copy of the first
        window.actions_.by_name["new_scenario"].trigger()
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert session.scenario == text("header.plan", number=number)


def press(window, key, held=Qt.KeyboardModifier.NoModifier):
    """Press a key as the system does: it goes to what has the keyboard."""
    QTest.keyClick(window.windowHandle(), key, held)


def test_enter_and_escape_end_the_naming_of_a_scenario(qtbot, window):
    session, header = window.document.session, window.header
    window.stage.take_focus()
    at_work = QApplication.focusWidget()
    qtbot.waitUntil(window.isActiveWindow)

    def name(words: str, key: Qt.Key, *begin: object) -> None:
        press(window, *begin)
        assert QApplication.focusWidget() is header._field
        QTest.keyClicks(header._field, words)
        press(window, key)
        assert header._field.isHidden()
        assert header._scenario.isVisible()
        assert QApplication.focusWidget() is at_work

    copy = Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier
    name("Alpha", Qt.Key.Key_Return, *copy)
    assert session.scenarios == ("base", "Alpha")
    name("Beta", Qt.Key.Key_Enter, Qt.Key.Key_F2)
    assert session.scenarios == ("base", "Beta")
    chosen = ("buildings", int(session.district.buildings.ids[0]))
    window.state.set(selected=chosen)
    name("Gamma", Qt.Key.Key_Escape, *copy)
    name("Gamma", Qt.Key.Key_Escape, Qt.Key.Key_F2)
    assert session.scenarios == ("base", "Beta")
    assert window.state.seen.selected == chosen  # Esc was the field's


def test_a_scenario_that_is_put_back_has_its_steps(qtbot, window):
    session = window.document.session
    first, second, third = (int(i) for i in session.district.services.ids[:3])
    for service in (first, second, third):
        window.document.do("history.remove", RemoveService(service))
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    name, done, undone = session.scenario, session.history, session.undone
    window.actions_.by_name["remove_scenario"].trigger()
    click(window.stage.messages.shown[-1].buttons[0])
    assert (session.scenario, session.history, session.undone) == (name, done, undone)
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.edits_of(name) == (RemoveService(first),)
    wait_for_figures(qtbot, window)


@pytest.mark.parametrize("name", ["Base", "base ", "BASE", "现状"])
def test_no_scenario_is_named_as_the_base_is_shown(window, name):
    window.stage.take_focus()
    press(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    window.header._field.setText(name)  # Qt's tests type no Chinese
    press(window, Qt.Key.Key_Return)
    assert window.document.session.scenarios == ("base",)
    assert text("error.scenario_name_taken", name=name.strip()) in words_of(window)


def test_a_name_that_is_taken_is_refused_in_words(window):
    window.document.session.copy_scenario("North")
    window.scenarios.ask_to_copy()
    window.scenarios.take_name("North")
    assert text("error.scenario_name_taken", name="North") in words_of(window)


def words_of(window) -> list[str]:
    return [message.words for message in window.stage.messages.shown]


def test_what_is_saved_is_what_opens_again(qtbot, window, open_window, tmp_path):
    click(window.palette_.row("canteen"))
    click(window.stage.viewport, open_place(window))
    wait_for_figures(qtbot, window)
    covered = window.document.assessment.result("canteen").covered
    edits = window.document.session.edits_of(window.document.session.scenario)
    path = tmp_path / "plan.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: not window.document.dirty, timeout=PATIENCE_MS)
    assert text("done.saved", name=path.name) in words_of(window)
    assert open_project(path).scenarios == ((window.document.session.scenario, edits),)
    again = open_window(path)
    wait_for_figures(qtbot, again)
    again.document.session.switch(window.document.session.scenario)
    wait_for_figures(qtbot, again)
    assert again.document.assessment.result("canteen").covered == covered
    assert path in again.settings.recent


@pytest.mark.parametrize("content", [b"not a project", b""])
def test_a_bad_file_is_one_message_and_the_work_stays(qtbot, window, tmp_path, content):
    path = tmp_path / "bad.twin.gpkg"
    path.write_bytes(content)
    standing = window.document
    window.filing.open_paths([path])
    qtbot.waitUntil(lambda: bool(words_of(window)), timeout=PATIENCE_MS)
    (message,) = window.stage.messages.shown
    assert message.kind == "error"
    assert "bad.twin.gpkg" in message.words
    assert "Traceback" not in message.words
    assert window.document is standing
    click(message.buttons[-1])
    assert words_of(window) == []


def test_a_missing_project_at_the_start_offers_the_sample(
    qtbot, quick_sample, open_window, tmp_path
):
    window = open_window(tmp_path / "gone.twin.gpkg")
    qtbot.waitUntil(lambda: len(words_of(window)) == 2, timeout=PATIENCE_MS)
    click(window.stage.messages.shown[-1].buttons[0])
    wait_for_figures(qtbot, window)
    assert window.document.project.name == text("stage.sample")


def test_errors_of_earlier_attempts_go_with_the_next(qtbot, window, tmp_path):
    for name in ("one.twin.gpkg", "two.twin.gpkg"):
        (tmp_path / name).write_text("no project")
        window.filing.open_paths([tmp_path / name])
        qtbot.waitUntil(
            lambda n=name: any(n in words for words in words_of(window)), timeout=PATIENCE_MS
        )
        assert len(words_of(window)) == 1


def test_the_last_project_is_known_as_soon_as_it_is_saved(qtbot, window, tmp_path):
    """Whatever ends the sitting, the next one begins with it."""
    path = tmp_path / "kept.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: Settings().last_project == path, timeout=PATIENCE_MS)


def test_closing_with_unsaved_work_asks_first(qtbot, window):
    service = int(window.document.session.district.services.ids[0])
    window.document.do("history.remove", RemoveService(service))
    window.close()
    QApplication.processEvents()
    assert window.isVisible()
    question = window.filing.question
    assert question is not None
    click(question.escapeButton())
    qtbot.waitUntil(lambda: window.filing.question is None, timeout=5000)
    assert window.isVisible()


def test_work_of_a_sitting_that_crashed_is_offered_back(qtbot, window, open_window, home):
    place = PlaceService(999_001, ("canteen",), *middle_of(window))
    window.document.do("history.place", place)
    covered = wait_for_covered(qtbot, window)
    journals = home / "state" / "journal"
    qtbot.waitUntil(lambda: bool(list(journals.glob("*.json"))), timeout=10_000)
    # A crash: the lock's owner is gone, the file stays.
    left = journals / "sitting-77.json"
    left.write_bytes(next(journals.glob("*.json")).read_bytes())
    again = open_window()
    wait_for_figures(qtbot, again)
    message = again.stage.messages.shown[0]
    click(message.buttons[0])
    qtbot.waitUntil(lambda: again.document.session.scenario != "base", timeout=PATIENCE_MS)
    assert wait_for_covered(qtbot, again) == covered
    assert again.document.session.edits_of(again.document.session.scenario) == (place,)
    assert again.document.dirty
    assert not left.exists()


def test_owners_and_newer_layers_of_a_sitting_that_crashed_are_told_and_brought_back(
    qtbot, window, open_window, home, tmp_path
):
    document = window.document
    newer = tmp_path / "streets.gpkg"
    document.note(sources=(replace(document.sources[0], owner="规划局"), *document.sources[1:]))
    document.newer = (str(newer),)
    assert document.dirty
    window.filing.recovery.note_work()
    journals = home / "state" / "journal"
    qtbot.waitUntil(lambda: bool(list(journals.glob("*.json"))), timeout=10_000)
    left = journals / "sitting-77.json"
    left.write_bytes(next(journals.glob("*.json")).read_bytes())
    again = open_window()
    wait_for_figures(qtbot, again)
    assert again.document.sources[0].owner != "规划局"
    click(again.stage.messages.shown[0].buttons[0])
    qtbot.waitUntil(lambda: again.document.sources[0].owner == "规划局", timeout=PATIENCE_MS)
    assert again.document.dirty
    assert not left.exists()
    said = [message.words for message in again.stage.messages.shown]
    assert any(newer.name in words for words in said)


def middle_of(window) -> tuple[float, float]:
    point = window.document.session.district.boundary.geometry[0].representative_point()
    return point.x, point.y


def wait_for_covered(qtbot, window) -> float:
    wait_for_figures(qtbot, window)
    return window.document.assessment.result("canteen").covered


def test_another_standard_brings_other_requirements(qtbot, window):
    choose(window.header._standard, "quarter-hour-2021")
    wait_for_figures(qtbot, window)
    assert window.document.assessment.standard.id == "quarter-hour-2021"
    row = next((r for r in window.score._rows._rows if "not assessed" in r.bar.title), None)
    if row is not None:
        click(row)  # what was not assessed is folded
    assert set(window.score._rows._keys) - {"fold"} == {
        r.id for r in window.document.assessment.standard.requirements
    }


def test_opening_a_requirement_colours_the_buildings_by_it(window):
    row = window.score._rows._rows[0]
    wanted = window.document.standard.requirements[0]
    click(row)
    assert window.state.seen.colour_by.service_type == wanted.service_types[0]
    assert window.state.seen.colour_by.unit == wanted.unit
    assert not window.score._rows._explanation.isHidden()
    click(row)
    assert window.score._rows._explanation.isHidden()


@pytest.mark.parametrize("unit", ["m", "min"])
def test_the_legend_says_whose_walk_it_shows_and_in_what(window, unit):
    by = ColourBy("walk", "canteen", unit, "older" if unit == "m" else "adult")
    window.state.set(colour_by=by)
    said = [label.text() for label in window.stage.legend.findChildren(QLabel)]
    assert ("Older adult · metres" if unit == "m" else "Adult · minutes") in said
    assert window.stage.legend._whose.isVisibleTo(window.stage)
    window.state.set(colour_by=ColourBy())
    assert not window.stage.legend._whose.isVisibleTo(window.stage)


def test_residents_that_nobody_counted_are_not_said_to_be_none(
    qtbot, quick_sample, open_window, loaded_sample, monkeypatch
):
    buildings = loaded_sample.project.district.buildings
    nothing = dict.fromkeys((*AGE_BANDS, "residents", "disabled", "dwellings"), np.nan)
    buildings = buildings.with_columns(
        {name: np.full(len(buildings), value) for name, value in nothing.items()}
    )
    district = loaded_sample.project.district.with_table(buildings)
    unknown = Loaded(replace(loaded_sample.project, district=district), loaded_sample.inputs)
    monkeypatch.setattr(files, "load", lambda *_asked: lambda _: unknown)
    window = open_window()
    wait_for_figures(qtbot, window)
    home = int(buildings.ids[buildings["use"] == "residential"][0])
    window.state.set(selected=("buildings", home))
    panels = (window.score, window.inspector)
    words = [label.text() for panel in panels for label in panel.findChildren(QLabel)]
    words += [row.accessibleName() for row in window.score.findChildren(BarRow)]
    words += window.stage.legend._scale.outside
    assert not [line for line in words if re.search("[Nn]obody (of|lives)|0 of 0", line)]
    assert len([line for line in words if "not known" in line]) > 4


@pytest.mark.parametrize("size", [(960, 500), (1024, 700), (1440, 860)])
def test_the_panels_fit_in_small_screens(qtbot, window, size):
    """1920 x 1080 at 200 % leaves 960 x 540, and the system's bar takes some of it."""
    window.resize(*size)
    home = int(window.document.district.buildings.ids[0])
    window.state.set(selected=("buildings", home))
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    for part in (window.left, window.stage, window.right, window.footer, window.header):
        assert window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size()))
    assert window.stage.width() >= 400
    count = window.score._count
    assert count.height() >= count.heightForWidth(count.width())
    for button in window.score._segments.findChildren(QAbstractButton):
        assert button.width() >= button.sizeHint().width()
    window.state.set(selected=("services", int(window.document.district.services.ids[0])))
    room = window.inspector._room
    qtbot.waitUntil(lambda: room.widget().width() <= room.viewport().width())
    row = window.score._rows._rows[0]
    assert row.width() <= window.score._rows.viewport().width()  # its figure is not cut off


def test_layers_are_hidden_and_shown(window):
    click(window.layers.row("trees"))
    assert window.state.seen.hidden == {"trees"}
    click(window.layers.row("trees"))
    assert window.state.seen.hidden == frozenset()


def test_names_are_a_layer_of_the_list_as_any_other(qtbot, window):
    view = window.stage.viewport
    view.picture()
    assert view.labels_drawn
    click(window.layers.row("names"))
    qtbot.waitUntil(lambda: not view.labels_drawn)
    click(window.layers.row("names"))
    qtbot.waitUntil(lambda: bool(view.labels_drawn))


@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_the_report_is_written(qtbot, window, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"report{suffix}"
    window.handing_over.write_report(path)
    qtbot.waitUntil(
        lambda: text("done.written", name=path.name, folder=tmp_path) in words_of(window),
        timeout=PATIENCE_MS,
    )
    (said,) = (m for m in window.stage.messages.shown if path.name in m.words)
    assert not said._timer.isActive()  # it waits for whoever did not wait for the report
    assert path.stat().st_size > 10_000
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    file, folder, close = said.buttons
    click(file)
    click(folder)
    assert opened == [str(path), str(tmp_path)]
    assert said in window.stage.messages.shown  # what is to open it may not be there
    click(close)
    assert said not in window.stage.messages.shown


def test_what_cannot_be_written_is_offered_another_place(qtbot, window, tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    asked = []
    monkeypatch.setattr("gui.handing_over.ask_where", lambda *_: (asked.append(1) or None, ""))
    window.handing_over.write_picture(tmp_path / "there")
    qtbot.waitUntil(lambda: "error" in [m.kind for m in window.stage.messages.shown])
    (said,) = (m for m in window.stage.messages.shown if m.kind == "error")
    click(said.buttons[0])
    assert asked == [1]


def test_the_picture_is_written(qtbot, window, tmp_path):
    path = tmp_path / "view.png"
    window.handing_over.write_picture(path)
    qtbot.waitUntil(lambda: path.exists(), timeout=10_000)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_windows_leave_no_thread(qtbot, quick_sample, open_window):
    before = threading.active_count()
    for _ in range(3):
        window = open_window()
        qtbot.waitUntil(lambda w=window: w.document is not None, timeout=PATIENCE_MS)
        close(window)
    assert threading.active_count() <= before


def test_everything_can_be_reached_by_keyboard(window):
    unreachable = [
        widget
        for widget in window.findChildren(QAbstractButton)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() == Qt.FocusPolicy.NoFocus
    ]
    assert unreachable == []
    nameless = [
        widget
        for widget in window.findChildren(QAbstractButton)
        if widget.isVisible() and not (widget.accessibleName() or widget.text())
    ]
    assert nameless == []


def test_the_palette_is_worked_by_keys_alone(window):
    QTest.keyClick(window, Qt.Key.Key_P)
    row = QApplication.focusWidget()
    assert row is window.palette_.row("elder_day_care")
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert window.state.seen.armed == "elder_day_care"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.state.seen.armed == ""


def test_the_sample_is_read_from_its_files(whole_sample):
    district = whole_sample.project.district
    assert len(district.buildings) > 1000
    assert district.terrain is not None
    assert files.is_project([files.SAMPLE[0]]) is False


def test_the_application_runs_until_its_window_is_closed(qtbot, quick_sample, home, monkeypatch):
    compiling = []  # in a process that would outlast the test
    monkeypatch.setattr("twin.ahead.compiling.warm_aside", lambda: compiling.append(1))

    def close_when_scored() -> None:
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, Window)), None)
        if window is not None and window.document is not None and window.document.current:
            window.close()
        else:
            QTimer.singleShot(50, close_when_scored)

    QTimer.singleShot(0, close_when_scored)
    assert app.run(None) == 0
    assert compiling == [1]


def test_the_picture_for_paper_is_light_in_the_dark_theme(qtbot, window):
    taken = []

    def corner(paper):
        taken.clear()
        window.stage.photograph(taken.append, on_paper=paper)
        qtbot.waitUntil(lambda: bool(taken))
        return taken[0].pixelColor(4, 4).lightnessF()

    light = window.stage.viewport.picture()
    on_screen = corner(False)
    assert taken[0].size() == light.size()
    assert on_screen == pytest.approx(light.pixelColor(4, 4).lightnessF(), abs=0.01)
    window.appearance.set_theme("dark")
    assert corner(True) == pytest.approx(on_screen, abs=0.05)
    assert window.stage.viewport.picture().pixelColor(4, 4).lightnessF() < 0.3


def test_a_picture_of_a_view_that_goes_is_given_up(qtbot, window):
    taken = []
    window.stage.photograph(taken.append)
    window.stage.close_view()
    qtbot.wait(50)
    assert taken == []


@pytest.mark.parametrize("of", ["_scenario", "_standard"])
def test_letters_typed_in_a_list_take_no_tool(qtbot, window, of):
    box = getattr(window.header, of)
    box.setFocus()
    for key in (Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_D):
        QTest.keyClick(box, key)
    assert window.state.seen.mode == "select"
    assert not window.dashboard.is_open
    QTest.keyClick(box, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)  # others are heard
    assert window.tabling.panel is not None
    window.stage.take_focus()
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_L)
    assert window.state.seen.mode == "path"


def test_alt_and_an_arrow_open_a_chooser_and_turn_the_view_elsewhere(qtbot, window):
    box, view = window.header._standard, window.stage.viewport
    box.setFocus()
    heading = view.final_camera.heading_deg
    QTest.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert box.view().isVisible()
    assert view.final_camera.heading_deg == heading
    box.hidePopup()
    window.stage.take_focus()
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert view.final_camera.heading_deg != heading
