"""People live once: copies, slivers and far parts of buildings, and overlaps that only are told."""

import numpy as np
import shapely

from layers.importing.from_files import import_layers
from layers.mending.overlapping import settle_overlaps
from layers.mending.tidy import tidy
from tests.layers.conftest import frame, square


def tidied(shapes, residents, storeys=6.0, names=""):
    made = frame(shapes, id=np.arange(1, len(shapes) + 1))
    made = made.assign(residents=residents, storeys=storeys, name=names, use="residential")
    return tidy("buildings", made)[0]


def told(problems):
    return {p.key: p for p in problems}


def test_buildings_beside_each_other_are_left_alone():
    # Walls in common, and an overlap of 1 m by 20 m of 20 m by 20 m.
    before = tidied([square(0, 0), square(20, 0), square(39, 0)], 40.0)
    after, problems = settle_overlaps(before)
    assert problems == ()
    assert after.equals(before)


def test_a_copy_moved_by_a_metre_is_left_out_with_its_people(keys):
    # 20 m by 20 m moved by 1 m and 1 m: 361 of 439 m2 in common, 82 %.
    after, problems = settle_overlaps(tidied([square(0, 0), square(1, 1), square(90, 0)], 40.0))
    assert after["id"].tolist() == [1, 3]
    assert after["residents"].sum() == 80
    copy = told(problems)["building_copies_dropped"]
    assert (copy.ids, copy.facts["people"]) == ((2,), 40)
    keys(problems)


def test_an_overlap_that_is_no_copy_is_told_with_both_ids(keys):
    # A tower on its podium, and floors drawn one over the other with names of their own.
    shapes = [square(0, 0, 40), square(10, 10), square(100, 0), square(100, 0)]
    before = tidied(shapes, [10.0, 90.0, 30.0, 30.0], [2.0, 20.0, 1.0, 1.0], ["", "", "1F", "2F"])
    after, problems = settle_overlaps(before)
    assert after.equals(before)
    [overlap] = problems
    assert (overlap.key, overlap.severity) == ("buildings_overlap", "warning")
    assert overlap.ids == (1, 2, 3, 4)
    assert overlap.facts["examples"] == "1/2, 3/4"
    keys(problems)


def test_a_sliver_and_a_far_part_are_left_out(keys):
    sliver = shapely.transform(square(200, 0), lambda xy: (xy - xy[0]) * [0.0005, 1.5] + xy[0])
    parts = shapely.multipolygons([square(300, 0), square(325, 0), square(3300, 0, 10)])
    after, problems = settle_overlaps(tidied([square(0, 0), sliver, parts], [40.0, 25.0, 60.0]))
    assert told(problems)["slivers_dropped"].ids == (2,)
    assert told(problems)["slivers_dropped"].facts["people"] == 25
    assert told(problems)["far_parts_dropped"].ids == (3,)
    assert after["id"].tolist() == [1, 3]
    assert after.geometry.area.tolist() == [400, 800]
    keys(problems)


def test_an_import_proposes_no_boundary_around_a_far_part(tmp_path, buildings, streets):
    far = shapely.multipolygons([buildings.geometry[0], square(300, 3000)])
    streets.to_file(tmp_path / "streets.gpkg")
    buildings.assign(geometry=[far, *buildings.geometry[1:]]).to_file(tmp_path / "建筑.gpkg")
    project = import_layers([tmp_path])
    assert "far_parts_dropped" in told(project.problems)
    # 1,120 m by 20 m with 20 m around it.
    assert round(project.layers["boundary"].area.sum()) == 1160 * 60
