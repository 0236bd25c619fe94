"""What the report says beside coverage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grid.product import district_of
from tests.report.conftest import STANDARD, place, rows_of, words_of
from twin.assessment.assess import Assessment, assess
from twin.language import Language
from twin.report.writing import write_report

ASKED_A = "Asked A\u00a0*"
"""Nobody checked its limit, so every table marks it."""


def rows(page: Path, name: str, cells: int) -> list[list[str]]:
    return [row for row in rows_of(page) if row[0] == name and len(row) == cells]


def test_figures_are_those_worked_out_by_hand(assessment: Assessment, tmp_path: Path) -> None:
    """Older people walk 50 m (20 of them), 170 m (4) and 370 m (30) at 54 m a minute.

    Requirement A has a limit of 200 m. There is one canteen, with 200 places.
    """
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    (reach,) = rows(page, ASKED_A, 6)
    assert reach[1:] == ["6.9\u00a0min", "∞", "0.4", "100%", "24"]
    capacity, equity = rows(page, ASKED_A, 7)
    # 200 places for the 24 who reach them are 200 for 54: the other 30 of 54 have none
    assert capacity[1:] == ["3.704", "0.56", "54", "24", "0", "30"]
    # x / m is 54 / 24 for 24 of 54: Theil is ln(54 / 24) = 0.81, all of it between West, where all
    # have, and East, where nobody has; 30 of 54 have less than half the mean, and have nothing
    assert equity[1:] == ["0.81", "0.81", "0.00", "∞", "0.56", "0.56"]


def test_what_was_not_assessed_has_no_row(assessment: Assessment, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    assert not rows(page, "Asked C\u00a0*", 6)
    assert not rows(page, "Asked D\u00a0*", 6)


def test_public_edition_leaves_out_figures_about_few_people(tmp_path: Path) -> None:
    grid = place()
    for row, older in zip(grid.rows["buildings"], (4.0, 0.0, 30.0), strict=True):
        row["age_60_79"], row["residents"] = older, older + row["age_18_59"]
    few = assess(district_of(grid), STANDARD)
    open_page, public_page = tmp_path / "open.html", tmp_path / "public.html"
    write_report(open_page, few, language="en")
    write_report(public_page, few, language="en", public=True)
    assert rows(open_page, ASKED_A, 7)[0][3:6] == ["34", "4", "0"]
    # four older people are served, and would be known from any figure of the row
    assert rows(public_page, ASKED_A, 7)[0][1:] == ["left out"] * 6
    assert rows(public_page, "Asked B\u00a0*", 7)[0][3] != "left out"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_indicator_is_defined_with_its_formula(
    assessment: Assessment, tmp_path: Path, language: Language
) -> None:
    page = tmp_path / "report.html"
    write_report(page, assessment, language=language)
    words = words_of(page)
    for mark in ("T(q) =", "v ij = w ij", "Hitchcock 1941", "FGT(a) = 1/N"):
        assert mark in words
    assert "{" not in words
