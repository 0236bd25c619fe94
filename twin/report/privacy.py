"""What a public report keeps to itself: figures about so few people that they might be known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.model.catalogues import rules


def hidden(
    covered: NDArray[np.float64], total: NDArray[np.float64], public: bool
) -> NDArray[np.bool_]:
    """Return which cells of one row of figures are left out.

    A cell is left out where it counts fewer people than the smallest cell of the rules, or where
    the people in it who are covered, or those who are not, are so few (and not none). The row's
    sum is printed elsewhere, so where a single cell is left out the next smallest goes with it;
    otherwise subtraction would bring it back.

    Parameters
    ----------
    covered, total
        People, shape (n,) each.
    public
        Whether the report is for the public; otherwise nothing is left out.
    """
    smallest = rules().smallest_cell
    counts = np.stack([np.asarray(total), np.asarray(covered), np.asarray(total) - covered])
    few: NDArray[np.bool_] = np.asarray(((counts > 1e-9) & (counts < smallest)).any(axis=0))
    few &= public
    others = np.flatnonzero(~few & (counts[0] > 0))
    if few.sum() == 1 and len(others):
        few[others[np.argmin(counts[0][others])]] = True
    return few
