"""Damaged files give a layer, a problem or a refusal; never a traceback or a hang."""

import contextlib
import random

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from layers.formats.recognising import format_of, read_vector
from layers.mending.tidy import tidy
from layers.problems import LayerError
from layers.project import read_project, write_project
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import read_terrain, write_terrain
from tests.layers.conftest import ZONE_114
from tests.layers.test_project import project as project

HOUSES = gpd.GeoDataFrame(
    {"名称": [f"{n}号楼" for n in range(20)], "层数": range(20), "height": np.linspace(3, 60, 20)},
    geometry=[box(500_000 + 30 * n, 2_490_000, 500_020 + 30 * n, 2_490_020) for n in range(20)],
    crs=ZONE_114,
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double or blank some bytes, as broken disks, transfers and attackers do."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made))
        length = min(chance.choice([1, 1, 2, 4, 16, 200]), len(made) - at)
        match chance.randrange(5):
            case 0:
                made[at : at + length] = chance.randbytes(length)
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length]
            case 3:
                made[at : at + length] = bytes([chance.choice([0, 0xFF])]) * length
            case 4:
                made[at] ^= 1 << chance.randrange(8)
        if not made:
            return b""
    return bytes(made)


def read_whatever_it_is(path):
    try:
        if format_of(path).read is None:
            read_terrain(path, assumed_crs=ZONE_114)
            return
        for layer in read_vector(path)[0]:
            frame, _ = tidy("buildings", layer.frame, layer.source)
            assert frame.geometry.is_valid.all()
    except LayerError:
        pass


def attack(folder, rounds, seed):
    HOUSES.to_file(folder / "a.gpkg")
    HOUSES.to_file(folder / "a.shp", encoding="UTF-8")
    HOUSES.to_crs(4326).to_file(folder / "a.geojson")
    heights = np.random.default_rng(1).normal(40, 9, (60, 60)).astype(np.float32)
    write_terrain(folder / "a.tif", Terrain(heights, 0.0, 600.0, 10.0, 10.0), ZONE_114)
    whole = {
        suffix: (folder / f"a.{suffix}").read_bytes()
        for suffix in ("gpkg", "shp", "dbf", "shx", "prj", "cpg", "geojson", "tif")
    }
    chance = random.Random(seed)
    for _ in range(rounds):
        suffix = chance.choice(list(whole))
        (folder / f"a.{suffix}").write_bytes(mutated(whole[suffix], chance))
        opened = "shp" if suffix in ("dbf", "shx", "prj", "cpg") else suffix
        read_whatever_it_is(folder / f"a.{opened}")
        (folder / f"a.{suffix}").write_bytes(whole[suffix])


def test_damaged_files_never_give_a_traceback(tmp_path):
    attack(tmp_path, rounds=120, seed=1)


@pytest.mark.long
def test_many_damaged_files_never_give_a_traceback(tmp_path):
    attack(tmp_path, rounds=4000, seed=2)


def attack_project(folder, project, rounds, seed):
    path = folder / "d.twin.gpkg"
    write_project(path, project)
    whole = path.read_bytes()
    chance = random.Random(seed)
    for _ in range(rounds):
        path.write_bytes(mutated(whole, chance))
        with contextlib.suppress(LayerError):
            read_project(path)


def test_damaged_projects_never_give_a_traceback(tmp_path, project):
    attack_project(tmp_path, project, rounds=25, seed=3)


@pytest.mark.long
def test_many_damaged_projects_never_give_a_traceback(tmp_path, project):
    attack_project(tmp_path, project, rounds=1000, seed=4)
