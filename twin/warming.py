"""Compile every search before anybody waits for one: ``python -m twin.warming``.

What is compiled is kept on the disk (see :mod:`twin.kernels`), so this takes half a minute after an
installation and a second from then on.
"""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from twin.catalogues import service_types, walkers
from twin.district import District
from twin.edits import AddPath, MoveService, SetStreetStatus, apply_edit
from twin.gain import gain_field
from twin.reach import compiled
from twin.standards import DEFAULT_STANDARD, load_standard
from twin.tables import Table
from twin.walks import nearest


def warm() -> bool:
    """Compile or load all kernels; return whether there are any (False where SciPy searches)."""
    if compiled() is None:
        return False
    wanted = load_standard(DEFAULT_STANDARD).requirements[0]
    kind = wanted.own_types[0]
    village = _village(kind)
    walker = next(iter(walkers()))
    for x in (10.0, 60.0, 90.0):  # the first place, the first step of a drag, the next
        village = apply_edit(village, MoveService(1, x, 1.0))
        nearest(village, kind, (walker, "m"))
    gain_field(village, wanted)
    later = (AddPath(9, ((50.0, 0.0), (100.0, 20.0))), SetStreetStatus(3, "closed"))
    for edit in (MoveService(1, 30.0, 1.0), *later):  # now that there is a hierarchy
        village = apply_edit(village, edit)
        nearest(village, kind, (walker, wanted.unit))
        gain_field(village, wanted)
    return True


def _village(kind: str) -> District:
    """Return two streets with two houses and two services, which take every search once."""
    streets = shapely.linestrings([[(0, 0), (100, 0)], [(100, 0), (900, 90)], [(0, 0), (50, 80)]])
    houses = shapely.box(np.array([20.0, 880.0]), 5.0, np.array([30.0, 890.0]), 15.0)
    services = shapely.points([(10.0, 1.0), (70.0, 1.0)])
    tables = {
        "streets": Table("streets", [1, 2, 3], streets, {}),
        "buildings": Table("buildings", [1, 2], houses, {"residents": [9.0, 9.0]}),
        "services": Table("services", [1, 2], services, {"types": [kind, kind]}),
    }
    surveyed = frozenset(service_types())
    village = District("village", pyproj.CRS("EPSG:4547"), surveyed=surveyed)
    for table in tables.values():
        village = village.with_table(table)
    return village


if __name__ == "__main__":
    warm()
