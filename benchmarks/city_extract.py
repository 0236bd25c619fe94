"""How long a district takes to come out of a city's OpenStreetMap, and in how much memory.

    .venv/bin/python -m benchmarks.city_extract EXTRACT.osm.pbf W,S,E,N [MEGABYTES]

Writes the extract again and again beside itself, each copy a little farther east with ids of its
own, until the file has so many megabytes (100 by default); then imports the district W,S,E,N out of
it in a process of its own, with ``--clip``, and prints the seconds of the wall and of the processor
and the most memory of that process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import osmium

SHIFT_DEGREES = 0.7
"""Between copies: farther than a town is wide, so that they do not lie upon each other."""
IDS_APART = 10**10
"""Between the ids of copies: no id of today is higher."""
MEGABYTES = 100


def replicate(extract: Path, target: Path, megabytes: float) -> int:
    """Write copies of an extract until they have a size; return their number."""
    copies = max(round(megabytes * 1e6 / extract.stat().st_size), 1)
    writer = osmium.SimpleWriter(str(target))
    for entities in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
        for number in range(copies):
            _write(extract, writer, entities, number)
    writer.close()
    return copies


def _write(
    extract: Path, writer: osmium.SimpleWriter, entities: osmium.osm.osm_entity_bits, number: int
) -> None:
    """Write the nodes, ways or relations of one copy."""
    more, shift = IDS_APART * number, SHIFT_DEGREES * number
    element: Any  # osmium's kinds differ in what they have
    for element in osmium.FileProcessor(str(extract), entities):
        if element.is_node():
            place = (element.location.lon + shift, element.location.lat)
            writer.add_node(element.replace(id=element.id + more, location=place))
        elif element.is_way():
            refs = [node.ref + more for node in element.nodes]
            writer.add_way(element.replace(id=element.id + more, nodes=refs))
        else:
            members = [(m.type, m.ref + more, m.role) for m in element.members]
            writer.add_relation(element.replace(id=element.id + more, members=members))


def import_clipped(path: Path, clip: str) -> None:
    """Import a district and print what it took."""
    from layers.importing.from_files import import_layers

    began, processor = time.perf_counter(), time.process_time()
    project = import_layers([path], clip=clip)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    found = ", ".join(f"{len(frame):,} {role}" for role, frame in project.layers.items())
    print(f"{found}")
    print(
        f"{path.stat().st_size / 1e6:.0f} MB: {time.perf_counter() - began:.1f} s of the wall, "
        f"{time.process_time() - processor:.1f} s of the processor, {memory:.2f} GB at most"
    )


def main() -> None:
    """Replicate an extract and import a district out of it."""
    if sys.argv[1] == "--import":
        import_clipped(Path(sys.argv[2]), sys.argv[3])
        return
    extract, clip = Path(sys.argv[1]), sys.argv[2]
    megabytes = float(sys.argv[3]) if len(sys.argv) > 3 else MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "city.osm.pbf"
        print(f"{replicate(extract, target, megabytes)} copies", flush=True)
        command = [sys.executable, "-m", "benchmarks.city_extract", "--import", str(target), clip]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
