"""Heights between cell centres, and the reading of elevation models."""

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

from layers.problems import LayerError
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import read_terrain, write_terrain

ZONE = pyproj.CRS.from_epsg(4547)
# Two rows, three columns, cells of 10 x 20 m; centres at x = 5, 15, 25 and y = 30, 10.
GROUND = Terrain(np.array([[0, 10, 20], [100, 110, 120]], np.float32), 0.0, 40.0, 10.0, 20.0)


def sampled(terrain, x, y):
    return float(terrain.sample(np.array([x]), np.array([y]))[0])


@pytest.mark.parametrize(
    ("x", "y", "height"),
    [
        (5, 30, 0),  # on a centre
        (25, 10, 120),
        (10, 30, 5),  # half way between two centres of a row
        (5, 20, 50),  # half way between the rows
        (10, 20, 55),  # in the middle of four
        (7.5, 25, 0.25 * 10 + 0.25 * 100),  # a quarter east, a quarter south: weights by hand
        (0, 40, 0),  # the corner of the grid lies outside the centres: the nearest one
        (-100, 30, 0),
        (1000, -1000, 120),
    ],
)
def test_heights_are_bilinear_between_centres(x, y, height):
    assert sampled(GROUND, x, y) == pytest.approx(height)


def test_where_a_needed_cell_has_no_data_there_is_no_height():
    holed = Terrain(np.array([[0, np.nan], [100, 110]], np.float32), 0.0, 20.0, 10.0, 10.0)
    assert np.isnan(sampled(holed, 10, 15))
    assert np.isnan(sampled(holed, 15, 15))
    assert sampled(holed, 5, 15) == 0  # on a centre: its neighbour takes no part
    assert sampled(holed, 5, 10) == 50
    assert sampled(holed, 15, 5) == 110


def test_a_place_that_is_nowhere_has_no_height():
    assert np.isnan(sampled(GROUND, np.nan, 10))


def test_a_single_cell_is_flat_ground():
    flat = Terrain(np.array([[7]], np.float32), 0.0, 10.0, 10.0, 10.0)
    assert sampled(flat, 3, 3) == 7


def test_heights_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        GROUND.values[0, 0] = 1


def test_a_terrain_comes_back_as_it_was_written(tmp_path):
    heights = np.random.default_rng(1).normal(50, 20, (40, 30)).astype(np.float32)
    heights[3, 4] = np.nan
    terrain = Terrain(heights, 500_000.25, 2_490_000.5, 12.5, 10.0)
    write_terrain(tmp_path / "ground.tif", terrain, ZONE)
    back, problems = read_terrain(tmp_path / "ground.tif", ZONE)
    assert problems == ()
    np.testing.assert_array_equal(back.values, terrain.values)
    assert back.bounds == terrain.bounds


def test_degrees_are_brought_to_metres(tmp_path):
    # A plane that rises 1 m per 0.001 degree to the east; 0.001 degree is 102.8 m at 22.5 N.
    heights = np.tile(np.arange(60, dtype=np.float32), (60, 1))
    path = tmp_path / "degrees.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=60, height=60, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(0.001, 0, 114.0, 0, -0.001, 22.53),
    ) as file:  # fmt: skip
        file.write(heights, 1)
    terrain, _ = read_terrain(path, ZONE)
    to_metres = pyproj.Transformer.from_crs(4326, ZONE, always_xy=True)
    x, y = to_metres.transform([114.0105, 114.0305], [22.5, 22.5])
    assert terrain.sample(np.array(x), np.array(y)) == pytest.approx([10, 30], abs=0.1)
    assert terrain.step_x == terrain.step_y == pytest.approx(106.6, abs=1)


def test_only_the_needed_part_is_read(tmp_path):
    heights = np.arange(10_000, dtype=np.float32).reshape(100, 100) / 10
    terrain = Terrain(heights, 0.0, 1000.0, 10.0, 10.0)
    write_terrain(tmp_path / "ground.tif", terrain, ZONE)
    part, _ = read_terrain(tmp_path / "ground.tif", ZONE, bounds=(200, 200, 300, 300))
    # Cells 20..30 and one on every side.
    assert part.values.shape == (12, 12)
    x, y = np.array([250.0, 277.0]), np.array([233.0, 288.0])
    assert part.sample(x, y) == pytest.approx(terrain.sample(x, y), abs=1e-9)


def refused(path, **how):
    with pytest.raises(LayerError) as caught:
        read_terrain(path, ZONE, **how)
    return caught.value.problem.key


def test_what_is_no_terrain_is_refused_with_its_reason(tmp_path):
    assert refused(tmp_path / "none.tif") == "file_missing"
    (tmp_path / "text.tif").write_text("heights")
    assert refused(tmp_path / "text.tif") == "not_a_raster"
    write_terrain(tmp_path / "ground.tif", GROUND, ZONE)
    assert refused(tmp_path / "ground.tif", bounds=(5e5, 5e5, 6e5, 6e5)) == "terrain_elsewhere"
    empty = Terrain(np.full((4, 4), np.nan, np.float32), 0.0, 40.0, 10.0, 10.0)
    write_terrain(tmp_path / "empty.tif", empty, ZONE)
    assert refused(tmp_path / "empty.tif") == "terrain_empty"


def test_a_truncated_terrain_is_refused(tmp_path):
    heights = np.random.default_rng(2).normal(50, 20, (200, 200)).astype(np.float32)
    path = tmp_path / "ground.tif"
    write_terrain(path, Terrain(heights, 0.0, 2000.0, 10.0, 10.0), ZONE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(path) == "terrain_unreadable"


def test_a_terrain_without_crs_is_refused_or_assumed_aloud(tmp_path):
    path = tmp_path / "bare.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=2, count=1, dtype="float32",
        transform=GROUND.transform,
    ) as file:  # fmt: skip
        file.write(GROUND.values, 1)
    assert refused(path) == "terrain_without_crs"
    terrain, problems = read_terrain(path, ZONE, assumed_crs=ZONE)
    assert [problem.key for problem in problems] == ["crs_assumed_other_layers"]
    np.testing.assert_array_equal(terrain.values, GROUND.values)


def test_heights_of_no_land_are_unknown(tmp_path):
    heights = np.array([[10, 99_999], [20, 30]], np.float32)
    write_terrain(tmp_path / "odd.tif", Terrain(heights, 0.0, 20.0, 10.0, 10.0), ZONE)
    terrain, problems = read_terrain(tmp_path / "odd.tif", ZONE)
    assert np.isnan(terrain.values[0, 1])
    assert problems[0].facts["count"] == 1
