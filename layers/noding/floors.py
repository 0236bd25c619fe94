"""Streets that end at one place in plan and on different levels: which of them meet.

Light to load, for a network is made by this law whenever a district is opened.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_FLOORS = 64
"""More levels are not kept apart at one place."""

CONNECTING = "steps"
"""The kind of street that leads from level to level, whatever its own is said to be."""


def floors(place: Ints, level: Floats) -> Ints:
    """Return on which floor of its place each end of a street is; those of one floor meet.

    A level goes on at a place where two ends or more are on it. Levels that go on pass each other;
    a level that ends there (a single end) comes up or down to the nearest that goes on, of equally
    near ones to the one nearer the ground, then to the lower. An end of unknown level joins all.

    Parameters
    ----------
    place
        Number of the place of each end, from 0.
    level
        Of its street; NaN where it is unknown, and for stairs.

    Returns
    -------
    0 for the lowest level that goes on at a place, 1 for the next; 0 everywhere at a place where
    all meet.
    """
    floor = np.zeros(len(place), np.int64)
    ends = where_levels_pass(place, level)
    if len(ends):
        floor[ends] = _floors_of_passing(place[ends], level[ends])
    return floor


def where_levels_pass(place: Ints, level: Floats) -> Ints:
    """Return the ends at places where two levels or more go on and nothing joins them.

    Parameters are those of :func:`floors`.
    """
    known = ~np.isnan(level)
    if len(np.unique(level[known])) < 2:
        return np.zeros(0, np.int64)
    count = int(place.max()) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, place[known], level[known])
    np.maximum.at(high, place[known], level[known])
    mixed = low < high
    mixed[place[~known]] = False
    ends = np.flatnonzero(mixed[place])
    going, _ = _levels_that_go_on(place[ends], level[ends])
    levels = np.bincount(going, minlength=count)
    return ends[levels[place[ends]] > 1]


def _levels_that_go_on(place: Ints, level: Floats) -> tuple[Ints, Floats]:
    """Return each place and level that has two ends or more."""
    pairs, count = np.unique(np.column_stack([place, level]), axis=0, return_counts=True)
    going = pairs[count > 1]
    return going[:, 0].astype(np.int64), going[:, 1]


def _floors_of_passing(place: Ints, level: Floats) -> Ints:
    """Return the floor of ends at places where levels pass each other."""
    at, going = _levels_that_go_on(place, level)
    there = {one: np.isin(place, at[going == one]) for one in np.unique(going).tolist()}
    nearest, chosen = np.full(len(place), np.inf), np.full(len(place), np.nan)
    for one in sorted(there, key=lambda one: (abs(one), one)):
        nearer = there[one] & (np.abs(level - one) < nearest)
        nearest[nearer], chosen[nearer] = np.abs(level - one)[nearer], one
    below = np.zeros(len(place), np.int64)
    for one, here in there.items():
        below += (one < chosen) & here
    return np.minimum(below, MOST_FLOORS - 1)
