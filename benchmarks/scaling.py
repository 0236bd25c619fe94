"""What a city costs in parts: ``python -m benchmarks.scaling NODES BUILDINGS [WORKERS]``.

Prints seconds of the wall for cutting and scoring, the parts, and the most memory that a worker
held, for the standard of the quarter-hour circle.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.city import make_city
from twin.city.cutting import MOST_HOMES, cut
from twin.city.running import cluster, score_city
from twin.standards import load_standard


def held_mb() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(nodes: int, buildings: int, workers: int = 2, most_homes: int = MOST_HOMES) -> None:
    """Cut and score an invented city."""
    city, standard = make_city(nodes, buildings), load_standard("quarter-hour-2021")
    began = time.perf_counter()
    parts = len(cut(city, standard, most_homes))
    print(f"{nodes} nodes, {buildings} buildings: {parts} parts of at most {most_homes} homes")
    print(f"cut    {time.perf_counter() - began:8.1f} s")
    with tempfile.TemporaryDirectory() as folder, cluster(None, workers) as client:
        client.run(lambda: __import__("twin.kernels"))
        began = time.perf_counter()
        homes = score_city(city, standard, Path(folder), client, most_homes)
        took = time.perf_counter() - began
        held = max(client.run(held_mb).values())
    print(f"scored {took:8.1f} s on {workers} workers, {1e6 * took / nodes:.0f} s a million nodes")
    print(f"memory {held:8.0f} MB in the largest worker, {held_mb():.0f} MB in the driver")
    print(f"homes  {len(homes):8d}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
