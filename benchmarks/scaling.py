"""What a city costs in parts: ``python -m benchmarks.scaling [WORKERS [ROUNDS [NODES ...]]]``.

Scores invented cities by the standard of the quarter-hour circle, a building for every five nodes,
and prints for each what scoring took the processors of all workers and that of the driver, in all
and for a million nodes, once each of them has scored a village. Seconds of processor, for other
work on the machine stretches those of the wall; the city's invention is left out, the cutting and
the sending of parts are not. A busy machine also makes a second of processor do less, so the sizes
take turns, and what comes of several rounds is told by its medians and by how much more a node
costs than in the smallest city of the same round.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.city import make_city
from twin.city.running import cluster, score_city
from twin.standards import load_standard

STANDARD = "quarter-hour-2021"
NODES_PER_BUILDING = 5
SIZES = (50_000, 200_000, 500_000, 2_000_000)


def spent_s() -> float:
    """Return the seconds of processor that this process ever took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def held_mb() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def warm() -> None:
    """Score a village, so that nothing that a process loads once is counted."""
    with tempfile.TemporaryDirectory() as folder:
        score_city(make_city(2_000, 400), load_standard(STANDARD), Path(folder), None)


def measure(nodes: int, workers: int) -> tuple[float, float]:
    """Score one city on new workers, print what it took, and return it for a million nodes.

    Returns
    -------
    Seconds of processor of all workers, and these with the driver's.
    """
    city, standard = (
        make_city(nodes, nodes // NODES_PER_BUILDING),
        load_standard(STANDARD),
    )
    with tempfile.TemporaryDirectory() as folder, cluster(None, workers) as client:
        client.run(warm)
        warm()
        before, own = sum(client.run(spent_s).values()), spent_s()
        began = time.perf_counter()
        homes = score_city(city, standard, Path(folder), client)
        wall = time.perf_counter() - began
        parts = len(list(Path(folder).iterdir()))
        worked, own = sum(client.run(spent_s).values()) - before, spent_s() - own
        held = max(client.run(held_mb).values())
    cells = [worked, own, 1e6 * worked / nodes, 1e6 * (worked + own) / nodes, wall]
    print(
        f"{nodes:10}{len(homes):10}{parts:6}"
        + "".join(f"{cell:11.1f}" for cell in cells)
        + f"{held:11.0f}{held_mb():11.0f}",
        flush=True,
    )
    return cells[2], cells[3]


def compare(sizes: tuple[int, ...], rounds: list[list[tuple[float, float]]]) -> None:
    """Print the medians over the rounds, and how a node's cost compares to the first size's."""
    for place, nodes in enumerate(sizes):
        told = [f"{nodes:10} nodes"]
        for number, what in enumerate(("workers", "all")):
            cost = [one[place][number] for one in rounds]
            ratio = [one[place][number] / one[0][number] for one in rounds]
            told.append(f"{what} {statistics.median(cost):.1f} s a million")
            told.append(f"x {statistics.median(ratio):.2f} ({min(ratio):.2f}-{max(ratio):.2f})")
        print(", ".join(told))


def main(workers: int = 2, rounds: int = 1, *sizes: int) -> None:
    """Measure cities of several sizes, in turns."""
    heads = ("workers s", "driver s", "workers/M", "all/M", "wall s", "worker MB", "driver MB")
    print(f"{'nodes':>10}{'homes':>10}{'parts':>6}" + "".join(f"{head:>11}" for head in heads))
    asked = sizes or SIZES
    compare(asked, [[measure(nodes, workers) for nodes in asked] for _ in range(rounds)])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
