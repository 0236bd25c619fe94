"""Places that host several services, against what a standard calls a complex, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.cli.columns import Column, set_table
from twin.language import name_of, text

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment


def complex_lines(assessment: Assessment) -> list[str]:
    """Return the lines of a table with a row per place, and what a complex takes.

    None where the standard knows of no complex; where no place is one, a line that says so.
    """
    from twin.assessment.complexes import find_complexes, rule_words

    standard = assessment.standard
    found = find_complexes(assessment.district, standard)
    takes = [rule_words(rule, standard) for rule in standard.complexes]
    if not found:
        return [f"{name_of(r.name)}: {text('complex.none')}" for r in standard.complexes] + takes
    named = {rule.id: name_of(rule.name) for rule in standard.complexes}
    functions = {r.id: name_of(r.name) for r in assessment.standard.requirements}
    columns = [
        Column(text("cli.assess.complexes")),
        Column(text("cli.assess.head_site")),
        Column(text("cli.assess.head_floor_area"), "right"),
        Column(text("cli.assess.head_functions")),
        Column(text("cli.assess.head_verdict")),
    ]
    rows = [
        [
            named[one.rule_id],
            text(f"complex.place.{one.place}", id=one.place_id),
            f"{one.floor_area_m2:,.0f} m²",
            text("cli.assess.comma").join(functions[function] for function in one.functions),
            text("cli.assess.comma").join(
                text(f"complex.lacks_{what}") for what in one.lacking if one.verdict == "not_met"
            )
            or text(f"complex.{one.verdict}"),
        ]
        for one in found
    ]
    return [*set_table(columns, rows), "", *takes]
