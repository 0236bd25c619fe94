"""Statistics of people: every value counts as often as there are people who have it.

All functions take `values` and `people` of shape (n,); nobody at all gives NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from twin.arrays import Floats, Ints

_ROUNDING = 1e-12
"""Part of the total by which sums of fractions of people may miss a level."""


def mean(values: Floats, people: Floats) -> float:
    """Return sum(people * values) / sum(people), inf where anybody has inf."""
    some = people > 0
    total = float(people[some].sum())
    return float((people[some] * values[some]).sum()) / total if total > 0 else np.nan


def quantiles(values: Floats, people: Floats, levels: ArrayLike) -> Floats:
    """Return for each level q the least value v such that people with at most v are q of all.

    The inverse of the empirical distribution: no value that nobody has is made up. Values may be
    inf.
    """
    wanted = np.asarray(levels, np.float64)
    order, summed = _ranked(values, people)
    if not len(order):
        return np.full(wanted.shape, np.nan)
    at = np.searchsorted(summed, wanted * summed[-1] * (1 - _ROUNDING), "left")
    return np.asarray(values[order][at], np.float64)


def shares_within(values: Floats, people: Floats, limits: ArrayLike) -> Floats:
    """Return for each limit the share of people whose value is at most the limit."""
    wanted = np.asarray(limits, np.float64)
    order, summed = _ranked(values, people)
    if not len(order):
        return np.full(wanted.shape, np.nan)
    count = np.searchsorted(values[order], wanted, "right")
    return np.asarray(np.concatenate([[0.0], summed])[count] / summed[-1], np.float64)


def gini(values: Floats, people: Floats) -> float:
    """Return the Gini coefficient, 0 (all alike) to 1; NaN where the values sum to 0.

    ``1 - sum (p_k - p_{k-1}) (L_k + L_{k-1})`` with cumulative shares p of people and L of values,
    least values first (Lorenz 1905, Gini 1912; Brown's formula).
    """
    part, of_values = _lorenz(values, people)
    if not len(part):
        return np.nan
    inequality = 1 - float((np.diff(part) * (of_values[1:] + of_values[:-1])).sum())
    return min(max(inequality, 0.0), 1.0)


def theil(values: Floats, people: Floats) -> float:
    """Return Theil's T, 0 (all alike) to ln(people); NaN where the values sum to 0.

    ``sum (n_i / N) (x_i / m) ln(x_i / m)`` with mean m; a value of 0 adds 0 (Theil 1967).
    """
    middle = mean(values, people)
    if not middle > 0:
        return np.nan
    ratio = values / middle
    logarithm = np.log(np.where(ratio > 0, ratio, 1.0))
    return float((people * ratio * logarithm).sum() / people.sum())


def theil_parts(values: Floats, people: Floats, part: Ints) -> tuple[float, float]:
    """Return Theil's T between parts and within parts; their sum is T.

    Between is ``sum s_g ln(m_g / m)``, within ``sum s_g T_g``, with s_g the part's share of all
    values, m_g its mean and T_g its own T (Shorrocks 1980).
    """
    total = float((people * values).sum())
    if not total > 0:
        return np.nan, np.nan
    count = np.bincount(part, people).astype(np.float64)
    held = np.bincount(part, people * values)
    means = np.divide(held, count, out=np.zeros_like(held), where=count > 0)
    between = theil(means, count)
    ratio = np.divide(values, means[part], out=np.zeros_like(values), where=means[part] > 0)
    logarithm = np.log(np.where(ratio > 0, ratio, 1.0))
    return between, float((people * values * logarithm).sum() / total)


def ranked_ratio(values: Floats, people: Floats, part: float) -> float:
    """Return what the best-served `part` of the people has over what the worst-served has.

    ``(1 - L(1 - part)) / L(part)`` with the Lorenz curve L, which splits people at the border.
    Inf where the worst-served have nothing; NaN where nobody has anything.
    """
    shares, of_values = _lorenz(values, people)
    if not len(shares):
        return np.nan
    worst, rest = np.interp([part, 1 - part], shares, of_values)
    return float((1 - rest) / worst) if worst > 0 else np.inf


def shortfall(values: Floats, people: Floats, line: float, power: float) -> float:
    """Return the shortfall index FGT of a power below a line, 0 (nobody short) to 1.

    ``1/N sum over x_i < line of n_i ((line - x_i) / line) ^ power``: the share of people who fall
    short (power 0), their mean gap (1), their squared gap (2) (Foster, Greer & Thorbecke 1984).
    """
    total = float(people.sum())
    if not (total > 0 and line > 0):
        return np.nan
    short = values < line
    gap = (line - values[short]) / line
    return float((people[short] * gap**power).sum() / total)


def _ranked(values: Floats, people: Floats) -> tuple[Ints, Floats]:
    """Return the positions of those who count, least value first, and the running sum of people."""
    some = np.flatnonzero(people > 0)
    order = some[np.argsort(values[some], kind="stable")]
    return order, np.cumsum(people[order])


def _lorenz(values: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Return the Lorenz curve from (0, 0) to (1, 1), empty where there is nothing to share."""
    order, summed = _ranked(values, people)
    held = np.cumsum(people[order] * values[order])
    if not len(held) or not held[-1] > 0:
        return np.empty(0), np.empty(0)
    start = np.zeros(1)
    return np.concatenate([start, summed / summed[-1]]), np.concatenate([start, held / held[-1]])
