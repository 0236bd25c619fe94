"""The same four questions asked of one engine: ``python engines.py NAME GRAPH.npz OUT.json``.

Peers run in an environment of their own, so nothing of the product is imported here but by the
engine that is ours. Peers may stop at the limit; ours always tells the nearest, however far.

1. nearest: cost from every node to the nearest of 50 services of each of 12 types
2. sums: residents within 1,200 m of every node
3. matrix: costs within 1,200 m between 500 sites and 20,000 homes, sparse
4. moved: one service of a type has moved; nearest of its type from every node again
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

LIMIT_M = 1200.0
REPEATS, MOST_REPEATS, QUICK_S = 3, 101, 0.2
PATIENCE_S = 20.0
"""Seconds after which a question is not repeated; slow engines answer a sample of it."""


class Engine(ABC):
    """Answers the questions of one graph; distances in metres.

    An engine has a method for each question in `answers`: ``sums``, ``matrix``, and ``nearest`` or
    ``nearest_of(nodes)``, the distance from every node to the nearest of some, which ``moved``
    asks for too.
    """

    answers: tuple[str, ...] = ("nearest", "sums", "matrix", "moved")

    sampled = 1
    """Of so many origins an engine that is slow searches from one in question 2."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.nodes = len(graph["xy"])
        self.types = list(graph["services"])

    @abstractmethod
    def prepare(self) -> None:
        """Build what the engine searches in."""

    def nearest(self) -> Any:
        """Answer question 1, shape (types, nodes)."""
        return np.stack([self.nearest_of(nodes) for nodes in self.types])

    def origins(self) -> Any:
        """Return the origins of question 2 that are searched from."""
        return np.arange(0, self.nodes, self.sampled)

    @abstractmethod
    def sums(self) -> Any:
        """Answer question 2 for every origin."""

    def distances(self, found: Any) -> Any:
        """Return the answer to question 1 in metres."""
        return found

    def pairs(self, found: Any) -> tuple[int, float]:
        """Return how many pairs the answer to question 3 has, and the sum of their metres."""
        pairs: tuple[int, float] = found
        return pairs

    def moved(self, node: int) -> Any:
        """Answer question 4 with the first service of the first type at `node`."""
        return self.nearest_of(np.append(self.types[0][1:], node))


