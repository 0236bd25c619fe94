"""View state tells who listens of what differs, and of nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from gui.view_state import ColourBy, ViewState

LINE = np.array([[0.0, 0.0], [1.0, 0.0]])
OTHER = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ({"selected": ("services", 1)}, {"selected": ("services", 1)}, set()),
        ({"selected": ("services", 1)}, {"selected": ("buildings", 1)}, {"selected"}),
        ({"colour_by": ColourBy("none")}, {"colour_by": ColourBy("none")}, set()),
        ({"route": LINE}, {"route": LINE}, set()),
        ({"route": LINE}, {"route": OTHER}, {"route"}),
        ({"catchment": (LINE,)}, {"catchment": (LINE,)}, set()),
        ({"catchment": (LINE,)}, {"catchment": (OTHER,)}, {"catchment"}),
        ({"catchment": (LINE,)}, {"catchment": (OTHER, LINE)}, {"catchment"}),
        ({"catchment": (LINE,)}, {"catchment": (), "plan": True}, {"catchment", "plan"}),
    ],
)
def test_only_what_differs_is_told(first, second, told):
    state, heard = ViewState(), []
    state.set(**first)
    state.changed.connect(heard.append)
    state.set(**second)
    assert set().union(*heard) == told
