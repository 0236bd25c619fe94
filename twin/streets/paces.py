"""What each piece of the network costs a walker by its length and slope alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from twin.arrays import Flags, Floats, Ints, ranges
from twin.memo import Memo
from twin.model.catalogues import Walker, rules
from twin.streets.network import Network, change_of

Unit: TypeAlias = Literal["m", "min"]

PER_METRE = 1_000_000
PER_SECOND = 1_000_000

_SLOPE_NOISE = 1e-9
"""A slope of exactly 1:12 comes out of floating point this much above or below."""


@dataclass(frozen=True, eq=False)
class Paces:
    """Costs of pieces, not yet rounded, and their sums over the pieces of the edge before.

    Parameters
    ----------
    forward, backward
        Cost of each piece from tail to head and from head to tail, shape (pieces,).
    forward_before, backward_before
        Sums over the pieces of the edge before this one.
    steep
        Pieces too steep for this walker; None where no slope bars the way.
    """

    forward: Floats
    backward: Floats
    forward_before: Floats
    backward_before: Floats
    steep: Flags | None


_paces: Memo[Paces] = Memo(16)


def paces(network: Network, walker: Walker, unit: Unit) -> Paces:
    """Return the paces of a walker; all whom nothing tells apart share one object.

    Of a network that was patched only the edges that came are looked at.
    """
    trait = walker.slope, unit, (walker.speed_mps, walker.rest_s_per_m) if unit == "min" else ()

    def find() -> Paces:
        change = change_of(network)
        before = change.before() if change is not None else None
        known = _paces.known((before,), trait) if before is not None else None
        if change is None or before is None or known is None:
            return _find(network.length_m, network.pieces, network.slope, walker, unit)
        count = network.pieces[change.came]
        slope = network.slope[ranges(network.piece_start[change.came], count)]
        fresh = _find(network.length_m[change.came], count, slope, walker, unit)
        begins = np.concatenate([[0], np.cumsum(count)])
        runs = change.runs.of_parts(before.piece_start, begins)
        forward = runs.merged(known.forward, fresh.forward)
        ahead = runs.merged(known.forward_before, fresh.forward_before)
        both = known.backward is known.forward
        return Paces(
            forward,
            forward if both else runs.merged(known.backward, fresh.backward),
            ahead,
            ahead if both else runs.merged(known.backward_before, fresh.backward_before),
            None
            if known.steep is None or fresh.steep is None
            else runs.merged(known.steep, fresh.steep),
        )

    return _paces.get((network,), find, trait)


def metres_of(length: Floats, count: Ints) -> Floats:
    """Return the length of each piece of edges that are cut into `count` equal ones."""
    return np.repeat(length / np.maximum(count, 1), count)


def sums_before(count: Ints, values: Floats) -> Floats:
    """Return the sum over the earlier pieces of the same edge, for each piece.

    Edge by edge: sums that ran on over all edges would round otherwise in a part of a city.

    Parameters
    ----------
    count
        How many pieces each edge has.
    """
    before, start = np.zeros_like(values), np.cumsum(count) - count
    longer = np.flatnonzero(count > 1)
    at, left = start[longer], count[longer] - 1
    while len(at):
        before[at + 1] = before[at] + values[at]
        at, left = at[left > 1] + 1, left[left > 1] - 1
    return before


def _find(length: Floats, count: Ints, slope: Floats, walker: Walker, unit: Unit) -> Paces:
    metres = metres_of(length, count)
    steep = _too_steep(slope, metres) if walker.slope == "wheelchair" else None
    if unit == "m":
        forward = metres * PER_METRE
        before = sums_before(count, forward)
        return Paces(forward, forward, before, before, steep)
    up, down = _slope_factors(slope, walker)
    scale, rest = PER_SECOND / walker.speed_mps, PER_SECOND * walker.rest_s_per_m
    forward, backward = (metres * scale * factor + metres * rest for factor in (up, down))
    before, behind = sums_before(count, forward), sums_before(count, backward)
    return Paces(forward, backward, before, behind, steep)


def _too_steep(slope: Floats, metres: Floats) -> Flags:
    """Return the pieces that `rules` bar to a wheelchair (GB 55019-2021)."""
    rule = rules()
    steep: Flags = np.abs(slope) > rule.bar_slope + _SLOPE_NOISE
    return steep & (metres >= rule.bar_over_m)


def _slope_factors(slope: Floats, walker: Walker) -> tuple[Floats, Floats]:
    """Return the time factors of each piece in both directions.

    Tobler (1993): walking speed goes with exp(-3.5 |s + 0.05|), so time goes with its inverse,
    relative to the flat. A wheelchair is slowed by `rules` (GB 55019-2021).
    """
    rule = rules()
    if walker.slope == "tobler":
        flat = abs(rule.tobler_offset)
        up = np.exp(rule.tobler_exponent * (np.abs(slope + rule.tobler_offset) - flat))
        down = np.exp(rule.tobler_exponent * (np.abs(-slope + rule.tobler_offset) - flat))
        return up, down
    slow = np.where(np.abs(slope) >= rule.slow_slope - _SLOPE_NOISE, rule.slow_factor, 1.0)
    return slow, slow
