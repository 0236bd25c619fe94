"""The guide for notebooks runs, line by line, on the sample; so do the module's own examples."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import twin.api

ROOT = Path(__file__).resolve().parents[2]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_every_line_of_the_guide_gives_what_it_says():
    guide = ROOT / "docs" / "api.md"
    failed, tried = doctest.testfile(str(guide), module_relative=False, optionflags=FLAGS)
    assert tried > 30
    assert failed == 0


def test_the_examples_of_the_api_module_run():
    failed, tried = doctest.testmod(twin.api, optionflags=FLAGS)
    assert tried > 3
    assert failed == 0


def test_everything_that_the_api_offers_is_there():
    missing = [name for name in twin.api.__all__ if not hasattr(twin.api, name)]
    assert missing == []


def test_the_readme_leads_to_the_guide():
    assert "docs/api.md" in (ROOT / "README.md").read_text(encoding="utf-8")
