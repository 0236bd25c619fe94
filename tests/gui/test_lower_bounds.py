"""The sign of a lower bound on the dashboard's pages and on scenarios side by side.

The town of :mod:`tests.grid.test_map_edge`: an L of streets with homes of ten people at (910, 900),
259 m from where the map ends, and at (900, 490), with 490 m to it; the canteen is far from both.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gui import app
from gui.dashboard.charts import CommunitiesPage, GroupsPage, WalkersPage, WalksPage
from gui.dashboard.comparing import ComparePage
from gui.dashboard.page import Ask
from gui.side_by_side.sides import _at_least
from tests.grid.product import Need, ProductAnswers
from tests.grid.test_map_edge import town, without_corner
from twin.language import add_catalogue, set_language

SAYS = {"en": "≥ a lower bound", "zh_CN": "≥ 为下限值"}


def no_progress(_done: float) -> None:
    pass


@pytest.fixture(scope="module")
def by_the_edge():
    grid = town(without_corner, (910, 900), (900, 490))
    grid.service(1, (100, 95))
    return ProductAnswers(grid)


def found(page, now, opened=""):
    ask = Ask(now, lambda _progress: now, "base", opened)
    return page.work(ask)(no_progress)


@pytest.fixture(params=SAYS)
def language(request):
    add_catalogue(Path(app.__file__).parent / "texts")
    set_language(request.param)
    yield request.param
    set_language("en")


@pytest.mark.parametrize("kind", [CommunitiesPage, GroupsPage])
@pytest.mark.parametrize("opened", [False, True])
def test_a_column_bears_the_sign_where_its_own_people_may_be_covered(
    qtbot, by_the_edge, language, kind, opened
):
    page = kind()
    qtbot.addWidget(page)
    now = by_the_edge.assessment(Need(400.0))
    wanted = now.results[0].requirement.id if opened else ""
    words, columns = found(page, now, wanted)
    assert "≥\u20090%" in [one.figure for one in columns]
    assert SAYS[language] in words
    inner = by_the_edge.assessment(Need(250.0))
    words, columns = found(page, inner, inner.results[0].requirement.id if opened else "")
    assert "≥" not in words + "".join(one.figure for one in columns)


def test_walks_and_walkers_bear_it_too(qtbot, by_the_edge, language):
    walks, walkers = WalksPage(), WalkersPage()
    now, inner = (by_the_edge.assessment(Need(limit)) for limit in (400.0, 250.0))
    for page in (walks, walkers):
        qtbot.addWidget(page)
        assert SAYS[language] in found(page, now)[0]
    assert "≥" not in found(walks, inner)[0]
    assert "≥\u20090%" in [one.figure for one in found(walkers, now)[1]]


def test_a_comparison_bears_it_in_every_row_that_may_be_more(qtbot, by_the_edge, language):
    page = ComparePage()
    qtbot.addWidget(page)
    said = found(page, by_the_edge.assessment(Need(400.0)))
    assert [line.cells[2].words for line in said.lines] == ["≥\u20090%", "≥\u20090%"]
    assert SAYS[language] in said.sentence
    said = found(page, by_the_edge.assessment(Need(250.0)))
    assert [line.cells[2].words for line in said.lines] == ["0%", "0%"]
    assert "≥" not in said.sentence


def test_a_view_beside_another_bears_it(by_the_edge):
    now, inner = (by_the_edge.assessment(Need(limit)) for limit in (400.0, 250.0))
    for wanted in ("", now.results[0].requirement.id):
        assert _at_least(now, wanted)
    assert not _at_least(inner, "")
