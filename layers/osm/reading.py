"""From an OSM file to arrays: tagged nodes, ways with their nodes' places, assembled areas.

The only place where Python looks at single elements, because the format's reader hands them out one
by one. Filters in the reader's own code keep away what no rule asks for, so that this costs little:
nodes without tags never arrive here. With a window (`around`) nothing outside is kept.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
import shapely
from numpy.typing import NDArray
from osmium.filter import KeyFilter, TagFilter
from osmium.io import File, FileBuffer, Reader

from layers.files.foreign import refusal
from layers.geodesy.crs import Bounds
from layers.osm.soundness import Kind, check_whole, kind_of
from layers.osm.tags import details, feature_keys, tag_table

_UNITS = 1e7
"""OSM keeps degrees in whole units of 1e-7."""
_NOWHERE = 2**31 - 1
_OSMIUM_ERRORS = (osmium.InvalidLocationError,)
_HEAD_BYTES = 512
NEGATIVE = re.compile(rb"(\s(?:id|ref)=[\"'])-(\d{1,15})(?=[\"'])")
BEYOND_ALL_IDS = 10**11
"""No element has so high an id; ids that an editor invented (negative) are moved beyond it."""


@dataclass(frozen=True, eq=False)
class Points:
    """Tagged nodes: ids (n), coordinates in degrees (n, 2), tags (a column for each key)."""

    ids: NDArray[np.int64]
    xy: NDArray[np.float64]
    tags: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Ways:
    """Tagged ways, and the nodes of all of them in a row.

    Parameters
    ----------
    ids, tags
        One for each way.
    refs, xy, way
        One for each node of each way: its id, its place in degrees (NaN where the file lacks it)
        and the row of its way.
    """

    ids: NDArray[np.int64]
    tags: pd.DataFrame
    refs: NDArray[np.int64]
    xy: NDArray[np.float64]
    way: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas assembled from relations: ids, polygons in degrees, tags, and the ways of the rings."""

    ids: NDArray[np.int64]
    shapes: NDArray[np.object_]
    tags: pd.DataFrame
    members: NDArray[np.int64]
    owner: NDArray[np.int64]
    """Of each of `members`: the row of its area."""
    incomplete: NDArray[np.int64]
    """Ids of relations that lack members in the file."""
    broken: NDArray[np.int64]
    """Ids of relations with all members, which yet form no area."""


@dataclass(frozen=True, eq=False)
class Extract:
    """What an OSM file has of use for a district."""

    path: Path
    nodes: Points
    ways: Ways
    areas: Areas
    end_unproven: bool
    """PBF without any relation: perhaps cut at the border of two blocks, which leaves no trace."""
    bounds: Bounds | None = None
    """What the header says that the file covers, in degrees."""


def read_extract(path: Path, around: Bounds | None = None) -> Extract:
    """Read an OSM file.

    Parameters
    ----------
    path
        XML, plain or packed by gzip or bzip2, or PBF.
    around
        Degrees: nodes inside it, ways and areas whose bounds touch it; None for everything.

    Raises
    ------
    LayerError
        ``osm_cut_short``, ``osm_not_inside``, ``osm_unreadable``, ``osm_empty``,
        ``packed_too_large``.
    """
    with path.open("rb") as stream:
        kind = kind_of(stream.read(_HEAD_BYTES))
    if kind is None:
        raise refusal("osm_not_inside", path)
    check_whole(path, kind)
    try:
        return _read(path, kind, around)
    except (RuntimeError, ValueError, OverflowError, *_OSMIUM_ERRORS) as error:
        reason = str(error).splitlines()[0].replace(str(path.parent), "") if str(error) else ""
        raise refusal("osm_unreadable", path, reason=reason) from error


def _read(path: Path, kind: Kind, around: Bounds | None) -> Extract:
    source = _Source(path, kind)
    nodes = _read_nodes(source, around)
    ways = _read_ways(source, around)
    areas = _read_areas(source, around)
    if not (len(nodes.ids) or len(ways.ids) or len(areas.ids)) and not source.has(osmium.osm.ALL):
        raise refusal("osm_empty", path)
    # Relations stand last, so that where there are some, all ways came before them.
    end_unproven = kind == "pbf" and not source.has(osmium.osm.RELATION)
    return Extract(path, nodes, ways, areas, end_unproven, source.bounds())


