"""A city in parts is the city whole."""

import math
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from benchmarks.city import make_city
from layers.problems import LayerError
from layers.rasters.elevation import Terrain
from tests.twin.districts import requirement, standard
from twin.city import running
from twin.city.cutting import cut, halo_m
from twin.city.running import digest, score_city
from twin.city.scoring import score_homes, summarise
from twin.cli import main
from twin.keeping.kept import FOLDER_VARIABLE, kept_folder
from twin.model.catalogues import service_types
from twin.projects.project import Project, open_project, save_project
from twin.standards import load_standard
from twin.walking import origins

FIRST, SECOND, THIRD = sorted(service_types())[:3]
STANDARD = standard(
    requirement("near", 240, service_types=(FIRST,), group="older"),
    requirement("soon", 4, unit="min", walker="older", service_types=(SECOND,)),
    requirement("two", 320, service_types=(FIRST, SECOND, THIRD), at_least=2, level="as_needed"),
)


def rows(table):
    ordered = table.sort_values(["building_id", "entrance_id"], ignore_index=True)
    return pd.DataFrame(ordered.drop(columns="geometry"))


@pytest.fixture(scope="module")
def city():
    """Hills, half the ages unknown, streets closed, dead ends behind gates for residents."""
    made = make_city(9000, 500, seed=11)
    x, y = made.streets.geometry[0].coords[0]
    hill = 40 * np.sin(np.arange(250)[:, None] / 9) * np.cos(np.arange(250) / 7)
    terrain = Terrain(hill, x - 1000, y + 6000, 30.0, 30.0)
    status = np.where(made.streets.ids % 41 == 0, "closed", "open").astype(object)
    ends, met = np.unique(
        shapely.get_coordinates(made.streets.geometry), axis=0, return_inverse=True
    )
    blind = (np.bincount(met.ravel(), minlength=len(ends))[met.reshape(-1, 2)] == 1).any(axis=1)
    status[blind] = "residents"
    kind = np.where(blind, "gate", "street").astype(object)
    kind[made.streets.ids % 67 == 0] = "gate"
    streets = made.streets.with_columns({"status": status, "kind": kind})
    unknown = made.buildings.ids % 2 == 0
    bands = {
        name: np.where(unknown, np.nan, made.buildings[name])
        for name in made.buildings
        if name.startswith("age_")
    }
    buildings = made.buildings.with_columns(bands)
    return replace(made, streets=streets, buildings=buildings, terrain=terrain)


@pytest.fixture(scope="module")
def whole(city):
    return score_homes(city, STANDARD)


def test_parts_are_much_smaller_than_the_city(city):
    parts = list(cut(city, STANDARD, 60))
    assert len(parts) > 8
    assert halo_m(STANDARD) < 1100
    streets = [len(part.district.streets) for part in parts]
    assert np.median(streets) < 0.6 * len(city.streets)
    assert max(streets) < 0.7 * len(city.streets)


def test_a_part_of_a_flat_city_goes_as_far_as_a_walk_on_the_level():
    ask = requirement("soon", 9, unit="min", walker="older", service_types=(FIRST,))
    level = 9 * 60 * 0.9 + 2 * 100 + 500 + 50  # the walk, two legs, an island, the margin
    assert halo_m(standard(ask), flat=True) == pytest.approx(level)
    assert halo_m(standard(ask)) == pytest.approx(level + 486 * (math.exp(3.5 * 0.05) - 1))
    flat = make_city(4000, 48, seed=5)
    parts = cut(flat, standard(ask), 12)
    assert parts.halo_m == pytest.approx(level)
    assert min(len(part.district.streets) for part in parts) < 0.9 * len(flat.streets)
    found = pd.concat([score_homes(part.district, standard(ask)) for part in parts])
    whole = rows(score_homes(flat, standard(ask)))
    pd.testing.assert_frame_equal(rows(found), whole, check_exact=True)
    assert 0.05 < whole["soon"].mean() < 0.95


def test_parts_together_are_identical_to_the_whole(city, whole, tmp_path):
    together = score_city(city, STANDARD, tmp_path, None, 60)
    pd.testing.assert_frame_equal(rows(together), rows(whole), check_exact=True)
    assert 0.05 < together["near"].mean() < 0.95
    assert together.crs == city.crs
    sums, own = (summarise(table, city, STANDARD, "city") for table in (together, whole))
    known = sums[0]["full_circle_required"], sums[0]["full_circle_surveyed"]
    assert known == (2, len(city.surveyed & {FIRST, SECOND}))
    pd.testing.assert_frame_equal(pd.DataFrame(sums), pd.DataFrame(own), rtol=1e-12)
    assert sum(row["people"] for row in sums[1:]) == pytest.approx(sums[0]["people"])


