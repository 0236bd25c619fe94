"""Once warmed, nothing is compiled while somebody waits."""

import subprocess
import sys

import pytest

from twin.reach import compiled
from twin.warming import warm

LATER = """
from twin.warming import warm
warm()
import twin.kernels as kernels, twin.hierarchy.sweeps as sweeps
import twin.hierarchy.elimination as elimination, twin.hierarchy.patching as patching
from benchmarks.city import make_city
from tests.twin.districts import requirement
from twin.catalogues import service_types
from twin.edits import AddPath, MoveService, SetStreetStatus, apply_edit
from twin.gain import gain_field
from twin.walks import nearest

def signatures():
    modules = kernels, sweeps, elimination, patching
    return {
        (module.__name__, name): len(value.signatures)
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "signatures")
    }

known = signatures()
city = make_city(300, 20)
kind = sorted(service_types())[0]
for x in (0.0, 100.0, 300.0):
    city = apply_edit(city, MoveService(1, x, x))
    nearest(city, kind, ("adult", "min"))
gain_field(city, requirement(kind, 500))
wanted = requirement(kind, 500)
path = [tuple(xy) for line in city.streets.geometry[[3, 9]] for xy in line.coords[:1]]
for edit in (MoveService(1, 50.0, 90.0), AddPath(9999, tuple(path)), SetStreetStatus(9, "closed")):
    city = apply_edit(city, edit)
    nearest(city, kind, wanted.measure)
    gain_field(city, wanted)
print(sorted(key for key, count in signatures().items() if count != known[key]))
"""


@pytest.mark.long
def test_real_work_needs_nothing_that_was_not_compiled_before():
    said = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_warming_says_whether_there_is_anything_to_warm():
    assert warm() == (compiled() is not None)
