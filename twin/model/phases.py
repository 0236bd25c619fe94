"""Which of a scenario's edits hold in a year, where it is built in phases."""

from __future__ import annotations

from collections.abc import Iterable

from twin.model.edits import NEW_FEATURES, Edit

ROLES = {
    **NEW_FEATURES,
    "MoveService": "services",
    "RemoveService": "services",
    "ChangeService": "services",
    "SetStreetStatus": "streets",
    "ChangeStreet": "streets",
    "ChangeBuilding": "buildings",
    "ReshapeBuilding": "buildings",
    "MoveEntrance": "entrances",
    "ChangeEntrance": "entrances",
    "RemoveEntrance": "entrances",
    "ChangeCommunity": "communities",
    "RemoveCommunity": "communities",
}
"""The role of what each kind of edit makes or changes."""


def holding(edits: Iterable[Edit], year: int | None) -> tuple[bool, ...]:
    """Return which edits hold in a year; None: in the end, when all do.

    An edit waits for its own year, and what changes a feature waits for the feature.
    """
    later: set[tuple[str, int]] = set()
    holds: list[bool] = []
    for edit in edits:
        kind = type(edit).__name__
        target = ROLES[kind], edit.id
        waits = year is not None and (edit.year > year or target in later)
        if waits and kind in NEW_FEATURES:
            later.add(target)
        holds.append(not waits)
    return tuple(holds)


def phase_years(edits: Iterable[Edit]) -> tuple[int, ...]:
    """Return the years from which on some of the edits hold, in order."""
    return tuple(sorted({edit.year for edit in edits if edit.year}))
