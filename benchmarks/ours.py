"""Our engine: ``python -m benchmarks.ours GRAPH.npz OUT.json``, as ``engines.py``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.city import make_city
from benchmarks.engines import LIMIT_M, Engine, ask_all
from twin.arrays import Ints
from twin.compiled.ready import compiled
from twin.streets.costs import directed_costs
from twin.streets.network import build_network
from twin.streets.paces import PER_METRE
from twin.walking.hierarchy import layout as layouts
from twin.walking.hierarchy.hierarchy import hierarchy
from twin.walking.hierarchy.searches import costs_together, matrix_within, sums_within
from twin.walking.reach import NOBODY, Seeds, improvement, reach_of
from twin.walking.ways_out import Items

_LIMIT = round(LIMIT_M * PER_METRE)


def seeds_at(nodes: Ints) -> Seeds:
    """Return services that stand on nodes."""
    return Seeds(nodes, np.zeros(len(nodes), np.int64), np.arange(len(nodes)))


class Ours(Engine):
    """Whole micrometres, directed, not truncated."""

    def __init__(self, graph: Any) -> None:
        super().__init__(graph)
        self.city = make_city(int(graph["asked"]), 1)
        self.network = build_network(self.city.streets)
        self.limit = _LIMIT

    def prepare(self) -> None:
        """Put the nodes in order and price the arcs."""
        self.costs = directed_costs(self.network, self.city.streets, ("adult", "m"))
        ready = hierarchy(self.costs)
        _ = ready.short, ready.labelled
        stay = seeds_at(self.types[0][1:])
        spread = compiled()
        assert spread is not None, "our figures need Numba"
        self.known = reach_of(self.costs, stay, None, spread)

    def nearest(self) -> Any:
        """Search for all types at once."""
        return costs_together(self.costs, [seeds_at(nodes) for nodes in self.types])

    def sums(self) -> Any:
        """Search from 64 neighbours at once."""
        return sums_within(self.costs, self.graph["people"], self.limit)

    def matrix(self) -> Any:
        """Search from 16 sites at once."""
        sites, homes = (on_nodes(self.graph[name]) for name in ("sites", "homes"))
        return matrix_within(self.costs, sites, homes, self.limit)

    def moved(self, node: int) -> Any:
        """Go on from the reach of the services that stay."""
        seeds = Seeds(np.array([node]), np.zeros(1, np.int64), np.array([NOBODY - 1]))
        return improvement(self.costs, seeds, self.known)

    def distances(self, found: Any) -> Any:
        """Return metres for whole micrometres."""
        return found / PER_METRE

    def pairs(self, found: Any) -> tuple[int, float]:
        """Return how many pairs there are, and the metres between them."""
        return len(found.target), float(found.cost.sum() / PER_METRE)


def on_nodes(nodes: Ints) -> Items:
    """Return items that stand on nodes."""
    return Items(np.arange(len(nodes) + 1), nodes, np.zeros(len(nodes), np.int64))


def main(path: str, out: str) -> None:
    """Answer, once before the clock runs to load what is compiled."""
    layouts._WORTH_KEEPING = sys.maxsize  # prepare from nothing, as the peers do
    with np.load(path) as stored:
        graph = dict(stored)
    warm = Ours(graph)  # loads what is compiled, which a person waits for once a day
    warm.prepare()
    Path(out).write_text(json.dumps(ask_all(Ours(graph))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
