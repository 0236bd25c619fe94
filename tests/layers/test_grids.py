"""Heights in many tiles and formats, and people of a grid: each answer is worked out by hand."""

import zipfile

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.features import geometry_mask
from rasterio.transform import from_origin
from shapely.geometry import LineString

from layers.files.raster_files import Raster, opened, rasters_in
from layers.importing.from_files import import_layers
from layers.mending.tidy import tidy
from layers.problems import LayerError
from layers.rasters.elevation import Terrain
from layers.rasters.mosaic import read_mosaic
from layers.rasters.raster_roles import role_of_raster
from layers.rasters.terrain import read_terrain, write_terrain
from layers.residents.population import spread_people
from tests.layers.conftest import ZONE_114, X, Y, frame, square

BOUNDS = (X - 500.0, Y - 500.0, X + 1500.0, Y + 1500.0)


def plane(x, y):
    """Heights that rise 1 m in 100 m to the east and 2 m to the north."""
    return 50 + (x - X) / 100 + (y - Y) / 50


def tile(path, west, north, cols, rows, step=10.0):
    """Write a part of the plane."""
    x = west + (np.arange(cols) + 0.5) * step
    y = north - (np.arange(rows) + 0.5) * step
    heights = plane(*np.meshgrid(x, y)).astype(np.float32)
    write_terrain(path, Terrain(heights, west, north, step, step), ZONE_114)
    return Raster(path)


def grid(path, values, west, north, step, crs=ZONE_114, **profile):
    values = np.asarray(values)
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype=values.dtype, crs=crs, transform=from_origin(west, north, step, step), **profile,
    ) as file:  # fmt: skip
        file.write(values, 1)
    return Raster(path)


def homes(*squares, **columns):
    count = len(squares)
    columns = {"id": np.arange(1, count + 1), "use": ["residential"] * count, **columns}
    return tidy("buildings", frame(squares, **columns))[0]


def test_tiles_side_by_side_are_one_plane(tmp_path, keys):
    tiles = [
        tile(
            tmp_path / f"{column}{row}.tif",
            X - 500 + 1000 * column,
            Y + 1500 - 1000 * row,
            100,
            100,
        )
        for column in (0, 1)
        for row in (0, 1)
    ]
    terrain, used, problems = read_mosaic(tiles, ZONE_114, BOUNDS)
    assert used == tiles
    assert terrain.values.shape == (200, 200)
    assert not np.isnan(terrain.values).any()
    x, y = np.meshgrid(np.linspace(X - 490, X + 1490, 37), np.linspace(Y - 490, Y + 1490, 41))
    assert terrain.sample(x, y) == pytest.approx(plane(x, y), abs=1e-3)
    assert keys(problems) == {"terrain_mosaic"}


def test_tiles_of_other_fineness_and_place_fit_together(tmp_path):
    """The finest decides the grid; a coarse tile that is half a cell off fills what it lacks."""
    fine = tile(tmp_path / "a.tif", X - 500, Y + 1500, 100, 200, step=10.0)
    coarse = tile(tmp_path / "b.tif", X + 455, Y + 1575, 50, 100, step=30.0)
    terrain, _, _ = read_mosaic([fine, coarse], ZONE_114, BOUNDS)
    assert terrain.step_x == 10.0
    x, y = np.meshgrid(np.linspace(X - 400, X + 1400, 37), np.linspace(Y - 400, Y + 1400, 41))
    assert terrain.sample(x, y) == pytest.approx(plane(x, y), abs=0.05)


def test_a_tile_that_lies_elsewhere_is_told(tmp_path, keys):
    here = tile(tmp_path / "a.tif", X - 500, Y + 1500, 200, 200)
    there = tile(tmp_path / "b.tif", X + 90_000, Y, 20, 20)
    terrain, used, problems = read_mosaic([here, there], ZONE_114, BOUNDS)
    assert used == [here]
    assert terrain.values.shape == (200, 200)
    assert keys(problems) == {"terrain_elsewhere"}


def ascii_grid(path, cut=0):
    rows = [" ".join(f"{100 * r + c}.5" for c in range(4)) for r in range(3)]
    head = f"ncols 4\nnrows 3\nxllcorner {X}\nyllcorner {Y}\ncellsize 25\nNODATA_value -9999\n"
    text = head + "\n".join(rows) + "\n"
    path.write_text(text[: len(text) - cut], encoding="ascii")
    return path


def test_an_ascii_grid_is_read_whole_or_not_at_all(tmp_path):
    terrain, _ = read_terrain(ascii_grid(tmp_path / "a.asc"), assumed_crs=ZONE_114)
    assert terrain.values[0].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert terrain.bounds == (X, Y, X + 100, Y + 75)
    for cut in (8, 30, 60):
        with pytest.raises(LayerError) as caught:
            read_terrain(ascii_grid(tmp_path / "a.asc", cut), assumed_crs=ZONE_114)
        assert caught.value.problem.key == "grid_cut"


