"""The values that a standard consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.language import Language, name_of
from twin.model.sources import MARKS, Source, Standing, Words, spelt_out, standing
from twin.streets.costs import Measure
from twin.streets.paces import Unit

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
        Types any of which will do, those of `satisfied_by` among them.
    group
        The residents who count, a key of :func:`twin.model.catalogues.groups`.
    walker
        Who walks for them, a key of :func:`twin.model.catalogues.walkers`.
    limit, unit
        Longest walk, inclusive, in metres (``m``) or minutes (``min``).
    level
        ``shall`` be provided, or ``as_needed``; full circle asks for the former only.
    wording
        ``advisory`` radii ("should not exceed") read "beyond the advisory radius", not "fails".
    clause
        Where the standard says so, by short language name.
    verified
        Somebody checked this very limit.
    source
        Marks of the sources with remarks, by short language name.
    note
        What a reader must know of the figure, by short language name; may be empty.
    name
        By short language name.
    min_floor_area_m2
        Least floor area, NaN where none is given.
    area_verified
        Somebody checked the least floor area, or the least site area where there is no other.
    satisfied_by
        Those of the types that are of a higher tier, where the standard lets them stand in.
    at_least
        How many different types must be within the limit; the walk is that to the last of them.
    tier
        The tier of the standard that asks for it, "" where it has none.
    max_floor_area_m2, min_site_area_m2, max_site_area_m2
        Further sizes, NaN where none is given.
    sources
        Those that `source` cites.
    read_in, area_read_in
        Those of them in which the limit, and the area, was read.
    """

    id: str
    service_types: tuple[str, ...]
    group: str
    walker: str
    limit: float
    unit: Unit
    level: Level
    wording: Wording
    clause: Words
    verified: bool
    source: Words
    note: Words
    name: Words
    min_floor_area_m2: float = float("nan")
    area_verified: bool = False
    satisfied_by: tuple[str, ...] = ()
    at_least: int = 1
    tier: str = ""
    max_floor_area_m2: float = float("nan")
    min_site_area_m2: float = float("nan")
    max_site_area_m2: float = float("nan")
    sources: tuple[Source, ...] = ()
    read_in: tuple[Source, ...] = ()
    area_read_in: tuple[Source, ...] = ()

    @property
    def own_types(self) -> tuple[str, ...]:
        """The types that it asks for, without those of a higher tier."""
        return tuple(one for one in self.service_types if one not in self.satisfied_by)

    @property
    def standing(self) -> Standing:
        """How its limit was checked."""
        return standing(self.verified, self.sources, self.read_in)

    @property
    def area_standing(self) -> Standing:
        """How its areas were checked."""
        return standing(self.area_verified, self.sources, self.area_read_in)

    def marked_name(self, in_language: Language | None = None) -> str:
        """Return its name with the mark of how its limit was checked, if it has one."""
        return f"{name_of(self.name, in_language)}\u00a0{MARKS[self.standing]}".rstrip()

    @property
    def source_words(self) -> Words:
        """Its `source` with what the marks mean in their place, by short language name."""
        return spelt_out(self.source, self.sources)

    @property
    def measure(self) -> Measure:
        """Walker and unit of its walks."""
        return self.walker, self.unit
