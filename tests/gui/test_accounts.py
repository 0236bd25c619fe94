"""Every number of the score panel explains itself, by mouse and by keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.colouring import picture_words
from gui.panels.score_rows import FOLD
from gui.view_state import ColourBy
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from twin.assessment.by_building import requirements_met
from twin.model.edits import RemoveService
from twin.subject import Subject


def wait_for_account(qtbot, window, title: str) -> None:
    qtbot.waitUntil(lambda: title in "\n".join(window.score.page.words), timeout=PATIENCE_MS)


def rows(window):
    return window.score._rows._rows


def row_of(window, requirement: str):
    return rows(window)[window.score._rows._keys.index(requirement)]


def test_the_headline_figure_opens_its_account_and_escape_goes_back(qtbot, window):
    click(window.score._figure)
    wait_for_account(qtbot, window, "Full circle · All residents")
    assert window.score._rows.isHidden()
    assert window.score.page.words[1] == window.score._figure.text()
    QTest.keyClick(window.score.page, Qt.Key.Key_Escape)
    assert window.score.page.isHidden()
    assert not window.score._rows.isHidden()


def test_a_requirement_opens_by_keyboard_alone(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_S)
    first = rows(window)[0]
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert rows(window)[1].hasFocus()
    QTest.keyClick(rows(window)[1], Qt.Key.Key_Right)
    wanted = window.document.assessment.result(window.score._rows._keys[1]).requirement
    wait_for_account(qtbot, window, wanted.name["en"])
    QTest.keyClick(window.score.page, Qt.Key.Key_Left)
    assert window.state.seen.subject is None
    stops = [line for line in rows(window) if line.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) == 1  # the list is one tab stop


def test_the_figure_of_an_opened_row_stays_in_sight(qtbot, window):
    """Also where its explanation is longer than the room that the selection leaves."""
    window.resize(1280, 800)
    click(row_of(window, window.score._rows._keys[3]))
    service = next(iter(window.document.session.district.services.ids))
    window.state.set(selected=("services", int(service)))
    for requirement in (window.score._rows._keys[-2], "canteen", window.score._rows._keys[0]):
        window.state.set(requirement=requirement)
        qtbot.wait(50)
        line = row_of(window, requirement)
        top = line.mapTo(window.score._rows.viewport(), line.rect().topLeft()).y()
        assert 0 <= top <= window.score._rows.viewport().height() - line.height()


def test_an_opened_row_leads_on_to_who_is_left_out(qtbot, window):
    requirement = window.score._rows._keys[0]
    click(rows(window)[0])
    assert window.state.seen.requirement == requirement
    click(window.score._rows._explanation._more)
    assert window.state.seen.subject == Subject("requirement", requirement)
    wait_for_account(qtbot, window, "Who is left out")


def test_a_line_about_a_home_leads_to_its_walk_drawn_in_the_view(qtbot, window):
    assessment = window.document.assessment
    result = next(
        r
        for r in assessment.results
        if r.status == "assessed" and (np.isfinite(r.cost) & (r.covered_part == 0)).any()
    )
    window.explaining.ask(Subject("requirement", result.requirement.id))
    wait_for_account(qtbot, window, "Where most of them live")
    links = [
        label
        for label in window.score.page.findChildren(QLabel)
        if label.focusPolicy() == Qt.FocusPolicy.StrongFocus
    ]
    links[0].linkActivated.emit("#")
    qtbot.waitUntil(lambda: window.state.seen.route is not None, timeout=PATIENCE_MS)
    subject = window.state.seen.subject
    assert subject.kind == "home"
    assert window.state.seen.selected == ("buildings", subject.id)
    metres = window.state.seen.route.metres
    origin = np.flatnonzero(assessment.origins.building_id == subject.id)
    if result.requirement.unit == "m":
        assert metres == pytest.approx(result.cost[origin].max(), abs=1e-3)


def test_communities_and_groups_open_too(qtbot, window):
    for page in ("communities", "groups"):
        click(window.score._segments._buttons[page])
        click(rows(window)[0])
        title = rows(window)[0].bar.title
        wait_for_account(qtbot, window, title)
        window.explaining.leave()
        assert rows(window)[0].hasFocus() or window.score.isAncestorOf(window.focusWidget())


def test_an_account_follows_the_edit(qtbot, window):
    result = next(r for r in window.document.assessment.results if r.covered > 0)
    window.explaining.ask(Subject("requirement", result.requirement.id))
    wait_for_account(qtbot, window, "Who is left out")
    before = list(window.score.page.words)
    types = set(result.requirement.service_types)
    services = window.document.session.district.services
    serving = [
        int(i)
        for i, t in zip(services.ids, services["types"], strict=True)
        if types & set(t.split(","))
    ]
    assert window.document.do("history.remove", *(RemoveService(one) for one in serving))
    wait_for_figures(qtbot, window)
    qtbot.waitUntil(lambda: window.score.page.words != before, timeout=PATIENCE_MS)
    assert "there is no such service" in "\n".join(window.score.page.words)


def test_the_inspector_leads_to_the_account_of_a_home_and_of_a_service(qtbot, window):
    district, why = window.document.district, window.inspector._why
    home = int(window.document.assessment.origins.building_id[0])
    outside = set(district.buildings.ids.tolist()) - set(
        window.document.assessment.origins.building_id.tolist()
    )
    for role, id_, kind in (
        ("buildings", home, "building"),
        ("services", int(district.services.ids[0]), "service"),
    ):
        window.state.set(selected=(role, id_))
        assert why.isVisible()
        click(why)
        assert window.state.seen.subject == Subject(kind, id=id_)
        qtbot.waitUntil(lambda: bool(window.score.page.words), timeout=PATIENCE_MS)
        window.explaining.leave()
    window.state.set(selected=("buildings", min(outside)))
    assert not why.isVisible()  # nobody lives there who is counted


def test_what_was_not_assessed_is_folded_until_asked_for(window):
    missing = [r for r in window.document.assessment.results if r.status == "not_assessed"]
    keys = window.score._rows._keys
    assert missing
    assert keys[-1] == FOLD
    assert rows(window)[-1].bar.title.endswith(f"{len(missing)} not assessed")
    click(rows(window)[-1])
    assert [r.requirement.id for r in missing] == window.score._rows._keys[-len(missing) :]
    click(row_of(window, FOLD))
    assert window.score._rows._keys[-1] == FOLD


def test_buildings_are_coloured_by_what_is_within_reach_of_them_at_first(window):
    assert window.state.seen.colour_by == ColourBy()
    shown = window.stage._colours_now()
    assert shown.kind == "share"
    np.testing.assert_array_equal(shown.values, requirements_met(window.document.assessment))


def test_the_legend_switches_between_metres_and_minutes(window):
    click(rows(window)[0])
    legend, wanted = window.stage.legend, window.document.assessment.results[0].requirement
    other = "min" if wanted.unit == "m" else "m"
    click(legend._units._buttons[other])
    assert window.state.seen.colour_by.unit == other
    assert window.state.seen.colour_by.service_type == wanted.service_types[0]
    click(legend._units._buttons[wanted.unit])
    assert window.state.seen.colour_by.unit == wanted.unit


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_picture_for_paper_says_what_its_colours_mean(language):
    from twin.language import set_language

    set_language(language)
    ways = [ColourBy(what) for what in ("requirements_met", "full_circle", "difference")]
    said = [picture_words(by) for by in (*ways, ColourBy("walk", "canteen", "m", "older"))]
    assert len(set(said)) == 4
    assert all(len(words) > 12 for words in said)
    assert picture_words(ColourBy("none")) == ""


def test_stairs_are_counted_on_asking(qtbot, window):
    before = window.document.assessment.full_circle.covered
    click(window.score._stairs)
    assert not window.document.current
    wait_for_figures(qtbot, window)
    assert window.document.assessment.door_to_door
    assert window.document.assessment.full_circle.covered <= before
    click(window.score._stairs)
    wait_for_figures(qtbot, window)
    assert window.document.assessment.full_circle.covered == before
