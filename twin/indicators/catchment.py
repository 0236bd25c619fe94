"""Access by balanced floating catchments: places per person, nobody counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from twin.arrays import Floats
from twin.indicators.circle import Circle
from twin.indicators.finding import NONE, Figure, Part, rows_of
from twin.indicators.weighted import mean, quantiles

HALF = 0.5


def catchment(circle: Circle) -> Part:
    """Return access by balanced floating catchments (:func:`twin.indicators.floating.balanced`).

    Figures, in places per person: ``mean`` and ``median`` over the people, those out of reach with
    0. By service: ``sharing`` (people who share it), ``places_each`` (places per person of them),
    ``capacity`` and whether the data knows it. In a community the mean times its people is the
    places that fall to it, and these sum to the capacity of all services that anybody shares.

    ``v_ij = w_ij / sum_j w_ij; R_j = S_j / sum_i P_i v_ij; A_i = sum_j R_j v_ij`` (Paez, Higgins &
    Vivona 2019, PLOS ONE 14(6): e0218773; weights of Luo & Qi 2009).
    """
    found = circle.catchments

    def figures(people: Floats) -> Iterator[Figure]:
        yield Figure("mean", NONE, mean(found.access, people), "places_per_person")
        middle = float(quantiles(found.access, people, [HALF])[0])
        yield Figure("median", NONE, middle, "places_per_person")

    services = {
        "sharing": found.sharing,
        "places_each": found.places_each,
        "capacity": circle.capacity,
        "capacity_known": circle.capacity_known,
    }
    return Part(rows_of(circle, circle.scopes, figures), {"access": found.access}, services)
