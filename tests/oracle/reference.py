"""The numbers of section 3 of the design, written down plainly: NetworkX, Shapely, float64, loops.

This module knows no module of the product but `layers.schema`, and was written from the design's
text alone. It is slow on purpose: every rule is one visible line, so that a reader can hold it
against the text. Streets are cut at every access point, so that a walk along one edge, round
through the network or between the best pair of doors is in each case nothing but a shortest path
in one graph.

Where the design leaves a choice, this is the reading taken here:

 1. Street lines meet where their ends agree within 1 mm (rounded coordinates); lines that cross or
    touch elsewhere do not meet. Joining them is the import's work. Each part of a street in several
    parts (as one that a drawn path cuts) is an edge of its own. Ends at one place do not meet where
    all of them state a level and two levels or more have at least two ends each: then each such
    level has a node of its own, and a single end of another level goes to the nearest of them (of
    equally near ones to that with the lesser absolute value, then to the lower). Steps are of no
    level.
 2. A piece of network is a connected component of all streets of all kinds, whatever their status.
    The longest piece is "the rest" and always attracts, even where it is shorter than 500 m.
 3. The order of choice among edges within the cap: legs that cross neither water nor barrier; of
    these, where there are any, those that cross no other building; of these the least distance;
    within 1 mm of it the lowest edge id, of the parts of one street the earliest.
 4. A leg crosses what Shapely says it `crosses` or is `within`: one that only touches with an end,
    or runs along, passes; one that never leaves the water does not. Where it comes to two walls or
    ponds anywhere but in its first and last millimetre, it does not slip through between them. A
    door that stands on the street crosses nothing.
 5. "No other building": not the one whose door it is or that the service names, nor one within 1 mm
    of the door (a door in a party wall, a service drawn inside its building).
 6. The cap, like limits, is inclusive with a float's slack of 1 micrometre (or microsecond).
 7. A building's outline is its whole boundary, courtyards too. Where a facade runs parallel to the
    edge many outline points are equally near (within 1 mm): the one earliest along the edge's line.
    Where a line comes by one place several times, what is there is where it first comes by.
 8. A building is inside the boundary, and in a community, by Shapely's representative point;
    overlapping communities: the lowest id. Without a boundary every building is inside.
 9. An origin's doors are its own residential entrance and all entrances of the building that
    are neither residential nor a service's. A building with only such entrances has one origin.
10. Residents are "as given" where every residential entrance of a building has a number and they
    sum to more than 0; the numbers then are weights for the building's residents and age bands.
11. A building's people are its age bands. Missing ones share what the known ones leave of
    `residents`, in the shares of the community's row, else of the community's other buildings,
    else of all communities' rows, else of all buildings with known bands; where there are none,
    they are of unknown age and belong to the group of all alone. Missing `disabled` is nobody.
12. Only services with status "open" serve. A service with entrances of its own
    (`service_id`) is entered there and nowhere else, otherwise at its point or its outline.
13. Pieces for slope: ceil(L / 20 m) equal ones. A sample outside the DEM takes the DEM's edge, and
    where a sample is "no data" the piece is flat.
14. Wheelchair: a piece steeper than 1:12 either way bars what lies on it, if the piece is at least
    2 m long; shorter ones take twice the time, as do pieces of 1:20 up to 1:12. Steps with a
    ramp are walked like any street, slopes included. What bars for time bars for metres too.
15. The delay belongs to streets of kind "crossing" that are signalled; 30 s unless both cycle and
    green are given and 0 <= green <= cycle.
16. A closed street lets nobody along any length of it; a door that attaches at its end, to the
    micrometre, stands on the node and may use the other streets there.
17. A requirement with several service types is met by any of them and is assessed where any of them
    was surveyed. "Not assessed" comes before "no demand".
18. Full circle is judged per age band: a band's residents at a door must meet each assessed "shall"
    requirement whose group contains the band. Cross-cutting groups (disabled) bind no band. Where
    no "shall" requirement is assessed at all there is no full circle. A band of which nothing is
    asked does not count in it.
19. A door is unreached because no edge is within the cap ("no_edge_within_cap"; "island" where
    only edges of an island are), or because all legs are barred ("leg_blocked"); where all doors
    of an origin are unreached, the reason is that of its own.
20. Gates for residents: the network is cut at every gate and at every street that crosses a barrier
    other than a railway. In each connected network the longest piece is public (of equal ones that
    with the least node), the others are grounds. Who lives on grounds belongs to them, to those
    that open cuts join to them without passing the public, and for all of these to the grounds on
    the ways out over the fewest cuts. A street for residents is passed from end to end by who
    belongs to the grounds at one of its ends, if they belong to the grounds at its other end too,
    or that is public or joined to the public by open cuts. Along part of it anybody walks who
    lives there, or whose service is there. A door belongs where its edge is: of a cut edge to the
    end with more cuts to the public, of equal ones to the first.
21. A raised kerb shuts the whole street for a walker who passes lowered ones alone, for metres and
    time alike; where nobody says how high the kerb is, everybody passes.
22. Who rests takes rest_s / rest_every_m seconds more for each metre walked, legs included.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.schema import AGE_BANDS

MM = 1e-3
SLACK = 1e-6
ATTRACTING = ("footway", "street")
BANDS = (*AGE_BANDS, "age_unknown")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "all": BANDS,
    "infants": ("age_0_2",),
    "preschool": ("age_3_5",),
    "children": ("age_6_11",),
    "teens": ("age_12_17",),
    "adults": ("age_18_59",),
    "older": ("age_60_79", "age_80_up"),
    "very_old": ("age_80_up",),
}


@dataclass(frozen=True)
class Walker:
    """What of a walker decides a walk: `slope` is "tobler", "wheelchair" or "flat"."""

    speed: float
    slope: str = "tobler"
    steps_bar: bool = False
    kerbs_bar: bool = False
    rest: float = 0.0
    """Seconds of rest for each metre walked."""

    @classmethod
    def from_toml(cls, entry: Mapping[str, Any]) -> Walker:
        every = entry.get("rest_every_m", 0.0)
        return cls(
            entry["speed_mps"], entry["slope"], entry["steps"] == "ramp",
            entry.get("kerbs") == "lowered", entry["rest_s"] / every if every else 0.0,
        )  # fmt: skip


ADULT = Walker(1.2)
OLDER = Walker(0.9)
WHEELCHAIR = Walker(0.9, "wheelchair", steps_bar=True, kerbs_bar=True)


@dataclass(frozen=True)
class Raster:
    """A DEM, rows going south from the upper-left corner."""

    values: NDArray[Any]
    left: float
    top: float
    step_x: float
    step_y: float

    def at(self, x: float, y: float) -> float:
        """Bilinear between the four cell centres round (x, y)."""
        rows, cols = self.values.shape
        c = min(max((x - self.left) / self.step_x - 0.5, 0.0), cols - 1.0)
        r = min(max((self.top - y) / self.step_y - 0.5, 0.0), rows - 1.0)
        c0, r0 = min(int(c), max(cols - 2, 0)), min(int(r), max(rows - 2, 0))
        total = 0.0
        for row, row_weight in ((r0, 1 - (r - r0)), (r0 + 1, r - r0)):
            for col, col_weight in ((c0, 1 - (c - c0)), (c0 + 1, c - c0)):
                if row_weight * col_weight > 0:
                    total += row_weight * col_weight * float(self.values[row, col])
        return total


def read_raster(path: Any) -> Raster:
    """Read the first band of a north-up GeoTIFF."""
    import rasterio

    with rasterio.open(path) as file:
        values = file.read(1, masked=True).astype(float).filled(np.nan)
        t = file.transform
        return Raster(values, t.c, t.f, t.a, -t.e)


@dataclass
class Edge:
    """A part of a street; `slopes` are those of its equal pieces from first point to last."""

    id: int
    part: int
    line: BaseGeometry
    u: tuple[float, ...]
    v: tuple[float, ...]
    kind: str
    status: str
    delay_s: float
    ramp: bool
    slopes: list[float]
    kerb: str = ""
    attracts: bool = False
    level: float = math.nan

    @property
    def length(self) -> float:
        return float(self.line.length)


@dataclass(frozen=True)
class Access:
    """Where a door meets the streets; `edge` is None where it does not, for `reason`."""

    edge: int | None
    offset: float = math.nan
    leg: float = math.nan
    through_building: bool = False
    reason: str = ""


@dataclass
class Origin:
    """The people behind one door (or behind one building), and the doors they may use."""

    building_id: int
    entrance_id: int
    people: NDArray[Any]
    disabled: float
    community: int
    inside: bool
    doors: list[int] = field(default_factory=list)


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def tobler(slope: float) -> float:
    """W(0) / W(s), with W = 6 exp(-3.5 |s + 0.05|) km/h and s > 0 uphill."""
    return math.exp(3.5 * (abs(slope + 0.05) - 0.05))


class Reference:
    """One district, read straight from frames in the schema's columns.

    Parameters
    ----------
    frames
        GeoDataFrames by role; roles without features may be absent.
    terrain
        The DEM, or None for flat land.
    cap
        The longest leg in metres, inclusive.
    """

    def __init__(
        self,
        frames: Mapping[str, gpd.GeoDataFrame],
        terrain: Raster | None = None,
        cap: float = 100.0,
    ) -> None:
        self._features = {role: list(frame.itertuples()) for role, frame in frames.items()}
        self.terrain = terrain
        self.cap = cap
        self.edges = [edge for row in self._rows("streets") for edge in self._edges(row)]
        self._keep_levels_apart()
        self._mark_attracting()
        self._edge_tree = shapely.STRtree([edge.line for edge in self.edges])
        self._buildings = {int(row.id): row.geometry for row in self._rows("buildings")}
        self._building_ids = list(self._buildings)
        self._building_tree = shapely.STRtree(list(self._buildings.values()))
        self._obstacles = [
            row.geometry for role in ("water", "barriers") for row in self._rows(role)
        ]
        self._obstacle_tree = shapely.STRtree(self._obstacles)
        self.doors: list[Access] = []
        self.service_doors = {
            int(row.id): self._service_doors(row) for row in self._rows("services")
        }
        self.communities = [int(row.id) for row in self._rows("communities")]
        self.origins = self._origins()
        self.home_doors = {number for origin in self.origins for number in origin.doors}
        self.own_gates = self._own_gates()
        """For each edge the streets for residents that who lives there may pass."""

    def _rows(self, role: str) -> list[Any]:
        return self._features.get(role, [])

    # --- streets -------------------------------------------------------------------------------

    def _edges(self, row: Any) -> list[Edge]:
        parts = shapely.get_parts(shapely.force_2d(row.geometry))
        return [self._edge(row, part, line) for part, line in enumerate(parts)]

    def _edge(self, row: Any, part: int, line: BaseGeometry) -> Edge:
        ends = [(round(x / MM), round(y / MM)) for x, y in (line.coords[0], line.coords[-1])]
        delay = 0.0
        if row.kind == "crossing" and row.signalled:
            cycle, green = row.cycle_s, row.green_s
            known = (
                not is_missing(cycle)
                and not is_missing(green)
                and 0 <= green <= cycle
                and cycle > 0
            )
            delay = (cycle - green) ** 2 / (2 * cycle) if known else 30.0
        return Edge(
            int(row.id), part, line, ends[0], ends[1], row.kind, row.status, delay,
            bool(row.ramp), self._slopes(line, row.kind), getattr(row, "kerb", ""),
            level=math.nan if row.kind == "steps" else float(getattr(row, "level", math.nan)),
        )  # fmt: skip

    def _keep_levels_apart(self) -> None:
        at_place: dict[tuple[float, ...], list[float]] = {}
        for edge in self.edges:
            for place in (edge.u, edge.v):
                at_place.setdefault(place, []).append(edge.level)
        for edge in self.edges:
            edge.u = self._on_its_floor(edge.u, edge.level, at_place[edge.u])
            edge.v = self._on_its_floor(edge.v, edge.level, at_place[edge.v])

    @staticmethod
    def _on_its_floor(
        place: tuple[float, ...], level: float, levels: list[float]
    ) -> tuple[float, ...]:
        going = {one for one in levels if levels.count(one) > 1}
        if any(math.isnan(one) for one in levels) or len(going) < 2:
            return place
        return (*place, min(going, key=lambda one: (abs(one - level), abs(one), one)))

    def _slopes(self, line: BaseGeometry, kind: str) -> list[float]:
        count = max(1, math.ceil(line.length / 20.0 - 1e-9))
        if self.terrain is None or line.length == 0:
            return [0.0] * count
        points = [line.interpolate(i / count, normalized=True) for i in range(count + 1)]
        heights = [self.terrain.at(point.x, point.y) for point in points]
        if kind in ("bridge", "tunnel"):
            heights = [
                heights[0] + (heights[-1] - heights[0]) * i / count for i in range(count + 1)
            ]
        rises = [after - before for before, after in pairwise(heights)]
        return [0.0 if math.isnan(rise) else rise / (line.length / count) for rise in rises]

    def _mark_attracting(self) -> None:
        graph = nx.Graph()
        for edge in self.edges:
            graph.add_edge(edge.u, edge.v)
        total: dict[int, float] = {}
        component = {
            node: number
            for number, nodes in enumerate(nx.connected_components(graph))
            for node in nodes
        }
        for edge in self.edges:
            total[component[edge.u]] = total.get(component[edge.u], 0.0) + edge.length
        main = max(total, key=lambda number: total[number], default=None)
        for edge in self.edges:
            number = component[edge.u]
            edge.attracts = edge.kind in ATTRACTING and (number == main or total[number] >= 500.0)

    # --- gates for residents -------------------------------------------------------------------

    def _own_gates(self) -> list[frozenset[int]]:
        walls = [r.geometry for r in self._rows("barriers") if getattr(r, "kind", "") != "railway"]
        cut = [e.kind == "gate" or any(e.line.crosses(wall) for wall in walls) for e in self.edges]
        streets, uncut = nx.Graph(), nx.Graph()
        for edge, is_cut in zip(self.edges, cut, strict=True):
            streets.add_edge(edge.u, edge.v)
            uncut.add_nodes_from((edge.u, edge.v))
            if not is_cut:
                uncut.add_edge(edge.u, edge.v)
        piece = {
            n: number for number, nodes in enumerate(nx.connected_components(uncut)) for n in nodes
        }
        length: dict[int, float] = {}
        for edge, is_cut in zip(self.edges, cut, strict=True):
            length[piece[edge.u]] = length.get(piece[edge.u], 0.0) + (0 if is_cut else edge.length)
        public = {
            piece[min(nodes, key=lambda node: (-length.get(piece[node], 0.0), node))]
            for nodes in nx.connected_components(streets)
        }
        cuts, open_cuts = nx.Graph(), nx.Graph()
        cuts.add_nodes_from(piece.values())
        open_cuts.add_nodes_from(piece.values())
        for edge, is_cut in zip(self.edges, cut, strict=True):
            if is_cut:
                cuts.add_edge(piece[edge.u], piece[edge.v])
                if edge.status == "open":
                    open_cuts.add_edge(piece[edge.u], piece[edge.v])
        depth = nx.multi_source_dijkstra_path_length(cuts, public) if public else {}
        anybody = {one for start in public for one in nx.node_connected_component(open_cuts, start)}
        enclosed = open_cuts.subgraph(set(piece.values()) - public)

        def ways_out(one: int) -> set[int]:
            nearer = [n for n in cuts[one] if depth[n] == depth[one] - 1 and n not in public]
            return {one}.union(*(ways_out(n) for n in nearer))

        def belongs(one: int) -> set[int]:
            if one in public:
                return set()
            return set().union(*(ways_out(n) for n in nx.node_connected_component(enclosed, one)))

        of_piece = {one: belongs(one) for one in set(piece.values())}

        def passes(mine: set[int], edge: Edge) -> bool:
            u, v = piece[edge.u], piece[edge.v]
            return any(a in mine and (b in mine or b in anybody) for a, b in ((u, v), (v, u)))

        reserved = [i for i, edge in enumerate(self.edges) if edge.status == "residents"]
        own = {
            one: frozenset(i for i in reserved if passes(mine, self.edges[i]))
            for one, mine in of_piece.items()
        }
        inner = [max((piece[e.u], piece[e.v]), key=lambda one: depth[one]) for e in self.edges]
        return [own[one] for one in inner]

    # --- snapping ------------------------------------------------------------------------------

    def _snap(self, shape: BaseGeometry, own_buildings: Iterable[int]) -> int:
        """Attach a door (point) or an outline (line) and return its number."""
        shape = shapely.force_2d(shape)
        self.doors.append(self._attach(shape, set(own_buildings)))
        return len(self.doors) - 1

    def _attach(self, shape: BaseGeometry, own: set[int]) -> Access:
        near = self._edge_tree.query(shape, predicate="dwithin", distance=self.cap + SLACK)
        candidates = sorted(
            (float(shape.distance(edge.line)), (edge.id, edge.part), int(i))
            for i, edge in ((i, self.edges[i]) for i in near)
            if edge.attracts
        )
        if not candidates:
            island = any(self.edges[i].kind in ATTRACTING for i in near)
            return Access(None, reason="island" if island else "no_edge_within_cap")
        clear: list[tuple[tuple[int, int], Access]] = []
        through: list[tuple[tuple[int, int], Access]] = []
        clear_limit = through_limit = math.inf
        for distance, part, i in candidates:
            if distance > clear_limit:
                break
            leg_line, offset = self._leg(shape, self.edges[i].line)
            if leg_line.length > SLACK and self._crosses_obstacle(leg_line):
                continue
            if leg_line.length <= SLACK or not self._crosses_building(leg_line, own):
                clear.append((part, Access(i, offset, leg_line.length)))
                clear_limit = min(clear_limit, distance + MM)
            elif distance <= through_limit:
                through.append((part, Access(i, offset, leg_line.length, through_building=True)))
                through_limit = min(through_limit, distance + MM)
        chosen = clear or through
        if not chosen:
            return Access(None, reason="leg_blocked")
        return min(chosen, key=lambda pair: pair[0])[1]

    def _leg(self, shape: BaseGeometry, line: BaseGeometry) -> tuple[BaseGeometry, float]:
        start = shape if shape.geom_type == "Point" else nearest_outline_point(shape, line)
        offset = first_along(line, start)
        if min(offset, line.length - offset) <= SLACK:
            offset = 0.0 if offset <= SLACK else float(line.length)
        end = line.interpolate(offset)
        return shapely.LineString([(start.x, start.y), (end.x, end.y)]), offset

    def _crosses_obstacle(self, leg: BaseGeometry) -> bool:
        near = [self._obstacles[i] for i in self._obstacle_tree.query(leg)]
        if any(leg.crosses(shape) or leg.within(shape) for shape in near):
            return True
        if leg.length <= 2 * MM:
            return False
        inside = shapely.ops.substring(leg, MM, leg.length - MM)
        return sum(not inside.disjoint(shape) for shape in near) > 1

    def _crosses_building(self, leg: BaseGeometry, own: set[int]) -> bool:
        start = shapely.Point(leg.coords[0])
        for i in self._building_tree.query(leg):
            building_id = self._building_ids[i]
            shape = self._buildings[building_id]
            other = building_id not in own and shape.distance(start) > MM
            if other and (leg.crosses(shape) or leg.within(shape)):
                return True
        return False

    # --- people and doors ----------------------------------------------------------------------

    def _service_doors(self, row: Any) -> list[int]:
        own = {int(row.building_id)}
        entrances = [e for e in self._rows("entrances") if e.service_id == row.id]
        if entrances:
            return [self._snap(entrance.geometry, own) for entrance in entrances]
        if row.geometry.geom_type == "Point":
            return [self._snap(row.geometry, own)]
        return [self._snap(row.geometry.boundary, own)]

    def _origins(self) -> list[Origin]:
        by_building: dict[int, list[Any]] = {}
        for entrance in self._rows("entrances"):
            by_building.setdefault(int(entrance.building_id), []).append(entrance)
        people = self._people()
        origins = []
        for row in self._rows("buildings"):
            building_id = int(row.id)
            bands, disabled = people[building_id]
            place = (self._community_of(row.geometry), self._inside(row.geometry))
            entrances = by_building.get(building_id, [])
            homes = [e for e in entrances if e.residential]
            others = [
                self._snap(e.geometry, {building_id})
                for e in entrances
                if not e.residential and e.service_id < 0
            ]
            if homes:
                given = [e.residents for e in homes]
                as_given = not any(is_missing(n) for n in given) and sum(given) > 0
                shares = [n / sum(given) if as_given else 1 / len(homes) for n in given]
                for entrance, share in zip(homes, shares, strict=True):
                    doors = [self._snap(entrance.geometry, {building_id}), *others]
                    part = (bands * share, disabled * share)
                    origins.append(Origin(building_id, int(entrance.id), *part, *place, doors))
                continue
            doors = others or [self._snap(row.geometry.boundary, {building_id})]
            origins.append(Origin(building_id, -1, bands, disabled, *place, doors))
        return origins

    def _inside(self, shape: BaseGeometry) -> bool:
        place, rows = shape.representative_point(), self._rows("boundary")
        return not rows or any(row.geometry.intersects(place) for row in rows)

    def _community_of(self, shape: BaseGeometry) -> int:
        place = shape.representative_point()
        ids = [row.id for row in self._rows("communities") if row.geometry.intersects(place)]
        return int(min(ids, default=-1))

    def _people(self) -> dict[int, tuple[NDArray[Any], float]]:
        """People by BANDS, and the disabled, of each building; bands estimated where unknown."""
        rows = self._rows("buildings")
        known = {int(r.id): np.array([getattr(r, band) for band in AGE_BANDS], float) for r in rows}
        community = {int(r.id): self._community_of(r.geometry) for r in rows}
        out = {}
        for row in rows:
            bands = known[int(row.id)].copy()
            gaps = np.isnan(bands)
            unknown = 0.0
            if gaps.any():
                total = 0.0 if is_missing(row.residents) else float(row.residents)
                left = max(0.0, total - float(np.nansum(bands)))
                shares = self._shares(community[int(row.id)], known, community)[gaps]
                bands[gaps] = left * shares / shares.sum() if shares.sum() > 0 else 0.0
                unknown = left if shares.sum() == 0 else 0.0
            disabled = 0.0 if is_missing(row.disabled) else float(row.disabled)
            out[int(row.id)] = (np.append(bands, unknown), disabled)
        return out

    def _shares(
        self, here: int, known: Mapping[int, NDArray[Any]], community: Mapping[int, int]
    ) -> NDArray[Any]:
        rows = {
            int(r.id): np.array([getattr(r, b) for b in AGE_BANDS], float)
            for r in self._rows("communities")
        }
        complete = {i: bands for i, bands in known.items() if not np.isnan(bands).any()}
        choices = (
            [bands for i, bands in rows.items() if i == here],
            [bands for i, bands in complete.items() if community[i] == here and here >= 0],
            list(rows.values()),
            list(complete.values()),
        )
        for choice in choices:
            total = np.sum(choice, axis=0) if choice else np.zeros(len(AGE_BANDS))
            if not np.isnan(total).any() and total.sum() > 0:
                return np.asarray(total)
        return np.zeros(len(AGE_BANDS))

    # --- walks ---------------------------------------------------------------------------------

    def piece_factor(self, edge: Edge, slope: float, walker: Walker) -> float:
        """Seconds over flat seconds of one piece; inf where it bars."""
        if walker.slope == "tobler":
            return tobler(slope)
        if walker.slope == "wheelchair":
            steep = abs(slope)
            if steep > 1 / 12 + 1e-9 and edge.length / len(edge.slopes) >= 2.0:
                return math.inf
            return 2.0 if steep >= 1 / 20 - 1e-9 else 1.0
        return 1.0

    def part(self, edge: Edge, start: float, stop: float, walker: Walker, unit: str) -> float:
        """Metres ("m") or seconds ("s") from one offset of an edge to another, delay left out."""
        low, high = min(start, stop), max(start, stop)
        if high <= low:
            return 0.0
        if edge.status == "closed" or (edge.kind == "steps" and walker.steps_bar and not edge.ramp):
            return math.inf
        if edge.kerb == "raised" and walker.kerbs_bar:
            return math.inf
        piece = edge.length / len(edge.slopes)
        total = 0.0
        for number, slope in enumerate(edge.slopes):
            metres = min(high, (number + 1) * piece) - max(low, number * piece)
            if metres <= 1e-9:
                continue
            factor = self.piece_factor(edge, slope if stop > start else -slope, walker)
            total += math.inf if math.isinf(factor) else (
                metres if unit == "m" else metres * (factor / walker.speed + walker.rest)
            )  # fmt: skip
        return total

    def graph(self, walker: Walker, unit: str, own: frozenset[int] = frozenset()) -> nx.DiGraph:
        """All streets cut at all doors, with a node per origin ("o", i) and service ("s", id).

        It is the graph of who may pass the streets for residents in `own`; what anybody else needs
        to pass one is in ``graph.graph["through"]`` by edge.
        """
        graph = nx.DiGraph(through={})

        def link(a: Any, b: Any, cost: float) -> None:
            if math.isfinite(cost) and cost < graph.get_edge_data(a, b, {"cost": math.inf})["cost"]:
                graph.add_edge(a, b, cost=cost)

        stops: dict[int, list[tuple[float, Any]]] = {}
        for number, door in enumerate(self.doors):
            if door.edge is not None:
                stops.setdefault(door.edge, []).append((door.offset, ("door", number)))
        for i, edge in enumerate(self.edges):
            middle = sorted(stops.get(i, []))
            chain = [(0.0, edge.u), *middle, (edge.length, edge.v)]
            delay = edge.delay_s if unit == "s" else 0.0
            if edge.status == "residents" and i not in own:
                for (a, node_a), (b, node_b) in permutations(chain, 2):
                    cost = self.part(edge, a, b, walker, unit) + delay
                    if {node_a, node_b} == {edge.u, edge.v}:
                        graph.graph["through"].setdefault(i, []).append((node_a, node_b, cost))
                    elif self._begins(node_a) and self._ends(node_b):
                        link(node_a, node_b, cost)
                continue
            for (a, node_a), (b, node_b) in pairwise(chain):
                link(node_a, node_b, self.part(edge, a, b, walker, unit) + delay)
                link(node_b, node_a, self.part(edge, b, a, walker, unit) + delay)
        per_metre = 1.0 if unit == "m" else 1.0 / walker.speed + walker.rest
        for i, origin in enumerate(self.origins):
            for number in origin.doors:
                if self.doors[number].edge is not None:
                    link(("o", i), ("door", number), self.doors[number].leg * per_metre)
        for service_id, numbers in self.service_doors.items():
            for number in numbers:
                if self.doors[number].edge is not None:
                    link(("door", number), ("s", service_id), self.doors[number].leg * per_metre)
        return graph

    def _begins(self, node: Any) -> bool:
        """Whether a walk along part of a street may start here: at its ends, or at a home."""
        return node[0] != "door" or node[1] in self.home_doors

    def _ends(self, node: Any) -> bool:
        """Whether a walk along part of a street may stop here: at its ends, or at a service."""
        return node[0] != "door" or node[1] not in self.home_doors

    def serving(self, service_types: Iterable[str]) -> list[int]:
        """Ids of the open services of any of these types."""
        wanted = set(service_types)
        return [
            int(row.id)
            for row in self._rows("services")
            if row.status == "open" and wanted & {t.strip() for t in row.types.split(",")}
        ]

    def walks_to(self, graph: nx.DiGraph, service_ids: Iterable[int]) -> NDArray[Any]:
        """Cost from each origin to the nearest of these services; inf where unreached."""
        return self.walks_and_goals(graph, service_ids, goals=False)[0]

    def walks_and_goals(
        self, graph: nx.DiGraph, service_ids: Iterable[int], goals: bool = True
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Cost from each origin to the nearest of these services, and one service so near."""
        sources = [("s", i) for i in service_ids if ("s", i) in graph]
        costs, who = np.full(len(self.origins), np.inf), np.full(len(self.origins), -1)
        if not sources:
            return costs, who
        turned = graph.reverse(copy=False)
        if goals:
            reached, path = nx.multi_source_dijkstra(turned, sources, weight="cost")
            strangers = {node: (cost, path[node][0][1]) for node, cost in reached.items()}
        else:
            reached = nx.multi_source_dijkstra_path_length(turned, sources, weight="cost")
            strangers = {node: (cost, -1) for node, cost in reached.items()}
        of_part: dict[frozenset[int], Any] = {}
        for i, origin in enumerate(self.origins):
            for number in origin.doors:
                if self.doors[number].edge is None:
                    continue
                own = self.own_gates[self.doors[number].edge]
                if own not in of_part:
                    of_part[own] = self._bettered(graph, strangers, own)
                node = ("door", number)
                found = of_part[own].get(node, strangers.get(node))
                if found is not None:
                    cost = found[0] + graph.edges[("o", i), node]["cost"]
                    if cost < costs[i]:
                        costs[i], who[i] = cost, found[1]
        return costs, who

    def _bettered(self, graph: nx.DiGraph, known: Mapping[Any, Any], own: frozenset[int]) -> Any:
        """Return what is nearer for who may pass the streets `own` than it is for strangers."""
        better: dict[Any, tuple[float, int]] = {}
        through = [link for i in own for link in graph.graph["through"].get(i, ())]
        unknown = (math.inf, -1)

        def now(node: Any) -> tuple[float, int]:
            return better.get(node, known.get(node, unknown))

        waiting = [b for _, b, _ in through]
        while waiting:  # whatever betters a node is handed on until nothing does
            node = waiting.pop(0)
            cost, goal = now(node)
            links = [(a, values["cost"]) for a, _, values in graph.in_edges(node, data=True)]
            links += [(a, c) for a, b, c in through if b == node]
            for before, step in links:
                if cost + step < now(before)[0] - 1e-12:
                    better[before] = (cost + step, goal)
                    waiting.append(before)
        return better

    def nearest(
        self, graph: nx.DiGraph, service_types: Iterable[str]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Cost and id of the nearest service per origin, ties within SLACK to the lowest id."""
        best, who = np.full(len(self.origins), np.inf), np.full(len(self.origins), -1)
        for service_id in sorted(self.serving(service_types)):
            cost = self.walks_to(graph, [service_id])
            closer = cost < best - SLACK
            best[closer], who[closer] = cost[closer], service_id
        return best, who

    def reason(self, origin: Origin) -> str:
        """Why an origin meets no street at all, or ""."""
        doors = [self.doors[number] for number in origin.doors]
        if any(door.edge is not None for door in doors):
            return ""
        return doors[0].reason

    # --- assessment ----------------------------------------------------------------------------

    def group_people(self, group: str) -> NDArray[Any]:
        """People of a group per origin, outside the boundary 0."""
        inside = np.array([origin.inside for origin in self.origins])
        if group == "disabled":
            return np.array([origin.disabled for origin in self.origins]) * inside
        columns = [BANDS.index(band) for band in GROUPS[group]]
        return np.array([origin.people[columns].sum() for origin in self.origins]) * inside

    def assess(
        self,
        requirements: Mapping[str, Any],
        surveyed: Iterable[str],
        walkers: Mapping[str, Walker],
    ) -> Scores:
        """Score requirements by id (service_types, group, walker, limit, unit "m"/"min", level)."""
        graphs: dict[tuple[str, str], nx.DiGraph] = {}
        surveyed = set(surveyed)
        scores = Scores()
        circle = np.ones((len(self.origins), len(BANDS)), bool)
        asked: set[str] = set()
        for requirement_id, requirement in requirements.items():
            unit = "m" if requirement.unit == "m" else "s"
            key = (requirement.walker, unit)
            if key not in graphs:
                graphs[key] = self.graph(walkers[requirement.walker], unit)
            cost = self.uses_near(graphs[key], requirement)
            limit = requirement.limit * (1.0 if unit == "m" else 60.0)
            met = cost <= limit + SLACK
            people = self.group_people(requirement.group)
            status = "assessed" if people.sum() > 0 else "no_demand"
            own = set(requirement.service_types) - set(getattr(requirement, "satisfied_by", ()))
            if len(surveyed & own) < getattr(requirement, "at_least", 1):
                status = "not_assessed"
            scores.results[requirement_id] = Score(status, cost, met, people)
            if status == "assessed" and requirement.level == "shall":
                scores.has_circle = True
                asked |= set(GROUPS.get(requirement.group, ()))
                for band in GROUPS.get(requirement.group, ()):
                    circle[:, BANDS.index(band)] &= met
        everyone = np.array([o.people * o.inside for o in self.origins]).reshape(-1, len(BANDS))
        everyone = everyone * [band in asked or not scores.has_circle for band in BANDS]
        scores.circle_people, scores.people = everyone * circle, everyone
        return scores

    def uses_near(self, graph: nx.DiGraph, requirement: Any) -> NDArray[Any]:
        """Cost until enough different types are near; one is enough unless `at_least` says more."""
        wanted = getattr(requirement, "at_least", 1)
        if wanted == 1:
            return self.walks_to(graph, self.serving(requirement.service_types))
        each = [self.walks_to(graph, self.serving([one])) for one in requirement.service_types]
        return np.sort(np.array(each), axis=0)[wanted - 1]


@dataclass(frozen=True)
class Score:
    """One requirement: cost, met and people per origin."""

    status: str
    cost: NDArray[Any]
    met: NDArray[Any]
    people: NDArray[Any]

    @property
    def covered(self) -> float:
        return float(self.people[self.met].sum())

    @property
    def total(self) -> float:
        return float(self.people.sum())


@dataclass
class Scores:
    """All requirements, and people in full circle per origin and age band."""

    results: dict[str, Score] = field(default_factory=dict)
    has_circle: bool = False
    circle_people: NDArray[Any] = field(default_factory=lambda: np.zeros((0, len(BANDS))))
    people: NDArray[Any] = field(default_factory=lambda: np.zeros((0, len(BANDS))))


def first_along(line: BaseGeometry, point: BaseGeometry) -> float:
    """How far along a line it is first nearest to a point, where it comes by one place twice."""
    offset = float(line.project(point))
    place = line.interpolate(offset)
    begun = 0.0
    for ends in pairwise(line.coords):
        side = shapely.LineString(ends)
        if side.distance(place) <= SLACK:
            first = begun + float(side.project(place))
            return first if first < offset - MM else offset
        begun += side.length
    return offset


def nearest_outline_point(outline: BaseGeometry, line: BaseGeometry) -> BaseGeometry:
    """The outline's point nearest to a line; within 1 mm of the least, the earliest along the line.

    The least distance of two polylines that do not meet is at a vertex of one of them, and of two
    that meet it is 0 where they meet, so those are all the points that need to be looked at.
    """
    points = [shapely.Point(xy) for xy in shapely.get_coordinates(outline)]
    corners = [shapely.Point(xy) for xy in shapely.get_coordinates(line)]
    points += [shapely.Point(shapely.shortest_line(outline, c).coords[0]) for c in corners]
    meeting = shapely.intersection(outline, line)
    points += [shapely.Point(xy) for xy in shapely.get_coordinates(meeting)]
    least = float(outline.distance(line))
    near = [point for point in points if point.distance(line) <= least + MM]
    return min(near, key=lambda point: (first_along(line, point), point.distance(line)))
