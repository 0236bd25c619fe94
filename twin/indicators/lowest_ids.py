"""Among equally good plans, the one with the lowest ids.

Compiled with Numba, plain Python where it is not there or not wanted
(``RENEWAL_TWIN_NO_NUMBA``); both give the same whole numbers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Flags, Ints


def settle(held: Ints, may: Flags) -> None:
    """Exchange what rows hold, in place, until the table is lexicographically greatest.

    Row and column sums stay. Row 0 ends with as much in its first column as any allowed table has,
    then in its second, and so on; then row 1 with row 0 as it is; and so on.

    Each entry is raised as far as it goes by exchanges: row r moves from a later column g to f,
    some later row from f to h, another from h to ..., the last to g. That no such chain is left
    means that the entry is at its greatest, as no augmenting path means it of a flow (Ford &
    Fulkerson 1956).

    Parameters
    ----------
    held
        Whole numbers, 0 where `may` is False, shape (rows, columns).
    may
        Where a row may hold anything.
    """
    _settle()(held, may)


@cache
def _settle() -> Callable[[Ints, Flags], None]:
    if os.environ.get("RENEWAL_TWIN_NO_NUMBA"):
        return raise_entries
    try:
        from numba import njit

        compiled: Callable[[Ints, Flags], None] = njit(nogil=True, cache=True)(raise_entries)
    except (ImportError, RuntimeError):  # RuntimeError: no folder for the cache can be written
        return raise_entries
    return compiled


def raise_entries(held: NDArray[Any], may: NDArray[Any]) -> None:
    """Do what :func:`settle` says; written for Numba."""
    rows, columns = held.shape
    # by how many rows later than r something may pass from column h to k
    links = np.zeros((columns, columns), np.int64)
    for row in range(1, rows):
        for h in range(columns):
            if held[row, h] > 0:
                for k in range(columns):
                    links[h, k] += may[row, k]
    before = np.empty(columns, np.int64)
    queue = np.empty(columns, np.int64)
    for row in range(rows - 1):
        for wanted in range(columns):
            while may[row, wanted] and held[row, wanted + 1 :].any():
                # breadth first from the wanted column to a later one that the row holds
                before[:] = -1
                before[wanted] = wanted
                queue[0], first, last, found = wanted, 0, 1, -1
                while first < last and found < 0:
                    h = queue[first]
                    first += 1
                    for k in range(columns):
                        if links[h, k] > 0 and before[k] < 0:
                            before[k] = h
                            queue[last] = k
                            last += 1
                            if k > wanted and held[row, k] > 0:
                                found = k
                                break
                if found < 0:
                    break
                # one later row for each step, and how much all of them can pass on
                amount, steps, k = held[row, found], 0, found
                while k != wanted:
                    h = before[k]
                    giver = row + 1
                    while not (held[giver, h] > 0 and may[giver, k]):
                        giver += 1
                    amount = min(amount, held[giver, h])
                    queue[steps] = giver
                    steps += 1
                    k = h
                k = found
                for step in range(steps):
                    h, giver = before[k], queue[step]
                    held[giver, h] -= amount
                    if held[giver, h] == 0:
                        for other in range(columns):
                            links[h, other] -= may[giver, other]
                    if held[giver, k] == 0:
                        for other in range(columns):
                            links[k, other] += may[giver, other]
                    held[giver, k] += amount
                    k = h
                held[row, found] -= amount
                held[row, wanted] += amount
        for h in range(columns):
            if held[row + 1, h] > 0:
                for k in range(columns):
                    links[h, k] -= may[row + 1, k]
