"""The values that a standard consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from twin.costs import Measure, Unit

Level = Literal["shall", "as_needed"]
Wording = Literal["advisory", "firm"]


@dataclass(frozen=True, eq=False)
class Requirement:
    """How near which service must be to whom.

    Parameters
    ----------
    id
        Unique within the standard.
    service_types
        Types any of which will do.
    group
        The residents who count, a key of :func:`twin.catalogues.groups`.
    walker
        Who walks for them, a key of :func:`twin.catalogues.walkers`.
    limit, unit
        Longest walk, inclusive, in metres (``m``) or minutes (``min``).
    level
        ``shall`` be provided, or ``as_needed``; full circle asks for the former only.
    wording
        ``advisory`` radii ("should not exceed") read "beyond the advisory radius", not "fails".
    clause
        Where the standard says so.
    verified
        Somebody read this very limit in a public source.
    source
        Marks of the sources, which the standard's `sources` explain.
    note
        What a reader must know of the figure, by short language name; may be empty.
    name
        By short language name.
    min_floor_area_m2
        Least floor area, NaN where none is given.
    area_verified
        Somebody read the floor area in a public source.
    """

    id: str
    service_types: tuple[str, ...]
    group: str
    walker: str
    limit: float
    unit: Unit
    level: Level
    wording: Wording
    clause: str
    verified: bool
    source: str
    note: Mapping[str, str]
    name: Mapping[str, str]
    min_floor_area_m2: float = float("nan")
    area_verified: bool = False

    @property
    def measure(self) -> Measure:
        """Walker and unit of its walks."""
        return self.walker, self.unit


@dataclass(frozen=True, eq=False)
class Standard:
    """A set of requirements.

    Parameters
    ----------
    id
        Short name, the stem of the file's name.
    name
        By short language name.
    issued
        Date or year, as text.
    requirements
        In the order of the file.
    notes
        What the standard asks beyond walks, and how it was read, by short language name.
    sources
        What each source mark means.
    """

    id: str
    name: Mapping[str, str]
    issued: str
    requirements: tuple[Requirement, ...]
    notes: tuple[Mapping[str, str], ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