def test_a_stopped_run_goes_on_where_it_stopped(city, tmp_path, monkeypatch):
    score, scored = running._score, []

    def counted(district, standard_):
        scored.append(1)
        if len(scored) == 4:
            raise KeyboardInterrupt
        return score(district, standard_)

    monkeypatch.setattr(running, "_score", counted)
    with pytest.raises(KeyboardInterrupt):
        score_city(city, STANDARD, tmp_path, None, 60)
    kept = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert len(kept) == 3
    score_city(city, STANDARD, tmp_path, None, 60)
    now = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert now.items() >= kept.items()
    assert len(scored) - 1 == len(now)
    score_city(city, STANDARD, tmp_path, None, 60)
    assert len(scored) - 1 == len(now)


def test_a_part_is_told_by_its_content(city):
    part = next(iter(cut(city, STANDARD, 60))).district
    again = next(iter(cut(city, STANDARD, 60))).district
    other = requirement("near", 241, service_types=(FIRST,))
    assert digest(part, STANDARD) == digest(again, STANDARD)
    assert digest(part, STANDARD) != digest(part, standard(other))
    closed = part.streets.with_columns({"status": part.streets["status"][::-1].copy()})
    assert digest(part, STANDARD) != digest(part.with_table(closed), STANDARD)


def test_a_city_leaves_nothing_among_what_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "own"))
    monkeypatch.setattr(origins, "_WORTH_KEEPING", 0)
    small = make_city(400, 30)
    score_city(small, STANDARD, tmp_path / "parts", None)
    assert not list(kept_folder().rglob("*.npz"))
    score_homes(make_city(400, 30), STANDARD)
    assert list(kept_folder().rglob("*.npz"))


def test_a_city_where_nobody_lives_is_refused(city, tmp_path):
    nobody = city.with_table(city.buildings.take(np.zeros(len(city.buildings), bool)))
    with pytest.raises(LayerError) as refused:
        score_city(nobody, STANDARD, tmp_path, None)
    assert refused.value.problem.key == "city_without_homes"


def test_dask_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(LayerError) as refused, running.cluster(None):
        pass
    assert refused.value.problem.key == "dask_missing"


def test_the_same_standard_has_the_same_name_in_every_process(city):
    part = next(iter(cut(make_city(400, 30), STANDARD, 60))).district
    program = (
        "from tests.twin.test_city import *\n"
        "print(digest(next(iter(cut(make_city(400, 30), STANDARD, 60))).district, STANDARD))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == digest(part, STANDARD)


TOML = """
id = "city"
name = { en = "The city's own", zh = "本市自定" }
issued = "2024"

[sources]
M = { en = "Invented", zh = "虚构" }
"""
ROW = """
[[requirements]]
id = "{0}"
name = {{ en = "{0}", zh = "{0}" }}
service_types = ["{0}"]
group = "{1}"
walker = "{2}"
limit = {3}
unit = "{4}"
level = "shall"
wording = "firm"
clause = "1"
verified = false
source = {{ en = "Made up", zh = "自拟" }}
"""


@pytest.mark.long
def test_the_command_gives_the_whole_from_a_cluster_of_processes(city, tmp_path):
    own = tmp_path / "own.toml"
    wanted = (
        ROW.format(FIRST, "older", "older", 4.0, "min"),
        ROW.format(SECOND, "all", "adult", 240.0, "m"),
    )
    own.write_text(TOML + "".join(wanted), encoding="utf-8")
    save_project(tmp_path / "large.twin.gpkg", Project(city))
    save_project(tmp_path / "small.twin.gpkg", Project(make_city(500, 60)))
    out = tmp_path / "all.parquet"
    # In a process of its own, for Dask leaves threads behind in the one that it was used in.
    asked = ["city", str(tmp_path), "--out", str(out), "--standard", str(own)]
    limits = ["--homes", "60", "--workers", "2"]
    subprocess.run([sys.executable, "-m", "twin", *asked, *limits], check=True)
    homes = gpd.read_parquet(out)
    for name, count in (("large", 500), ("small", 60)):
        district = open_project(tmp_path / f"{name}.twin.gpkg").district
        there = homes[homes["district"] == district.name].drop(columns="district")
        assert len(there) == count
        whole = rows(score_homes(district, load_standard(own)))
        pd.testing.assert_frame_equal(rows(there), whole, check_exact=True)
    assert len(list(tmp_path.glob("all.parts/*.parquet"))) > 8
    summary = pd.read_csv(tmp_path / "all.summary.csv")
    shall = sum(one.level == "shall" for one in load_standard(own).requirements)
    assert set(summary["full_circle_required"]) == {shall}
    assert (summary["full_circle_surveyed"] <= shall).all()
    assert summary[summary["community"].isna()]["homes"].tolist() == [500, 60]


def test_a_folder_without_projects_is_refused(tmp_path, capsys):
    assert main(["city", str(tmp_path), "--out", str(tmp_path / "all.parquet")]) == 2
    assert "*.twin.gpkg" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
