"""A save that is killed leaves the old project or the new one."""

import os
import random
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from layers.importing.from_files import import_layers
from layers.project import read_project, write_project
from layers.rasters.elevation import Terrain
from tests.layers.conftest import X, Y

SAVE_FOR_EVER = """
import sys
from dataclasses import replace
from pathlib import Path
from layers.project import read_project, write_project
path = Path(sys.argv[1])
project = read_project(path)
print("ready", flush=True)
n = 0
while True:
    n += 1
    write_project(path, replace(project, name=str(n), settings={"n": n}))
    print(n, flush=True)
"""


def killed_saves(folder, rounds, seed):
    """Kill a process that saves without end, at random moments; return what it had said."""
    path = folder / "d.twin.gpkg"
    chance = random.Random(seed)
    for _ in range(rounds):
        saver = subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert saver.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.6))
        saver.kill()
        said = saver.stdout.read().split()
        saver.stdout.close()
        saver.wait()
        yield path, int(said[-1]) if said else 0


@pytest.fixture
def saved(district_files, tmp_path):
    project = import_layers([district_files])
    heights = np.random.default_rng(5).normal(40, 9, (300, 300)).astype(np.float32)
    project = replace(
        project,
        name="0",
        settings={"n": 0},
        terrain=Terrain(heights, X - 1000, Y + 1000, 10.0, 10.0),
    )
    folder = tmp_path / "projects"
    folder.mkdir()
    write_project(folder / "d.twin.gpkg", project)
    return folder, project


def check(folder, project, rounds, seed):
    for path, promised in killed_saves(folder, rounds, seed):
        back = read_project(path)
        assert back.name == str(back.settings["n"])
        # What was said to be saved is saved; one more may have been under way.
        if promised:
            assert back.settings["n"] in (promised, promised + 1)
        for role, layer in project.layers.items():
            assert back.layers[role].equals(layer)
        np.testing.assert_array_equal(back.terrain.values, project.terrain.values)


@pytest.mark.skipif(os.name == "nt", reason="not shown on Windows")
def test_a_killed_save_leaves_a_whole_project(saved):
    check(*saved, rounds=3, seed=1)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="not shown on Windows")
def test_sixty_killed_saves_leave_a_whole_project(saved):
    check(*saved, rounds=60, seed=2)


def test_what_a_killed_save_left_behind_is_swept_away_later(saved):
    folder, project = saved
    leftover = folder / ".saving-abc"
    leftover.mkdir()
    (leftover / "d.twin.gpkg").write_text("half")
    write_project(folder / "d.twin.gpkg", project)
    assert leftover.exists()  # it may belong to a save that goes on at this moment
    os.utime(leftover, (0, 0))
    write_project(folder / "d.twin.gpkg", project)
    assert not leftover.exists()
