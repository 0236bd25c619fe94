"""A network prepared for one walker: what every arc of its layout costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.costs import INF, DirectedCosts
from twin.hierarchy.elimination import Positions, needed, price, shorten
from twin.hierarchy.layout import Layout, layout
from twin.hierarchy.sweeps import BEYOND
from twin.memo import Memo
from twin.network import Ints

LABEL_BITS = 16
"""Lowest bits of a cost that hold the number of a goal: 65,536 goals, and 35,000 km."""

FAR = 2**31 - 1
"""Beyond every limit that 32 bits hold: 2,147 m or 35 minutes."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs and their costs; as in :class:`~twin.hierarchy.layout.Layout` by their lower end.

    Parameters
    ----------
    start, up
        Arcs of position ``i`` lead to ``up[start[i]:start[i + 1]]``.
    ahead, back
        Cost of walking up and down, :data:`~twin.costs.INF` where there is no way.
    """

    start: Positions
    up: Positions
    ahead: Ints
    back: Ints


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A network under one walker's costs.

    Parameters
    ----------
    layout
        Positions of the nodes.
    arcs
        All arcs, priced: of the ways between two nodes one of least cost goes only up, then only
        down.
    """

    layout: Layout
    arcs: Arcs

    @cached_property
    def least(self) -> Arcs:
        """The arcs that are themselves a shortest way; the others are never needed."""
        every = self.arcs
        ahead, back = every.ahead.copy(), every.back.copy()
        shorten(every.start, every.up, ahead, back)
        kept = needed(every.ahead, every.back, ahead, back)
        before = np.concatenate([[0], np.cumsum(kept)])
        start = before[every.start].astype(np.int32)
        return Arcs(start, every.up[kept], every.ahead[kept], every.back[kept])

    @cached_property
    def labelled(self) -> tuple[Ints, Ints]:
        """Costs ahead and back of the `least` arcs, with room for the number of a goal."""
        ahead, back = (
            np.where(cost < INF, cost << LABEL_BITS, BEYOND)
            for cost in (self.least.ahead, self.least.back)
        )
        return ahead, back

    @cached_property
    def short(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Costs ahead and back of the `least` arcs in 32 bits, :data:`FAR` where more."""
        ahead, back = (np.minimum(c, FAR) for c in (self.least.ahead, self.least.back))
        return ahead.astype(np.uint32), back.astype(np.uint32)


_hierarchies: Memo[Hierarchy] = Memo(16)


def hierarchy(costs: DirectedCosts) -> Hierarchy:
    """Return the network of `costs` prepared for searches from many places at once.

    The order of the nodes is kept with the network; a closed street or another walker prices the
    arcs anew. Needs Numba.
    """
    return _hierarchies.get((costs,), lambda: _prepare(costs))


def _prepare(costs: DirectedCosts) -> Hierarchy:
    laid, arrows = layout(costs.network), costs.arrows
    ahead, back = np.full(len(laid.up), INF), np.full(len(laid.up), INF)
    arc = laid.arc[arrows.edge]
    real = arc >= 0
    out_of = costs.network.tail[arrows.edge] == arrows.tail
    upward = laid.rises[arrows.edge] == out_of
    for into, these in ((ahead, real & upward), (back, real & ~upward)):
        np.minimum.at(into, arc[these], arrows.cost[these])
    price(laid.start, laid.up, ahead, back)
    return Hierarchy(laid, Arcs(laid.start, laid.up, ahead, back))
