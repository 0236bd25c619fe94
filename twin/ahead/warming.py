"""Compile every search before anybody waits for one: ``python -m twin.ahead.warming``.

What is compiled is kept on the disk (see :mod:`twin.compiled.kernels`), so this takes some seconds
after an installation and one from then on.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyproj
import shapely

from twin.ahead.compiling import leave_mark
from twin.assessment.gain import gain_field
from twin.compiled.ready import compiled
from twin.model.catalogues import service_types, walkers
from twin.model.district import District
from twin.model.edits import AddPath, MoveService, SetStreetStatus, apply_edit
from twin.model.tables import Table
from twin.standards import DEFAULT_STANDARD, load_standard
from twin.walking.walks import nearest


def warm() -> bool:
    """Compile or load all kernels; return whether there are any (False where SciPy searches)."""
    if not load():
        return False
    from twin.indicators.lowest_ids import settle  # with it comes pandas, which takes long to load

    settle(np.ones((1, 1), np.int64), np.ones((1, 1), bool))
    return True


@cache
def load() -> bool:
    """Load once in this process all kernels that the hand needs; return whether there are any.

    What is compiled is read from the disk when it is first called, which the hand should not wait
    for either.
    """
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
    """Return a few streets, houses, services and a gate, which take every search once."""
    lines = [(0, 0), (100, 0)], [(100, 0), (900, 90)], [(0, 0), (50, 80)], [(50, 80), (55, 88)]
    streets = shapely.linestrings([*lines, [(55, 88), (60, 200)]])
    gate = {
        "kind": [*3 * ["footway"], "gate", "footway"],
        "status": [*3 * ["open"], "residents", "open"],
    }
    west, south = np.array([20.0, 880.0, 64.0]), np.array([5.0, 75.0, 120.0])
    houses = shapely.box(west, south, west + 10, south + 10)
    services = shapely.points([(10.0, 1.0), (70.0, 1.0)])
    tables = {
        "streets": Table("streets", [1, 2, 3, 4, 5], streets, gate),
        "buildings": Table("buildings", [1, 2, 3], houses, {"residents": [9.0, 9.0, 9.0]}),
        "services": Table("services", [1, 2], services, {"types": [kind, kind]}),
    }
    surveyed = frozenset(service_types())
    village = District("village", pyproj.CRS("EPSG:4547"), surveyed=surveyed)
    for table in tables.values():
        village = village.with_table(table)
    return village


if __name__ == "__main__" and warm():
    leave_mark()