def hgt(path):
    heights = np.add.outer(np.arange(1201)[::-1], np.arange(1201)).astype(">i2")
    path.write_bytes(heights.tobytes())
    return path


def test_an_srtm_tile_lies_where_its_name_says(tmp_path, keys):
    """Rows go up by one from south to north, columns from west to east, in steps of 3 seconds."""
    terrain, _ = read_terrain(hgt(tmp_path / "N22E114.hgt"))
    assert terrain.sample(114 + 600 / 1200, 22 + 300 / 1200) == pytest.approx(900)
    (tmp_path / "N22E114.hgt").write_bytes((tmp_path / "N22E114.hgt").read_bytes()[:-2])
    with pytest.raises(LayerError) as caught:
        read_terrain(tmp_path / "N22E114.hgt")
    assert keys([caught.value.problem]) == {"file_truncated"}


def test_grids_in_an_archive_are_found_and_read(tmp_path, buildings, streets, keys):
    hgt(tmp_path / "N22E114.hgt")
    ascii_grid(tmp_path / "local.asc")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with zipfile.ZipFile(tmp_path / "dem.zip", "w") as archive:
        archive.write(tmp_path / "N22E114.hgt", "srtm/N22E114.hgt")
        archive.write(tmp_path / "local.asc", "local.asc")
        archive.write(tmp_path / "photo.jpg", "photo.jpg")
    found = rasters_in(tmp_path / "dem.zip")
    assert [raster.part for raster in found] == ["local.asc", "srtm/N22E114.hgt"]
    with opened(found[1]) as file:
        assert file.shape == (1201, 1201)
    buildings.to_file(tmp_path / "buildings.gpkg")
    streets.to_file(tmp_path / "streets.gpkg")
    paths = [tmp_path / "buildings.gpkg", tmp_path / "streets.gpkg", tmp_path / "dem.zip"]
    project = import_layers(paths)
    assert project.terrain is not None
    assert [s.layer for s in project.sources if s.role == "terrain"] == [
        "local.asc", "srtm/N22E114.hgt"
    ]  # fmt: skip
    keys(project.problems)


def test_people_of_a_cell_go_to_its_homes_by_floor_area(tmp_path, keys):
    """Cells of 100 m: 90 people with two homes of 3 and 6 storeys, 40 with one, 7 with none."""
    people = grid(tmp_path / "pop.tif", np.array([[90.0, 40.0, 7.0]]), X, Y + 100, 100)
    made = homes(
        square(10, 10), square(50, 50), square(110, 10), square(150, 60),
        use=["residential", "residential", "residential", "office"], storeys=[3, 6, 5, 30],
    )  # fmt: skip
    area = square(-10, -10, 330)
    found, used, problems = spread_people([people], made, area)
    assert used == [people]
    assert found["residents"].tolist()[:3] == pytest.approx([30, 60, 40])
    assert np.isnan(found["residents"][3])
    assert found["estimated"].tolist() == ["residents", "residents", "residents", ""]
    told = {p.key: dict(p.facts) for p in problems}
    assert (told["people_from_grid"]["people"], told["people_from_grid"]["count"]) == (130, 2)
    left = told["people_without_homes"]
    assert (left["people"], left["count"]) == (7, 1)
    keys(problems)


def test_storeys_that_are_unknown_follow_from_heights_or_are_usual(tmp_path):
    people = grid(tmp_path / "pop.tif", np.array([[100.0]]), X, Y + 100, 100)
    made = homes(square(10, 10), square(50, 50), height_m=[3.0, 12.0])
    found, _, _ = spread_people([people], made)
    assert found["residents"].tolist() == pytest.approx([20, 80])


@given(
    st.lists(
        st.tuples(st.floats(0, 380), st.floats(0, 380), st.integers(1, 40)), min_size=1, max_size=30
    ),
    st.lists(st.floats(0, 1e5), min_size=16, max_size=16),
)
def test_the_total_of_cells_with_homes_is_kept(tmp_path_factory, places, people):
    folder = tmp_path_factory.mktemp("grid")
    values = np.array(people).reshape(4, 4)
    raster = grid(folder / "pop.tif", values, X, Y + 400, 100)
    made = homes(*(square(x, y) for x, y, _ in places), storeys=[s for _, _, s in places])
    try:
        [raster] = (spread := spread_people([raster], made))[1] or [None]
    except LayerError:
        return
    if raster is None:
        return
    found = spread[0]
    middle = made.geometry.centroid
    row, column = (Y + 400 - middle.y) // 100, (middle.x - X) // 100
    cells = {
        (int(r), int(c)) for r, c in zip(row, column, strict=True) if r < 4 and c < 4 and r >= 0
    }
    total = sum(values[cell] for cell in cells)
    assert found["residents"].sum() == pytest.approx(total, rel=1e-12)


