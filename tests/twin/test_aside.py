"""Work in the process beside this one: what comes back, what is refused, what is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from layers.problems import LayerError, Problem, Severity
from twin.aside import Aside, AsideError
from twin.model.edits import PlaceService
from twin.projects.project import import_project, open_project
from twin.projects.projects_aside import import_aside, save_aside

Progress = Callable[[float], None]


def silent(_part: float) -> None:
    """Take no notice."""


def whose(progress: Progress) -> int:
    progress(0.5)
    return os.getpid()


def refuse(_progress: Progress) -> None:
    raise LayerError(Problem("no_such_thing", Severity.ERROR, source="here"))


def vanish(_progress: Progress) -> None:
    os._exit(1)


def count(_progress: Progress, words: list[str]) -> int:
    return len(words)


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    process = Aside("renewal-twin-test")
    yield process
    process.close()


def test_work_is_done_in_another_process_that_is_kept(aside: Aside) -> None:
    parts: list[float] = []
    first = aside.do(whose, parts.append)
    assert first != os.getpid()
    assert 0.5 in parts
    assert aside.do(whose, silent) == first
    assert aside.do(partial(count, words=["a", "b"]), silent) == 2


def test_what_is_refused_there_is_refused_here(aside: Aside) -> None:
    with pytest.raises(LayerError) as refusal:
        aside.do(refuse, silent)
    assert refusal.value.problem.key == "no_such_thing"


def test_a_lost_process_is_told_and_the_next_work_has_another(aside: Aside) -> None:
    before = aside.do(whose, silent)
    with pytest.raises(AsideError):
        aside.do(vanish, silent)
    assert aside.do(whose, silent) not in (before, os.getpid())


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three houses of a hundredth of a second of arc or so, far from anywhere else."""
    corners = ((0.0, 0.0), (2e-4, 0.0), (2e-4, 1e-4), (0.0, 1e-4), (0.0, 0.0))
    features = [
        {
            "type": "Feature",
            "properties": {"storeys": 5 + row, "residents": 40.0},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[(116.4 + 5e-4 * row + x, 39.9 + y) for x, y in corners]],
            },
        }
        for row in range(3)
    ]
    path = tmp_path_factory.mktemp("layers") / "buildings.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_project_is_imported_and_saved_there_as_here(
    aside: Aside, layer: Path, tmp_path: Path
) -> None:
    here, there = import_project(layer, name="村"), import_aside(aside, [layer], "村", silent)
    assert (there.name, there.problems) == (here.name, here.problems)
    scenarios = (("一", (PlaceService(1, ("canteen",), 448_700.0, 4_418_000.0),)),)
    path = tmp_path / "village.twin.gpkg"
    save_aside(aside, path, replace(there, scenarios=scenarios), silent)
    saved = open_project(path)
    assert saved.scenarios == scenarios
    for role, table in here.district.tables().items():
        kept = saved.district.tables()[role]
        assert kept.frame(here.district.crs).equals(table.frame(here.district.crs)), role


def test_what_cannot_be_written_is_refused(aside: Aside, layer: Path, tmp_path: Path) -> None:
    project = import_aside(aside, [layer], "", silent)
    with pytest.raises(LayerError):
        save_aside(aside, tmp_path / "gone" / "a.twin.gpkg", project, silent)
