"""What it costs a walker to pass each edge of the network, in each direction.

Costs are whole numbers of micrometres or microseconds (int64), so that sums are exact, do not
depend on their order and are equal on every platform; one micrometre of rounding an edge stays far
below the millimetre that two honest computations may differ by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Flags, Floats, Ints
from twin.memo import Memo
from twin.model.catalogues import Walker, rules, walkers
from twin.model.tables import Table
from twin.streets.arrows import Arrows, both_ways
from twin.streets.compounds import Rights, rights
from twin.streets.network import Network
from twin.streets.paces import PER_METRE, PER_SECOND, Paces, Unit, metres_of, paces, sums_before
from twin.streets.statuses import statuses

Measure: TypeAlias = tuple[str, Unit]
"""A walker's id and what is counted, ``("older", "m")``."""

INF = np.int64(1 << 60)
"""Cost of what cannot be walked; four of them still fit into an int64."""

PER_UNIT: dict[Unit, int] = {"m": PER_METRE, "min": 60 * PER_SECOND}
"""Whole numbers in one metre and one minute."""


@dataclass(frozen=True, eq=False)
class DirectedCosts:
    """The cost of every edge for one walker and unit under one state of gates and streets.

    Parameters
    ----------
    network
        The edges.
    unit
        ``m`` or ``min``.
    per_leg_metre
        Cost of one metre of access leg, which is flat.
    forward, backward, barred_m
        For each piece: cost from tail to head, from head to tail (floats, not yet rounded), and
        its length where the walker cannot pass it. Shape (pieces,).
    forward_before, backward_before, barred_before
        The same, summed over the pieces of the edge before this one.
    entering
        Cost of entering the edge at either end (the wait at a signalled crossing), shape (m,).
    closed
        Edges that nobody passes, shape (m,).
    reserved
        Edges for residents only, which no stranger passes from end to end, shape (m,). Whose they
        are stands in `rights`.
    rights
        Who may pass which of the reserved edges.
    """

    network: Network
    unit: Unit
    per_leg_metre: float
    forward: Floats
    backward: Floats
    barred_m: Floats
    forward_before: Floats
    backward_before: Floats
    barred_before: Floats
    entering: Ints
    closed: Flags
    reserved: Flags
    rights: Rights

    @cached_property
    def arrows(self) -> Arrows:
        """The graph with every direction of every edge that a stranger passes, turned round."""
        barred = self.reserved.copy()
        closed = np.flatnonzero(self.closed)
        tail, head = self.ends(closed)
        barred[closed] |= self.between(closed, tail, head) >= INF
        barred[closed] |= self.between(closed, head, tail) >= INF
        last = self.network.piece_start[1:] - 1
        barred |= (self.barred_before[last] + self.barred_m[last]) * PER_METRE >= 1
        ahead = _whole_edges(self.forward, self.forward_before, last) + self.entering
        back = ahead
        if self.backward is not self.forward:
            back = _whole_edges(self.backward, self.backward_before, last) + self.entering
        return both_ways(self.network, ahead, back, barred)

    def leg(self, metres: Floats) -> Ints:
        """Return the cost of straight legs of these lengths; inf and NaN metres cost `INF`."""
        known = np.isfinite(metres)
        cost = np.rint(np.where(known, metres, 0) * self.per_leg_metre).astype(np.int64)
        return np.where(known, cost, INF)

    def place(self, edge: Ints, offset_m: Floats) -> Place:
        """Return what stands before and behind points at `offset_m` from the tail of `edge`."""
        network = self.network
        first, count = network.piece_start[edge], network.pieces[edge]
        along = offset_m / network.length_m[edge] * count
        piece = np.minimum(along.astype(np.int64), count - 1)
        part, row = along - piece, first + piece
        return Place(
            np.rint(self.forward_before[row] + part * self.forward[row]).astype(np.int64),
            np.rint(self.backward_before[row] + part * self.backward[row]).astype(np.int64),
            self.barred_before[row] + part * self.barred_m[row],
        )

    def between(self, edge: Ints, here: Place, there: Place) -> Ints:
        """Return the cost of walking from `here` to `there` on the same edge, without entering.

        A point at the very end of a closed edge stands on the node, free to use the others there.
        """
        ahead, back = there.forward - here.forward, here.backward - there.backward
        cost = np.where(ahead >= 0, ahead, back)
        barred = np.abs(there.barred_m - here.barred_m) * PER_METRE >= 1
        return np.where((self.closed[edge] & (cost > 0)) | barred, INF, cost)

    def ends(self, edge: Ints) -> tuple[Place, Place]:
        """Return the places at the tail and at the head of edges."""
        zero = np.zeros(len(edge))
        return self.place(edge, zero), self.place(edge, self.network.length_m[edge])

    def public(self, cost: Ints) -> Floats:
        """Return costs in metres or minutes, inf where unreached."""
        return np.where(cost >= INF, np.inf, cost / PER_UNIT[self.unit])


@dataclass(frozen=True, eq=False)
class Place:
    """Points on edges by what lies between the edge's tail and them: costs and barred metres."""

    forward: Ints
    backward: Ints
    barred_m: Floats


