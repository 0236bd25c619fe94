"""Which nodes hang together: by hand, and as SciPy finds it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.streets.connected import connected


def ends_of(*edges):
    return tuple(np.array(edges, np.int64).reshape(-1, 2).T)


@pytest.fixture(params=[True, False], ids=["compiled", "SciPy"])
def either(request, monkeypatch):
    if not request.param:
        monkeypatch.setenv("RENEWAL_TWIN_NO_NUMBA", "1")


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    ("nodes", "edges", "pieces"),
    [
        (0, [], []),
        (3, [], [0, 1, 2]),
        (5, [(4, 1), (3, 3)], [0, 1, 2, 3, 1]),
        (6, [(5, 4), (4, 2), (2, 5), (3, 0)], [0, 1, 2, 0, 2, 2]),
        (4, [(3, 2), (2, 1), (1, 0)], [0, 0, 0, 0]),
    ],
)
def test_pieces_are_numbered_by_their_lowest_nodes(nodes, edges, pieces):
    assert connected(nodes, ends_of(*edges)).tolist() == pieces


edges_ = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40)


@given(edges_)
def test_compiled_and_scipy_agree(edges):
    ends = ends_of(*edges)
    found = connected(31, ends)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RENEWAL_TWIN_NO_NUMBA", "1")
        assert found.tolist() == connected(31, ends).tolist()
