"""Every indicator states its formula, its unit and where it comes from, in code and in words."""

from __future__ import annotations

import re

import pytest

from twin.indicators import INDICATORS
from twin.indicators.settings import settings
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
    rule = settings()
    facts = {"over": f"{rule.over_used_above:g}", "under": f"{rule.under_used_below:g}"}
    formula = text(f"indicator.{indicator.id}.formula", language, **facts)
    assert re.search(r"[=/Σ]", formula)
    assert re.search(r"\b(19|20)\d\d|our own|自定|standard|标准|条文", formula), formula
    assert len(text(f"indicator.{indicator.id}.meaning", language)) > 8
