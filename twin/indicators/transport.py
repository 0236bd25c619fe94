"""Sharing out places: an exact minimum-cost flow from people to services.

The plan is solved in floating point and proven in whole numbers, so that it does not depend on a
solver's tolerances: people are whole hundred-thousandths of a person and costs whole millimetres
or milliseconds, and the prices that the solver returns are checked to certify its flow. Where
several plans are equally good, :mod:`twin.indicators.lowest_ids` picks the one with the lowest
ids, so that the plan does not depend on the solver's path either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from twin.arrays import Flags, Floats, Ints
from twin.indicators.lowest_ids import settle

PER_PERSON = 100_000
"""Whole numbers in one person; fractions of people come from shares of stair units and ages."""

_METHODS: tuple[Literal["highs-ds", "highs-ipm"], ...] = ("highs-ds", "highs-ipm")
"""The second is asked where the proof of the first one's answer fails."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Who goes where.

    Parameters
    ----------
    asked, served
        People of each origin who ask, and who get a place, shape (n,).
    origin, service, people
        How many people of which origin go to which service (position, not id), shape (k,), by
        origin and service.
    """

    asked: Floats
    served: Floats
    origin: Ints
    service: Ints
    people: Floats


@dataclass(frozen=True, eq=False)
class _Problem:
    """Whole numbers: pairs within reach with their costs, people and places."""

    origin: Ints
    service: Ints
    cost: Ints
    people: Ints
    places: Ints

    @property
    def prize(self) -> int:
        """Worth of serving one person.

        One more person moves people along a chain that enters each service at most once, so it
        lengthens the walks by less than this: no saving of walks outweighs a person.
        """
        return (len(self.places) + 1) * int(self.cost.max(initial=0)) + 1


def assign(
    people: Floats, capacity: Floats, cost: Ints, within: Flags, order: Ints | None = None
) -> Plan:
    """Return the plan that serves the most people at the least cost with the lowest ids.

    Cost counts between plans that serve equally many, ids between plans of equal cost. The lowest
    ids: the first origin sends as many people as it can to the first service, then to
    the next; then the second origin; and so on, nobody of an earlier origin standing back for a
    later one.

    The first two are a transportation problem: maximise ``sum x_ij (prize - c_ij)`` over
    ``sum_j x_ij <= people_i`` and ``sum_i x_ij <= places_j`` (Hitchcock 1941), whose matrix is
    totally unimodular: whole numbers in, whole numbers out (Hoffman & Kruskal 1956).

    Parameters
    ----------
    people, capacity
        Shape (n,) and (s,).
    cost, within
        Whole numbers, and which pairs may be used, shape (s, n).
    order
        Origins by id; as they come where it is None.

    Raises
    ------
    ArithmeticError
        Where no method's answer can be proven; none is known.
    """
    order = np.arange(len(people)) if order is None else order
    wanted = np.rint(people[order] * PER_PERSON).astype(np.int64)
    places = np.rint(capacity * PER_PERSON).astype(np.int64)
    usable = within[:, order] & (wanted > 0) & (places > 0)[:, None]
    origin, service = np.nonzero(usable.T)
    problem = _Problem(origin, service, cost[:, order].T[origin, service], wanted, places)
    flow = _best_flow(problem)
    some = np.flatnonzero(flow)
    served = np.bincount(origin, flow, len(wanted)) / PER_PERSON
    some = some[np.lexsort((service[some], order[origin[some]]))]
    return Plan(
        _back(wanted / PER_PERSON, order),
        _back(served, order),
        order[origin[some]],
        service[some],
        flow[some] / PER_PERSON,
    )


def _back(values: Floats, order: Ints) -> Floats:
    found = np.empty_like(values)
    found[order] = values
    return found


def _best_flow(problem: _Problem) -> Ints:
    if not len(problem.origin):
        return np.empty(0, np.int64)
    for method in _METHODS:
        flow, origin_price, service_price = _solve(problem, method)
        if _is_proven(problem, flow, origin_price, service_price):
            return _with_lowest_ids(problem, flow, origin_price, service_price)
    raise ArithmeticError(f"assignment of {len(problem.origin)} pairs could not be proven")


def _solve(problem: _Problem, method: Literal["highs-ds", "highs-ipm"]) -> tuple[Ints, Ints, Ints]:
    """Return flow and prices of origins and services, rounded to whole numbers."""
    from scipy.optimize import linprog  # a second to load, for the few who assign
    from scipy.sparse import csr_array

    pairs, rows = len(problem.origin), len(problem.people)
    row = np.concatenate([problem.origin, rows + problem.service])
    column = np.tile(np.arange(pairs), 2)
    limits = np.concatenate([problem.people, problem.places])
    matrix: Any = csr_array((np.ones(2 * pairs), (row, column)), shape=(len(limits), pairs))
    answer = linprog(
        problem.cost - problem.prize, A_ub=matrix, b_ub=limits / PER_PERSON, method=method
    )
    if answer.status != 0 or answer.x is None:
        raise ArithmeticError(f"assignment: {answer.message}")
    price = np.rint(-answer.ineqlin.marginals).astype(np.int64)
    flow = np.rint(answer.x * PER_PERSON).astype(np.int64)
    return flow, price[:rows], price[rows:]


def _is_proven(problem: _Problem, flow: Ints, origin_price: Ints, service_price: Ints) -> bool:
    """Return whether the prices certify the flow, in whole numbers.

    The flow keeps to people and places, no pair is worth more than its prices, and only pairs
    worth their prices are used and only what is used up has a price (complementary slackness).
    """
    left, empty = _left(problem, flow)
    spare = _reduced(problem, origin_price, service_price)
    feasible = min(flow.min(), left.min(), empty.min(), spare.min()) >= 0
    priced = min(origin_price.min(), service_price.min()) >= 0
    tight = not ((spare > 0) & (flow > 0)).any()
    used_up = not ((origin_price > 0) & (left > 0)).any()
    full = not ((service_price > 0) & (empty > 0)).any()
    return bool(feasible and priced and tight and used_up and full)


def _left(problem: _Problem, flow: Ints) -> tuple[Ints, Ints]:
    """Return people not served and places not taken."""
    left, empty = problem.people.copy(), problem.places.copy()
    np.subtract.at(left, problem.origin, flow)
    np.subtract.at(empty, problem.service, flow)
    return left, empty


def _reduced(problem: _Problem, origin_price: Ints, service_price: Ints) -> Ints:
    """Return the prices of each pair less what it is worth."""
    price = origin_price[problem.origin] + service_price[problem.service]
    spare: Ints = price + problem.cost - problem.prize
    return spare


def _with_lowest_ids(
    problem: _Problem, flow: Ints, origin_price: Ints, service_price: Ints
) -> Ints:
    """Return the best flow with the lowest ids.

    The best flows are exactly those that use only pairs worth their prices and use up what has a
    price. Two more nodes make that a balanced exchange: a last column holds people who are not
    served (open to origins without a price), a last row holds places that are not taken (open to
    services without a price). Origins with one way only cannot change and are left out.
    """
    tight = _reduced(problem, origin_price, service_price) == 0
    ways = np.bincount(problem.origin, tight, len(problem.people)) + (origin_price == 0)
    free = np.flatnonzero(ways > 1)
    place = np.full(len(problem.people), -1)
    place[free] = np.arange(len(free))
    here = np.flatnonzero(tight & (place[problem.origin] >= 0))
    rows, columns = place[problem.origin[here]], problem.service[here]
    count, last = len(problem.places), len(free)
    held = np.zeros((last + 1, count + 1), np.int64)
    may = np.zeros((last + 1, count + 1), np.bool_)
    left, empty = _left(problem, flow)
    held[rows, columns], may[rows, columns] = flow[here], True
    held[:last, count], may[:last, count] = left[free], origin_price[free] == 0
    held[last, :count], may[last, :count] = empty, service_price == 0
    held[last, count], may[last, count] = problem.people.sum() - left.sum(), True
    settle(held, may)
    settled = flow.copy()
    settled[here] = held[rows, columns]
    return settled