NO_WALLS: NDArray[Any] = np.empty(0, object)

_costs: Memo[DirectedCosts] = Memo(64)
_prices: Memo[DirectedCosts] = Memo(16)
"""Costs under some state of gates and streets, which shares all but that with any other."""

_states: Memo[_State] = Memo(16)


def directed_costs(
    network: Network, streets: Table, measure: Measure, walls: NDArray[Any] = NO_WALLS
) -> DirectedCosts:
    """Return the costs of `network` for a measure, under the statuses of `streets`.

    Walkers that nothing tells apart in this unit share one object: in metres only what bars the
    way matters, so all who climb steps walk the same metres.

    Parameters
    ----------
    walls
        Lines that enclose compounds; see :mod:`twin.streets.compounds`.

    Raises
    ------
    KeyError
        Where there is no such walker.
    """
    walker, unit = walkers()[measure[0]], measure[1]
    columns = tuple(streets[name] for name in ("signalled", "cycle_s", "green_s", "ramp", "kerb"))
    bars = walker.slope == "wheelchair", walker.steps, walker.kerbs
    pace = (walker.slope, walker.speed_mps, walker.rest_s_per_m) if unit == "min" else ()
    trait, status = (unit, bars, pace), streets["status"]

    def find() -> DirectedCosts:
        state = _states.get((network, status, walls), lambda: _state(network, status, walls))
        prices = _prices.get(
            (network, *columns), lambda: _compute(network, streets, walker, unit, state), trait
        )
        return replace(prices, closed=state.closed, reserved=state.reserved, rights=state.rights)

    return _costs.get((network, status, *columns, walls), find, trait)


@dataclass(frozen=True, eq=False)
class _State:
    """What is open to whom; as in :class:`DirectedCosts`."""

    closed: Flags
    reserved: Flags
    rights: Rights


def _state(network: Network, status: NDArray[Any], walls: NDArray[Any]) -> _State:
    said = statuses(network, status)
    return _State(said.closed, said.reserved, rights(network, status, walls))


def _compute(
    network: Network, streets: Table, walker: Walker, unit: Unit, state: _State
) -> DirectedCosts:
    pace = paces(network, walker, unit)
    shuts = _steps_bar(network, streets, walker) | _kerbs_bar(network, streets, walker)
    barred_m, barred_before = _barred(network, shuts, pace)
    scale = PER_METRE if unit == "m" else PER_SECOND / walker.speed_mps
    rest = 0.0 if unit == "m" else PER_SECOND * walker.rest_s_per_m
    return DirectedCosts(
        network=network,
        unit=unit,
        per_leg_metre=scale + rest,
        forward=pace.forward,
        backward=pace.backward,
        barred_m=barred_m,
        forward_before=pace.forward_before,
        backward_before=pace.backward_before,
        barred_before=barred_before,
        entering=np.zeros(len(network), np.int64) if unit == "m" else _waits(network, streets),
        closed=state.closed,
        reserved=state.reserved,
        rights=state.rights,
    )


def _barred(network: Network, shuts: Flags, pace: Paces) -> tuple[Floats, Floats]:
    """Return how long each piece is that bars the way, and the sums over those before it."""
    if not shuts.any() and (pace.steep is None or not pace.steep.any()):
        none = np.zeros(len(pace.forward))
        return none, none
    barred = np.repeat(shuts, network.pieces)
    if pace.steep is not None:
        barred |= pace.steep
    metres = np.where(barred, metres_of(network.length_m, network.pieces), 0.0)
    return metres, sums_before(network.pieces, metres)


def _whole_edges(piece: Floats, before: Floats, last: Ints) -> Ints:
    """Return the rounded sum over all pieces of each edge, whose last ones are `last`."""
    return np.rint(before[last] + piece[last]).astype(np.int64)


def _steps_bar(network: Network, streets: Table, walker: Walker) -> Flags:
    if walker.steps == "walk":
        return np.zeros(len(network), bool)
    bars: Flags = (network.kind == "steps") & ~streets["ramp"][network.street_row]
    return bars


def _kerbs_bar(network: Network, streets: Table, walker: Walker) -> Flags:
    """Tell which edges a kerb bars; where nobody says how high it is, it bars nobody."""
    if walker.kerbs == "pass":
        return np.zeros(len(network), bool)
    bars: Flags = (streets["kerb"] == "raised")[network.street_row]
    return bars


def _waits(network: Network, streets: Table) -> Ints:
    """Return the mean wait at signalled crossings, (C - g)^2 / 2C where both are known."""
    row = network.street_row
    cycle, green = streets["cycle_s"][row], streets["green_s"][row]
    known = (cycle > 0) & (green >= 0) & (green <= cycle)
    safe = np.where(known, cycle, 1.0)
    wait = np.where(known, (safe - np.where(known, green, 0.0)) ** 2 / (2 * safe), np.nan)
    wait = np.where(known, wait, rules().signal_delay_s)
    signalled = streets["signalled"][row] & (network.kind == "crossing")
    return np.where(signalled, np.rint(wait * PER_SECOND), 0).astype(np.int64)
