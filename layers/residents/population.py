"""People counted by cells of a grid, brought to the homes that stand in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine
from rasterio.windows import Window

from layers.account import Account
from layers.files.raster_files import Raster
from layers.geodesy.crs import transformer
from layers.limits import limit
from layers.problems import LayerError, Problem, Severity
from layers.rasters.raster_roles import is_named
from layers.rasters.terrain import crs_of, readable
from layers.residents.people import home_floor_area, mark

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PeopleGrid:
    """The part of a grid of people that lies around a district.

    Parameters
    ----------
    people
        float64 (rows, cols), 0 where nobody is counted.
    place
        From column and row to coordinates in `crs`.
    crs
        Of the grid.
    """

    people: Floats
    place: Affine
    crs: pyproj.CRS

    def cells_of(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Return the number of the cell that each place is in, counted row by row; -1 outside."""
        column, row = ~self.place @ (x, y)
        rows, cols = self.people.shape
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column < cols) & (row >= 0) & (row < rows)
        at = np.where(inside, np.floor(row), 0) * cols + np.where(inside, np.floor(column), 0)
        return np.where(inside, at, -1).astype(np.int64)

    def middles(self) -> tuple[Floats, Floats]:
        """Return x and y of the middle of each cell, row by row."""
        rows, cols = self.people.shape
        row, column = np.divmod(np.arange(rows * cols), cols)
        x, y = self.place @ (column + 0.5, row + 0.5)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def spread_people(
    rasters: Sequence[Raster],
    buildings: gpd.GeoDataFrame,
    area: shapely.Geometry | None = None,
) -> tuple[gpd.GeoDataFrame, list[Raster], tuple[Problem, ...]]:
    """Bring the people of grids to the homes in each cell, by floor area, and mark them estimated.

    All people of a cell with homes go to them, so that their sum is that of those cells; a home is
    in the cell that its middle is in. Cells with people and no home are told with their number.
    Where residents are known already, grids are left aside.

    Parameters
    ----------
    rasters
        Counts of people; where two cover a building, the first has the word.
    buildings
        Tidy, in a metric CRS.
    area
        What the district covers, in that CRS; cells beyond it are nobody's concern. The hull of
        the buildings where None.

    Returns
    -------
    The buildings; the rasters that were used; what was found.
    """
    account = Account("buildings")
    used: list[Raster] = []
    frame = buildings.copy()
    if frame["residents"].notna().any():
        names = ", ".join(raster.source for raster in rasters)
        account.note("people_grid_not_needed", Severity.WARNING, names=names)
        return buildings, used, account.problems
    problems: list[Problem] = []
    around = area if area is not None else shapely.convex_hull(frame.geometry.union_all())
    for raster in rasters:
        try:
            grid = _read(raster, frame)
        except LayerError as error:
            problems.append(error.problem)
            continue
        _spread(grid, raster, frame, around, account)
        used.append(raster)
    return frame, used, (*problems, *account.problems)


def _read(raster: Raster, buildings: gpd.GeoDataFrame) -> PeopleGrid:
    """Read the cells around the buildings.

    Raises
    ------
    LayerError
        ``people_density``, ``people_grid_without_crs``, ``people_grid_elsewhere``; as
        `layers.rasters.terrain.readable`.
    """
    if is_named(raster, "density"):
        raise _refusal("people_density", raster)
    with readable(raster, "buildings") as file:
        crs = crs_of(file)
        if crs is None or file.transform.is_identity:
            raise _refusal("people_grid_without_crs", raster)
        west, south, east, north = buildings.total_bounds
        bounds = transformer(buildings.crs, crs).transform_bounds(west, south, east, north)
        corners = [~file.transform @ (x, y) for x in bounds[::2] for y in bounds[1::2]]
        columns, rows = np.array(corners).T
        left, top = max(int(np.floor(columns.min())), 0), max(int(np.floor(rows.min())), 0)
        right = min(int(np.ceil(columns.max())) + 1, file.width)
        bottom = min(int(np.ceil(rows.max())) + 1, file.height)
        if left >= right or top >= bottom:
            raise _refusal("people_grid_elsewhere", raster)
        window = Window(left, top, right - left, bottom - top)
        if window.width * window.height > limit("terrain", "most_cells"):
            raise _refusal("people_grid_too_fine", raster)
        cells = file.read(1, window=window, masked=True).astype(np.float64).filled(0.0)
        cells = cells * (file.scales[0] or 1.0) + file.offsets[0]
        place = file.transform @ Affine.translation(left, top)
    # Codes for "no data" that the file does not call so are negative or not finite.
    people = np.where(np.isfinite(cells) & (cells > 0), cells, 0.0)
    if not people.any():
        raise _refusal("people_grid_elsewhere", raster)
    return PeopleGrid(people, place, crs)


def _refusal(key: str, raster: Raster) -> LayerError:
    return LayerError(Problem(key, Severity.ERROR, "buildings", raster.source))


def _spread(
    grid: PeopleGrid,
    raster: Raster,
    frame: gpd.GeoDataFrame,
    area: shapely.Geometry,
    account: Account,
) -> None:
    """Fill in the residents of homes without any, in place."""
    residents = frame["residents"].to_numpy(dtype=np.float64, copy=True)
    here, floor_area = home_floor_area(_with_storeys(frame))
    shapes = np.asarray(frame.geometry.array, dtype=object)
    middle = shapely.centroid(shapes)
    x, y = transformer(frame.crs, grid.crs).transform(shapely.get_x(middle), shapely.get_y(middle))
    cell = grid.cells_of(np.asarray(x), np.asarray(y))
    people = grid.people.ravel()
    open_ = here & (cell >= 0) & np.isnan(residents)
    room = np.bincount(cell[open_], floor_area[open_], len(people))
    share = np.divide(people, room, out=np.zeros(len(people)), where=room > 0)
    residents[open_] = floor_area[open_] * share[cell[open_]]
    frame["residents"] = residents
    marks = frame["estimated"].to_numpy(dtype=object, copy=True)
    mark(marks, open_, "residents")
    frame["estimated"] = marks
    _tell(grid, raster, room > 0, area, frame.crs, account)


def _tell(
    grid: PeopleGrid,
    raster: Raster,
    filled: NDArray[np.bool_],
    area: shapely.Geometry,
    crs: pyproj.CRS,
    account: Account,
) -> None:
    """Say how many people were brought home, and how many live where no home is known."""
    people = grid.people.ravel()
    account.note(
        "people_from_grid",
        Severity.WARNING,
        named=raster.source,
        people=round(float(people[filled].sum())),
        count=int(filled.sum()),
    )
    x, y = transformer(grid.crs, crs).transform(*grid.middles())
    inside = shapely.contains_xy(area, np.asarray(x), np.asarray(y))
    left = inside & ~filled & (people > 0)
    if left.any():
        account.note(
            "people_without_homes",
            Severity.WARNING,
            named=raster.source,
            people=round(float(people[left].sum())),
            count=int(left.sum()),
        )


def _with_storeys(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return buildings whose unknown storeys follow from their heights, to weigh them by."""
    height = frame["height_m"].to_numpy(dtype=np.float64)
    storeys = frame["storeys"].to_numpy(dtype=np.float64)
    tall = np.maximum(np.round(height / limit("buildings", "storey_height_m")), 1)
    return frame.assign(storeys=np.where(np.isnan(storeys), tall, storeys))