class SciPy(Engine):
    """Compiled Dijkstra with a Fibonacci heap."""

    def prepare(self) -> None:
        """Build a sparse matrix."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        tail, head, length = (self.graph[name] for name in ("tail", "head", "length"))
        ends = np.concatenate([tail, head]), np.concatenate([head, tail])
        matrix = coo_array((np.tile(length, 2), ends), shape=(self.nodes, self.nodes))
        self.matrix_of, self.search = matrix.tocsr(), dijkstra
        self.sampled = max(1, self.nodes // 300)

    def nearest_of(self, nodes: Any) -> Any:
        """Search from all of `nodes` at once."""
        return self.search(self.matrix_of, indices=nodes, limit=LIMIT_M, min_only=True)

    def sums(self) -> Any:
        """Search from each origin."""
        found = [
            np.isfinite(self.search(self.matrix_of, indices=[i], limit=LIMIT_M)[0])
            @ self.graph["people"]
            for i in self.origins()
        ]
        return np.array(found)

    def matrix(self) -> tuple[int, float]:
        """Search from each site."""
        pairs, total = 0, 0.0
        for site in self.graph["sites"]:
            row = self.search(self.matrix_of, indices=[site], limit=LIMIT_M)[0]
            near = row[self.graph["homes"]]
            near = near[np.isfinite(near)]
            pairs, total = pairs + len(near), total + float(near.sum())
        return pairs, total


class NetworkX(Engine):
    """Dijkstra in Python."""

    answers = ("nearest", "sums", "moved")

    def prepare(self) -> None:
        """Build a graph of dictionaries."""
        import networkx as nx

        self.networkx, self.net = nx, nx.Graph()
        self.net.add_nodes_from(range(self.nodes))
        ends = (self.graph[name].tolist() for name in ("tail", "head", "length"))
        for tail, head, length in zip(*ends, strict=True):
            if length < self.net.get_edge_data(tail, head, {"weight": np.inf})["weight"]:
                self.net.add_edge(tail, head, weight=length)
        self.sampled = max(1, self.nodes // 30)

    def _row(self, nodes: Any) -> Any:
        found = self.networkx.multi_source_dijkstra_path_length(
            self.net, set(nodes), cutoff=LIMIT_M, weight="weight"
        )
        row = np.full(self.nodes, np.inf)
        row[list(found)] = list(found.values())
        return row

    def nearest_of(self, nodes: Any) -> Any:
        """Search from all of `nodes` at once."""
        return self._row(nodes.tolist())

    def sums(self) -> Any:
        """Search from each origin."""
        people = self.graph["people"]
        return np.array([np.isfinite(self._row([int(i)])) @ people for i in self.origins()])


class Pandana(Engine):
    """Contraction hierarchies with one search an origin, in threads."""

    def prepare(self) -> None:
        """Contract the network."""
        import pandana
        import pandas as pd

        x, y = (pd.Series(self.graph["xy"][:, axis]) for axis in (0, 1))
        ends = (pd.Series(self.graph[name]) for name in ("tail", "head"))
        weight = pd.DataFrame({"length": self.graph["length"]})
        self.pandas, self.net = pd, pandana.Network(x, y, *ends, weight, twoway=True)

    def nearest_of(self, nodes: Any) -> Any:
        """Set the places, then ask for one each."""
        xy = self.graph["xy"][nodes]
        x, y = (self.pandas.Series(xy[:, axis]) for axis in (0, 1))
        self.net.set_pois("places", LIMIT_M, 1, x, y)
        found = self.net.nearest_pois(LIMIT_M, "places", num_pois=1, max_distance=np.inf)
        return found[1].to_numpy()

    def sums(self) -> Any:
        """Aggregate a variable."""
        people = self.pandas.Series(self.graph["people"].astype(float))
        self.net.set(self.pandas.Series(np.arange(self.nodes)), people, "people")
        found = self.net.aggregate(LIMIT_M, type="sum", decay="flat", name="people")
        return found.to_numpy()

    def matrix(self) -> tuple[int, float]:
        """Ask for what is in range, and keep the homes."""
        found = self.net.nodes_in_range(self.graph["sites"], LIMIT_M)
        home = np.zeros(self.nodes, bool)
        home[self.graph["homes"]] = True
        near = home[found["destination"].to_numpy()]
        return int(near.sum()), float(found["length"].to_numpy()[near].sum())


class PandanaPrecomputed(Pandana):
    """Pandana with every node's range kept, which answers question 2 alone."""

    answers = ("sums",)

    def prepare(self) -> None:
        """Contract the network and search from every node."""
        super().prepare()
        self.net.precompute(LIMIT_M)


