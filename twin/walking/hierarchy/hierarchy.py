"""A network prepared for one walker: what every arc of its layout costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Ints
from twin.memo import Memo
from twin.streets.costs import INF, DirectedCosts
from twin.walking.hierarchy.elimination import (
    Positions,
    needed,
    price,
    shorten,
    street_costs,
)
from twin.walking.hierarchy.layout import Layout, layout, patch_of
from twin.walking.hierarchy.patching import carried, price_again
from twin.walking.hierarchy.sweeps import BEYOND

LABEL_BITS = 16
"""Lowest bits of a cost that hold the number of a goal: 65,536 goals, and 35,000 km."""

_MOST_PATCHED, _ALWAYS_PATCHED = 0.05, 100
"""Part of the arcs above which prices are found anew, and how many are patched in any network."""

FAR = 2**31 - 1
"""Beyond every limit that 32 bits hold: 2,147 m or 35 minutes."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs and their costs, by their lower end as in `twin.walking.hierarchy.layout.Layout`.

    Parameters
    ----------
    start, up
        Arcs of position ``i`` lead to ``up[start[i]:start[i + 1]]``.
    ahead, back
        Cost of walking up and down, :data:`~twin.streets.costs.INF` where there is no way.
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
    streets
        The same arcs with the costs of the streets alone.
    patched
        The prices are those of another hierarchy but for what a few streets change.
    """

    layout: Layout
    arcs: Arcs
    streets: Arcs
    patched: bool = False

    @cached_property
    def least(self) -> Arcs:
        """The arcs that are themselves a shortest way; the others are never needed.

        After an edit all arcs: to find which are needed takes longer than the few searches until
        the next edit gain by it.
        """
        every = self.arcs
        if self.patched:
            return every
        ahead, back = every.ahead.copy(), every.back.copy()
        shorten(every.start, every.up, ahead, back)
        kept = needed(every.ahead, every.back, ahead, back)
        before = np.concatenate([[0], np.cumsum(kept)])
        start, up = before[every.start].astype(np.int32), every.up[kept]
        for shape in (start, up):  # as those of all arcs: kernels are compiled for either or both
            shape.flags.writeable = False
        return Arcs(start, up, every.ahead[kept], every.back[kept])

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


_hierarchies: Memo[Hierarchy] = Memo(8)


def hierarchy(costs: DirectedCosts) -> Hierarchy:
    """Return the network of `costs` prepared for searches from many places at once.

    The order of the nodes is kept with the network. Where few streets cost other than in a
    hierarchy known, only the arcs that feel it are priced anew. Needs Numba.
    """
    return _hierarchies.get((costs,), lambda: _prepare(costs))


def prepared(costs: DirectedCosts) -> Hierarchy | None:
    """Return the hierarchy of `costs` if there is one already, without waiting for it."""
    return _hierarchies.known((costs,))


def _prepare(costs: DirectedCosts) -> Hierarchy:
    laid = layout(costs.network)
    streets = _street_arcs(laid, costs)
    for costs_before, before in _hierarchies.known_results():
        made = _patch(before, laid, streets)
        if made is not None:
            _hierarchies.known(costs_before)  # stays among the latest
            return made
    ahead, back = streets.ahead.copy(), streets.back.copy()
    price(laid.start, laid.up, ahead, back)
    return Hierarchy(laid, Arcs(laid.start, laid.up, ahead, back), streets)


def _street_arcs(laid: Layout, costs: DirectedCosts) -> Arcs:
    """Return what the streets of each arc cost."""
    arrows = costs.arrows
    graph = arrows.tail, arrows.edge, arrows.cost
    of_edge = costs.network.tail, laid.arc, laid.rises
    return Arcs(laid.start, laid.up, *street_costs(graph, *of_edge, len(laid.up)))


def _patch(before: Hierarchy, laid: Layout, streets: Arcs) -> Hierarchy | None:
    """Return the hierarchy of some streets by a patch of another, None where too much differs."""
    came = _came(before.layout, laid)
    if came is None:
        return None
    of_streets, of_arcs = ((arcs.ahead, arcs.back) for arcs in (before.streets, before.arcs))
    prices = streets.ahead, streets.back
    old, now, dirty, count = carried(came, of_streets, of_arcs, prices)
    if count > max(_MOST_PATCHED * len(dirty), _ALWAYS_PATCHED):
        return None
    price_again((laid.start, laid.up), laid.turned, prices, old, now, dirty)
    return Hierarchy(laid, Arcs(laid.start, laid.up, *now), streets, patched=True)


def _came(before: Layout, laid: Layout) -> Ints | None:
    """Return the arc of another layout that each was, -1 where it had none.

    None where that layout is neither this one nor the one that this was patched from.
    """
    if before is laid:
        return np.arange(len(laid.up))
    patch = patch_of(laid)
    return patch.came if patch is not None and patch.before() is before else None
