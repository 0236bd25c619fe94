"""Texts: placeholders, and English words that agree with their number."""

import locale
import os
import subprocess
import sys

import pytest

from layers.problems import Problem, Severity
from twin.language import system_language, text
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


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_CN", "LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_GB:zh_CN"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:zh:en"}, "zh_CN"),  # the first that we speak
        ({"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),  # as gettext has it
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "zh_CN"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "", "LC_ALL": "", "LANGUAGE": "zh_TW"}, "zh_CN"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there the system says it, not the environment")
def test_the_language_is_what_the_environment_asks_for(environment, spoken, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    # No such locale was made on this machine: the C library knows nothing of it.
    monkeypatch.setattr(locale, "getlocale", lambda *_: (None, None))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_language() == spoken


@pytest.mark.parametrize(
    ("known", "spoken"),
    [("Chinese (Simplified)_China", "zh_CN"), ("zh_CN", "zh_CN"), ("de_DE", "en"), (None, "en")],
)
def test_where_the_environment_says_nothing_the_system_does(known, spoken, monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda *_: (known, "utf-8"))
    assert system_language() == spoken


@pytest.mark.skipif(sys.platform == "win32", reason="there the system says it, not the environment")
def test_the_command_speaks_chinese_on_a_chinese_desktop_without_its_locale():
    own = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANGUAGE")}
    done = subprocess.run(
        [sys.executable, "-m", "twin", "--help"],
        env=own | {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "评估" in done.stdout, done.stderr
