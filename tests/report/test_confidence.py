"""What the report says of how sure its figures are."""

from __future__ import annotations

from pathlib import Path

from tests.grid.product import district_of
from tests.report.conftest import STANDARD, place, rows_of, words_of
from twin.assessment.assess import assess
from twin.report.writing import write_report


def test_a_report_of_measured_data_says_that_it_needs_no_interval(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(page, assess(district_of(place()), STANDARD), language="en")
    assert "so they have no interval" in words_of(page)


def test_estimated_residents_give_an_interval_and_the_survey_that_would_help(
    tmp_path: Path,
) -> None:
    grid = place()
    grid.rows["buildings"][0]["estimated"] = "residents"
    page = tmp_path / "report.html"
    write_report(page, assess(district_of(grid), STANDARD), language="en")
    (cause,) = (row for row in rows_of(page) if row[0] == "Residents of buildings")
    assert cause[1:4] == ["±30% each, ±10% together", "1", "100%"]
    of_a = [row for row in rows_of(page) if row[0] == "Asked A\u00a0*" and len(row) == 3]
    (asked,) = (row for row in of_a if " – " in row[2])
    low, high = (float(end.strip("%")) for end in asked[2].split(" – "))
    # 24 of 54 older people are within 200 m; the first building's 20 may be 12.6 to 28.6.
    assert asked[1] == "44.4%"
    assert 100 * 16.6 / 46.6 <= low < 44.4 < high <= 100 * 32.6 / 62.6
    assert (
        "A survey of one thing would narrow the shares most: the residents of 1 building whose"
        in (words_of(page))
    )
