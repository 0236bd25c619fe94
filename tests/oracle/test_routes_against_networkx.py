"""The way that is drawn is the way that NetworkX finds, in random districts."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.grid.grid import Grid
from tests.grid.product import district_of
from tests.oracle.comparison import Comparison
from tests.oracle.districts import districts
from tests.oracle.reference import Reference, Walker
from tests.oracle.test_random_districts import reference_of, steady
from twin.model.catalogues import walkers
from twin.walking.routes import route


def doors_of(grid: Grid, service_id: int) -> list[shapely.Geometry]:
    """Where a service is entered."""
    entrances, services = grid.rows["entrances"], grid.rows["services"]
    doors = [row["geometry"] for row in entrances if row.get("service_id") == service_id]
    return doors or [row["geometry"] for row in services if row["id"] == service_id]


def best_way(
    reference: Reference, walker: Walker, origin: int, service_id: int, unit: str
) -> tuple[float, float]:
    """Metres and seconds of the way that is least in one of them, by whichever door."""
    ways = [(math.inf, math.inf)]
    for number in reference.origins[origin].doors:
        edge = reference.doors[number].edge
        if edge is None:
            continue
        own = reference.own_gates[edge]
        metres, seconds = (reference.graph(walker, one, own) for one in ("m", "s"))
        best = metres if unit == "m" else seconds
        ends = ("door", number), ("s", service_id)
        if all(end in best for end in ends) and nx.has_path(best, *ends):
            path = [("o", origin), *nx.dijkstra_path(best, *ends, weight="cost")]
            steps = list(pairwise(path))
            ways.append(
                (
                    sum(metres[a][b]["cost"] for a, b in steps),
                    sum(seconds[a][b]["cost"] for a, b in steps),
                )
            )
    return min(ways, key=lambda way: way[unit != "m"])


@steady
@given(districts(), st.sampled_from(sorted(walkers())), st.sampled_from(["m", "min"]))
def test_routes_are_shortest_or_quickest_paths(grid: Grid, walker: str, unit: str) -> None:
    comparison = Comparison(district_of(grid), reference_of(grid))
    reference, walks_as = comparison.reference, comparison.walkers[walker]
    for service_id in [row["id"] for row in grid.rows["services"]][:3]:
        for row, origin in enumerate(comparison.row[:6]):
            found = route(comparison.district, row, service_id, (walker, unit))  # type: ignore[arg-type]
            length, time = best_way(reference, walks_as, int(origin), service_id, unit)
            if math.isinf(length):
                assert found is None
                continue
            assert found is not None
            assert found.metres == pytest.approx(length, abs=1e-3)
            assert found.minutes * 60 == pytest.approx(time, abs=1e-3)
            drawn = shapely.LineString(found.line)
            assert drawn.length == pytest.approx(found.metres, abs=1e-3)
            assert sum(found.metres_by_kind.values()) == pytest.approx(found.metres, abs=1e-3)
            assert (
                min(shapely.distance(doors_of(grid, service_id), shapely.Point(found.line[-1])))
                < 1e-6
            )
            assert np.isfinite(found.line).all()
