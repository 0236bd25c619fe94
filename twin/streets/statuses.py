"""What the statuses of streets say of the edges of their network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Flags
from twin.memo import Memo
from twin.streets.network import Network, change_of
from twin.streets.network_patch import identities

STATUSES = ("open", "residents", "closed")
"""In the order of the fields of :class:`Statuses`."""


@dataclass(frozen=True, eq=False)
class Statuses:
    """What the statuses of streets say of each edge, shape (m,) each.

    Parameters
    ----------
    open, reserved, closed
        Open to everybody, for residents only, and to nobody.
    """

    open: Flags
    reserved: Flags
    closed: Flags


_statuses: Memo[Statuses] = Memo(8)


def statuses(network: Network, status: NDArray[Any]) -> Statuses:
    """Return what the statuses of the streets table say of each edge.

    To compare texts takes long: where most are the objects that they were, only others are read.
    """
    return _statuses.get(
        (network, status), lambda: _statuses_patched(network, status) or _read(network, status)
    )


def _read(network: Network, status: NDArray[Any]) -> Statuses:
    row = network.street_row
    return Statuses(*((status == value)[row] for value in STATUSES))


def _statuses_patched(network: Network, status: NDArray[Any]) -> Statuses | None:
    """Return the statuses by a patch of those known; None where there are none of these edges."""
    change = change_of(network)
    before = change.before() if change is not None else None
    for (others, status_before), known in _statuses.known_results():
        if others is not network and (before is None or others is not before):
            continue
        _statuses.known((others, status_before))  # stays among the latest
        was, now = identities(status_before)[others.street_row], identities(status)
        flags = [known.open, known.reserved, known.closed]
        if others is network or change is None:
            flags = [flag.copy() for flag in flags]
        else:
            fresh = np.zeros(len(change.came), np.intp)
            was = change.runs.merged(was, fresh)
            flags = [change.runs.merged(flag, fresh.astype(bool)) for flag in flags]
        again = np.flatnonzero(was != now[network.street_row])
        said = status[network.street_row[again]]
        for flag, value in zip(flags, STATUSES, strict=True):
            flag[again] = said == value
        return Statuses(*flags)
    return None
