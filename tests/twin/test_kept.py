"""What is kept between runs comes back as it was, or is made anew."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest
import shapely

import sample_data
from layers.importing.from_files import import_layers
from twin.keeping.kept import FOLDER_VARIABLE, digest_of_code, kept, kept_folder, key_of
from twin.keeping.packing import PackingError, pack
from twin.model.edits import MoveService, PlaceService
from twin.projects.opened import opened
from twin.projects.project import Project


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


@dataclass(frozen=True)
class Pair:
    name: str
    values: np.ndarray


def test_a_value_is_made_once_and_comes_back_equal():
    made = []

    def make():
        made.append(1)
        return {"a": Pair("名称", np.arange(3.0)), "b": (1, None, frozenset({"x"}), Path("p"))}

    first = kept("things", "k", make, [Pair])
    again = kept("things", "k", make, [Pair])
    assert made == [1]
    assert again["b"] == first["b"]
    assert again["a"].name == "名称"
    np.testing.assert_array_equal(again["a"].values, [0.0, 1.0, 2.0])


def test_a_damaged_file_is_made_anew():
    kept("things", "k", lambda: (1, 2))
    (path,) = kept_folder().rglob("*.npz")
    path.write_bytes(path.read_bytes()[:-40])
    assert kept("things", "k", lambda: (3, 4)) == (3, 4)
    assert kept("things", "k", lambda: (5, 6)) == (3, 4)


def test_what_cannot_be_packed_is_handed_over_and_not_kept():
    assert kept("things", "k", lambda: (object,)) == (object,)
    assert not list(kept_folder().rglob("*.npz"))
    with pytest.raises(PackingError):
        pack({"frame": object()}, {}, {})


def test_an_error_passes_and_leaves_nothing():
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept("things", "k", fail)
    assert not list(kept_folder().rglob("*"))


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(folder):
    (folder / "cache").write_text("in the way")
    assert kept("things", "k", lambda: (1,)) == (1,)


def test_old_files_go_when_there_are_many(monkeypatch):
    monkeypatch.setattr("twin.keeping.kept.LARGEST_KEPT_BYTES", 30_000)
    for number in range(5):
        kept("things", f"k{number}", lambda: np.zeros(1_000))
    names = {path.stem for path in kept_folder().rglob("*.npz")}
    assert "k4" in names
    assert "k0" not in names


def test_keys_tell_contents_apart():
    square, other = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 2)
    shapes = np.array([square, other], dtype=object)
    assert key_of(shapes, 1.5) == key_of(shapes.copy(), 1.5)
    different = {
        key_of(shapes, 1.5),
        key_of(shapes[::-1], 1.5),
        key_of(shapes, 1.25),
        key_of(np.array(["1.5"], dtype=object)),
        key_of(np.array([1, 2])),
        key_of(np.array([1.0, 2.0])),
        key_of(np.array([[1, 2]])),
    }
    assert len(different) == 7


def test_changed_code_has_another_key(folder):
    (folder / "a.py").write_text("x = 1")
    before = digest_of_code(folder)
    (folder / "a.py").write_text("x = 2")
    assert digest_of_code(folder) != before


def test_a_project_comes_back_with_everything(folder):
    paths = [sample_data.DISTRICT, sample_data.TERRAIN]
    read = []

    def open_it():
        read.append(1)
        project = Project.from_file(import_layers(paths))
        placed = PlaceService(9_000_001, ("canteen",), 1.0, 2.0, floor_area_m2=80.0, capacity=40.0)
        edits = (placed, MoveService(9_000_001, 3.0, 4.0))
        return replace(project, scenarios=(("甲", edits),), settings={"standard": "x"})

    first, again = opened(paths, open_it), opened(paths, open_it)
    assert read == [1]
    for field in fields(Project):
        if field.name != "district":
            assert getattr(again, field.name) == getattr(first, field.name), field.name
    for field in fields(first.district):
        one, two = getattr(first.district, field.name), getattr(again.district, field.name)
        if field.name in first.district.tables():
            np.testing.assert_array_equal(one.ids, two.ids)
            assert shapely.equals_identical(one.geometry, two.geometry).all()
            for column in one:
                assert one[column].dtype == two[column].dtype
                np.testing.assert_array_equal(one[column], two[column])
        elif field.name == "terrain":
            np.testing.assert_array_equal(one.values, two.values)
            assert one.transform == two.transform
        else:
            assert one == two, field.name


def test_other_content_is_read_again(folder):
    path = folder / "d.txt"
    path.write_text("one")
    read = []

    def open_it():
        read.append(path.read_text())
        return Project.from_file(import_layers([sample_data.DISTRICT]))

    for content in ("one", "one", "two"):
        path.write_text(content)
        opened([path], open_it)
    assert read == ["one", "two"]


def test_a_file_that_another_program_writes_is_read(folder):
    path = folder / "d.gpkg"
    path.write_text("x")
    path.with_name("d.gpkg-wal").write_text("")
    read = []
    for _ in range(2):
        opened([path], lambda: read.append(1))  # type: ignore[arg-type, func-returns-value]
    assert read == [1, 1]
