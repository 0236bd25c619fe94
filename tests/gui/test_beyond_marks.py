"""The list of what is asked beyond walks marks the figures that nobody read in their own text."""

from __future__ import annotations

from gui.dashboard.listing import Cell
from gui.dashboard.lists import BeyondPage
from gui.dashboard.page import Ask
from twin.model.sources import MARKS, legend
from twin.standards import load_standard


def test_each_row_has_the_mark_of_its_figure_and_the_page_says_what_marks_mean(window):
    standard = load_standard("gb50180-2018")
    now = window.document.assessment
    assert now.standard.id == standard.id
    page = BeyondPage()
    words, _headings, lines = page.work(Ask(now, lambda _: now, "", ""))(lambda _part: None)
    names = {name.partition("\u00a0")[0]: name for name in (first(line) for line in lines)}
    for tier in standard.tiers:
        shown = {"max_walk_m", "min_population", "max_population"}
        read = shown <= set(tier.verified)
        assert names[tier.name["en"]].endswith("*") == (not read)
    marked = [band.standing for band in standard.areas if MARKS[band.standing]]
    assert marked
    for line in legend(marked):
        assert line in words
    page.deleteLater()


def first(line) -> str:
    cell = line.cells[0]
    assert isinstance(cell, Cell)
    return cell.words
