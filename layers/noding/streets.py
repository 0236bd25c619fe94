"""Whether a layer of streets needs noding, and what noding did to it."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from layers.account import Account
from layers.limits import limit
from layers.noding.cutting import Pieces, cut
from layers.noding.doubles import Doubles, find_doubles, without_doubles, words_lost
from layers.noding.drawn import Drawn, Ints, drawn, levels_of
from layers.noding.floors import CONNECTING
from layers.noding.meetings import Meetings, OpenEnds, find_meetings, find_open_ends
from layers.noding.parts import find_parts
from layers.problems import Fact, Problem, Severity

Noding = Literal["auto", "always", "never"]
NODINGS: tuple[Noding, ...] = ("auto", "always", "never")
"""``auto`` decides from the data; the others are the user's word."""


def node_streets(
    streets: gpd.GeoDataFrame, noding: Noding = "auto"
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...], bool]:
    """Cut centre lines where they cross or touch, and join ends that stop just short of a line.

    Lines of different levels (bridges, tunnels, a stated level) and lines whose heights differ
    keep apart; a line drawn twice, not quite in one place, is kept once (`layers.noding.doubles`),
    also where only a part of it is (`layers.noding.parts`).
    Pieces keep the attributes of their line; its first piece keeps the id, the n-th further one
    gets ``n`` before it (12 becomes 12, 1012, 2012 where ids have three digits), so that a piece's
    id depends on its own line alone. Sound networks are left exactly as they are.

    Parameters
    ----------
    streets
        Tidy, perhaps with heights in their coordinates.
    noding
        ``auto`` nodes where the places that lack a node are more than ``unnoded_share`` of all
        places where lines meet.

    Returns
    -------
    The streets, what was found and done, and whether they were noded.
    """
    if noding == "never" or not len(streets):
        return streets, (), False
    as_drawn, lines = streets, _drawn(streets)
    doubles = find_doubles(streets, lines)
    doubled, gone = streets["id"].to_numpy()[doubles.dropped], doubles.dropped
    if len(doubled):
        streets, gone = without_doubles(streets, lines, doubles)
        lines = _drawn(streets)
    meetings = find_meetings(lines)
    ends = find_open_ends(lines, meetings)
    heal = limit("streets", "heal_m")
    near = ends.gap_m <= heal
    lacking = _places_without_node(meetings) + int(near.sum())
    known = _places_with_node(lines)
    facts: dict[str, Fact] = {"places": lacking, "known": known}
    account = Account("streets")
    share = lacking / max(lacking + known, 1)
    if noding == "auto" and share <= limit("streets", "unnoded_share"):
        if lacking:
            account.note("streets_left_as_drawn", Severity.INFO, (), **facts)
        account.add("streets_drawn_beside", Severity.WARNING, doubled, tolerance_m=heal)
        return as_drawn, account.problems, False
    account.add("streets_beside_merged", Severity.REPAIRED, gone, tolerance_m=heal)
    _tell_words(account, as_drawn, doubles)
    # In a network, pieces of streets that meet at a flat angle look like parts drawn twice.
    if share > limit("streets", "unnoded_share"):
        led = _without_parts(account, streets, lines)
        if led is not streets:
            streets, lines = led, _drawn(led)
            meetings = find_meetings(lines)
            ends = find_open_ends(lines, meetings)
            near = ends.gap_m <= heal
    joined = _once(lines, ends.where(near))
    pieces = cut(lines, meetings, joined)
    made = _with_ids(streets, pieces)
    ids = streets["id"].to_numpy()
    cut_ids = np.unique(ids[pieces.line[pieces.number > 0]])
    forced = noding == "always"
    key = "streets_noded_as_asked" if forced else "streets_noded"
    facts["count"] = len(cut_ids)
    account.note(key, Severity.REPAIRED, cut_ids, **facts)
    _tell(account, ids, lines, meetings, pieces, joined, ends.where(~near))
    return made, account.problems, True


def _without_parts(account: Account, streets: gpd.GeoDataFrame, lines: Drawn) -> gpd.GeoDataFrame:
    """Return the streets without what follows a part of another one; the same where nothing does.

    What is left of a line on either side of such a part has its id still.
    """
    heal = limit("streets", "heal_m")
    parts = find_parts(streets, lines)
    account.add(
        "streets_parts_left",
        Severity.WARNING,
        streets["id"].to_numpy()[parts.left],
        tolerance_m=heal,
    )
    dropped = parts.doubles.dropped
    if not len(dropped):
        return streets
    _tell_words(account, parts.streets, parts.doubles)
    ids = parts.streets["id"].to_numpy()
    long = shapely.length(np.asarray(parts.streets.geometry.array)[dropped])
    for key, which in (("streets_within_merged", parts.whole), ("streets_parted", ~parts.whole)):
        named = np.unique(ids[dropped[which]])
        metres = round(float(long[which].sum()), 1)
        account.add(key, Severity.REPAIRED, named, tolerance_m=heal, length_m=metres)
    made, gone = without_doubles(parts.streets, _drawn(parts.streets), parts.doubles)
    links = gone[~np.isin(gone, ids[dropped])]
    account.add("streets_links_dropped", Severity.REPAIRED, np.unique(links))
    return made


