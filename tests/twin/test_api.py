"""What a notebook finds in one place."""

from twin import api
from twin.model.edits import EDITS


def test_every_edit_can_be_made_from_a_notebook():
    assert {edit.__name__ for edit in EDITS} <= set(api.__all__)


def test_all_that_is_promised_is_there():
    assert [name for name in api.__all__ if not hasattr(api, name)] == []
