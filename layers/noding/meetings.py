"""Where lines meet: crossings, ends and vertices on other lines, and ends that stop just short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.limits import limit
from layers.noding.drawn import Drawn, Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Meetings:
    """Where lines have to be cut.

    Parameters
    ----------
    vertex
        Vertices at which lines meet, ascending.
    segment, part, xy
        Places inside segments: the vertex at which the segment begins, how far along it (0 to 1),
        and the place itself, shapes (n,), (n,) and (n, 2).
    apart, apart_by_height
        Lines that pass over or under another, and how many crossings heights alone told apart.
    """

    vertex: Ints
    segment: Ints
    part: Floats
    xy: Floats
    apart: Ints
    apart_by_height: int


@dataclass(frozen=True, eq=False)
class OpenEnds:
    """Line ends that meet nothing, and the nearest other line of each.

    Parameters
    ----------
    vertex
        The end.
    segment, part, xy
        The nearest place on another line, as in :class:`Meetings`.
    gap_m
        How far that is.
    """

    vertex: Ints
    segment: Ints
    part: Floats
    xy: Floats
    gap_m: Floats

    def where(self, mask: Flags) -> OpenEnds:
        """Return some of them."""
        return OpenEnds(
            self.vertex[mask],
            self.segment[mask],
            self.part[mask],
            self.xy[mask],
            self.gap_m[mask],
        )


def find_meetings(lines: Drawn) -> Meetings:
    """Find where lines cross, and where a vertex lies on another line within ``node_m``.

    Lines of different levels meet only where the raised one ends, unless both levels go on there
    (as in two lines each), and where stairs end; lines whose heights differ by more than
    ``clearance_m`` do not meet.
    """
    one, other = _near_pairs(lines, limit("streets", "node_m"))
    crossings = _crossings(lines, one, other)
    sides = [(a, v, b) for a, b in ((one, other), (other, one)) for v in (a, a + 1)]
    goes_on = _level_goes_on(lines, sides)
    touches = [_touches(lines, *side, goes_on) for side in sides]
    vertex = np.unique(np.concatenate([touch.vertex for touch in touches]))
    parts = (crossings, *touches)
    return Meetings(
        vertex,
        np.concatenate([found.segment for found in parts]),
        np.concatenate([found.part for found in parts]),
        np.concatenate([found.xy for found in parts]),
        np.unique(crossings.apart),
        crossings.apart_by_height,
    )


def find_open_ends(lines: Drawn, meetings: Meetings) -> OpenEnds:
    """Find the ends that meet nothing, with the nearest line within ``open_end_m`` of each.

    An end that has just passed a meeting is none: it went too far, not too short.
    """
    ends = np.flatnonzero(lines.end & (_past_meeting(lines, meetings) > limit("streets", "heal_m")))
    reach = limit("streets", "open_end_m")
    segments = lines.segment
    tree = shapely.STRtree(_shapes(lines, segments))
    at, near = tree.query(shapely.points(lines.xy[ends]), predicate="dwithin", distance=reach)
    vertex, segment = ends[at], segments[near]
    part, foot, gap = _foot(lines, vertex, segment)
    own = lines.line[vertex] == lines.line[segment]
    beside = np.abs(_along(lines, segment, part) - lines.along[vertex]) <= 4 * reach
    good = ~(own & beside) & _may_touch(lines, vertex, segment, part)
    vertex, segment, part, foot, gap = (
        values[good] for values in (vertex, segment, part, foot, gap)
    )
    order = np.lexsort((segment, gap, vertex))
    nearest = order[np.unique(vertex[order], return_index=True)[1]]
    return OpenEnds(vertex[nearest], segment[nearest], part[nearest], foot[nearest], gap[nearest])


def _past_meeting(lines: Drawn, meetings: Meetings) -> Floats:
    """Return how far along its own line each vertex is from the line's first or last meeting.

    Only right for ends, which is what it is asked for; inf on lines without a meeting.
    """
    line = np.concatenate([lines.line[meetings.vertex], lines.line[meetings.segment]])
    along = np.concatenate(
        [lines.along[meetings.vertex], _along(lines, meetings.segment, meetings.part)]
    )
    first, last = np.full(len(lines.level), np.inf), np.full(len(lines.level), -np.inf)
    np.minimum.at(first, line, along)
    np.maximum.at(last, line, along)
    to_first = np.abs(first[lines.line] - lines.along)
    to_last: Floats = np.abs(lines.along - last[lines.line])
    return np.asarray(np.minimum(to_first, to_last))


def _shapes(lines: Drawn, segments: Ints) -> NDArray[Any]:
    ends = np.stack([lines.xy[segments], lines.xy[segments + 1]], axis=1)
    return np.asarray(shapely.linestrings(ends))


def _near_pairs(lines: Drawn, tolerance: float) -> tuple[Ints, Ints]:
    """Return pairs of segments whose boxes come within a tolerance, but neighbours of one line."""
    segments = lines.segment
    begin, end = lines.xy[segments], lines.xy[segments + 1]
    low, high = np.minimum(begin, end) - tolerance / 2, np.maximum(begin, end) + tolerance / 2
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    one, other = shapely.STRtree(boxes).query(boxes)
    one, other = segments[one], segments[other]
    # Written so that a short zigzag of one line is no meeting of the line with itself.
    apart = lines.along[np.maximum(one, other)] - lines.along[np.minimum(one, other) + 1]
    distinct = (lines.line[one] != lines.line[other]) | (apart > 2 * tolerance)
    good = (one < other) & distinct
    return one[good], other[good]


@dataclass(frozen=True, eq=False)
class _Found:
    vertex: Ints
    segment: Ints
    part: Floats
    xy: Floats
    apart: Ints
    apart_by_height: int = 0


_NONE = np.zeros(0, dtype=np.int64)


def _crossings(lines: Drawn, one: Ints, other: Ints) -> _Found:
    """Find where segments cross away from their ends."""
    p, q = lines.xy[one], lines.xy[other]
    r, s = lines.xy[one + 1] - p, lines.xy[other + 1] - q
    turn = _cross(r, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(q - p, s) / turn, _cross(q - p, r) / turn
    near = limit("streets", "node_m")
    inside = _inside(t, np.hypot(*r.T), near) & _inside(u, np.hypot(*s.T), near)
    one, other, t, u = one[inside], other[inside], t[inside], u[inside]
    xy = p[inside] + t[:, None] * r[inside]
    level = lines.level[lines.line[one]] == lines.level[lines.line[other]]
    height = _same_height(_height(lines, one, t), _height(lines, other, u))
    meets = level & height
    return _Found(
        _NONE,
        np.concatenate([one[meets], other[meets]]),
        np.concatenate([t[meets], u[meets]]),
        np.concatenate([xy[meets], xy[meets]]),
        np.concatenate([lines.line[one[~meets]], lines.line[other[~meets]]]),
        int((level & ~height).sum()),
    )


def _inside(part: Floats, length: Floats, near: float) -> Flags:
    """Tell which places lie on a segment, farther than `near` from its ends."""
    return np.asarray((part * length > near) & ((1 - part) * length > near))


def _on(lines: Drawn, one: Ints, vertex: Ints, segment: Ints) -> tuple[Flags, Floats]:
    """Tell which vertices of segments `one` lie on the paired `segment`, and where along it."""
    part, _, gap = _foot(lines, vertex, segment)
    near = limit("streets", "node_m")
    own = lines.line[one] == lines.line[segment]
    beside = np.abs(_along(lines, segment, part) - lines.along[vertex]) <= 2 * near
    return np.asarray((gap <= near) & ~(own & beside)), part


def _level_goes_on(lines: Drawn, sides: list[tuple[Ints, Ints, Ints]]) -> Flags:
    """Tell of each vertex whether its level goes on there: inside a line, or in another one.

    Parameters
    ----------
    sides
        Segments, one of their vertices, and the segments paired with them.
    """
    goes_on = ~lines.end
    for one, vertex, segment in sides:
        hit, _ = _on(lines, one, vertex, segment)
        same = lines.level[lines.line[vertex]] == lines.level[lines.line[segment]]
        plain = ~lines.connects[lines.line[vertex]] & ~lines.connects[lines.line[segment]]
        goes_on[vertex[hit & same & plain]] = True
    return goes_on


def _touches(lines: Drawn, one: Ints, vertex: Ints, segment: Ints, goes_on: Flags) -> _Found:
    """Find the vertices of segments `one` that lie on the paired `segment`."""
    on, part = _on(lines, one, vertex, segment)
    near = limit("streets", "node_m")
    hit = on & _may_touch(lines, vertex, segment, part, goes_on)
    vertex, segment, part = vertex[hit], segment[hit], part[hit]
    length = np.hypot(*(lines.xy[segment + 1] - lines.xy[segment]).T)
    within = _inside(part, length, near)
    # Near an end of the segment the two vertices are one place.
    ends = segment + (part > 0.5)
    return _Found(
        np.concatenate([vertex, ends[~within]]),
        segment[within],
        part[within],
        lines.xy[vertex[within]],
        _NONE,
    )


def _may_touch(
    lines: Drawn, vertex: Ints, segment: Ints, part: Floats, goes_on: Flags | None = None
) -> Flags:
    """Tell whether a vertex at a place on a segment is a meeting, by level and height.

    Parameters
    ----------
    goes_on
        Of each vertex: its level goes on there. None where no vertex meets anything.
    """
    mine, its = lines.level[lines.line[vertex]], lines.level[lines.line[segment]]
    passes = np.zeros(len(vertex), dtype=np.bool_)
    if goes_on is not None:
        length = np.hypot(*(lines.xy[segment + 1] - lines.xy[segment]).T)
        inside = _inside(part, length, limit("streets", "node_m"))
        passes = goes_on[vertex] & (inside | goes_on[segment + (part > 0.5)])
    level = (mine == its) | (lines.end[vertex] & (np.abs(mine) > np.abs(its)) & ~passes)
    level |= lines.end[vertex] & lines.connects[lines.line[vertex]]
    return np.asarray(level & _same_height(lines.z[vertex], _height(lines, segment, part)))


def _same_height(one: Floats, other: Floats) -> Flags:
    return np.asarray(~(np.abs(one - other) > limit("streets", "clearance_m")))


def _height(lines: Drawn, segment: Ints, part: Floats) -> Floats:
    return lines.z[segment] + part * (lines.z[segment + 1] - lines.z[segment])


def _along(lines: Drawn, segment: Ints, part: Floats) -> Floats:
    return lines.along[segment] + part * (lines.along[segment + 1] - lines.along[segment])


def _foot(lines: Drawn, vertex: Ints, segment: Ints) -> tuple[Floats, Floats, Floats]:
    """Return part, place and distance of the point of a segment that is nearest to a vertex."""
    begin = lines.xy[segment]
    way = lines.xy[segment + 1] - begin
    part = ((lines.xy[vertex] - begin) * way).sum(axis=1) / (way**2).sum(axis=1)
    part = np.clip(part, 0.0, 1.0)
    # Exactly the vertex where it ends there, so that ends that coincide stay one place.
    foot = np.where(part[:, None] == 1.0, lines.xy[segment + 1], begin + part[:, None] * way)
    return part, foot, np.hypot(*(lines.xy[vertex] - foot).T)


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
