"""Centre lines drawn a second time along a part of another one: that part becomes one.

Surveys laid together cut a street at other places: one has it in two lines, the other in one, or
one line turns off where the other goes on. Whole copies are `layers.noding.doubles`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.limits import limit
from layers.noding.doubles import Doubles, rank_of
from layers.noding.drawn import Drawn, Flags, Floats, Ints
from layers.noding.stretches import Stretches, find_stretches


@dataclass(frozen=True, eq=False)
class Parts:
    """Streets cut so that what is drawn twice along a part of another is a line of its own.

    Parameters
    ----------
    streets
        Lines that were cut have a row for each part, in the order along them, all with the id of
        their line.
    doubles
        Rows of `streets`.
    whole
        Of each double: it is a line from end to end.
    left
        Lines, as given, that run beside another for a part that could not be merged: the other
        one's part goes itself, a third line lies there too, or the two fork there at a flat angle.
    """

    streets: gpd.GeoDataFrame
    doubles: Doubles
    whole: Flags
    left: Ints


def find_parts(streets: gpd.GeoDataFrame, lines: Drawn) -> Parts:
    """Find lines that follow a part of another one, and cut them out.

    A line that lies beside a longer one from end to end goes; of two that share a stretch and
    then part, the one that says less loses that stretch. Lines of other kinds, levels and heights
    stay, and so do what is no longer than ``double_least_m``, what drifts apart by more than
    ``double_drift`` of its length (a crossing at a flat angle). Two that fork from one end stay,
    too, and are told.
    What is the same to within ``node_m`` is left to `layers.noding.cutting`.

    Parameters
    ----------
    streets, lines
        The same lines in the same order.
    """
    shapes = shapely.force_2d(np.asarray(streets.geometry.array))
    length, rank = shapely.length(shapes), rank_of(streets)
    all_near = find_stretches(lines, streets["kind"].to_numpy())
    long = all_near.where(all_near.high - all_near.low > limit("streets", "double_least_m"))
    loses = long.where(_loses(long, length, rank))
    found = _cut_at_corners(loses, lines, length)
    span = _span(found, shapes)
    follows = _follows(found, shapes, span)
    forks = follows & _forks(found, shapes)
    told = found.line[forks]
    found, span = found.where(follows & ~forks), span[follows & ~forks]
    good = _settled(found, span, rank)
    left = np.setdiff1d(np.concatenate([found.line[~good], told]), found.line[good])
    return _cut_out(streets, shapes, found.where(good), span[good], left)


def _is_whole(stretches: Stretches, length: Floats) -> Flags:
    near = limit("streets", "node_m")
    return np.asarray((stretches.low <= near) & (stretches.high >= length[stretches.line] - near))


def _loses(found: Stretches, length: Floats, rank: Ints) -> Flags:
    """Tell on which side of each pair of lines the stretch goes.

    The line that lies beside the other from end to end loses; if neither does, the one that says
    less. Where both do, they were compared from end to end before.
    """
    whole = _is_whole(found, length)
    pairs = found.line * len(length) + found.beside
    back = found.beside * len(length) + found.line
    other_whole = np.isin(back, pairs[whole])
    return np.asarray(
        (whole & ~other_whole) | (~whole & ~other_whole & (rank[found.line] > rank[found.beside]))
    )


def _cut_at_corners(found: Stretches, lines: Drawn, length: Floats) -> Stretches:
    """Let stretches end at the corner where a line turns off rather than where it is out of reach.

    That is its last vertex within the tolerance, unless it is farther back than the shortest
    stretch is long.
    """
    least, near = limit("streets", "double_least_m"), limit("streets", "node_m")
    begin = np.r_[0.0, np.cumsum(length + 2 * least)][:-1]
    place = begin[lines.line] + lines.along
    last = np.searchsorted(place, begin[found.line] + found.high + near, side="right") - 1
    first = np.searchsorted(place, begin[found.line] + found.low - near)
    first = np.minimum(first, len(place) - 1)
    high, low = lines.along[last], lines.along[first]
    turns_off = (lines.line[last] == found.line) & (found.high - high < least)
    turns_in = (lines.line[first] == found.line) & (low - found.low < least)
    low = np.where(turns_in, low, found.low)
    high = np.where(turns_off, high, found.high)
    return Stretches(found.line, found.beside, low, high)


def _span(found: Stretches, shapes: NDArray[np.object_]) -> Floats:
    """Return from where to where each stretch goes along the line it lies beside, shape (s, 2)."""
    beside = shapes[found.beside]
    ends = [
        shapely.line_locate_point(beside, shapely.line_interpolate_point(shapes[found.line], at))
        for at in (found.low, found.high)
    ]
    return np.stack(ends, axis=1).reshape(-1, 2)


def _follows(found: Stretches, shapes: NDArray[np.object_], span: Floats) -> Flags:
    """Tell which stretches go the same way as the line beside them, neither across nor forking."""
    size, share = found.high - found.low, limit("streets", "double_share")
    extent = np.abs(span[:, 1] - span[:, 0])
    good = np.minimum(size, extent) > limit("streets", "double_least_m")
    good &= (extent >= share * size) & (size >= share * extent)
    offset = [
        shapely.get_coordinates(shapely.line_interpolate_point(shapes[found.line], at))
        - shapely.get_coordinates(shapely.line_interpolate_point(shapes[found.beside], foot))
        for at, foot in ((found.low, span[:, 0]), (found.high, span[:, 1]))
    ]
    drift = np.hypot(*(offset[1] - offset[0]).T)
    # What lies on either side of the other line by turns, farther apart than a copy, crosses it.
    good &= drift <= np.minimum(limit("streets", "double_drift") * size, limit("streets", "heal_m"))
    gap = np.stack([_gap(found, shapes, part) for part in np.linspace(0, 1, 5)])
    return np.asarray(good & (gap > limit("streets", "node_m")).any(axis=0))


def _forks(found: Stretches, shapes: NDArray[np.object_]) -> Flags:
    """Tell which stretches go apart steadily from one end that lies on the other line."""
    begin, middle, end = (_gap(found, shapes, part) for part in (0.0, 0.5, 1.0))
    one_end = np.minimum(begin, end) <= limit("streets", "node_m")
    widest = np.maximum(begin, end)
    wedge = middle <= limit("streets", "fork_share") * widest
    steep = widest > limit("streets", "fork_drift") * (found.high - found.low)
    return np.asarray(one_end & wedge & steep)


def _gap(found: Stretches, shapes: NDArray[np.object_], part: float) -> Floats:
    place = found.low + part * (found.high - found.low)
    at = shapely.line_interpolate_point(shapes[found.line], place)
    return np.asarray(shapely.distance(at, shapes[found.beside]))


def _settled(found: Stretches, span: Floats, rank: Ints) -> Flags:
    """Tell which stretches can go: what they follow stays, and no better one takes their place."""
    number = np.arange(len(found.line))
    lost = pd.DataFrame({"on": found.line, "low": found.low, "high": found.high, "by": number})
    led = pd.DataFrame(
        {"on": found.beside, "from": span.min(axis=1), "to": span.max(axis=1), "of": number}
    )
    both = led.merge(lost, on="on")
    gone = both["of"][(both["from"] < both["high"]) & (both["low"] < both["to"])]
    stays = ~np.isin(number, gone)
    twice = lost[stays].merge(lost[stays], on="on")
    best = rank[found.beside]
    over = (twice["low_x"] < twice["high_y"]) & (twice["low_y"] < twice["high_x"])
    worse = best[twice["by_x"]] > best[twice["by_y"]]
    worse |= (best[twice["by_x"]] == best[twice["by_y"]]) & (twice["by_x"] > twice["by_y"])
    return np.asarray(stays & ~np.isin(number, twice["by_x"][over & worse]))


def _cut_out(
    streets: gpd.GeoDataFrame,
    shapes: NDArray[np.object_],
    found: Stretches,
    span: Floats,
    left: Ints,
) -> Parts:
    """Cut lines at both ends of the stretches that they lose."""
    length = shapely.length(shapes)
    given = np.asarray(streets.geometry.array)
    pieces, row, middle = cut_at(
        given, np.tile(found.line, 2), np.concatenate([found.low, found.high])
    )
    place = pd.DataFrame({"row": row, "middle": middle, "piece": np.arange(len(row))})
    wanted = pd.DataFrame(
        {
            "stretch": np.arange(len(found.line)),
            "line": found.line,
            "beside": found.beside,
            "low": found.low,
            "high": found.high,
            "at": span.mean(axis=1),
        }
    )
    dropped = wanted.merge(place, left_on="line", right_on="row")
    dropped = dropped[dropped["middle"].between(dropped["low"], dropped["high"])]
    kept = wanted.merge(place.assign(size=shapely.length(pieces)), left_on="beside", right_on="row")
    kept = kept[(kept["middle"] - kept["at"]).abs() <= kept["size"] / 2]
    pair = dropped.merge(kept.drop_duplicates("stretch"), on="stretch", suffixes=("", "_kept"))
    made = streets.iloc[row].reset_index(drop=True)
    made = made.set_geometry(gpd.GeoSeries(pieces, crs=streets.crs))
    doubles = Doubles(pair["piece"].to_numpy(), pair["piece_kept"].to_numpy())
    whole = _is_whole(found, length)[pair["stretch"].to_numpy()]
    return Parts(made, doubles, whole, left)


def cut_at(
    lines: NDArray[np.object_], line: Ints, along: Floats
) -> tuple[NDArray[np.object_], Ints, Floats]:
    """Cut lines at places along them.

    Parameters
    ----------
    lines
        LineStrings, with or without heights.
    line, along
        The line of each cut, and where on it, m. Cuts at an end of a line are none.

    Returns
    -------
    The pieces in the order of the lines and along them, the line of each piece, and where along
    the line its middle is, m.
    """
    length, near = shapely.length(lines), limit("streets", "node_m")
    inside = (along > near) & (along < length[line] - near)
    cuts = np.unique(np.column_stack([line[inside], along[inside]]), axis=0)
    line, along = cuts[:, 0].astype(np.int64), cuts[:, 1]
    new = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[line], along), include_z=True
    )
    xyz, of = shapely.get_coordinates(lines, include_z=True, return_index=True)
    same = of[1:] == of[:-1]
    step = np.where(same, np.hypot(*(xyz[1:, :2] - xyz[:-1, :2]).T), 0.0)
    total = np.r_[0.0, np.cumsum(step)]
    own = total - total[np.searchsorted(of, of)]
    every, where = np.r_[of, line], np.r_[own, along]
    is_cut = np.repeat([False, True], [len(of), len(line)])
    order = np.lexsort((where, every))
    # A cut ends one piece and begins the next.
    copy = np.repeat(order, 1 + is_cut[order])
    begins = np.r_[True, (every[copy][1:] != every[copy][:-1]) | (copy[1:] == copy[:-1])]
    piece = np.cumsum(begins) - 1
    pieces = shapely.linestrings(np.concatenate([xyz, new])[copy], indices=piece)
    row = every[copy][begins]
    flat = ~shapely.has_z(lines)[row]
    pieces[flat] = shapely.force_2d(pieces[flat])
    ends = np.r_[begins[1:], True]
    middle = (where[copy][begins] + where[copy][ends]) / 2
    # A cut at a vertex is there twice, but for the last digits.
    cut = np.isin(row, line)
    pieces[cut] = shapely.remove_repeated_points(pieces[cut], limit("streets", "shortest_m"))
    return pieces, row, middle
