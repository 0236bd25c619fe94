"""Whether every search was compiled for this machine, and having that done beside a window.

Compiling holds the interpreter: where a window is open it is the work of another process, and SciPy
searches until that has ended. Little is loaded here, for the window asks as soon as it is shown.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from twin.compiled.ready import compiled_by
from twin.keeping.kept import kept_folder, key_of


def warm_aside() -> subprocess.Popen[bytes] | None:
    """Have everything compiled by a process of its own, unless that was done before.

    Until it has ended, :func:`twin.compiled.ready.compiled` has SciPy search; figures are the same.

    Returns
    -------
    The process; None where there is nothing to wait for.
    """
    if _mark().exists():
        return None
    paths = [str(Path(__file__).parents[2]), *(path for path in sys.path if path)]
    made = subprocess.Popen(
        (sys.executable, "-P", "-m", "twin.ahead.warming"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # it is worth its while to the end, whatever becomes of the window
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    compiled_by(made)
    return made


def _mark() -> Path:
    """Return the file that says that this program was compiled for this machine.

    By what Numba itself asks whether what it kept still holds: when the files were written.
    """
    here = Path(__file__).parents[1]
    folders = here / "compiled", here / "walking" / "hierarchy"
    files = [path for folder in folders for path in folder.glob("*.py")]
    files.append(here / "indicators" / "lowest_ids.py")
    stamps = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(files)]
    machine = platform.machine(), platform.processor(), platform.node(), sys.version
    made_by = version("numba"), version("numpy"), os.environ.get("NUMBA_CACHE_DIR")
    return kept_folder() / "compiled" / key_of(str(here), stamps, machine, made_by)


def leave_mark() -> None:
    """Leave word that everything was compiled for this machine."""
    mark = _mark()
    mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
