"""Pieces of lines: cut where lines meet, ends joined, stubs and doubles left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.limits import limit
from layers.noding.drawn import Drawn, Flags, Floats, Ints
from layers.noding.meetings import Meetings, OpenEnds


@dataclass(frozen=True, eq=False)
class Pieces:
    """What lines were cut into, in the order of the lines and along them.

    Parameters
    ----------
    shapes
        LineStrings, plan only.
    line
        The line of each piece.
    number
        0 for a line's first piece, 1 for the next.
    stubs, doubles
        Lines that lost an end beyond a crossing, or a piece that another line has too.
    """

    shapes: NDArray[np.object_]
    line: Ints
    number: Ints
    stubs: Ints
    doubles: Ints


def cut(lines: Drawn, meetings: Meetings, joined: OpenEnds) -> Pieces:
    """Cut lines where they meet.

    Parameters
    ----------
    joined
        Ends that are led on to the nearest line.
    """
    line, xy, node, loose = _in_order(lines, meetings, joined)
    begins = np.ones(len(line), dtype=np.bool_)
    begins[1:] = line[1:] != line[:-1]
    ends = np.ones(len(line), dtype=np.bool_)
    ends[:-1] = begins[1:]
    inner = node & ~begins & ~ends
    # A vertex that is cut ends one piece and begins the next.
    copy = np.repeat(np.arange(len(line)), 1 + inner)
    opens = begins[copy]
    opens[1:] |= copy[1:] == copy[:-1]
    piece = np.cumsum(opens) - 1
    count = np.bincount(piece)
    enough = count >= 2
    keep = enough[piece]
    shapes = shapely.linestrings(
        xy[copy][keep], indices=np.unique(piece[keep], return_inverse=True)[1]
    )
    owner = line[copy][opens][enough]
    dangling = np.zeros(len(count), dtype=np.bool_)
    np.logical_or.at(dangling, piece, loose[copy])
    return _sorted_out(shapes, owner, dangling[enough], lines.level)


def _in_order(
    lines: Drawn, meetings: Meetings, joined: OpenEnds
) -> tuple[Ints, Floats, Flags, Flags]:
    """Return line, place, whether it is a node and whether it is a loose end, of every vertex.

    Old vertices, places where lines meet, and the far ends of joined ends, along each line.
    """
    count, near = len(lines.xy), limit("streets", "node_m")
    inside, at_vertex, target = _targets(lines, joined, near)
    first = np.isin(joined.vertex, np.flatnonzero(np.r_[True, lines.line[1:] != lines.line[:-1]]))
    # Places by vertex and part of the way to the next; a joined end lies before or after its line.
    parts = (
        (lines.line, np.arange(count, dtype=np.float64), lines.xy),
        (lines.line[meetings.segment], meetings.segment + meetings.part, meetings.xy),
        (lines.line[joined.segment], joined.segment + joined.part, joined.xy),
        (lines.line[joined.vertex], joined.vertex + np.where(first, -0.5, 0.5), target),
    )
    used = np.ones(sum(len(part[0]) for part in parts), dtype=np.bool_)
    cut_inside = count + len(meetings.segment)
    used[cut_inside : cut_inside + len(inside)] = inside
    line, key, xy = (np.concatenate(several)[used] for several in zip(*parts, strict=True))
    node = np.ones(len(key), dtype=np.bool_)
    node[:count] = False
    node[meetings.vertex] = True
    node[at_vertex] = True
    loose = np.zeros(len(key), dtype=np.bool_)
    loose[:count] = lines.end & ~node[:count]
    loose[joined.vertex] = False
    xy[node] = _as_one(xy[node], near)
    order = np.lexsort((key, line))
    return _without_repeats(line[order], xy[order], node[order], loose[order])


def _targets(lines: Drawn, joined: OpenEnds, near: float) -> tuple[Flags, Ints, Floats]:
    """Return which ends are led to the inside of a segment, the vertices of the others, and where.

    A place within a tolerance of a vertex is that vertex.
    """
    length = np.hypot(*(lines.xy[joined.segment + 1] - lines.xy[joined.segment]).T)
    low, high = joined.part * length <= near, (1 - joined.part) * length <= near
    inside = ~(low | high)
    vertex = joined.segment + high
    target = np.where(inside[:, None], joined.xy, lines.xy[vertex])
    return inside, vertex[~inside], target


def _without_repeats(
    line: Ints, xy: Floats, node: Flags, loose: Flags
) -> tuple[Ints, Floats, Flags, Flags]:
    fresh = np.ones(len(line), dtype=np.bool_)
    fresh[1:] = (line[1:] != line[:-1]) | (xy[1:] != xy[:-1]).any(axis=1)
    group = np.cumsum(fresh) - 1
    is_node = np.zeros(int(fresh.sum()), dtype=np.bool_)
    np.logical_or.at(is_node, group, node)
    return line[fresh], xy[fresh], is_node, loose[fresh]


def _as_one(places: Floats, near: float) -> Floats:
    """Return places with those within a tolerance of each other brought to the first of them."""
    if not len(places):
        return places
    pairs = cKDTree(places).query_pairs(near, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(places),) * 2)
    _, group = connected_components(links, directed=False)
    first = np.unique(group, return_index=True)[1]
    return np.asarray(places[first[group]])


def _sorted_out(shapes: NDArray[np.object_], line: Ints, dangling: Flags, level: Floats) -> Pieces:
    """Leave out short ends beyond a crossing, and pieces that an earlier line has too."""
    several = np.bincount(line, minlength=len(level))[line] > 1
    stub = dangling & several & (shapely.length(shapes) <= limit("streets", "heal_m"))
    form = shapely.to_wkb(shapely.normalize(shapes))
    table = pd.DataFrame({"form": form, "level": level[line]})
    double = ~stub & table.duplicated().to_numpy()
    kept = ~(stub | double)
    number = pd.Series(line[kept]).groupby(line[kept]).cumcount().to_numpy().astype(np.int64)
    stubs, doubles = np.unique(line[stub]), np.unique(line[double])
    return Pieces(shapes[kept], line[kept], number, stubs, doubles)
