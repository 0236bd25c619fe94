"""The guide for users: both languages tell the same, and every picture they show is there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

GUIDE = ROOT / "docs" / "guide"
PAGES = {
    "en": (GUIDE / "en.md", ROOT / "README.md"),
    "zh": (GUIDE / "zh.md", ROOT / "README.zh.md"),
}
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


@pytest.mark.parametrize("language", PAGES)
def test_every_picture_is_there(language):
    for page in PAGES[language]:
        named = PICTURE.findall(page.read_text(encoding="utf-8"))
        assert [name for name in named if not (page.parent / name).is_file()] == []


def test_both_languages_have_the_same_chapters_and_pictures():
    english, chinese = (PAGES[one][0].read_text(encoding="utf-8") for one in PAGES)
    levels = [
        [len(mark) for mark in re.findall(r"^(#+) ", told, re.M)] for told in (english, chinese)
    ]
    assert levels[0] == levels[1]
    assert len(levels[0]) > 5
    names = [[name.split("/")[-1] for name in PICTURE.findall(told)] for told in (english, chinese)]
    assert names[0] == names[1]
    assert len(names[0]) > 5
    for language, told in (("en", english), ("zh", chinese)):
        assert all(f"/{language}/" in name for name in PICTURE.findall(told))
    unshown = {picture.name for picture in GUIDE.glob("pictures/*/*.png")} - set(names[0])
    assert unshown == set()
