"""What a standard asks for beyond walks: tiers, facilities, areas, and what makes a complex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.model.sources import Source, Standing, Words, standing
from twin.standards.requirements import Level

Per = Literal["1000_residents", "100_households"]

NO_NUMBER = float("nan")


@dataclass(frozen=True, eq=False)
class Tier:
    """A size of residential area with the walk that defines it.

    Parameters
    ----------
    id, name
        Unique within the standard; by short language name.
    min_walk_m, max_walk_m
        Walking distance in metres, NaN where the standard gives none.
    min_population, max_population, min_dwellings, max_dwellings
        What such an area holds.
    green_m2_per_person, min_park_ha, min_park_width_m
        Public green that it asks for, NaN where none.
    clause, source
        Where the standard says so, and the marks of the sources, by short language name.
    verified
        The fields above that somebody read in a public source.
    park_types
        Service types that count as its parks; none where it asks for none.
    """

    id: str
    name: Words
    min_walk_m: float
    max_walk_m: float
    min_population: float
    max_population: float
    min_dwellings: float
    max_dwellings: float
    green_m2_per_person: float
    min_park_ha: float
    min_park_width_m: float
    clause: Words
    source: Words
    verified: tuple[str, ...]
    park_types: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Facility:
    """A facility that the standard lists and that no walk is scored to.

    Parameters
    ----------
    id, name, tier, level
        As of a requirement.
    service_types
        Types that count as such; empty where the district's data have none.
    not_scored
        Why it is not scored, by short language name.
    min_floor_area_m2, max_floor_area_m2, min_site_area_m2, max_site_area_m2
        Sizes, NaN where none is given.
    area_verified
        Somebody checked the least area.
    clause, source, note, sources, area_read_in
        As of a requirement.
    """

    id: str
    name: Words
    tier: str
    level: Level
    service_types: tuple[str, ...]
    not_scored: Words
    min_floor_area_m2: float
    max_floor_area_m2: float
    min_site_area_m2: float
    max_site_area_m2: float
    area_verified: bool
    clause: Words
    source: Words
    note: Words
    sources: tuple[Source, ...] = ()
    area_read_in: tuple[Source, ...] = ()

    @property
    def area_standing(self) -> Standing:
        """How its areas were checked."""
        return standing(self.area_verified, self.sources, self.area_read_in)


@dataclass(frozen=True, eq=False)
class AreaBand:
    """Area that a whole residential area shall have, of one class of facilities.

    Parameters
    ----------
    id, name
        Unique within the standard; by short language name.
    tier
        The tier, "" where the standard has none. A tier's figures exclude the tiers below.
    service_types
        Types whose floor area counts; none where it cannot be told.
    per
        What the areas are per.
    min_land_m2, max_land_m2, min_floor_m2, max_floor_m2
        NaN where none is given.
    clause, verified, source, sources, read_in
        As of a requirement.
    """

    id: str
    name: Words
    tier: str
    service_types: tuple[str, ...]
    per: Per
    min_land_m2: float
    max_land_m2: float
    min_floor_m2: float
    max_floor_m2: float
    clause: Words
    verified: bool
    source: Words
    sources: tuple[Source, ...] = ()
    read_in: tuple[Source, ...] = ()

    @property
    def standing(self) -> Standing:
        """How its figures were checked."""
        return standing(self.verified, self.sources, self.read_in)


@dataclass(frozen=True, eq=False)
class ComplexRule:
    """What a site that hosts several services must hold to be the complex that a standard means.

    Parameters
    ----------
    id, name
        Unique within the standard; by short language name.
    functions
        Requirements of the standard whose service types make one function each.
    priority_functions
        Those of them that come first.
    min_functions, min_priority_functions
        Least number of each.
    min_floor_area_m2, preferred_floor_area_m2
        Least floor area of all functions together, and what is wished for where possible.
    clause, verified, source, note, sources, read_in
        As of a requirement.
    """

    id: str
    name: Words
    functions: tuple[str, ...]
    priority_functions: tuple[str, ...]
    min_functions: int
    min_priority_functions: int
    min_floor_area_m2: float
    preferred_floor_area_m2: float
    clause: Words
    verified: bool
    source: Words
    note: Words
    sources: tuple[Source, ...] = ()
    read_in: tuple[Source, ...] = ()

    @property
    def standing(self) -> Standing:
        """How its figures were checked."""
        return standing(self.verified, self.sources, self.read_in)


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Requirements any one of which is enough.

    Parameters
    ----------
    id, name
        Unique within the standard; by short language name.
    any_of
        Ids of requirements that shall be met, of one group, each with its own limit.
    clause
        Where the standard says so, by short language name.
    """

    id: str
    name: Words
    any_of: tuple[str, ...]
    clause: Words
