"""What was done between two states of a district, counted by kind, and told in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import is_not
from typing import Any, Literal, TypeAlias, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Ints
from twin.language import Language, language, name_of, text
from twin.model.catalogues import service_types
from twin.model.district import District
from twin.model.tables import Table

Kind = Literal[
    "placed",
    "planned",
    "opened",
    "moved",
    "resized",
    "service_hours",
    "closed",
    "removed",
    "gate_opened",
    "gate_opened_to_all",
    "gate_opened_to_residents",
    "gate_closed_to_others",
    "gate_closed",
    "gate_hours",
    "street_opened",
    "street_opened_to_all",
    "street_opened_to_residents",
    "street_closed_to_others",
    "street_closed",
    "street_hours",
    "ramp",
    "ramp_removed",
    "kerb_lowered",
    "kerb_raised",
    "signal",
    "signal_removed",
    "signal_timed",
    "path",
    "crossing",
    "street_removed",
    "street_changed",
    "entrance",
    "entrance_moved",
    "entrance_changed",
    "entrance_removed",
    "lift",
    "lift_removed",
    "building_reshaped",
    "building_changed",
    "boundary_drawn",
    "community_drawn",
    "community_changed",
    "community_removed",
]

_Found: TypeAlias = "Counter[tuple[Kind, tuple[str, ...]]]"

_STATUS_CHANGES: Mapping[tuple[str, str], str] = {
    ("closed", "open"): "opened",
    ("closed", "residents"): "opened_to_residents",
    ("residents", "open"): "opened_to_all",
    ("open", "residents"): "closed_to_others",
    ("open", "closed"): "closed",
    ("residents", "closed"): "closed",
}
"""What was done to a gate or street, by its status before and after."""


@dataclass(frozen=True)
class Difference:
    """So many features that differ in one way; `service_types` where they are services."""

    kind: Kind
    count: int
    service_types: tuple[str, ...] = ()

    @property
    def service_type(self) -> str:
        """The first type of the services; "" where the features are others."""
        return self.service_types[0] if self.service_types else ""

    def words(self, in_language: Language | None = None) -> str:
        """Return it in words: ``two new community canteens``."""
        facts: dict[str, object] = {"count": _numeral(self.count, in_language)}
        if len(self.service_types) == 1:
            facts["name"] = _type_name(self.service_type, self.count, in_language)
        elif self.service_types:
            names = [_type_name(type_, 1, in_language) for type_ in self.service_types]
            named = joined(names, in_language)
            facts["name"] = text("difference.facility", in_language, names=named, **facts)
        return text(f"difference.{self.kind}", in_language, **facts)


def differences(before: District, after: District) -> tuple[Difference, ...]:
    """Return what tells `after` from `before`, services first, each kind and type once."""
    found: _Found = Counter()
    if before.services is not after.services:
        _services(before.services, after.services, found)
    if before.streets is not after.streets:
        _streets(before.streets, after.streets, found)
    if before.entrances is not after.entrances:
        _entrances(before, after, found)
    if before.buildings is not after.buildings:
        _buildings(before.buildings, after.buildings, found)
    found["boundary_drawn", ()] += before.boundary.geometry is not after.boundary.geometry
    if before.communities is not after.communities:
        _communities(before.communities, after.communities, found)
    return tuple(Difference(kind, count, types) for (kind, types), count in found.items() if count)


def listed(found: tuple[Difference, ...], in_language: Language | None = None) -> str:
    """Return differences as one phrase; "" where there are none."""
    return joined([one.words(in_language) for one in found], in_language)


def joined(words: Sequence[str], in_language: Language | None = None) -> str:
    """Return words as a list within a sentence: ``one, two and three``."""
    if len(words) < 2:
        return "".join(words)
    comma, last = text("difference.comma", in_language), text("difference.and", in_language)
    return comma.join(words[:-1]) + last + words[-1]


def _services(before: Table, after: Table, found: _Found) -> None:
    old, new = _shared(before, after)
    moved = _moved(before, after, old, new)
    place = ("site_id", "building_id", "street_id")  # which a move sets too
    other = _differ(before, after, old, new, (*place, "status", "hours"))
    other |= ~moved & _differ(before, after, old, new, but=set(after) - set(place))
    was, now = before["status"][old], after["status"][new]
    for row in np.flatnonzero(~np.isin(after.ids, before.ids)):
        kind: Kind = "planned" if after["status"][row] == "planned" else "placed"
        found[kind, _types(after, int(row))] += 1
    changes: dict[Kind, Flags] = {
        "moved": moved,
        "opened": (was != "open") & (now == "open"),
        "closed": (was == "open") & (now != "open"),
        "service_hours": ~_equal(before["hours"][old], after["hours"][new]),
        "resized": other | ((was != now) & (was != "open") & (now != "open")),
    }
    for kind, flags in changes.items():
        for row in new[flags]:
            found[kind, _types(after, int(row))] += 1
    for row in np.flatnonzero(~np.isin(before.ids, after.ids)):
        found["removed", _types(before, int(row))] += 1


def _streets(before: Table, after: Table, found: _Found) -> None:
    old, new = _shared(before, after)
    added = after["kind"][~np.isin(after.ids, before.ids)]
    was, now = before["status"][old], after["status"][new]
    hours = ~_equal(before["hours"][old], after["hours"][new])
    gate = after["kind"][new] == "gate"
    for name, which in (("gate", gate), ("street", ~gate)):
        for (begun, ended), done in _STATUS_CHANGES.items():
            count = int((which & (was == begun) & (now == ended)).sum())
            found[cast(Kind, f"{name}_{done}"), ()] += count
        found[cast(Kind, f"{name}_hours"), ()] += int((which & hours).sum())
    found["crossing", ()] += int((added == "crossing").sum())
    found["path", ()] += int((added != "crossing").sum())
    _gained(before["ramp"][old], after["ramp"][new], "ramp", "ramp_removed", found)
    raised = before["kerb"][old] == "raised", after["kerb"][new] == "raised"
    _gained(*raised, "kerb_raised", "kerb_lowered", found)
    signals = before["signalled"][old], after["signalled"][new]
    _gained(*signals, "signal", "signal_removed", found)
    times = _differ(before, after, old, new, but=set(after) - {"cycle_s", "green_s"})
    found["signal_timed", ()] += int((times & signals[0] & signals[1]).sum())
    told = ("status", "hours", "ramp", "signalled", "cycle_s", "green_s")
    rest = _differ(before, after, old, new, (*told, "kerb")) | (times & ~signals[0] & ~signals[1])
    kerbs = ~_equal(before["kerb"][old], after["kerb"][new])
    rest |= kerbs & (raised[0] == raised[1])
    found["street_changed", ()] += int(rest.sum())
    found["street_removed", ()] += int((~np.isin(before.ids, after.ids)).sum())


def _entrances(before: District, after: District, found: _Found) -> None:
    """Count doors; those of a service that was taken away or moved went with it."""
    was, now = before.entrances, after.entrances
    old, new = _shared(was, now)
    moved = _moved(was, now, old, new)
    other = _differ(was, now, old, new, ("street_id",))
    other |= ~moved & ~_equal(was["street_id"][old], now["street_id"][new])
    from_, to = _shared(before.services, after.services)
    stayed = ~_moved(before.services, after.services, from_, to)
    kept = np.isin(was["service_id"], after.services.ids[to[stayed]])
    gone = ~np.isin(was.ids, now.ids) & (kept | (was["service_id"] < 0))
    found["entrance", ()] += int((~np.isin(now.ids, was.ids)).sum())
    found["entrance_moved", ()] += int(moved.sum())
    found["entrance_changed", ()] += int(other.sum())
    found["entrance_removed", ()] += int(gone.sum())


def _buildings(before: Table, after: Table, found: _Found) -> None:
    old, new = _shared(before, after)
    _gained(before["has_lift"][old], after["has_lift"][new], "lift", "lift_removed", found)
    other = _differ(before, after, old, new, ("has_lift", "estimated"))
    found["building_changed", ()] += int(other.sum())
    found["building_reshaped", ()] += int(_moved(before, after, old, new).sum())


def _communities(before: Table, after: Table, found: _Found) -> None:
    old, new = _shared(before, after)
    found["community_drawn", ()] += int((~np.isin(after.ids, before.ids)).sum())
    found["community_changed", ()] += int(_differ(before, after, old, new, ()).sum())
    found["community_removed", ()] += int((~np.isin(before.ids, after.ids)).sum())


def _gained(was: Flags, now: Flags, there: Kind, gone: Kind, found: _Found) -> None:
    """Count what features have that they had not, and had that they have not."""
    found[there, ()] += int((~was & now).sum())
    found[gone, ()] += int((was & ~now).sum())


def _moved(before: Table, after: Table, old: Ints, new: Ints) -> Flags:
    moved = np.zeros(len(old), bool)
    if before.geometry is after.geometry:
        return moved
    was, now = before.geometry[old], after.geometry[new]
    others = np.flatnonzero(np.fromiter(map(is_not, was, now), bool, len(old)))
    moved[others] = ~shapely.equals(was[others], now[others])
    return moved


def _differ(before: Table, after: Table, old: Ints, new: Ints, but: Collection[str]) -> Flags:
    """Return which of the features that both have differ in a column, save in those of `but`."""
    differs = np.zeros(len(old), bool)
    for column in set(after) - set(but):
        if before[column] is not after[column]:
            differs |= ~_equal(before[column][old], after[column][new])
    return differs


def _shared(before: Table, after: Table) -> tuple[Ints, Ints]:
    """Return the rows, in both tables, of the features that both have."""
    row = before.rows_of(after.ids)
    new = np.flatnonzero(row >= 0)
    return row[new], new


def _equal(old: NDArray[Any], new: NDArray[Any]) -> Flags:
    same = old == new
    if old.dtype.kind == "f":
        same |= np.isnan(old) & np.isnan(new)
    found: Flags = np.asarray(same, bool)
    return found


def _types(table: Table, row: int) -> tuple[str, ...]:
    return tuple(str(table["types"][row]).split(","))


def _type_name(type_: str, count: int, in_language: Language | None) -> str:
    """Return the name of a service type as it follows a number within a sentence."""
    known = service_types().get(type_)
    if known is None:
        return type_
    english = (in_language or language()) == "en"
    return known.counted(count) if english else name_of(known.names, in_language)


class _Numeral(int):
    """A count that is read as a word, and still chooses between singular and plural."""

    word: str

    def __format__(self, spec: str) -> str:
        return self.word


def _numeral(count: int, in_language: Language | None) -> _Numeral:
    words = text("difference.numbers", in_language).split("|")
    found = _Numeral(count)
    found.word = words[count - 1] if 0 < count <= len(words) else f"{count:,}"
    return found
