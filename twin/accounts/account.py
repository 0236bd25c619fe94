"""An account of one figure: what it is, why it is so, what it rests on, what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.subject import Subject as Subject

if TYPE_CHECKING:
    from twin.walking.routes import Route


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


def _sentences(part: Part) -> tuple[str, ...]:
    return tuple(line.words for line in part.lines)
