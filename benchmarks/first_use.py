"""How long a person waits after an installation: ``python -m benchmarks.first_use``.

Starts twice with an empty folder for what is compiled and kept, asks of the sample what a person
asks first, and prints seconds of the wall and of the asking process's processors for each, with how
often that process compiled something itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STEPS = 5
SELF = (sys.executable, "-m", "benchmarks.first_use", "--ask")


def ask() -> None:
    """Ask as a window does that was just opened on the sample."""
    from numba.core import event

    class Counted(event.Listener):
        names: tuple[str, ...] = ()

        def on_start(self, event: Any) -> None:
            self.names += (event.data["dispatcher"].__name__,)

        def on_end(self, _event: Any) -> None:
            pass

    counted = Counted()
    event.register("numba:compile", counted)
    from layers.importing.from_files import import_layers
    from sample_data import DISTRICT, TERRAIN
    from twin.ahead.compiling import warm_aside
    from twin.ahead.preparing import prepare
    from twin.assessment.assess import assess
    from twin.assessment.gain import gain_field
    from twin.compiled.ready import compiled
    from twin.model.edits import MoveService, apply_edit
    from twin.projects.project import Project
    from twin.standards import DEFAULT_STANDARD, load_standard

    began = time.perf_counter(), time.process_time()

    def told(what: str) -> None:
        nonlocal began
        now = time.perf_counter(), time.process_time()
        wall, processor = (a - b for a, b in zip(now, began, strict=True))
        by = "SciPy" if compiled() is None else "compiled"
        print(f"  {what:28}{wall:8.2f} s{processor:8.2f} s   {by}", flush=True)
        began = time.perf_counter(), time.process_time()

    process, standard = warm_aside(), load_standard(DEFAULT_STANDARD)
    district = Project.from_file(import_layers([DISTRICT, TERRAIN])).district
    told("sample opened")
    for again in range(1 if process is None else 2):
        if again and process is not None:
            process.wait()
            told("waited for the compiler")
        assess(district, standard)
        told("assessed")
        prepare(district, standard)
        told("made ready for the hand")
        for step in range(STEPS):
            moved = apply_edit(district, _moved(district, MoveService, 1.0 + step + STEPS * again))
            assess(moved, standard)
        told(f"{STEPS} steps of a drag")
        gain_field(moved, standard.requirements[0])
        told("gain field")
    print("  compiled here:", *(counted.names or ["nothing"]))


def _moved(district: Any, edit: Any, by: float) -> Any:
    place = district.services.geometry[0]
    return edit(int(district.services.ids[0]), place.x + by, place.y)


def main() -> None:
    """Start twice."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"NUMBA_CACHE_DIR": str(Path(folder) / "kernels"), "RENEWAL_TWIN_HOME": folder}
        for which in ("first start", "second start"):
            print(f"{which}: wall, processor, who searches", flush=True)
            subprocess.run(SELF, env={**os.environ, **own}, check=True)


if __name__ == "__main__":
    ask() if "--ask" in sys.argv else main()
