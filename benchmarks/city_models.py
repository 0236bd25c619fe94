"""How long city models take to read, and how much of it is the loop over their objects.

    .venv/bin/python -m benchmarks.city_models [BUILDINGS]

Writes a city of blocks as CityJSON and as CityGML, reads both, and prints for each the seconds of
the processor for the file (the loop over objects or elements, in Python) and for the shapes (arrays
alone), the megabytes a second, and the most memory of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from layers.city import citygml, cityjson
from layers.city.model import CityModel
from layers.city.reading import layers_of

FACES = (
    (0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7),
)  # fmt: skip
BUILDINGS = 20_000
SPACING_M = 30


def corners(number: int) -> list[tuple[int, int, int]]:
    """Return the corners of one block, m."""
    x, y = SPACING_M * (number % 200), SPACING_M * (number // 200)
    plan = ((x, y), (x + 20, y), (x + 20, y + 12), (x, y + 12))
    return [(*p, z) for z in (0, 18) for p in plan]


def write_cityjson(path: Path, count: int) -> None:
    """Write `count` blocks as one CityJSON document."""
    objects: dict[str, object] = {}
    vertices: list[tuple[int, int, int]] = []
    for number in range(count):
        base = len(vertices)
        vertices += corners(number)
        shell = [[[base + corner for corner in face]] for face in FACES]
        objects[f"b{number}"] = {
            "type": "Building",
            "attributes": {"storeysAboveGround": 6},
            "geometry": [{"type": "Solid", "lod": "1", "boundaries": [shell]}],
        }
    document = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/25833"},
        "transform": {"scale": [1, 1, 1], "translate": [366_000, 5_807_000, 0]},
        "CityObjects": objects,
        "vertices": vertices,
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def write_citygml(path: Path, count: int) -> None:
    """Write `count` blocks as CityGML 2."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            '<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" '
            'xmlns:bldg="http://www.opengis.net/citygml/building/2.0" '
            'xmlns:gml="http://www.opengis.net/gml"><gml:boundedBy><gml:Envelope '
            'srsName="EPSG:25833" srsDimension="3"/></gml:boundedBy>'
        )
        for number in range(count):
            stream.write(_gml_building(number))
        stream.write("</core:CityModel>")


def _gml_building(number: int) -> str:
    places = [(366_000 + x, 5_807_000 + y, z) for x, y, z in corners(number)]
    rings = "".join(
        "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>"
        + " ".join(" ".join(map(str, places[corner])) for corner in (*face, face[0]))
        + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
        for face in FACES
    )
    return (
        f'<core:cityObjectMember><bldg:Building gml:id="b{number}">'
        "<bldg:storeysAboveGround>6</bldg:storeysAboveGround><bldg:lod1Solid><gml:Solid>"
        f"<gml:exterior><gml:CompositeSurface>{rings}</gml:CompositeSurface></gml:exterior>"
        "</gml:Solid></bldg:lod1Solid></bldg:Building></core:cityObjectMember>\n"
    )


def measure(name: str, path: Path, parse: Callable[[Path], CityModel]) -> None:
    """Read one file and print what it took."""
    size = path.stat().st_size / 1e6
    began = time.process_time()
    model = parse(path)
    parsed = time.process_time() - began
    layers, _ = layers_of(model)
    shaped = time.process_time() - began - parsed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{name:9} {size:6.1f} MB  {len(layers[0].frame):7,} buildings  file {parsed:5.2f} s "
        f"({size / parsed:4.1f} MB/s)  shapes {shaped:5.2f} s  memory {memory:5.0f} MB"
    )


def main() -> None:
    """Write and read the city in both formats."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BUILDINGS
    with tempfile.TemporaryDirectory() as folder:
        for name, write, parse in (
            ("CityGML", write_citygml, citygml.parse),
            ("CityJSON", write_cityjson, cityjson.parse),
        ):
            path = Path(folder) / name
            write(path, count)
            measure(name, path, parse)


if __name__ == "__main__":
    main()
