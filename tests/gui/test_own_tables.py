"""Standards and tables of an office's own, made and used in the window as a planner would."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.own_tables import begin_tables
from gui.settings import Settings
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from tests.twin.test_extension import TYPE
from twin.memo import forget_everything
from twin.model import catalogues
from twin.model.own_data import DATA_VARIABLE, own_folders

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def plain_tables_after(monkeypatch):
    """Leave the tables that come along to the tests that follow."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    yield
    os.environ.pop(DATA_VARIABLE, None)
    catalogues.forget()
    forget_everything()


def open_tables(qtbot, window):
    """Open the dialog by its keys."""
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL_SHIFT)
    qtbot.waitUntil(lambda: window.tables.dialog is not None, timeout=PATIENCE_MS)
    return window.tables.dialog


def settle(qtbot, window):
    """Wait until the tables were read, and the figures are by them."""
    qtbot.waitUntil(lambda: not window.tables.busy, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)


def test_a_standard_is_copied_changed_and_scored_by(qtbot, window, home):
    asked = window.document.standard.requirements[0]
    dialog = open_tables(qtbot, window)
    assert dialog.list.hasFocus() or not dialog.isActiveWindow()
    dialog.select("gb50180-2018")
    click(dialog.copy_button)
    settle(qtbot, window)
    copied = home / "data" / "standards" / "gb50180-2018-own.toml"
    assert str(copied) in dialog.said.text()
    content = copied.read_text(encoding="utf-8")
    limit = f"limit = {asked.limit:g}"
    assert limit in content or f"{limit}.0" in content
    copied.write_text(content.replace(limit, "limit = 1", 1), encoding="utf-8")
    click(dialog.read_button)
    settle(qtbot, window)
    assert [one.whose for one in dialog.rows if one.id == "gb50180-2018-own"] == ["own"]
    before = window.document.assessment.result(asked.id)
    chooser = window.header._standard
    place = chooser.findData("gb50180-2018-own")
    assert "(own" in chooser.itemText(place)
    chooser.setCurrentIndex(place)
    chooser.activated.emit(place)
    wait_for_figures(qtbot, window)
    now = window.document.assessment.result(asked.id)
    assert (now.requirement.limit, before.requirement.limit) == (1.0, asked.limit)
    assert now.covered < before.covered


def test_wrong_tables_are_told_at_the_file_and_right_ones_are_scored_by(qtbot, window, home):
    before = window.document.assessment
    rules = home / "data" / "rules.toml"
    rules.parent.mkdir(parents=True)
    rules.write_text("[access]\nleg_cap_m = 'far'\n", encoding="utf-8")
    dialog = open_tables(qtbot, window)
    click(dialog.read_button)
    settle(qtbot, window)
    told = dialog.said.text()
    assert all(named in told for named in (str(rules), "access", "leg_cap_m"))
    broken = [one for one in dialog.rows if one.error is not None]
    assert [(one.id, one.path) for one in broken] == [("rules", rules)]
    assert window.document.assessment is before  # what was in use still is

    rules.write_text("[access]\nleg_cap_m = 0.001\n", encoding="utf-8")
    (rules.parent / "service_types.toml").write_text(TYPE, encoding="utf-8")
    click(dialog.read_button)
    settle(qtbot, window)
    assert window.tables.error is None
    now = window.document.assessment
    assert now.full_circle.by_group["all"][0] < before.full_circle.by_group["all"][0]
    assert window.palette_.row("bathhouse").accessibleName() == "Bathhouse"

    rules.unlink()
    (rules.parent / "service_types.toml").unlink()
    click(dialog.read_button)
    settle(qtbot, window)
    again = window.document.assessment.full_circle.by_group["all"]
    assert again == before.full_circle.by_group["all"]
    assert "bathhouse" not in catalogues.service_types()


def test_a_window_begins_with_the_folder_chosen_and_without_what_is_wrong(tmp_path, home):
    settings = Settings()
    settings.data_folder = tmp_path / "office"
    settings.data_folder.mkdir()
    types = settings.data_folder / "service_types.toml"
    types.write_text(TYPE, encoding="utf-8")
    assert begin_tables(settings) is None
    assert "bathhouse" in catalogues.service_types()
    types.write_text(TYPE.replace("90.0", "-1"), encoding="utf-8")
    assert begin_tables(settings).facts["field"] == "capacity"
    assert "bathhouse" not in catalogues.service_types()


def test_processes_that_begin_later_read_what_the_window_does(tmp_path, home):
    settings = Settings()
    settings.data_folder = office = tmp_path / "office"
    office.mkdir()
    assert begin_tables(settings) is None
    assert own_folders() == (home / "data",)  # an empty folder is refused from an environment
    (office / "service_types.toml").write_text(TYPE, encoding="utf-8")
    assert begin_tables(settings) is None
    assert own_folders() == (home / "data", office)
    (home / "data").mkdir()
    (home / "data" / "groups.toml").write_text("wrong = 1", encoding="utf-8")
    assert begin_tables(settings) is not None
    assert own_folders() == ()  # neither would be what the window shows
