"""All meshes of a district: arrays only, no OpenGL, so a worker thread can make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene import plan
from gui.scene.blocks import Blocks, make_blocks
from gui.scene.labels import Labels, building_labels, make_labels
from gui.scene.mesh import Mesh, cut
from gui.scene.style import LIGHT_LEVELS
from gui.scene.surface import Bounds, Surface, make_surface
from gui.scene.trees import make_trees
from gui.scene.underlay import Draped, drape
from twin.keeping.kept import digest_of_code, kept, key_of
from twin.memo import Memo

if TYPE_CHECKING:
    from gui.scene.rays import Rays
    from gui.scene.sun import Sun
    from layers.rasters.underlay import Underlay
    from twin.model.district import District
    from twin.model.tables import Table


Light: TypeAlias = tuple[NDArray[np.uint8], ...]
"""Pictures of the light on the ground, at each of ``style.LIGHT_LEVELS``."""


@dataclass(frozen=True, eq=False)
class Meshes:
    """What is drawn of a district, without colours and view state.

    Parts whose tables are unchanged are the same objects as in the meshes before, by which the
    scene knows what it has to upload again.

    Parameters
    ----------
    surface, ground
        The ground's shape and its mesh.
    light
        Pictures of the light on the ground, uint8 (rows, columns) over ``surface.bounds``, at each
        of ``style.LIGHT_LEVELS``.
    blocks
        Buildings.
    inside
        Whether each building stands inside the study boundary, shape (buildings,).
    trees
        Crowns by tile.
    plan
        Meshes on the ground by tone (a name of a colour in the palette), large ones in tiles.
    underlay
        The picture under the plan, None where there is none.
    names, addresses
        What is written on the ground and on roofs.
    """

    surface: Surface
    ground: Mesh
    light: Light
    blocks: Blocks
    inside: NDArray[np.bool_]
    trees: tuple[Mesh, ...]
    plan: dict[str, tuple[Mesh, ...]]
    underlay: Draped | None = None
    names: Labels = field(default_factory=Labels)
    addresses: Labels = field(default_factory=Labels)


T = TypeVar("T")

PLAN_ROLES = {
    "green": "green",
    "water": "water",
    "stream": "barriers",
    "road_edge": "roads",
    "road": "roads",
    "railway": "barriers",
    "street": "streets",
    "crossing": "streets",
    "steps": "streets",
    "bridge": "streets",
    "gate": "streets",
    "closed": "streets",
    "barrier": "barriers",
    "community": "communities",
    "boundary": "boundary",
    "site": "sites",
}
"""The role whose visibility rules each tone of the plan; in the order of drawing."""

_KEPT = 4
"""How many variants of each part are remembered: a part is up to 30 MB for 7,000 buildings."""
_memos: dict[str, Memo[Any]] = {}


def _kept(part: str, identities: tuple[Any, ...], make: Callable[[], Any], *values: Any) -> Any:
    """Return a part from memory where it was made of the same objects, else made now."""
    return _memos.setdefault(part, Memo(_KEPT)).get(identities, make, *values)


def build_meshes(district: District, progress: Callable[[float], None] | None = None) -> Meshes:
    """Return the meshes of a district; unchanged parts come from memory.

    Pure: call it from any thread, then hand the result to ``Scene.show``. `progress` is called
    with a number from 0 to 1; what it raises (a cancellation) passes through.
    """
    say = progress or (lambda _done: None)
    surface = _surface(district)
    buildings = district.buildings
    say(0.05)
    blocks = _blocks(buildings, surface)
    say(0.35)
    flat = _plan(district, surface, blocks)
    say(0.6)
    light = _kept(
        "light",
        (surface, district.terrain, buildings.geometry, blocks, *_same(district)),
        lambda: _light(district, surface, blocks),
    )
    say(0.95)
    return Meshes(
        surface,
        _kept("ground", (surface,), surface.mesh),
        light,
        blocks,
        _inside(district),
        _remember("trees", make_trees, (district.trees.geometry,), district.trees, surface),
        {tone: _tiles_of(tone, mesh) for tone, mesh in flat.items()},
        _underlay(district.underlay, surface, light[0]),
        _names(district, surface),
        _addresses(buildings, blocks),
    )


def _names(district: District, surface: Surface) -> Labels:
    tables = (district.communities, district.roads, district.water, district.green)
    arrays = [part for table in tables for part in (table.geometry, table["name"])]
    names: Labels = _kept(
        "names",
        (*arrays, district.roads["road_class"], surface),
        lambda: make_labels(*tables, surface),
    )
    return names


def _addresses(buildings: Table, blocks: Blocks) -> Labels:
    found: Labels = _kept(
        "addresses",
        (buildings.geometry, buildings["name"], blocks),
        lambda: building_labels(buildings, blocks.top),
    )
    return found


def _underlay(
    underlay: Underlay | None, surface: Surface, light: NDArray[np.uint8]
) -> Draped | None:
    if underlay is None:
        return None
    draped: Draped = _kept(
        "underlay", (underlay, surface, light), lambda: drape(underlay, surface, light)
    )
    return draped


def _tiles_of(tone: str, mesh: Mesh) -> tuple[Mesh, ...]:
    tiles: tuple[Mesh, ...] = _kept(f"tiles of {tone}", (mesh,), lambda: cut(mesh))
    return tiles


def _light(district: District, surface: Surface, blocks: Blocks) -> Light:
    buildings, trees, boundary = district.buildings, district.trees, district.boundary
    walls = plan.standing_walls(district.barriers)

    def make() -> Light:
        from gui.scene.light import ground_light  # here, for it loads GDAL and SciPy's filters

        place = (district.terrain, buildings, blocks, trees, boundary, walls)
        return ground_light(surface, *place)[0]

    terrain = district.terrain
    relief = () if terrain is None else (terrain.values, terrain.bounds)
    geometry = (buildings.geometry, trees.geometry, boundary.geometry, *walls)
    return _lasting("light", make, *_ground(surface), *relief, blocks.base, blocks.top, *geometry)


@dataclass(frozen=True, eq=False)
class Daylight:
    """The light of an hour.

    Parameters
    ----------
    ground
        How light the ground is, as in `Meshes`.
    rays
        How high the sun's rays pass over it, by which shadows fall on buildings; also as often
        coarser as `style.LIGHT_LEVELS` say.
    """

    ground: Light
    rays: tuple[Rays, ...]

    @property
    def sun(self) -> Sun:
        """Where the sun stands."""
        return self.rays[0].sun


def daylight(district: District, sun: Sun, coarseness: float = 1.0) -> Daylight:
    """Return the light under a sun, for the meshes of the same district.

    Pure, for a worker thread; `coarseness` as in :func:`gui.scene.light.ground_light`.
    """
    from gui.scene.light import ground_light

    surface, buildings = _surface(district), district.buildings
    standing = district.trees, district.boundary, plan.standing_walls(district.barriers)
    place = (district.terrain, buildings, _blocks(buildings, surface), *standing)
    ground, rays = ground_light(surface, *place, sun, coarseness)
    return Daylight(ground, tuple(rays.coarser(level) for level in LIGHT_LEVELS))


def _area(table: Table, surface: Surface, lift: float) -> Mesh:
    return _lasting(
        "area",
        lambda: plan.area(table, surface, lift),
        *(*_ground(surface), table.geometry, lift),
    )


def _lasting(part: str, make: Callable[[], T], *content: Any) -> T:
    """Return a part that takes long to make from the disk where it was made in an earlier run."""
    try:
        return kept("scene", key_of(part, _code(), *content), make, (Mesh,))
    except OSError:  # the program's own files cannot be read: it runs from an archive
        return make()


@cache
def _code() -> str:
    return digest_of_code(Path(__file__).parent)


def _ground(surface: Surface) -> tuple[Any, ...]:
    place = (surface.origin, surface.west, surface.south, surface.step_x, surface.step_y)
    return (*place, surface.heights)


def _shape_of(buildings: Table) -> tuple[Any, ...]:
    return buildings.geometry, buildings["storeys"], buildings["height_m"]


def _same(district: District) -> tuple[Any, ...]:
    barriers = district.barriers
    return (
        district.trees.geometry,
        district.boundary.geometry,
        barriers.geometry,
        barriers["kind"],
    )


def _blocks(buildings: Table, surface: Surface) -> Blocks:
    blocks: Blocks = _remember("blocks", make_blocks, _shape_of(buildings), buildings, surface)
    return blocks


def _remember(
    name: str,
    make: Callable[..., Any],
    identities: tuple[Any, ...],
    table: Table,
    surface: Surface,
    *more: Any,
) -> Any:
    return _kept(name, (*identities, surface), lambda: make(table, surface, *more), *more)


def _surface(district: District) -> Surface:
    """Return the ground; services and edits that stay on it leave it the same object."""
    still = ("boundary", "buildings", "roads", "streets", "water", "green")
    identities = [district.table(role).geometry for role in still]
    surface: Surface = _kept(
        "bounds",
        (*identities, district.terrain),
        lambda: _surface_over(_bounds(identities), district),
    )
    return surface


def _surface_over(bounds: Bounds, district: District) -> Surface:
    surface: Surface = _kept(
        "surface",
        (district.terrain,),
        lambda: make_surface(bounds, district.terrain),
        bounds,
    )
    return surface


def _bounds(geometries: list[NDArray[np.object_]]) -> Bounds:
    """Return the bounds of everything, to 50 m, so that a small edit keeps the ground."""
    boxes = np.array([shapely.total_bounds(g) if len(g) else [np.nan] * 4 for g in geometries])
    if np.isnan(boxes).all():
        return (-250.0, -250.0, 250.0, 250.0)
    low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
    west, south = np.floor(low / 50.0) * 50.0
    east, north = np.ceil(high / 50.0) * 50.0
    return float(west), float(south), float(east), float(north)


def _inside(district: District) -> NDArray[np.bool_]:
    buildings, boundary = district.buildings, district.boundary

    def find() -> NDArray[np.bool_]:
        if not len(boundary) or not len(buildings):
            return np.ones(len(buildings), bool)
        whole = shapely.union_all(boundary.geometry)
        shapely.prepare(whole)
        return np.asarray(shapely.intersects(whole, shapely.point_on_surface(buildings.geometry)))

    found: NDArray[np.bool_] = _kept("inside", (buildings.geometry, boundary.geometry), find)
    return found


def _plan(district: District, surface: Surface, blocks: Blocks) -> dict[str, Mesh]:
    meshes: dict[str, Mesh] = {}
    for role in ("green", "water"):
        table = district.table(role)
        lift = plan.LIFT_M[role]
        meshes[role] = _remember("area", _area, (table.geometry,), table, surface, lift)
    roads = district.roads
    shape = (roads.geometry, roads["width_m"], roads["road_class"])
    meshes["road_edge"] = _remember("roads", plan.roads, shape, roads, surface, True)
    meshes["road"] = _remember("roads", plan.roads, shape, roads, surface, False)
    streets = district.streets
    shape = (streets.geometry, streets["kind"], streets["status"])
    meshes |= _remember("streets", plan.streets, shape, streets, surface)
    barriers, sites = district.barriers, district.sites
    lines = (barriers.geometry, barriers["kind"])
    meshes |= _remember("barriers", plan.barriers, lines, barriers, surface)
    for role, tone in (("communities", "community"), ("boundary", "boundary")):
        table = district.table(role)
        meshes[tone] = _remember("line", plan.outlines, (table.geometry,), table, surface, tone)
    meshes["site"] = _kept(
        "site",
        (sites.geometry, blocks, surface),
        lambda: plan.sites(sites, surface, district.buildings, blocks.top),
    )
    return meshes
