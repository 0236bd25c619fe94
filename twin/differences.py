"""What was done between two states of a district, counted by kind, and told in a few words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.catalogues import service_types
from twin.district import District
from twin.language import Language, language, name_of, text
from twin.network import Flags, Ints
from twin.tables import Table

Kind = Literal[
    "placed",
    "opened",
    "moved",
    "resized",
    "closed",
    "removed",
    "gate_opened",
    "gate_closed",
    "street_opened",
    "street_closed",
    "ramp",
    "path",
    "crossing",
    "street_removed",
    "street_changed",
    "lift",
    "building_changed",
    "boundary_drawn",
    "community_drawn",
    "community_removed",
]


@dataclass(frozen=True)
class Difference:
    """So many features that differ in one way; `service_type` where they are services."""

    kind: Kind
    count: int
    service_type: str = ""

    def words(self, in_language: Language | None = None) -> str:
        """Return it in words: ``two new community canteens``."""
        facts: dict[str, object] = {"count": _numeral(self.count, in_language)}
        if self.service_type:
            known = service_types().get(self.service_type)
            name = name_of(known.names, in_language) if known else self.service_type
            facts["name"] = name
            if known is not None and (in_language or language()) == "en":
                facts["name"] = known.counted(self.count)
        return text(f"difference.{self.kind}", in_language, **facts)


def differences(before: District, after: District) -> tuple[Difference, ...]:
    """Return what tells `after` from `before`, services first, each kind and type once."""
    found = Counter[tuple[Kind, str]]()
    if before.services is not after.services:
        _services(before.services, after.services, found)
    if before.streets is not after.streets:
        _streets(before.streets, after.streets, found)
    if before.buildings is not after.buildings:
        _buildings(before.buildings, after.buildings, found)
    found["boundary_drawn", ""] += before.boundary.geometry is not after.boundary.geometry
    old, new = before.communities.ids, after.communities.ids
    found["community_drawn", ""] += int((~np.isin(new, old)).sum())
    found["community_removed", ""] += int((~np.isin(old, new)).sum())
    return tuple(Difference(kind, count, type_) for (kind, type_), count in found.items() if count)


def listed(found: tuple[Difference, ...], in_language: Language | None = None) -> str:
    """Return differences as one phrase; "" where there are none."""
    words = [one.words(in_language) for one in found]
    if len(words) < 2:
        return "".join(words)
    comma, last = text("difference.comma", in_language), text("difference.and", in_language)
    return comma.join(words[:-1]) + last + words[-1]


def _services(before: Table, after: Table, found: Counter[tuple[Kind, str]]) -> None:
    old, new = _shared(before, after)
    same = np.ones(len(old), bool)
    for column in ("floor_area_m2", "capacity", "types"):
        same &= _equal(before[column][old], after[column][new])
    changes: dict[Kind, Flags] = {
        "moved": ~shapely.equals(before.geometry[old], after.geometry[new]),
        "opened": (before["status"][old] != "open") & (after["status"][new] == "open"),
        "closed": (before["status"][old] == "open") & (after["status"][new] != "open"),
        "resized": ~same,
    }
    for row in np.flatnonzero(~np.isin(after.ids, before.ids)):
        found["placed", _first_type(after, int(row))] += 1
    for kind, flags in changes.items():
        for row in new[flags]:
            found[kind, _first_type(after, int(row))] += 1
    for row in np.flatnonzero(~np.isin(before.ids, after.ids)):
        found["removed", _first_type(before, int(row))] += 1


def _streets(before: Table, after: Table, found: Counter[tuple[Kind, str]]) -> None:
    old, new = _shared(before, after)
    gate = after["kind"][new] == "gate"
    shut_before, shut_after = before["status"][old] == "closed", after["status"][new] == "closed"
    ramp = ~before["ramp"][old] & after["ramp"][new]
    added = ~np.isin(after.ids, before.ids)
    crossing = after["kind"][added] == "crossing"
    rest = before["status"][old] != after["status"][new]
    rest &= shut_before == shut_after
    for column in ("kind", "signalled", "width_m"):
        rest |= ~_equal(before[column][old], after[column][new])
    counts: dict[Kind, Flags] = {
        "gate_opened": shut_before & ~shut_after & gate,
        "street_opened": shut_before & ~shut_after & ~gate,
        "crossing": crossing,
        "path": ~crossing,
        "ramp": ramp,
        "gate_closed": ~shut_before & shut_after & gate,
        "street_closed": ~shut_before & shut_after & ~gate,
        "street_changed": rest,
        "street_removed": ~np.isin(before.ids, after.ids),
    }
    for kind, flags in counts.items():
        found[kind, ""] += int(flags.sum())


def _buildings(before: Table, after: Table, found: Counter[tuple[Kind, str]]) -> None:
    old, new = _shared(before, after)
    lift = ~before["has_lift"][old] & after["has_lift"][new]
    other = np.zeros(len(old), bool)
    for column in after:
        other |= ~_equal(before[column][old], after[column][new])
    found["lift", ""] += int(lift.sum())
    found["building_changed", ""] += int((other & ~lift).sum())


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


def _first_type(table: Table, row: int) -> str:
    return str(table["types"][row]).split(",")[0]


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
