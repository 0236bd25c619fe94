"""What a report is made from, and how its figures are put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from layers.problems import Problem
from layers.project_file import Source
from twin.assessment.assess import Assessment, Result
from twin.figures import percent, signs
from twin.language import Language, name_of, text
from twin.model.district import District
from twin.model.edits import Edit
from twin.model.sources import legend
from twin.standards import Requirement


@dataclass(frozen=True, eq=False)
class Material:
    """Everything that a report says comes from here; no clock and no file is read besides.

    Parameters
    ----------
    assessment
        Of the scenario that is reported.
    scenario
        Its name; "" for the district as it is.
    picture
        PNG of the 3D view, or None.
    picture_words
        What its colours mean, in the report's language.
    sources, problems, settings
        Of the project: where its layers came from, what was found wrong, what was set.
    base
        Assessment of the district as it is, to compare the scenario with; or None.
    edits
        What the scenario changes.
    public
        Leave out figures about fewer people than the smallest cell of the rules.
    date
        The date of the data.
    """

    assessment: Assessment
    language: Language
    scenario: str = ""
    picture: bytes | None = None
    picture_words: str = ""
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    base: Assessment | None = None
    edits: tuple[Edit, ...] = ()
    public: bool = False
    date: datetime | None = None

    @property
    def district(self) -> District:
        """The district that was assessed."""
        return self.assessment.district

    @property
    def people_word(self) -> str:
        """What is counted: residents, or dwellings where no building has residents."""
        counted = "dwellings" if self.assessment.counts_dwellings else "residents"
        return self.say(f"people.{counted}")

    @property
    def counted_word(self) -> str:
        """The same after a number; Chinese needs a word to count with."""
        counted = "dwellings" if self.assessment.counts_dwellings else "residents"
        return self.say(f"counted.{counted}")

    def say(self, key: str, **facts: object) -> str:
        """Return a text of the report's own catalogue in the report's language."""
        return text(f"report.{key}", self.language, **facts)

    def name(self, names: Mapping[str, str]) -> str:
        """Return the one of ``{"zh": ..., "en": ...}`` that the report's language asks for."""
        return name_of(names, self.language)

    def marked(self, requirement: Requirement) -> str:
        """Return a requirement's name with the mark of how its limit was checked."""
        return requirement.marked_name(self.language)

    def marks(self, results: Iterable[Result]) -> tuple[str, ...]:
        """Return what the marks of some requirements mean, a sentence each."""
        return legend((r.requirement.standing for r in results), self.language)

    def limit(self, requirement: Requirement) -> str:
        """Return a requirement's limit with its unit."""
        return self.length(requirement.limit, requirement.unit)

    def length(self, value: float, unit: str) -> str:
        """Return a distance (``m``) or time (``min``) with its unit; no-break space between."""
        return f"{value:,.0f}\u00a0{self.say(f'unit.{unit}')}"

    def share(self, result: Result) -> str:
        """Return a result's share in words; what is no share is never a number."""
        if result.status != "assessed":
            return self.status(result)
        sign = signs(at_least=result.at_least, estimated=result.estimated > 0)
        return sign + percent(result.share)

    def status(self, result: Result) -> str:
        """Return "not assessed" or "no demand"."""
        return self.say(f"status.{result.status}")
