"""Once warmed, nothing is compiled while somebody waits."""

import os
import subprocess
import sys

import pytest

from twin.ahead.warming import warm
from twin.compiled.ready import compiled

LATER = """
from twin.ahead.warming import warm
warm()
import twin.compiled.kernels as kernels, twin.walking.hierarchy.sweeps as sweeps
import twin.walking.hierarchy.elimination as elimination
import twin.walking.hierarchy.patching as patching
from benchmarks.city import make_city
from tests.twin.districts import requirement
from twin.model.catalogues import service_types
from twin.model.edits import AddPath, MoveService, SetStreetStatus, apply_edit
from twin.assessment.gain import gain_field
from twin.walking.walks import nearest

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


FIRST_START = """
import sys
from numba.core import event
from benchmarks.city import make_city
from tests.twin.districts import requirement
from twin.assessment.assess import assess
from twin.model.catalogues import service_types
from twin.model.edits import MoveService, apply_edit
from twin.assessment.gain import gain_field
from twin.ahead.preparing import prepare
from twin.walking.reach import compiled
from twin.standards import DEFAULT_STANDARD, load_standard
from twin.ahead.compiling import warm_aside

class Compiled(event.Listener):
    names = []
    def on_start(self, told):
        self.names.append(told.data["dispatcher"].__name__)
    def on_end(self, told):
        pass

def work():
    city, standard = make_city(300, 20), load_standard(DEFAULT_STANDARD)
    prepare(city, standard)
    one = assess(city, standard)
    other = assess(apply_edit(city, MoveService(1, 50.0, 90.0)), standard)
    field = gain_field(city, requirement(sorted(service_types())[0], 500))
    costs = [[result.cost.tolist() for result in found.results] for found in (one, other)]
    return costs, field.tobytes()

event.register("numba:compile", Compiled())
process = warm_aside()
if process is None:  # a later start
    work()
    print(sorted(set(Compiled.names)))
    sys.exit()
assert compiled() is None
first = work()
assert process.poll() is None, "too quick to tell"
assert process.wait() == 0
assert compiled() is not None
from twin.memo import forget_everything
from twin.walking.moving import forget
forget_everything()
forget()
assert work() == first
print(sorted(set(Compiled.names)))
"""


@pytest.mark.long
def test_the_first_start_compiles_elsewhere_and_answers_meanwhile_the_later_ones_not_at_all(
    tmp_path,
):
    keeps = {"NUMBA_CACHE_DIR": str(tmp_path / "kernels"), "RENEWAL_TWIN_HOME": str(tmp_path)}
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", FIRST_START],
            env={**os.environ, **keeps},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.stderr == ""
        assert said.stdout.strip() == "[]"


def test_warming_says_whether_there_is_anything_to_warm():
    assert warm() == (compiled() is not None)
