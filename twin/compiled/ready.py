"""Whether compiled searches can be had: Numba is optional, and compiling takes a while."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import Protocol

from twin.arrays import Ints

_compiling: subprocess.Popen[bytes] | None = None


class Spread(Protocol):
    """The compiled search, :func:`twin.compiled.kernels.spread`."""

    def __call__(
        self,
        start: Ints,
        tail: Ints,
        cost: Ints,
        seed: Ints,
        seed_cost: Ints,
        seed_owner: Ints,
        reached: Ints,
        owner: Ints,
    ) -> None:
        """Lower `reached` and `owner` in place."""


def compiled() -> Spread | None:
    """Return the compiled search, None where Numba is not there or not wanted, or not ready yet.

    While another process compiles (:func:`twin.ahead.compiling.warm_aside`), SciPy searches.
    """
    still = _compiling is not None and _compiling.poll() is None
    return None if still or os.environ.get("RENEWAL_TWIN_NO_NUMBA") else _kernel()


def compiled_by(process: subprocess.Popen[bytes] | None) -> None:
    """Search with SciPy until a process that compiles has ended; None waits for nobody."""
    global _compiling
    _compiling = process


@cache
def _kernel() -> Spread | None:
    try:
        from twin.compiled.kernels import spread
    except (ImportError, RuntimeError):  # RuntimeError: no folder for the cache can be written
        return None
    found: Spread = spread
    return found
