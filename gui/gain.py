"""What the edit under the hand would gain, in one line, from the figures of its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.panels import figures
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from twin.assessment.assess import Assessment, Result


def gain_line(document: Document) -> str:
    """Return who gains most by what is tried out; "" while that is not known or nothing is held.

    The requirement whose covered people change most is named, with the change; the figures are
    those of the preview, which are exact.
    """
    preview, standing = document.preview, document.standing
    if preview is None or standing is None or standing.standard is not preview.assessment.standard:
        return ""
    if not document.current:
        return text("gain.counting")
    return gained(standing, preview.assessment)


def gained(before: Assessment, after: Assessment) -> str:
    """Return who gains or loses most between two assessments by one standard, in one line."""
    change, result = most_changed(before, after)
    return text("gain.none") if result is None else _line(change, result)


def most_changed(before: Assessment, after: Assessment) -> tuple[int, Result | None]:
    """Return how many people more are covered of the requirement that changes most, and which.

    0 and None where nobody gains or loses; both are by one standard.
    """
    changes = [
        (round(new.covered - old.covered), new)
        for new, old in zip(after.results, before.results, strict=True)
        if new.status == old.status == "assessed"
    ]
    change, result = max(changes, key=lambda pair: abs(pair[0]), default=(0, None))
    return (change, result) if change else (0, None)


def _line(change: int, result: Result) -> str:
    sign = "+" if change > 0 else "−"
    name = result.requirement.marked_name()
    return text("gain.line", name=name, change=f"{sign}{figures.number(abs(change))}")
