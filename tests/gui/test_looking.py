"""What hour and year the figures look at: chosen in a card, said wherever they stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.gui.conftest import click, wait_for_figures
from twin.assessment.assess import assess
from twin.language import text
from twin.model.edits import ChangeCommunity, ChangeService, ChangeStreet, PlaceService
from twin.model.forecast import Forecast, people_now
from twin.model.horizon import NOW, Horizon
from twin.model.hours import When

EVENING = "Sunday 21:00"


@pytest.fixture
def card(window):
    """The card, opened by its button."""
    click(window.header.time)
    return window.looking.card


def serving(window, requirement):
    """Return the ids of the services that answer to a requirement."""
    services, kinds = window.document.session.district.services, set(requirement.service_types)
    return [
        int(id_)
        for id_, types in zip(services.ids, services["types"], strict=True)
        if kinds & set(types.split(","))
    ]


def first_assessed(window):
    results = window.document.assessment.results
    return next(r.requirement for r in results if r.status == "assessed" and r.covered > 0)


def tick(box):
    click(box, QPoint(8, box.height() // 2))


def said(window):
    return [message.words for message in window.stage.messages.shown]


def covered(window, requirement):
    return window.document.assessment.result(requirement).covered


def look_at_the_evening(qtbot, window, card):
    card.day.setCurrentIndex(6)
    card.hour.setTime(QTime(21, 0))
    tick(card.at)
    wait_for_figures(qtbot, window)


def test_an_hour_closes_what_is_not_open_then_and_is_said_everywhere(qtbot, window, card):
    document = window.document
    kind = first_assessed(window)
    closing = [ChangeService(id_, {"hours": "08:00-18:00"}) for id_ in serving(window, kind)]
    document.do("history.many", *closing)
    wait_for_figures(qtbot, window)
    before = covered(window, kind.id)
    assert before > 0
    look_at_the_evening(qtbot, window, card)
    assert document.horizon == Horizon(when=When(6, 21 * 60))
    assert covered(window, kind.id) == 0
    expected = assess(document.session.district, document.standard, horizon=document.horizon)
    assert document.assessment.full_circle.covered == expected.full_circle.covered
    assert document.base_assessment.horizon == document.horizon
    assert EVENING in window.windowTitle()
    assert window.header.time.text() == EVENING
    assert window.stage.legend._time.text() == EVENING
    assert window.score._time.text() == EVENING
    click(card.reset)
    wait_for_figures(qtbot, window)
    assert covered(window, kind.id) == before
    assert document.horizon == NOW
    assert EVENING not in window.windowTitle()
    assert window.score._time.isHidden()


def test_a_gate_that_its_hours_close_says_so_and_when_it_is_open(qtbot, window, card):
    document = window.document
    gate = int(document.session.district.streets.ids[0])
    document.do("history.street", ChangeStreet(gate, {"hours": "06:00-20:00"}))
    window.state.set(selected=("streets", gate))

    def facts():
        return [label.text() for label in window.inspector.page.findChildren(QLabel)]

    wait_for_figures(qtbot, window)
    assert "06:00-20:00" in facts()
    look_at_the_evening(qtbot, window, card)
    shut = text("street.shut", hours="06:00-20:00")
    qtbot.waitUntil(lambda: shut in facts(), timeout=5000)


def test_planned_services_count_where_asked_for(qtbot, window, card):
    document = window.document
    kind = first_assessed(window)
    planned = [ChangeService(id_, {"status": "planned"}) for id_ in serving(window, kind)]
    before = covered(window, kind.id)
    document.do("history.many", *planned)
    wait_for_figures(qtbot, window)
    assert covered(window, kind.id) == 0
    tick(card.planned)
    wait_for_figures(qtbot, window)
    assert covered(window, kind.id) == before
    assert text("horizon.planned") in window.score._time.text()


def test_edits_of_a_later_phase_are_shown_in_their_year_and_not_changed_there(qtbot, window, card):
    document = window.document
    card.edit_year.setValue(2031)
    tick(card.dated)
    middle = document.session.district.boundary.geometry[0].centroid
    new = document.session.district.services.next_id()
    assert document.do("history.place", PlaceService(new, ("canteen",), middle.x, middle.y))
    wait_for_figures(qtbot, window)
    name = document.session.scenario
    assert [edit.year for edit in document.session.edits_of(name)] == [2031]
    card.phase.setValue(2030)
    tick(card.phased)
    wait_for_figures(qtbot, window)
    assert new not in document.district.services.ids
    assert window.stage.shown_district is document.session.district
    assert not document.do(
        "history.remove", ChangeService(int(document.district.services.ids[0]), {})
    )
    assert any("2030" in words for words in said(window))
    card.phase.setValue(2031)
    wait_for_figures(qtbot, window)
    assert new in document.district.services.ids
    window._do("history")
    assert any("2031" in window.history.panel.list.item(n).text() for n in range(2))


def test_the_people_of_another_year_come_from_a_file(qtbot, window, card, tmp_path):
    path = tmp_path / "people.toml"
    path.write_text(
        'year = 2040\nsource = "Plan"\n[factors]\nage_60_79 = 2\nage_80_up = 2\n', "utf-8"
    )
    older = "older"
    before = window.document.assessment.full_circle.by_group[older][1]
    window.looking.read_people(path)
    qtbot.waitUntil(lambda: window.document.horizon != NOW, timeout=5000)
    wait_for_figures(qtbot, window)
    assert window.document.assessment.full_circle.by_group[older][1] == pytest.approx(2 * before)
    assert "2040" in window.score._time.text()
    # The year of the people is that of the phases, and nothing in the card sets them apart.
    assert window.document.horizon.phase == window.document.session.phase == 2040
    assert (card.phased.isChecked(), card.phase.value()) == (True, 2040)
    assert not card.phased.isEnabled()
    assert not card.phase.isEnabled()
    assert window.document.session.takes_edits()
    card.forget_people.click()
    wait_for_figures(qtbot, window)
    assert window.document.horizon == NOW
    assert not card.phased.isChecked()
    path.write_text("year = 2040", "utf-8")
    window.looking.read_people(path)
    qtbot.waitUntil(lambda: bool(said(window)), timeout=5000)


def people(window):
    return float(window.document.assessment.origins.residents.sum())


def test_the_people_that_the_data_states_for_a_year_are_offered_and_count(qtbot, window, card):
    # Every community states half as many again in 2040, and twice as many in 2050.
    document = window.document
    table, before = document.session.district.communities, people(window)
    stated = [
        ChangeCommunity(int(id_), {"residents_2040": 1.5 * now, "residents_2050": 2 * now})
        for id_, now in zip(table.ids, people_now(table), strict=True)
    ]
    document.do("history.many", *stated)
    wait_for_figures(qtbot, window)
    click(window.header.time)
    assert not card.isVisible()
    click(window.header.time)
    assert card.isVisible()
    assert [card.years.itemText(n) for n in range(card.years.count())] == ["2040", "2050"]
    card.years.setFocus()
    QTest.keyClick(card.years, Qt.Key.Key_End)
    wait_for_figures(qtbot, window)
    assert document.horizon == Horizon(growth=Forecast(2050), phase=2050)
    assert people(window) == pytest.approx(2 * before, rel=1e-6)
    assert text("horizon.people_data", year=2050) in window.score._time.text()
    assert card.people.text() == text("when.people_data", year=2050)
    # A year between them is an estimate on the straight line, and says so.
    card.phase.setValue(2045)
    wait_for_figures(qtbot, window)
    assert people(window) == pytest.approx(1.75 * before, rel=1e-6)
    assert text("horizon.people_between", year=2045) in window.score._time.text()
    # Whoever wants today's people in that year takes them.
    click(card.forget_people)
    wait_for_figures(qtbot, window)
    assert document.horizon == Horizon(phase=2045)
    assert people(window) == pytest.approx(before)
    card.phase.setValue(2040)
    wait_for_figures(qtbot, window)
    assert people(window) == pytest.approx(1.5 * before, rel=1e-6)
    card.phase.setValue(2030)
    wait_for_figures(qtbot, window)
    assert document.horizon == Horizon(phase=2030)


def test_the_card_is_opened_and_closed_by_keys_and_speaks_both_languages(qtbot, window, card):
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert card.isHidden()
    window._do("when")
    window.appearance.set_language("zh_CN")
    assert card.at.text() == "指定时刻"
    assert card.day.itemText(6) == "周日"
    window.appearance.set_language("en")


def test_the_report_is_of_what_is_looked_at(qtbot, window, card, tmp_path):
    look_at_the_evening(qtbot, window, card)
    path = tmp_path / "report.html"
    window.handing_over.write_report(path)
    qtbot.waitUntil(path.exists, timeout=60_000)
    assert EVENING in path.read_text("utf-8")
