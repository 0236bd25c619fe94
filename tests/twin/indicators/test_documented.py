"""Every indicator states its formula, its unit and where it comes from, in code and in words."""

from __future__ import annotations

import re

import pytest

from twin.indicators import INDICATORS
from twin.indicators.wording import formula_words
from twin.language import LANGUAGES, text

UNITS = ("minutes", "metres", "services", "people", "places per person", "m²", "share", "bare")
SOURCE = re.compile(r"\b(19|20)\d\d\b|our own")
FORMULA = re.compile(r"``[^`]*(?:[=<#/]|sum )[^`]*``|people who walk at most t / all people")


def functions():
    return [(one.id, f) for one in INDICATORS for f in (one.measure, one.whole) if f is not None]


@pytest.mark.parametrize(("name", "function"), functions(), ids=lambda value: str(value)[:20])
def test_the_docstring_has_formula_unit_and_reference(name, function):
    said = function.__doc__ or ""
    assert SOURCE.search(said), name
    assert FORMULA.search(said), name
    assert any(unit in said for unit in UNITS), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_the_words_of_the_appendix_have_formula_and_reference(indicator, language):
    formula = formula_words(indicator.id, language)
    assert re.search(r"[=/Σ]", formula)
    assert re.search(r"\b(19|20)\d\d|our own|自定|standard|标准|条文", formula), formula
    assert len(text(f"indicator.{indicator.id}.meaning", language)) > 8
    if indicator.cited:
        said = text(f"indicator.{indicator.id}.reference", language)
        assert re.search(r"\b(19|20)\d\d, .{20}", said), said  # a title or a book behind the year


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_appendix_name_weights_lines_and_powers(language):
    """Those of the settings: 1, 0.68 and 0.22; half the mean; powers 0, 1 and 2; 10 and 20 %."""
    assert "1 / 0.68 / 0.22" in formula_words("catchment", language)
    equity = formula_words("equity", language)
    for said in (
        "(1 − L(1 − p)) / L(p)",
        "0.1 / 0.2",
        "0 / 1 / 2",
        "Σ s_g ln(m_g / m)",
        "Σ s_g T_g",
    ):
        assert said in equity
    assert "z = 0.5" in equity or "z 为片区平均值的 0.5" in equity
