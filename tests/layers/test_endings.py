"""What a dialog offers to choose from is what is read."""

from layers.files.endings import ENDINGS, endings
from layers.formats.recognising import FORMATS


def test_every_format_has_its_endings_and_no_others_are_offered():
    assert {one.name for one in FORMATS} == set(ENDINGS)
    read = {ending for one in FORMATS for ending in one.suffixes}
    assert set(endings()) == read | {
        ".xml"
    }  # city models; other XML says what it is by its content
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings())