def _tell_words(account: Account, streets: gpd.GeoDataFrame, doubles: Doubles) -> None:
    said, columns = words_lost(streets, doubles)
    ids = np.unique(streets["id"].to_numpy()[said])
    account.add("streets_double_words", Severity.INFO, ids, columns=", ".join(columns))


def _drawn(streets: gpd.GeoDataFrame) -> Drawn:
    connects = streets["kind"].to_numpy() == CONNECTING
    return drawn(np.asarray(streets.geometry.array), levels_of(streets), connects)


def _tell(
    account: Account,
    ids: Ints,
    lines: Drawn,
    meetings: Meetings,
    pieces: Pieces,
    joined: OpenEnds,
    left: OpenEnds,
) -> None:
    """Note what noding joined, left out, kept apart and left open."""
    heal = limit("streets", "heal_m")
    account.add(
        "streets_ends_joined",
        Severity.REPAIRED,
        ids[lines.line[joined.vertex]],
        tolerance_m=heal,
        longest_m=round(float(joined.gap_m.max(initial=0.0)), 2),
    )
    account.add("streets_stubs_cut", Severity.REPAIRED, ids[pieces.stubs], tolerance_m=heal)
    account.add("streets_doubles_merged", Severity.REPAIRED, ids[pieces.doubles])
    account.add(
        "streets_kept_apart",
        Severity.INFO,
        ids[meetings.apart],
        by_height=meetings.apart_by_height,
    )
    reach = limit("streets", "open_end_m")
    account.add(
        "streets_ends_open", Severity.WARNING, ids[lines.line[left.vertex]], from_m=heal, to_m=reach
    )


def _places_without_node(meetings: Meetings) -> int:
    """Count the places inside segments at which lines meet."""
    places = np.round(meetings.xy / limit("streets", "node_m"))
    return len(np.unique(places, axis=0))


def _places_with_node(lines: Drawn) -> int:
    """Count the vertices that several lines share."""
    points = lines.xy[:, 0] + 1j * lines.xy[:, 1]
    place = np.unique(points, return_inverse=True)[1].ravel()
    pairs = np.unique(np.stack([place, lines.line], axis=1), axis=0)
    return int((np.bincount(pairs[:, 0]) > 1).sum())


def _once(lines: Drawn, ends: OpenEnds) -> OpenEnds:
    """Join two ends that lie opposite each other by one piece, not by two."""
    to = ends.segment + (ends.part == 1.0)
    at_vertex = (ends.part == 0.0) | (ends.part == 1.0)
    chosen = np.full(len(lines.xy), -1, dtype=np.int64)
    chosen[ends.vertex[at_vertex]] = to[at_vertex]
    answered = at_vertex & (chosen[to] == ends.vertex)
    return ends.where(~(answered & (to < ends.vertex)))


def _with_ids(streets: gpd.GeoDataFrame, pieces: Pieces) -> gpd.GeoDataFrame:
    ids = streets["id"].to_numpy()
    step = 10 ** len(str(int(ids.max())))
    made = streets.iloc[pieces.line].reset_index(drop=True)
    # Rows that are left of one line share its id.
    number = made.groupby("id").cumcount().to_numpy().astype(np.int64)
    numbered = ids[pieces.line] + number * step
    if float(step) * float(number.max(initial=0) + 1) > np.iinfo(np.int64).max:
        further = number > 0
        numbered = ids[pieces.line]
        numbered[further] = ids.max() + 1 + np.arange(further.sum())
    return made.assign(id=numbered).set_geometry(gpd.GeoSeries(pieces.shapes, crs=streets.crs))


def without_heights(streets: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Return streets in plan; heights of their coordinates have told crossings apart and go."""
    lines = np.asarray(streets.geometry.array)
    raised = shapely.has_z(lines)
    if not raised.any():
        return streets, ()
    account = Account("streets")
    account.add("street_heights_dropped", Severity.INFO, streets["id"].to_numpy()[raised])
    flat = gpd.GeoSeries(shapely.force_2d(lines), crs=streets.crs)
    return streets.set_geometry(flat), account.problems
