"""The plan map as a picture in pixels."""

from __future__ import annotations

from twin.assessment.assess import Assessment
from twin.language import Language
from twin.report.maps.keys import FULL_CIRCLE
from twin.report.maps.plan import plan_svg
from twin.report.pdf import png


def plan_png(
    assessment: Assessment,
    colour_by: str = FULL_CIRCLE,
    size: tuple[float, float] = (174.0, 205.0),
    language: Language | None = None,
    *,
    pixels_per_inch: float = 200.0,
) -> bytes:
    """Return the PNG of :func:`twin.report.maps.plan.plan_svg`, which explains the arguments."""
    return png(plan_svg(assessment, colour_by, size, language), pixels_per_inch)