class _Source:
    """One file that is read in several passes, with the places of its nodes."""

    def __init__(self, path: Path, kind: Kind) -> None:
        self._path, self._kind = path, kind
        self._renumbered = self._renumber_negative_ids()
        store = osmium.index.create_map("sparse_mem_array")
        self.places = osmium.NodeLocationsForWays(store)
        self.places.ignore_errors()

    def _renumber_negative_ids(self) -> bytes | None:
        """Return the text with positive ids where an editor invented negative ones, else None.

        The index of places counts from zero; editors number what was never uploaded below it.
        """
        if self._kind != "xml":
            return None
        with self._path.open("rb") as stream:
            if not any(NEGATIVE.search(line) for line in stream):
                return None
        text = self._path.read_bytes()
        return NEGATIVE.sub(lambda m: m[1] + b"%d" % (BEYOND_ALL_IDS + int(m[2])), text)

    def open(self, entities: Any) -> Any:
        """Return a reader of some kinds of elements; a context manager."""
        if self._renumbered is not None:
            return Reader(FileBuffer(self._renumbered, self._kind), entities)
        path = str(self._path.resolve())
        if sys.platform == "win32" and not path.isascii():
            # osmium opens files by names in the system's code page there.
            return Reader(FileBuffer(self._path.read_bytes(), self._kind), entities)
        return Reader(File(path, self._kind), entities)

    def elements(self, entities: Any, *handlers: Any) -> Iterator[Any]:
        """Hand out the elements that pass the filters among `handlers`."""
        with self.open(entities) as reader:
            yield from osmium.OsmFileIterator(reader, *handlers)

    def has(self, entities: Any) -> bool:
        """Tell whether the file has an element of some kinds."""
        return next(self.elements(entities), None) is not None

    def bounds(self) -> Bounds | None:
        """Return what the header says that the file covers, in degrees; None where it does not."""
        with self.open(osmium.osm.NOTHING) as reader:
            box = reader.header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
        return low.lon, low.lat, high.lon, high.lat


def _read_nodes(source: _Source, around: Bounds | None) -> Points:
    """Note the place of every node, and keep those whose tags a rule may ask for."""
    wanted, window = details(), _window(around)
    ids, xs, ys, tags = array("q"), array("q"), array("q"), []
    found = source.elements(osmium.osm.NODE, source.places, KeyFilter(*feature_keys("nodes")))
    for node in found:
        x, y = node.location.x, node.location.y
        # A node without a place is left to those who mend and tell.
        if node.deleted or not (window[0] <= x <= window[2] and window[1] <= y <= window[3]):
            continue
        ids.append(node.id)
        xs.append(x)
        ys.append(y)
        tags.append({tag.k: tag.v for tag in node.tags if tag.k in wanted})
    return Points(_whole(ids), _degrees(_whole(xs), _whole(ys)), tag_table(tags))


def _read_ways(source: _Source, around: Bounds | None) -> Ways:
    wanted, window = details(), _window(around)
    ids, counts, tags = array("q"), array("q"), []
    refs, xs, ys = array("q"), array("q"), array("q")
    for way in source.elements(osmium.osm.WAY, source.places, KeyFilter(*feature_keys("ways"))):
        nodes = [(node.ref, node.x, node.y) for node in way.nodes]
        if not nodes or way.deleted or (around is not None and not _touches(nodes, window)):
            continue
        ids.append(way.id)
        counts.append(len(nodes))
        tags.append({tag.k: tag.v for tag in way.tags if tag.k in wanted})
        for column, values in zip((refs, xs, ys), zip(*nodes, strict=True), strict=True):
            column.extend(values)
    row = np.repeat(np.arange(len(ids)), _whole(counts))
    xy = _degrees(_whole(xs), _whole(ys))
    return Ways(_whole(ids), tag_table(tags), _whole(refs), xy, row)