class Igraph(Engine):
    """Compiled Dijkstra in C, which cannot stop at a limit."""

    def prepare(self) -> None:
        """Build the graph, with one more node for each type."""
        import igraph

        graph, count = self.graph, self.nodes
        ends = np.column_stack([graph["tail"], graph["head"]])
        into = [
            np.column_stack([np.full(len(nodes), count + i), nodes])
            for i, nodes in enumerate(self.types)
        ]
        weight = [graph["length"], graph["length"], np.zeros(sum(map(len, self.types)))]
        self.weight = np.concatenate(weight).tolist()
        edges = np.concatenate([ends, ends[:, ::-1], *into]).tolist()
        self.net = igraph.Graph(count + len(self.types), edges, directed=True)
        self.sampled = max(1, self.nodes // 60)

    def _row(self, node: int) -> Any:
        return np.array(self.net.distances([node], weights=self.weight)[0][: self.nodes])

    def nearest(self) -> Any:
        """Search from the nodes of all types."""
        return np.stack([self._row(self.nodes + i) for i in range(len(self.types))])

    answers = ("nearest", "sums")

    def sums(self) -> Any:
        """Search from each origin."""
        people = self.graph["people"]
        return np.array([(self._row(int(i)) <= LIMIT_M) @ people for i in self.origins()])


class NetworKit(Engine):
    """Compiled Dijkstra in C++, which cannot stop at a limit."""

    def prepare(self) -> None:
        """Build the graph, with one more node for each type."""
        import networkit

        self.networkit = networkit
        self.net = networkit.Graph(self.nodes + len(self.types), weighted=True, directed=True)
        graph = self.graph
        for tail, head in (("tail", "head"), ("head", "tail")):
            ends = (graph[name].tolist() for name in (tail, head, "length"))
            for edge in zip(*ends, strict=True):
                self.net.addEdge(*edge)
        for i, nodes in enumerate(self.types):
            for node in nodes.tolist():
                self.net.addEdge(self.nodes + i, node, 0.0)
        self.sampled = max(1, self.nodes // 60)

    def _row(self, node: int) -> Any:
        search = self.networkit.distance.Dijkstra(self.net, node, storePaths=False)
        search.run()
        return np.array(search.getDistances()[: self.nodes])

    def nearest(self) -> Any:
        """Search from the nodes of all types."""
        return np.stack([self._row(self.nodes + i) for i in range(len(self.types))])

    answers = ("nearest", "sums")

    def sums(self) -> Any:
        """Search from each origin."""
        people = self.graph["people"]
        return np.array([(self._row(int(i)) <= LIMIT_M) @ people for i in self.origins()])


def spent() -> tuple[float, float]:
    """Return seconds of the wall, and of all processors, since some moment."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def largest_mb() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(ask: Any) -> tuple[dict[str, Any], Any]:
    """Return the median seconds of asking, after once to warm up, and the last answer.

    What is quick is asked often, as a hand that drags does.
    """
    began = time.perf_counter()
    answer = ask()
    took: list[list[float]] = []
    slow = time.perf_counter() - began > PATIENCE_S / REPEATS
    while len(took) < (1 if slow else REPEATS) or (
        len(took) < MOST_REPEATS and sum(wall for wall, _ in took) < QUICK_S
    ):
        before = spent()
        answer = ask()
        took.append([now - then for now, then in zip(spent(), before, strict=True)])
    wall, processor = (statistics.median(column) for column in zip(*took, strict=True))
    return {"wall_s": wall, "cpu_s": processor, "repeats": len(took)}, answer


def ask_all(engine: Engine) -> dict[str, Any]:
    """Return what preparing and every question took, and what tells whether answers agree."""
    before, empty = spent(), largest_mb()
    engine.prepare()
    wall, processor = (now - then for now, then in zip(spent(), before, strict=True))
    told: dict[str, Any] = {"prepare": {"wall_s": wall, "cpu_s": processor}}
    if "nearest" in engine.answers:
        told["nearest"], found = timed(engine.nearest)
        found = engine.distances(found)
        near = found[np.isfinite(found) & (found <= LIMIT_M)]
        told["nearest"]["check"] = [len(near), float(near.sum())]
    told["sums"], found = timed(engine.sums)
    part = len(engine.origins())
    for key in ("wall_s", "cpu_s"):
        told["sums"][key] *= engine.nodes / part
    told["sums"] |= {"of_origins": part, "check": [float(found[0]), float(found[-1])]}
    told["sums"]["last_origin"] = int(engine.origins()[-1])
    if "matrix" in engine.answers:
        told["matrix"], pairs = timed(engine.matrix)
        told["matrix"]["check"] = list(engine.pairs(pairs))
    if "moved" in engine.answers:
        steps = iter(np.resize(engine.graph["steps"], 10_000).tolist())
        told["moved"], found = timed(lambda: engine.moved(next(steps)))
    told["memory_mb"] = largest_mb() - empty
    return told


ENGINES = {
    "scipy": SciPy,
    "networkx": NetworkX,
    "pandana": Pandana,
    "pandana precomputed": PandanaPrecomputed,
    "igraph": Igraph,
    "networkit": NetworKit,
}


def main(name: str, path: str, out: str) -> None:
    """Ask a peer and write its answers; what it prints is its own affair."""
    with np.load(path) as stored:
        graph = dict(stored)
    Path(out).write_text(json.dumps(ask_all(ENGINES[name](graph))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
