"""Texts: placeholders, and English words that agree with their number."""

import pytest

from layers.problems import Problem, Severity
from twin.findings import sentence
from twin.language import text


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
