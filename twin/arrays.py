"""Arrays of numbers by what they hold, and places in rows of different length.

Every module that counts or measures speaks of its arrays by these names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def ranges(start: Ints, count: Ints) -> Ints:
    """Return ``start[0], start[0] + 1, ...`` (`count[0]` of them), then the same of the next."""
    within: Ints = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return within + np.repeat(start, count)
