"""What was found in the data is listed, filtered and shown in the view."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.problems import ProblemsPanel
from gui.document import Document
from gui.settings import Settings
from layers.problems import Problem, Severity
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from twin.language import text


@pytest.fixture
def panel(qtbot, window):
    """The panel of a window whose import found four things, opened from the menu's key."""
    ids = [int(i) for i in window.document.session.district.buildings.ids[:3]]
    found = (
        Problem("ids_renumbered", Severity.REPAIRED, "streets", "路.shp", (1,), {"count": 1}),
        Problem(
            "storeys_unknown", Severity.WARNING, "buildings", "建筑.shp", tuple(ids), {"count": 3}
        ),
        Problem("crs_chosen", Severity.INFO, facts={"crs": "CGCS2000", "code": "EPSG:4547"}),
        Problem("no_streets", Severity.ERROR, "streets"),
    )
    project = replace(window.document.project, problems=found)
    standard = window.document.standard.id
    window.take_document(Document(window.jobs, project, (), standard))
    wait_for_figures(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE_MS)
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    shown = window.findChild(ProblemsPanel)
    assert shown.isVisible()
    assert not shown.isModal()
    return shown


def unknown(count: int = 3) -> str:
    return text("problem.storeys_unknown", count=count, role=text("role.buildings"))


def lines(panel) -> list[str]:
    """Every visible line of the list, from the top."""
    found, item = [], panel.tree.topLevelItem(0)
    while item is not None:
        found.append(item.text(0))
        item = panel.tree.itemBelow(item)
    return found


def go_to(panel, words: str) -> None:
    """Walk down the list with the keyboard to the line that holds the words."""
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Home)
    for _ in range(200):
        if words in panel.tree.currentItem().text(0):
            return
        QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    raise AssertionError(words)


def test_findings_stand_by_severity_and_layer(panel):
    said = lines(panel)
    heads = [text(f"problems.head_{one}") for one in ("error", "warning", "repaired", "info")]
    places = [next(n for n, line in enumerate(said) if line.startswith(head)) for head in heads]
    assert places == sorted(places)
    assert places[0] == 0
    assert said[1].startswith(text("role.streets"))
    assert any("CGCS2000" in line for line in said)


def test_choosing_a_finding_selects_its_features_and_flies_there(qtbot, panel, window):
    ids = [int(i) for i in window.document.session.district.buildings.ids[:3]]
    before = window.stage.viewport.camera
    go_to(panel, unknown())
    assert window.state.seen.chosen == tuple(("buildings", id_) for id_ in ids)
    qtbot.waitUntil(lambda: window.stage.viewport.camera != before, timeout=PATIENCE_MS)
    # Opened with the keyboard, it lists its features; each can be gone to.
    QTest.keyClick(panel.tree, Qt.Key.Key_Right)
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    assert panel.tree.currentItem().text(0) == text("problems.feature", id=ids[1])
    assert window.state.seen.chosen == (("buildings", ids[1]),)


def test_filters_narrow_the_list_and_are_remembered(panel, window):
    click(panel.buttons[Severity.INFO])
    assert not any("CGCS2000" in line for line in lines(panel))
    assert Settings().problems_hidden == ("info",)
    panel.role.setCurrentIndex(panel.role.findData("buildings"))
    panel.role.activated.emit(panel.role.currentIndex())
    assert not any(text("role.streets") in line for line in lines(panel)[:1])
    assert unknown() in lines(panel)
    assert not any("路.shp" in line for line in lines(panel))
    QTest.keyClicks(panel.words, "nothing like it")
    assert lines(panel) == []


def test_the_panel_follows_the_work_and_the_language(qtbot, panel, window):
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert panel.windowTitle() == "数据检查结果"
    assert lines(panel)[0].startswith("需要您处理")
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    window.filing.open_sample()
    qtbot.waitUntil(lambda: not any("路.shp" in line for line in lines(panel)), timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    assert panel.isVisible()
    click(panel.buttons[Severity.ERROR])
    panel.close()
    assert window.isVisible()


def test_a_finding_whose_features_are_gone_does_nothing(qtbot, panel, window):
    window.state.set(selected=None)
    panel.show_problems(
        [Problem("storeys_unknown", Severity.WARNING, "buildings", "x", (987654321,), {"count": 1})]
    )
    go_to(panel, unknown(1))
    assert window.state.seen.selected is None
