"""Words that a planner reads: in the language in use, and such as can be typed as they stand."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from gui import files
from gui.panels.history import step_name
from gui.qt_words import translate_qt
from gui.table_rows import find_rows
from twin.language import set_language, text
from twin.model.catalogues import type_name
from twin.model.edits import MoveService
from twin.projects.session import Step


@pytest.fixture
def chinese(qapp):
    set_language("zh_CN")
    translate_qt(qapp)
    yield
    set_language("en")
    translate_qt(qapp)


def test_the_samples_name_follows_the_language(window):
    try:
        window.appearance.set_language("zh_CN")
        assert window.windowTitle().startswith("示例片区")
        project, _, assessment = files.as_it_stands(window.document)  # for the report
        assert assessment.district.name == project.name == "示例片区"
        assert not window.document.dirty
    finally:
        window.appearance.set_language("en")
    assert window.windowTitle().startswith("Sample district")


def test_a_step_with_a_service_that_has_no_name_says_its_type(loaded_sample, chinese):
    district = loaded_sample.project.district
    services = district.services.with_values([0], {"name": ""})
    district, row = district.with_table(services), 0
    moved = Step("history.move", (MoveService(int(services.ids[row]), 0.0, 0.0),))
    said = step_name(moved, district)
    assert said.endswith(type_name(services["types"][row].split(",")[0]))
    assert text("role.services") not in said.split("：")[-1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_example_of_a_filter_finds_what_it_says(loaded_sample, language):
    set_language(language)
    table = loaded_sample.project.district.buildings
    try:
        typed = re.sub("[“”]", "", re.split(r"或|\bor ", text("table.filter"))[-1])
        rows = find_rows(table, typed, "id", False, lambda _done: None)
    finally:
        set_language("en")
    assert len(re.findall("[=>]", typed)) == 2
    assert language == "en" or not re.search("[a-z]", typed)
    wanted = (table["storeys"] > 6) & (table["use"] == "residential")
    assert sorted(rows) == np.flatnonzero(wanted).tolist()
    assert len(rows)


def test_a_files_size_is_no_volume(chinese):
    assert QCoreApplication.translate("QFileSystemModel", "Size") == "大小"
    assert QCoreApplication.translate("QFileSystemModel", "Name") == "名称"
    assert QCoreApplication.translate("QFileSystemModel", "Of no catalogue") == "Of no catalogue"


def test_arrow_keys_are_called_by_their_arrows_in_chinese(chinese):
    native = QKeySequence.SequenceFormat.NativeText
    said = [QKeySequence(f"Alt+{key}").toString(native) for key in ("Up", "Down", "Left", "Right")]
    assert said == ["Alt+↑", "Alt+↓", "Alt+←", "Alt+→"]
