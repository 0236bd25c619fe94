"""What a gate or a path costs the network: ``python -m benchmarks.edits [NODES ...]``.

Prints for each size the milliseconds of processor until the network, the prices and the hierarchy
of one walker are those after the edit (median of several), and what making them from nothing takes.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely

from benchmarks.city import make_city
from twin.ahead.warming import warm
from twin.model.district import District
from twin.model.edits import AddPath, Edit, SetStreetStatus, apply_edit
from twin.streets.compounds import walls_of
from twin.streets.costs import directed_costs
from twin.streets.network import build_network
from twin.walking.hierarchy import layout as layouts
from twin.walking.hierarchy.hierarchy import hierarchy

EDITS = 9
EVERY_GATE = 200
"""One street of so many is a gate."""

STAGES = ("edit", "network", "prices", "graph", "hierarchy")


def with_gates(city: District) -> District:
    """Return a city with gates, a few of them for residents."""
    kind = city.streets["kind"].copy()
    kind[::EVERY_GATE] = "gate"
    status = city.streets["status"].copy()
    status[:: 5 * EVERY_GATE] = "residents"
    return city.with_table(city.streets.with_columns({"kind": kind, "status": status}))


def took(city: District, edit: Edit | None) -> list[float]:
    """Return the milliseconds of each stage of an edit, or of the first preparation."""
    marks = [time.process_time()]
    after = city if edit is None else apply_edit(city, edit)
    marks.append(time.process_time())
    network = build_network(after.streets)
    marks.append(time.process_time())
    costs = directed_costs(network, after.streets, ("adult", "m"), walls_of(after.barriers))
    marks.append(time.process_time())
    _ = costs.arrows
    marks.append(time.process_time())
    ready = hierarchy(costs)
    _ = ready.short, ready.labelled
    marks.append(time.process_time())
    return [1000 * (now - then) for then, now in pairwise(marks)]


def gates(city: District) -> Iterator[Edit]:
    """Return edits that each close a gate."""
    ids = city.streets.ids[::EVERY_GATE]
    for number in np.random.default_rng(1).choice(ids, EDITS).tolist():
        yield SetStreetStatus(number, "closed")


def paths(city: District) -> Iterator[Edit]:
    """Return edits that each draw a path from the end of one street to the middle of another."""
    streets, rng = city.streets, np.random.default_rng(2)
    for number, row in enumerate(rng.integers(0, len(streets), EDITS).tolist()):
        begin = shapely.get_point(streets.geometry[row], 0)
        near = streets.tree.query(begin.buffer(150))[-1]
        end = streets.geometry[near].centroid
        yield AddPath(streets.next_id() + number, ((begin.x, begin.y), (end.x, end.y)))


def main(sizes: list[int]) -> None:
    """Measure and print."""
    warm()
    layouts._WORTH_KEEPING = sys.maxsize  # "from nothing" is without what the disk keeps
    print(f"{'':24}" + "".join(f"{stage:>11}" for stage in (*STAGES, "all")))
    for nodes in sizes:
        city = with_gates(make_city(nodes, 1))
        rows = {"from nothing": [took(city, None)]}
        rows["a gate closed"] = [took(city, edit) for edit in gates(city)]
        rows["a path drawn"] = [took(city, edit) for edit in paths(city)]
        for name, every in rows.items():
            cells = [statistics.median(column) for column in zip(*every, strict=True)]
            cells.append(statistics.median(map(sum, every)))
            print(f"{nodes:8} {name:15}" + "".join(f"{cell:11.1f}" for cell in cells))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [5_000, 50_000, 500_000])
