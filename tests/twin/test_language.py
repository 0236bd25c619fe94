"""Texts: placeholders, and English words that agree with their number."""

import locale

import pytest

from layers.problems import Problem, Severity
from twin.cli.main import main
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
def test_the_language_is_what_the_environment_asks_for(environment, spoken, monkeypatch):
    # No such locale was made on this machine: the C library knows nothing of it.
    monkeypatch.setattr(locale, "getlocale", lambda *_: (None, None))
    assert system_language(environment, "linux") == spoken


@pytest.mark.parametrize(
    ("known", "spoken"),
    [("Chinese (Simplified)_China", "zh_CN"), ("zh_CN", "zh_CN"), ("de_DE", "en"), (None, "en")],
)
@pytest.mark.parametrize(
    ("environment", "platform"), [({}, "linux"), ({"LANG": "en_US.UTF-8"}, "win32")]
)
def test_where_the_environment_says_nothing_the_system_does(
    known, spoken, environment, platform, monkeypatch
):
    """On Windows it never does: what stands there is another program's."""
    monkeypatch.setattr(locale, "getlocale", lambda *_: (known, "utf-8"))
    assert system_language(environment, platform) == spoken


def test_the_command_speaks_as_the_desktop_does(monkeypatch, capsys):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")  # as Linux says it, and as Windows does:
    monkeypatch.setattr(locale, "getlocale", lambda *_: ("Chinese (Simplified)_China", "936"))
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "评估" in capsys.readouterr().out
