"""The way that is drawn is the way that NetworkX finds, in random districts."""

from __future__ import annotations

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
from tests.oracle.test_random_districts import reference_of, steady
from twin.catalogues import walkers
from twin.routes import route


def doors_of(grid: Grid, service_id: int) -> list[shapely.Geometry]:
    """Where a service is entered."""
    entrances, services = grid.rows["entrances"], grid.rows["services"]
    doors = [row["geometry"] for row in entrances if row.get("service_id") == service_id]
    return doors or [row["geometry"] for row in services if row["id"] == service_id]


@steady
@given(districts(), st.sampled_from(sorted(walkers())), st.sampled_from(["m", "min"]))
def test_routes_are_shortest_or_quickest_paths(grid: Grid, walker: str, unit: str) -> None:
    comparison = Comparison(district_of(grid), reference_of(grid))
    reference, walks_as = comparison.reference, comparison.walkers[walker]
    metres = reference.graph(walks_as, "m")
    seconds = reference.graph(walks_as, "s")
    best = metres if unit == "m" else seconds
    for service_id in [row["id"] for row in grid.rows["services"]][:3]:
        for row, origin in enumerate(comparison.row[:6]):
            found = route(comparison.district, row, service_id, (walker, unit))  # type: ignore[arg-type]
            ends = ("o", int(origin)), ("s", service_id)
            if not all(end in best for end in ends) or not nx.has_path(best, *ends):
                assert found is None
                continue
            assert found is not None
            path = nx.dijkstra_path(best, *ends, weight="cost")
            length = sum(metres[a][b]["cost"] for a, b in pairwise(path))
            time = sum(seconds[a][b]["cost"] for a, b in pairwise(path))
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
