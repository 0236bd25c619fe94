"""What the edit under the hand would gain, and cost, by the figures of its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.panels import figures
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from twin.assessment.assess import Assessment, Result


def gain_lines(document: Document) -> list[str]:
    """Return who gains and who loses most by what is tried out; none while nothing is held.

    The figures are those of the preview, which are exact.
    """
    preview, standing = document.preview, document.standing
    if preview is None or standing is None or standing.standard is not preview.assessment.standard:
        return []
    if not document.current:
        return [text("gain.counting")]
    return _lines(standing, preview.assessment)


def gained(before: Assessment, after: Assessment) -> str:
    """Return who gains and who loses most between two assessments by one standard."""
    return text("gain.between").join(_lines(before, after))


def most_changed(before: Assessment, after: Assessment) -> tuple[int, Result | None]:
    """Return how many people more are covered of the requirement that changes most, and which.

    0 and None where nobody gains or loses; both are by one standard.
    """
    most = max(_changes(before, after), key=lambda pair: abs(pair[0]), default=(0, None))
    return most if most[0] else (0, None)


def _changes(before: Assessment, after: Assessment) -> list[tuple[int, Result]]:
    """Return by how many people each requirement covers more, or fewer."""
    return [
        (round(new.covered - old.covered), new)
        for new, old in zip(after.results, before.results, strict=True)
        if new.status == old.status == "assessed"
    ]


def _lines(before: Assessment, after: Assessment) -> list[str]:
    """Return the greatest gain and the greatest loss: a good deed may take from others."""
    changes = _changes(before, after)
    ends = [pick(changes, key=lambda pair: pair[0], default=(0, None)) for pick in (max, min)]
    (most, gaining), (least, losing) = ends
    lines = []
    if gaining is not None and most > 0:
        lines.append(_line("gain.more", most, gaining))
    if losing is not None and least < 0:
        lines.append(_line("gain.fewer", -least, losing))
    return lines or [text("gain.none")]


def _line(key: str, people: int, result: Result) -> str:
    name = result.requirement.marked_name()
    return text(key, name=name, people=figures.number(people))
