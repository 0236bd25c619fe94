"""Limits that nobody read in the standard's own text are marked wherever they show."""

from __future__ import annotations

import numpy as np
import pytest

from gui.hover_words import hover_words
from gui.panels.bars import BarRow
from gui.panels.limits import coloured, limit_words
from gui.stage import ABOVE_SCALE
from tests.gui.conftest import PATIENCE_MS, wait_for_figures
from tests.gui.test_dashboard import open_page
from twin.language import name_of, text
from twin.model.edits import RemoveService
from twin.standards import load_standard

MARKED = {
    "gb50180-2018": ("*", "standing.legend.unchecked"),
    "embedded-2024": ("**", "standing.legend.secondary"),
    "moreno-2021": ("", ""),
}
"""Standards by the mark of their limits: unchecked, of a secondary source, of the own text."""
LANGUAGES = ("en", "zh_CN")


@pytest.fixture(params=[(id_, language) for id_ in MARKED for language in LANGUAGES])
def judged(request, qtbot, window):
    """A window in a language and by a standard, with its mark, the meaning and a requirement."""
    standard, language = request.param
    window.appearance.set_language(language)
    window.choose_standard(standard)
    wait_for_figures(qtbot, window)
    mark, key = MARKED[standard]
    known = [r for r in window.document.assessment.results if r.status == "assessed"]
    unit = [r for r in known if r.requirement.standing == standing_of(mark)]
    return window, mark, text(key) if key else "", unit[0].requirement


def standing_of(mark: str) -> str:
    return {"*": "unchecked", "**": "secondary", "": "own_text"}[mark]


def test_a_limit_is_marked_wherever_it_shows(judged, qtbot):
    window, mark, meaning, wanted = judged
    window.open_requirement(wanted.id)
    home = int(window.document.assessment.origins.building_id[0])
    window.state.set(selected=("buildings", home))

    row = window.score._rows._rows[window.score._rows._keys.index(wanted.id)]
    page = {line.bar.title: line for line in window.inspector.page.findChildren(BarRow)}
    for line in (row, page[name_of(wanted.name)]):
        limit = next(part for part in line.bar.detail.split("  ") if part.startswith("≤"))
        assert limit.endswith(f"\u00a0{mark}" if mark else limit[-1])
        assert meaning in line.accessibleName()
        assert meaning in line.toolTip()

    legend = window.stage.legend._limits
    assert legend.isVisible()
    assert legend.text().rstrip("*").strip().startswith("≤")
    assert legend.text().endswith(mark)
    assert legend.toolTip() == meaning
    card = window.stage.legend.geometry()
    assert card.bottom() <= window.stage.height() - ABOVE_SCALE  # clear of the scale bar

    by = window.state.seen.colour_by
    assert wanted in coloured(by, window.document.standard)
    said = hover_words(window.document, ("buildings", home), by)[-1]
    assert said.rstrip("*\u00a0").endswith(legend.text().strip("≤*\u00a0 "))
    assert said.endswith(mark)


def test_a_walk_beyond_its_limit_is_not_said_to_be_within(window):
    wanted = next(r for r in window.document.assessment.required if 0.1 < r.share < 0.9).requirement
    window.open_requirement(wanted.id)
    by, document = window.state.seen.colour_by, window.document
    walks = document.assessment.building_cost(by.service_type, (by.walker, by.unit))
    ids = document.district.buildings.ids
    for key, row in (("within", np.nanargmin(walks)), ("beyond", np.nanargmax(walks))):
        said = hover_words(document, ("buildings", int(ids[row])), by)[-1]
        assert said == text(f"hover.{key}", limit=limit_words(wanted))


def test_full_circle_says_how_its_limits_were_checked(judged, qtbot):
    window, mark, meaning, _wanted = judged
    count = window.score._count
    assert count.text().endswith(f"\u00a0{mark}") if mark else not count.text().endswith("*")
    assert count.accessibleDescription() == count.toolTip()
    assert (f"({mark})" in count.toolTip().replace("（", "(").replace("）", ")")) == bool(mark)
    legend = window.stage.legend._limits
    assert legend.isVisible() == bool(mark)
    assert meaning in legend.toolTip()


@pytest.mark.parametrize("page", ["communities", "walks", "worst", "compare"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_dashboard_say_what_their_marks_mean(page, language, qtbot, window):
    window.appearance.set_language(language)
    shown = open_page(qtbot, window, page)
    assert text("standing.legend.unchecked") in shown.words
    if page == "compare":
        rows = shown.listing.words
        names = {r.requirement.marked_name() for r in window.document.assessment.results}
        assert {row[0] for row in rows[1:]} <= names
        assert rows[0][0] == f"{text('score.full_circle')}\u00a0*"


def test_the_chooser_of_views_side_by_side_marks_its_requirements(qtbot, window):
    service = int(window.document.session.district.services.ids[0])
    window.document.do("history.remove", RemoveService(service))  # something to set beside
    wait_for_figures(qtbot, window)
    window.actions_.by_name["side_by_side"].trigger()
    qtbot.waitUntil(lambda: window.beside.board is not None, timeout=PATIENCE_MS)
    board = window.beside.board
    offered = [board._what.itemText(row) for row in range(board._what.count())]
    asked = window.document.standard.requirements
    assert offered[1:] == [one.marked_name() for one in asked]
    assert all(name.endswith("*") for name in offered)
    assert text("standing.legend.unchecked") in board._meaning.text()


def test_the_standards_here_are_checked_as_this_test_says():
    for id_, (mark, _key) in MARKED.items():
        assert standing_of(mark) in {r.standing for r in load_standard(id_).requirements}
