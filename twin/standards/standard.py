"""A standard as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.model.sources import Source, Words
from twin.standards.provisions import Alternatives, AreaBand, ComplexRule, Facility, Tier
from twin.standards.requirements import Requirement


@dataclass(frozen=True, eq=False)
class Standard:
    """A set of requirements, and what the standard asks beyond them.

    Parameters
    ----------
    id
        Short name, the stem of the file's name.
    name
        By short language name.
    issued
        Date or year, as text.
    requirements
        Walks that are scored, in the order of the file.
    notes
        What the standard asks beyond walks, and how it was read, by short language name.
    sources
        By the mark that rows cite them with.
    tiers, facilities, areas, complexes
        Sizes of residential areas; facilities that no walk is scored to; areas per resident or
        household; what makes a complex.
    alternatives
        Requirements of which one is enough.
    """

    id: str
    name: Words
    issued: str
    requirements: tuple[Requirement, ...]
    notes: tuple[Words, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    facilities: tuple[Facility, ...] = ()
    areas: tuple[AreaBand, ...] = ()
    complexes: tuple[ComplexRule, ...] = ()
    alternatives: tuple[Alternatives, ...] = ()

    def asked(self) -> tuple[Requirement | Alternatives, ...]:
        """Return all that has an id and a share of people: requirements and alternatives."""
        return (*self.requirements, *self.alternatives)

    def together(self, requirement_id: str) -> tuple[str, ...]:
        """Return the ids of requirements any one of which is enough, this one among them."""
        found = self.alternatives_of(requirement_id)
        return found.any_of if found else (requirement_id,)

    def alternatives_of(self, requirement_id: str) -> Alternatives | None:
        """Return the alternatives of which a requirement is one, else None."""
        found = (one for one in self.alternatives if requirement_id in one.any_of)
        return next(found, None)
