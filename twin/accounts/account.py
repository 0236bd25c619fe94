"""An account of one figure: what it is, why it is so, what it rests on, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from twin.language import name_of

if TYPE_CHECKING:
    from twin.routes import Route

SubjectKind = Literal["full_circle", "requirement", "building", "home", "service", "indicator"]
Words: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True)
class Subject:
    """What an account is about.

    Parameters
    ----------
    kind
        ``full_circle`` of the district, of a `group` or of a `community`; a ``requirement`` in the
        district or in a `community`; a ``building`` under every requirement; a ``home``: building
        and requirement; a ``service``; an ``indicator`` under a requirement.
    requirement, group, indicator
        Ids, "" where the subject has none.
    id
        Of the building or service, -1 where the subject has none.
    community
        Row of the communities table (its length: outside them all), -1 for the whole district.
    """

    kind: SubjectKind
    requirement: str = ""
    id: int = -1
    group: str = ""
    community: int = -1
    indicator: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence, with the feature (role, id) or the further account that it is about, if any."""

    words: str
    place: tuple[str, int] | None = None
    subject: Subject | None = None


@dataclass(frozen=True)
class Part:
    """Sentences under a heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class Account:
    """The account of one figure, in the language in use when it was made.

    Parameters
    ----------
    subject
        What it is about.
    title, figure, verdict
        Its name, the figure itself, and one sentence that says what came of it; may be empty.
    parts
        Headings with sentences; none is empty.
    route
        The walk that decides it, where one does.
    """

    subject: Subject
    title: str
    figure: str
    verdict: str
    parts: tuple[Part, ...]
    route: Route | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything it says, a line each, headings included."""
        head = tuple(filter(None, (self.title, self.figure, self.verdict)))
        said = (words for part in self.parts for words in (part.title, *_sentences(part)))
        return *head, *said


def parts_of(*titled: tuple[str, list[Line]]) -> tuple[Part, ...]:
    """Return parts of titles and lines, those without lines left out."""
    return tuple(Part(title, tuple(lines)) for title, lines in titled if lines)


def said(words: Words) -> str:
    """Return words of a standard in the language in use, whether they have one text or two."""
    return words if isinstance(words, str) else name_of(words)


def _sentences(part: Part) -> tuple[str, ...]:
    return tuple(line.words for line in part.lines)
