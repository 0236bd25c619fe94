"""Files are read in a process of its own: whatever becomes of it, the caller gets a clear word."""

import os
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest

from layers.importing.from_files import import_layers
from layers.problems import LayerError
from layers.project import read_project, write_project
from layers.project_file import Scenario
from layers.rasters.terrain import Terrain, write_terrain
from layers.reader import Reader
from layers.understanding.decisions import Decisions, LayerDecision
from tests.layers.conftest import ZONE_114, X, Y
from tests.layers.test_pictures import photo


@pytest.fixture
def reader():
    made = Reader()
    yield made
    made.close()


class CancelledError(Exception):
    pass


def ends(pid):
    """Whether a process is gone, or at least dead and only not yet buried."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_process_makes_what_an_import_here_makes(district_files, reader):
    grid = Terrain(np.arange(12.0).reshape(3, 4), X - 100, Y + 500, 400, 300)
    write_terrain(district_files / "dem.tif", grid, ZONE_114)
    photo(district_files / "ortho.tif")
    heard = []
    there = reader.import_layers(
        [district_files], Decisions(), progress=lambda done, key: heard.append((done, key))
    )
    here = import_layers([district_files])
    assert (there.name, there.crs, there.surveyed) == (here.name, here.crs, here.surveyed)
    assert there.problems == here.problems
    for role, frame in here.layers.items():
        assert there.layers[role].equals(frame)
        assert list(there.layers[role].dtypes) == list(frame.dtypes)
    np.testing.assert_array_equal(there.terrain.values, here.terrain.values)
    assert there.terrain.origin_x == here.terrain.origin_x
    np.testing.assert_array_equal(there.underlay.pixels, here.underlay.pixels)
    assert there.underlay.bounds == here.underlay.bounds
    assert {s.file: s.mapping for s in there.sources} == {s.file: s.mapping for s in here.sources}
    assert max(done for done, _ in heard) > 0.5


def test_the_process_is_kept_and_shows_what_it_would_make(district_files, reader):
    found = reader.preview([district_files], Decisions())
    first = reader.process_id
    told = Decisions((LayerDecision("建筑", "green"),))
    changed = reader.preview([district_files], told)
    assert reader.process_id == first
    roles = {view.layer: view.role.value for view in found.layers}
    assert roles == {"建筑": "buildings", "streets": "streets", "services": "services"}
    [houses] = [view for view in found.layers if view.layer == "建筑"]
    assert houses.columns["storeys"].value == "storeys"
    assert houses.rows[0][houses.names.index("name")] == "1号楼"
    assert (houses.crs_found, houses.crs_used, houses.encoding) == ("EPSG:4547",) * 2 + ("UTF-8",)
    assert (houses.count, houses.encoding_open) == (12, True)
    assert "green" in houses.roles
    assert "streets" not in houses.roles
    assert {view.role.value for view in changed.layers} == {"green", "streets", "services"}


def test_a_refusal_is_told_and_the_process_stays(tmp_path, district_files, reader):
    (tmp_path / "broken.geojson").write_text("{")
    with pytest.raises(LayerError) as caught:
        reader.preview([tmp_path / "broken.geojson"], Decisions())
    assert caught.value.problem.key == "json_broken"
    first = reader.process_id
    reader.preview([district_files], Decisions())
    assert reader.process_id == first


def test_a_killed_reader_is_one_message_and_the_next_task_has_a_new_one(
    district_files, reader, keys
):
    reader.preview([district_files], Decisions())
    first = reader.process_id

    def kill(_done, _key):
        os.kill(first, signal.SIGKILL)

    with pytest.raises(LayerError) as caught:
        reader.import_layers([district_files], Decisions(), progress=kill)
    assert keys([caught.value.problem]) == {"reader_ended"}
    assert ends(first)
    assert len(reader.import_layers([district_files], Decisions()).layers["buildings"]) == 12
    assert reader.process_id != first


def test_a_cancel_ends_the_process_at_once(district_files, reader):
    began = threading.Event()

    def give_up(_done, _key):
        began.set()
        raise CancelledError

    reader.preview([district_files], Decisions())
    first = reader.process_id
    with pytest.raises(CancelledError):
        reader.import_layers([district_files], Decisions(), progress=give_up)
    assert began.is_set()
    assert ends(first)


def test_a_reader_that_hangs_is_cancelled_without_waiting_for_it(district_files, reader):
    """The process is stopped in the middle of a task, as by a driver that never returns."""
    reader.preview([district_files], Decisions())
    os.kill(reader.process_id, signal.SIGSTOP)
    calls = []

    def give_up(_done, _key):
        calls.append(time.monotonic())
        if len(calls) == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        reader.import_layers([district_files], Decisions(), progress=give_up)
    assert reader.process_id is None


@pytest.mark.parametrize(
    ("limits", "key"),
    [({"most_memory": 1e6}, "reader_memory"), ({"most_silent_s": 1e-6}, "reader_silent")],
)
def test_a_reader_that_takes_too_much_is_stopped(district_files, keys, limits, key):
    reader = Reader(**limits)
    with pytest.raises(LayerError) as caught:
        reader.import_layers([district_files], Decisions())
    assert keys([caught.value.problem]) == {key}
    assert reader.process_id is None


def test_a_project_comes_out_of_the_process_as_it_is_read_here(tmp_path, district_files, reader):
    grid = Terrain(np.arange(12.0).reshape(3, 4), X - 100, Y + 500, 400, 300)
    write_terrain(district_files / "dem.tif", grid, ZONE_114)
    made = import_layers([district_files])
    scenario = Scenario("plan", ({"edit": "RemoveService", "id": 1},))
    path = tmp_path / "a.twin.gpkg"
    stated = "POLYGON ((0 0, 9 0, 9 9, 0 0))"
    kept = replace(made, scenarios=(scenario,), settings={"standard": "x"}, mapped=stated)
    write_project(path, kept)
    there, here = reader.open_project(path), read_project(path)
    assert (there.name, there.crs, there.surveyed) == (here.name, here.crs, here.surveyed)
    assert there.crs.to_authority() == here.crs.to_authority()
    assert (there.problems, there.sources) == (here.problems, here.sources)
    assert (there.scenarios, there.settings) == (here.scenarios, here.settings)
    assert there.mapped == here.mapped == stated
    for role, frame in here.layers.items():
        assert there.layers[role].equals(frame)
    np.testing.assert_array_equal(there.terrain.values, here.terrain.values)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LayerError) as caught:
        reader.open_project(path)
    assert caught.value.problem.key == "file_truncated"