def _touches(nodes: list[tuple[int, int, int]], window: tuple[float, float, float, float]) -> bool:
    """Tell whether the bounds of a way touch the window."""
    west, south, east, north = window
    xs = [x for _, x, _ in nodes if x != _NOWHERE]
    if not xs or min(xs) > east or max(xs) < west:
        return False
    ys = [y for _, x, y in nodes if x != _NOWHERE]
    return min(ys) <= north and max(ys) >= south


def _read_areas(source: _Source, around: Bounds | None) -> Areas:
    """Assemble the relations that are areas; their places are known from the nodes' pass."""
    members = _area_relations(source)
    wanted = details()
    ids, shapes, tags = array("q"), [], []
    factory = osmium.geom.WKBFactory()

    class _Assembled:
        def area(self, area: Any) -> None:
            if area.from_way():
                return
            # Rings that touch or cross make no area, and are told as broken.
            with suppress(RuntimeError, *_OSMIUM_ERRORS):
                shapes.append(factory.create_multipolygon(area))
                ids.append(area.orig_id())
                tags.append({tag.k: tag.v for tag in area.tags if tag.k in wanted})

    manager = osmium.area.AreaManager()
    with source.open(osmium.osm.RELATION) as reader:
        osmium.apply(reader, _Only(members), manager.first_pass_handler())
    parts = _Only({way for ways in members.values() for way in ways})
    with source.open(osmium.osm.WAY) as reader:
        assembling = manager.second_pass_handler(_Assembled())
        osmium.apply(reader, parts, source.places, assembling)
    polygons = np.asarray(shapely.from_wkb(shapes), dtype=object)
    assembled = _whole(ids)
    lost = np.setdiff1d(np.fromiter(members, np.int64, len(members)), assembled)
    partial = np.array([not parts.seen.issuperset(members[int(i)]) for i in lost], dtype=np.bool_)
    kept = np.flatnonzero(_in_window(polygons, around))
    table = tag_table([tags[row] for row in kept])
    ways = [members[int(assembled[row])] for row in kept]
    owner = np.repeat(np.arange(len(kept)), [len(part) for part in ways])
    flat = np.array([way for part in ways for way in part], dtype=np.int64)
    return Areas(assembled[kept], polygons[kept], table, flat, owner, lost[partial], lost[~partial])


class _Only:
    """Lets only some ways or relations pass, and notes those that did.

    osmium's own filter by ids takes memory by the spread of the ids, not by their number.
    """

    def __init__(self, ids: Container[int]) -> None:
        self._ids = ids
        self.seen: set[int] = set()

    def way(self, element: Any) -> bool:
        """Return True for what is to be left out."""
        if element.id not in self._ids:
            return True
        self.seen.add(element.id)
        return False

    relation = way


def _area_relations(source: _Source) -> dict[int, list[int]]:
    """Return the ids of the ways of each relation that a rule may ask for as an area."""
    keys, levels = set(feature_keys("areas")), set(feature_keys("admin_levels"))
    kinds = TagFilter(("type", "multipolygon"), ("type", "boundary"))
    found = {}
    for relation in source.elements(osmium.osm.RELATION, kinds):
        tags = {tag.k: tag.v for tag in relation.tags}
        if not keys.isdisjoint(tags) or tags.get("admin_level") in levels:
            found[relation.id] = [member.ref for member in relation.members if member.type == "w"]
    return found


def _in_window(shapes: NDArray[np.object_], around: Bounds | None) -> NDArray[np.bool_]:
    if around is None or not len(shapes):
        return np.ones(len(shapes), dtype=np.bool_)
    west, south, east, north = around
    corners = shapely.bounds(shapes)
    across = (corners[:, 0] <= east) & (corners[:, 2] >= west)
    return np.asarray(across & (corners[:, 1] <= north) & (corners[:, 3] >= south))


def _window(around: Bounds | None) -> tuple[float, float, float, float]:
    """Return the window in the file's own units."""
    west, south, east, north = around or (-np.inf, -np.inf, np.inf, np.inf)
    return west * _UNITS, south * _UNITS, east * _UNITS, north * _UNITS


def _whole(numbers: Iterable[int]) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def _degrees(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return places in degrees; NaN where the file lacks the node or its place is none."""
    xy = np.column_stack([x, y]) / _UNITS
    odd = (x == _NOWHERE) | (np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)
    xy[odd] = np.nan
    return xy
