"""What a network's preparation found is read again, and never where it does not fit."""

from dataclasses import fields

import numpy as np
import pytest
import shapely

from benchmarks.city import make_city
from twin.compiled.ready import compiled
from twin.keeping.kept import FOLDER_VARIABLE, kept_folder
from twin.model.tables import Table
from twin.streets import network as networks
from twin.streets.network import build_network
from twin.walking import origins as origins_module
from twin.walking.access import AccessPoints
from twin.walking.origins import find_origins

needs_numba = pytest.mark.skipif(compiled() is None, reason="Numba is not here")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def city():
    return make_city(300, 40, seed=3)


@pytest.fixture
def laid_out(monkeypatch):
    """Lay out a network as a process does that starts anew; say how often an order was found."""
    from twin.walking.hierarchy import layout as layouts

    monkeypatch.setattr(layouts, "_WORTH_KEEPING", 0)
    found = []
    dissect = layouts.dissect
    monkeypatch.setattr(layouts, "dissect", lambda *a: found.append(1) or dissect(*a))

    def lay_out(streets):
        networks._networks.clear()
        layouts._layouts.clear()
        return layouts.layout(build_network(streets)), len(found)

    return lay_out


def assert_same(one, other):
    for field in fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        assert mine.dtype == theirs.dtype, field.name
        np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


@needs_numba
def test_a_network_that_was_prepared_before_is_not_put_in_order_again(city, laid_out):
    first, _ = laid_out(city.streets)
    again, times = laid_out(city.streets)
    assert times == 1
    assert_same(first, again)
    assert not again.up.flags.writeable  # as the searches are compiled for


@needs_numba
def test_another_network_never_takes_it(city, laid_out):
    laid_out(city.streets)
    shapes = city.streets.geometry.copy()
    shapes[7] = shapely.transform(shapes[7], lambda xy: xy + 0.01)
    _, times = laid_out(Table("streets", city.streets.ids, shapes, {}))
    assert times == 2


@needs_numba
@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_one_that_lost_a_byte_is_found_anew(city, laid_out, place):
    first, _ = laid_out(city.streets)
    (path,) = kept_folder().glob("layouts/*.npz")
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 0xFF
    path.write_bytes(bytes(content))
    again, times = laid_out(city.streets)
    assert times == 2
    assert_same(first, again)


@needs_numba
def test_changed_code_never_takes_it(city, laid_out, monkeypatch):
    from twin.walking.hierarchy import layout as layouts

    laid_out(city.streets)
    monkeypatch.setattr(layouts, "_code", lambda: "other")
    assert laid_out(city.streets)[1] == 2


@needs_numba
def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(city, laid_out, folder):
    (folder / "cache").write_text("in the way")
    laid_out(city.streets)
    assert laid_out(city.streets)[1] == 2


def attached(district, monkeypatch):
    """Origins as a process finds them that starts anew, and how often doors were attached."""
    for memo in (origins_module._found, origins_module._accesses, origins_module._layouts):
        memo.clear()
    times = []
    attach = origins_module.attach
    with monkeypatch.context() as patch:
        patch.setattr(origins_module, "_WORTH_KEEPING", 0)
        patch.setattr(origins_module, "attach", lambda *a: times.append(1) or attach(*a))
        return find_origins(district).access.points, len(times)


def test_doors_are_read_where_they_were_attached_unless_something_near_changed(city, monkeypatch):
    first, times = attached(city, monkeypatch)
    again, more = attached(city, monkeypatch)
    assert (times, more) == (1, 0)
    for name in AccessPoints.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    wall = Table("barriers", [1], [city.streets.geometry[0].buffer(5).boundary], {})
    assert attached(city.with_table(wall), monkeypatch)[1] == 1
