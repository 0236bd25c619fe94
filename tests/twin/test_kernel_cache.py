"""Compiled searches are kept where the user may write, also of an installation that nobody may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import twin

PROGRAM = """
import numpy as np
from twin.walking.reach import compiled
spread = compiled()
start, none = np.zeros(2, np.int64), np.zeros(0, np.int64)
if spread:
    spread(start, none, none, *(np.zeros(1, np.int64) for _ in range(5)))
print(spread and sum(spread.stats.cache_hits.values()))
"""


def start(code, home):
    """Load the kernels in a process of their own; return how many came from the cache."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment = kept | {"HOME": str(home), "LOCALAPPDATA": str(home), "PYTHONPATH": str(code)}
    command = [sys.executable, "-B", "-c", PROGRAM]
    return subprocess.run(
        command, env=environment, cwd=code, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.long
def test_an_installation_that_takes_no_files_compiles_once_into_the_users_own_folder(tmp_path):
    code, home = tmp_path / "code", tmp_path / "home"
    source = Path(twin.__file__).parent.parent
    for package in ("twin", "layers"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / package, code / package, ignore=ignore)
    # Tests may run as root, who may write anywhere; but no folder can be made where a file is.
    for folder in [code, *(path for path in code.rglob("*") if path.is_dir())]:
        (folder / "__pycache__").write_text("")
    home.mkdir()
    assert start(code, home) == "0"
    assert start(code, home) == "1"
    assert not list(code.rglob("*.nb?"))
    assert list(home.rglob("*.nbi"))
    nowhere = tmp_path / "file" / "home"
    nowhere.parent.write_text("")
    assert start(code, nowhere) == "None"  # then SciPy searches