def test_residents_that_are_counted_go_before_a_grid(tmp_path, keys):
    people = grid(tmp_path / "pop.tif", np.array([[100.0]]), X, Y + 100, 100)
    made = homes(square(10, 10), residents=[12])
    found, used, problems = spread_people([people], made)
    assert (found["residents"].tolist(), used) == ([12], [])
    assert keys(problems) == {"people_grid_not_needed"}


@pytest.mark.parametrize(
    ("name", "values", "crs", "key"),
    [
        ("pop_density.tif", [[9.0]], ZONE_114, "people_density"),
        ("pop.tif", [[9.0]], None, "people_grid_without_crs"),
        ("pop.tif", [[0.0]], ZONE_114, "people_grid_elsewhere"),
        ("pop.tif", [[-200.0]], ZONE_114, "people_grid_elsewhere"),
    ],
)
def test_grids_that_cannot_be_used_are_told(tmp_path, keys, name, values, crs, key):
    people = grid(tmp_path / name, np.array(values), X, Y + 100, 100, crs=crs)
    _, used, problems = spread_people([people], homes(square(10, 10)))
    assert (used, keys(problems)) == ([], {key})


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("chn_ppp_2020", np.ones((9, 9), np.float32), "residents"),
        ("GHS_POP_E2020", np.ones((9, 9), np.float32), "residents"),
        ("常住人口", np.ones((9, 9), np.float32), "residents"),
        ("高程", np.ones((9, 9), np.uint8), "terrain"),
        ("dem_10m", np.ones((9, 9), np.float32), "terrain"),
        ("academy", np.add.outer(np.arange(9.0), np.arange(9.0)), "terrain"),
        ("cells", np.random.default_rng(1).poisson(0.7, (40, 40)) * 12.5, "residents"),
        ("scan", np.ones((9, 9), np.uint8), "underlay"),
    ],
)
def test_names_and_values_tell_people_from_heights(tmp_path, name, values, role):
    raster = grid(tmp_path / f"{name}.tif", values, X, Y, 10)
    assert role_of_raster(raster)[0] == role
    assert role_of_raster(raster, {f"{name}.tif": "terrain"}) == ("terrain", ())


def test_a_district_with_a_grid_of_people_counts_them(tmp_path, buildings, streets, keys):
    plain = buildings.drop(columns="residents")
    plain.to_file(tmp_path / "buildings.gpkg")
    streets.to_file(tmp_path / "streets.gpkg")
    grid(tmp_path / "worldpop.tif", np.full((3, 14), 50.0), X - 100, Y + 200, 100)
    project = import_layers([tmp_path])
    assert project.layers["buildings"]["residents"].tolist() == pytest.approx([50.0] * 12)
    assert "residents" in project.layers["buildings"]["estimated"][0].split(",")
    assert [s.file for s in project.sources if s.role == "residents"] == ["worldpop.tif"]
    found = keys(project.problems)
    assert {"grid_of_people_by_name", "people_from_grid"} <= found
    assert "people_unknown" not in found


def test_madrid_keeps_its_people(real_data):
    """GHS-POP of the region over its quarters, each as if it were one home."""
    path = real_data / "rasters" / "madrid_ghsl_population_clipped.tif"
    quarters = gpd.read_file(real_data / "rasters" / "madrid_neighbourhoods.gpkg")
    made, _ = tidy("buildings", gpd.GeoDataFrame(geometry=quarters.geometry, crs=quarters.crs))
    assert role_of_raster(Raster(path))[0] == "residents"
    found, _, problems = spread_people([Raster(path)], made, quarters.geometry.union_all())
    facts = {p.key: p.facts for p in problems}
    assert found["residents"].sum() == pytest.approx(facts["people_from_grid"]["people"], abs=1)
    # All that the grid counts in the city is either in a home or told to be without one.
    both = facts["people_from_grid"]["people"] + facts["people_without_homes"]["people"]
    with rasterio.open(path) as file:
        cells = file.read(1, masked=True).filled(0)
        city = ~geometry_mask(quarters.geometry, cells.shape, file.transform)
    assert both == pytest.approx(cells[city & (cells > 0)].sum(), rel=1e-3)


def test_a_grid_beside_layers_of_which_nothing_is_left_is_told(tmp_path, keys):
    """Streets of no length are all taken away; what was to lie under them has no extent."""
    dots = [LineString([(X, Y), (X, Y)]), LineString([(X + 500, Y), (X + 500, Y)])]
    gpd.GeoDataFrame({"id": [1, 2]}, geometry=dots, crs=4547).to_file(tmp_path / "streets.gpkg")
    values = np.zeros((4, 4), np.float32)
    write_terrain(tmp_path / "dem.tif", Terrain(values, X, Y, 10.0, 10.0), ZONE_114)
    project = import_layers([tmp_path])
    assert project.terrain is None
    assert {"no_streets", "raster_of_nothing"} <= keys(project.problems)
