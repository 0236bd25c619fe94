"""Texts: placeholders, and English words that agree with their number."""

import pytest

from layers.problems import Problem, Severity
from twin.language import text
from twin.telling.findings import sentence


@pytest.mark.parametrize(
    ("count", "english"),
    [
        (1, "1 building lies outside the boundary: it is drawn, not scored"),
        (2, "2 buildings lie outside the boundary: they are drawn, not scored"),
        ("1,234", "1,234 buildings lie outside the boundary: they are drawn, not scored"),
        (0, "0 buildings lie outside the boundary: they are drawn, not scored"),
    ],
)
def test_words_agree_with_their_number(count, english):
    found = Problem("buildings_outside", Severity.INFO, "buildings", facts={"count": count})
    assert sentence(found, "en") == english
    assert sentence(found, "zh_CN").startswith(f"{count} 栋建筑")


def test_a_text_that_lacks_a_fact_is_refused():
    with pytest.raises(KeyError):
        text("problem.buildings_outside", "en", number=3)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_counted_has_its_digits_in_groups_and_a_year_has_not(language):
    found = Problem("buildings_outside", Severity.INFO, "buildings", facts={"count": 4583})
    assert "4,583" in sentence(found, language)
    facts = {"count": 1001, "people": 89074}
    nowhere = Problem("home_no_edge_within_cap", Severity.WARNING, "buildings", facts=facts)
    assert "1,001" in sentence(nowhere, language)
    assert "89,074" in sentence(nowhere, language)
    year = Problem("in_a_phase", Severity.INFO, facts={"year": 2035})
    assert "2035" in sentence(year, language)
