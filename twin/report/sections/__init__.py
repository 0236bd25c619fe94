"""The sections of a report, one module each, in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Callable

from twin.report.blocks import Section
from twin.report.material import Material
from twin.report.sections import (
    beside,
    communities,
    comparison,
    confidence,
    coverage,
    groups,
    lacking,
    ledger,
    method,
    plan,
    summary,
    unscored,
    worst,
)

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    summary.section,
    plan.section,
    coverage.section,
    worst.section,
    communities.section,
    groups.section,
    comparison.section,
    beside.section,
    unscored.section,
    confidence.section,
    lacking.section,
    ledger.section,
    method.section,
)
"""To add a section: a module with such a function, a line here, and its texts."""
