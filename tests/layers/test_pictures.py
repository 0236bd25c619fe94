"""Orthophotos and scanned plans come under the plan where they belong, and stay in the project."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from layers.files.raster_files import Raster
from layers.importing.from_files import import_layers
from layers.limits import limit
from layers.project import read_project, write_project
from layers.rasters.pictures import read_underlay
from tests.layers.conftest import ZONE_114, X, Y

BOUNDS = (X - 1000.0, Y - 1000.0, X + 2000.0, Y + 2000.0)
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 190), (250, 250, 250)


def quarters(size=40):
    """A picture of four quarters: red in the north-west, then clockwise green, blue, white."""
    pixels = np.zeros((3, size, size), np.uint8)
    half = size // 2
    for colour, rows, cols in (
        (RED, slice(0, half), slice(0, half)), (GREEN, slice(0, half), slice(half, None)),
        (BLUE, slice(half, None), slice(half, None)), (WHITE, slice(half, None), slice(0, half)),
    ):  # fmt: skip
        pixels[:, rows, cols] = np.array(colour, np.uint8)[:, None, None]
    return pixels


def photo(path, pixels=None, *, crs=ZONE_114, place=None, driver="GTiff", **profile):
    pixels = quarters() if pixels is None else pixels
    count, rows, cols = pixels.shape
    place = place or from_origin(X, Y + 400, 400 / cols, 400 / rows)
    profile = {"count": count, "height": rows, "width": cols, "dtype": pixels.dtype, **profile}
    with rasterio.open(path, "w", driver=driver, crs=crs, transform=place, **profile) as file:
        file.write(pixels)
    return Raster(path)


def colour_at(underlay, x, y):
    row = int((underlay.origin_y - y) / underlay.step_y)
    col = int((x - underlay.origin_x) / underlay.step_x)
    return tuple(int(value) for value in underlay.pixels[row, col])


def assert_quarters(underlay, tolerance=12):
    for x, y, colour in ((100, 300, RED), (300, 300, GREEN), (300, 100, BLUE), (100, 100, WHITE)):
        found = colour_at(underlay, X + x, Y + y)
        assert found[:3] == pytest.approx(colour, abs=tolerance)
        assert found[3] == 255


def test_a_photo_lies_where_it_says(tmp_path):
    underlay, used, problems = read_underlay([photo(tmp_path / "a.tif")], ZONE_114, BOUNDS)
    assert_quarters(underlay)
    assert underlay.bounds == pytest.approx((X, Y, X + 400, Y + 400), abs=1)
    assert (len(used), problems) == (1, [])
    assert max(underlay.pixels.shape) <= limit("underlay", "most_pixels") + 1


def test_a_photo_in_degrees_comes_to_the_same_place(tmp_path):
    to_degrees = rasterio.warp.transform_bounds(
        ZONE_114.to_wkt(), "EPSG:4326", X, Y, X + 400, Y + 400
    )
    west, south, east, north = to_degrees
    place = from_origin(west, north, (east - west) / 40, (north - south) / 40)
    raster = photo(tmp_path / "a.tif", crs="EPSG:4326", place=place)
    assert_quarters(read_underlay([raster], ZONE_114, BOUNDS)[0])


@pytest.mark.parametrize(
    ("driver", "suffix", "world"), [("JPEG", "jpg", "jgw"), ("PNG", "png", "pgw")]
)
def test_a_scan_with_a_world_file_is_taken_into_the_districts_system(
    tmp_path, keys, driver, suffix, world
):
    raster = photo(tmp_path / f"plan.{suffix}", driver=driver, crs=None)
    for made in tmp_path.glob("*.aux.xml"):
        made.unlink()
    (tmp_path / f"plan.{world}").write_text(f"10\n0\n0\n-10\n{X + 5}\n{Y + 395}\n")
    underlay, _, problems = read_underlay([raster], ZONE_114, BOUNDS)
    assert_quarters(underlay, tolerance=30)
    assert keys(problems) == {"underlay_crs_assumed"}


@pytest.mark.parametrize(
    ("crs", "place", "key"),
    [
        (None, from_origin(9_000_000, 9_000_000, 10, 10), "underlay_without_crs"),
        (ZONE_114, from_origin(X + 90_000, Y, 10, 10), "underlay_elsewhere"),
        (None, None, "underlay_nowhere"),
    ],
)
def test_what_cannot_be_placed_is_left_out_with_its_reason(tmp_path, keys, crs, place, key):
    nowhere = key == "underlay_nowhere"
    raster = photo(
        tmp_path / "a.tif", crs=crs, place=rasterio.Affine.identity() if nowhere else place
    )
    underlay, used, problems = read_underlay([raster], ZONE_114, BOUNDS)
    assert (underlay, used, keys(problems)) == (None, [], {key})


def test_a_palette_grey_and_finer_numbers_are_seen_as_colours(tmp_path):
    index = (quarters()[0] > 100).astype(np.uint8)[None]
    with rasterio.open(
        tmp_path / "p.tif", "w", driver="GTiff", count=1, height=40, width=40, dtype="uint8",
        crs=ZONE_114, transform=from_origin(X, Y + 400, 10, 10), photometric="palette",
    ) as file:  # fmt: skip
        file.write(index)
        file.write_colormap(1, {0: (9, 8, 7, 255), 1: (210, 220, 230, 255)})
    underlay, _, _ = read_underlay([Raster(tmp_path / "p.tif")], ZONE_114, BOUNDS)
    assert colour_at(underlay, X + 100, Y + 300)[:3] == (210, 220, 230)
    deep = photo(tmp_path / "d.tif", quarters().astype(np.uint16) * 257)
    underlay, _, _ = read_underlay([deep], ZONE_114, BOUNDS)
    red, green, blue = colour_at(underlay, X + 100, Y + 300)[:3]
    assert red > green
    assert red > blue


def test_the_first_of_two_pictures_lies_above(tmp_path):
    plain = np.zeros((3, 40, 40), np.uint8) + np.array(BLUE, np.uint8)[:, None, None]
    wide = photo(tmp_path / "b.tif", plain, place=from_origin(X - 400, Y + 800, 40, 40))
    underlay, _, _ = read_underlay([photo(tmp_path / "a.tif"), wide], ZONE_114, BOUNDS)
    assert_quarters(underlay)
    assert colour_at(underlay, X - 200, Y + 600)[:3] == BLUE


def test_a_huge_picture_is_read_no_finer_than_it_is_kept(tmp_path):
    """Sixty-four million pixels, of which four million are asked for."""
    path = tmp_path / "big.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=3, height=8_000, width=8_000, dtype="uint8",
        crs=ZONE_114, transform=from_origin(X, Y + 400, 0.05, 0.05), tiled=True,
        sparse_ok=True, compress="deflate",
    ):  # fmt: skip
        pass
    underlay, _, _ = read_underlay([Raster(path)], ZONE_114, BOUNDS)
    assert max(underlay.pixels.shape) <= limit("underlay", "most_pixels") + 1


def test_a_project_keeps_its_picture_pixel_by_pixel(tmp_path, buildings, streets, keys):
    buildings.to_file(tmp_path / "buildings.gpkg")
    streets.to_file(tmp_path / "streets.gpkg")
    photo(tmp_path / "ortho.tif")
    project = import_layers([tmp_path])
    assert_quarters(project.underlay)
    assert [s.file for s in project.sources if s.role == "underlay"] == ["ortho.tif"]
    keys(project.problems)
    write_project(tmp_path / "a.twin.gpkg", project)
    again = read_project(tmp_path / "a.twin.gpkg").underlay
    assert np.array_equal(again.pixels, project.underlay.pixels)
    assert again.bounds == project.underlay.bounds
