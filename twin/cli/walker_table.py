"""The same requirements for different walkers, as a table and as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twin.cli.columns import Column, set_table
from twin.cli.verb import Refused
from twin.figures import percent
from twin.language import text
from twin.model.catalogues import walkers

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment, Result
    from twin.assessment.walker_comparison import WalkerComparison

ALL = "all"


def walkers_named(names: str) -> tuple[str, ...]:
    """Return the walkers of a list with commas, or every one for ``all``.

    Raises
    ------
    Refused
        Where one of them is unknown.
    """
    asked = tuple(walkers()) if names == ALL else tuple(filter(None, names.split(",")))
    for name in asked:
        if name not in walkers():
            raise Refused("error.walker_unknown", name=name, known=", ".join(walkers()))
    return asked


def compared(
    assessment: Assessment, names: Sequence[str], minutes: float | None
) -> dict[str, WalkerComparison]:
    """Return the comparison of every assessed requirement by its id.

    Raises
    ------
    Refused
        Where `minutes` is no time.
    """
    if minutes is not None and not 0 < minutes < math.inf:
        raise Refused("error.no_minutes", minutes=f"{minutes:g}")
    from twin.assessment.walker_comparison import compare_walkers

    return {
        result.requirement.id: compare_walkers(assessment, result.requirement.id, names, minutes)
        for result in assessment.results
        if result.status == "assessed"
    }


def walker_lines(found: Mapping[str, WalkerComparison], names: Sequence[str]) -> list[str]:
    """Return the lines of a table: a row per requirement, a column per walker.

    Below it stands that a limit in metres does not know how fast anybody walks, where there is one.
    """
    columns = [
        Column(text("cli.assess.by_walker")),
        Column(text("cli.assess.head_limit"), "right"),
        *(Column(walkers()[name].name, "right") for name in names),
    ]
    rows = [
        [
            one.requirement.marked_name(),
            text(f"cli.assess.limit_{one.requirement.unit}", limit=f"{one.requirement.limit:,g}"),
            *(percent(one.results[name].share) for name in names),
        ]
        for one in found.values()
    ]
    lines = set_table(columns, rows)
    if any(one.requirement.unit == "m" for one in found.values()):
        lines.append(text("cli.assess.metres_know_no_speed"))
    return lines


def walker_values(found: Mapping[str, WalkerComparison]) -> dict[str, Any]:
    """Return JSON values: by requirement the limit, who is covered for all, and by walker."""
    return {
        id_: {
            "limit": one.requirement.limit,
            "unit": one.requirement.unit,
            "covered_for_all": one.covered_for_all,
            "covered_for_any": one.covered_for_any,
            "walkers": {name: _values(result) for name, result in one.results.items()},
        }
        for id_, one in found.items()
    }


def _values(result: Result) -> dict[str, float]:
    return {
        "covered": result.covered,
        "total": result.total,
        "share": result.share,
        "unreached": result.unreached,
    }
