"""``assess``: the scores of a scenario by a standard, as a table and as JSON."""

from __future__ import annotations

import json
import math
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.files.saving import replacing
from twin.cli.columns import Column, set_table
from twin.cli.confidence_table import tell_confidence
from twin.cli.opening import (
    add_horizon,
    add_project,
    add_scenario,
    add_standard,
    assessed,
    heading,
    open_scenario,
    outcome,
    tell_own_data,
)
from twin.cli.verb import Console, Refused, Status, Verb
from twin.cli.walker_table import compared, walker_lines, walker_values, walkers_named
from twin.figures import people, percent, signs
from twin.language import name_of, text
from twin.model.sources import MARKS, legend
from twin.telling.findings import sentence

if TYPE_CHECKING:
    from twin.assessment.alternatives import Either
    from twin.assessment.assess import Assessment, Result
    from twin.assessment.confidence import Confidence
    from twin.assessment.walker_comparison import WalkerComparison
    from twin.indicators import Finding
    from twin.standards import Requirement


def tell_scores(console: Console, assessment: Assessment, facilities: bool = False) -> None:
    """Write the scores as tables: requirements, full circle by group and community, notes.

    `facilities` lists what no walk is scored to; else their number is said.
    """
    from twin.cli.complex_table import complex_lines
    from twin.cli.unscored_table import brief_lines, unscored_lines

    beyond = unscored_lines if facilities else brief_lines
    said = [_requirements(assessment), complex_lines(assessment), beyond(assessment)]
    for block in filter(None, (*said, _groups(assessment), _communities(assessment))):
        console.say()
        for line in block:
            console.say(line)
    if assessment.notes:
        console.say()
        console.say(text("cli.assess.notes"))
    for note in assessment.notes:
        console.say("  " + sentence(note))
    tell_own_data(console)


def write_scores(
    path: Path,
    assessment: Assessment,
    scenario: str,
    found: Mapping[str, Finding] | None = None,
    beside: Mapping[str, WalkerComparison] | None = None,
    sure: Confidence | None = None,
) -> None:
    """Write the scores as JSON; see :func:`twin.telling.scores.scores`."""
    from twin.telling.scores import scores

    with replacing(path) as draft:
        said = scores(assessment, scenario, found, sure) | _by_walker(beside)
        written = json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False)
        draft.write_text(written + "\n", encoding="utf-8")


def _by_walker(beside: Mapping[str, WalkerComparison] | None) -> dict[str, Any]:
    return {} if beside is None else {"by_walker": walker_values(beside)}


def _requirements(assessment: Assessment) -> list[str]:
    columns = [
        Column(text("cli.assess.head_requirement")),
        Column(text("cli.assess.head_group")),
        Column(text("cli.assess.head_limit"), "right"),
        Column(text("cli.assess.head_covered"), "right"),
        Column(_people(assessment), "right"),
        Column(text("cli.assess.head_share"), "right"),
        Column(text("cli.assess.head_straight"), "right"),
        Column(text("cli.assess.head_clause")),
    ]
    rows = [_requirement_row(result) for result in assessment.results]
    rows += [_either_row(one, assessment) for one in assessment.eithers]
    lines = set_table(columns, rows)
    wanted = [result.requirement for result in assessment.results]
    marks = [
        ("cli.assess.as_needed", any(one.level == "as_needed" for one in wanted)),
        ("cli.assess.advisory", any(one.wording == "advisory" for one in wanted)),
        ("cli.assess.lower_bound", any(one.at_least for one in assessment.results)),
        ("cli.assess.estimated", any(one.estimated for one in assessment.results)),
        ("cli.assess.dwellings", assessment.counts_dwellings),
        ("cli.assess.with_stairs", assessment.door_to_door),
        ("cli.assess.with_planned", "planned" in assessment.statuses),
    ]
    checked = legend(one.standing for one in wanted)
    return [*lines, "", *checked, *(text(key) for key, holds in marks if holds)]


def _requirement_row(result: Result) -> list[str]:
    from twin.model.catalogues import groups

    requirement = result.requirement
    level = "" if requirement.level == "shall" else " °"
    wording = "" if requirement.wording == "firm" else " ~"
    return [
        name_of(requirement.name) + level,
        groups()[requirement.group].name,
        _limit(requirement) + wording,
        *_figures(result),
        f"{name_of(requirement.clause)} {MARKS[requirement.standing]}".rstrip(),
    ]


def _either_row(found: Either, assessment: Assessment) -> list[str]:
    """Return the row of requirements any one of which is enough."""
    from twin.model.catalogues import groups

    one = found.alternatives
    group = assessment.result(one.any_of[0]).requirement.group
    guessed = any(row.estimated for row in found.rows)
    share = signs(at_least=found.lower_bound, estimated=guessed) + percent(found.share)
    return [
        name_of(one.name),
        groups()[group].name,
        text("cli.assess.either"),
        people(found.covered),
        people(found.total),
        share,
        "",
        f"{name_of(one.clause)} {MARKS[found.standing]}".rstrip(),
    ]


def _figures(result: Result) -> list[str]:
    if result.status == "assessed":
        straight = "" if math.isnan(result.straight_share) else percent(result.straight_share)
        sign = signs(at_least=result.at_least, estimated=result.estimated > 0)
        share = sign + percent(result.share)
        return [people(result.covered), people(result.total), share, straight]
    return ["", people(result.total), text(f"cli.assess.{result.why_not or result.status}"), ""]


def _people(assessment: Assessment) -> str:
    counted = "dwellings" if assessment.counts_dwellings else "residents"
    return text(f"cli.assess.head_{counted}")


def _limit(requirement: Requirement) -> str:
    return text(f"cli.assess.limit_{requirement.unit}", limit=f"{requirement.limit:,g}")


def _groups(assessment: Assessment) -> list[str]:
    from twin.assessment.circle_words import circle_basis, circle_words
    from twin.model.catalogues import groups

    circle, found = assessment.full_circle, circle_basis(assessment)
    key = "cli.assess.full_circle" + ("_in_part" if found.in_part else "")
    columns = [
        Column(text(key, surveyed=found.surveyed, required=found.required)),
        Column(text("cli.assess.head_covered"), "right"),
        Column(_people(assessment), "right"),
        Column(text("cli.assess.head_share"), "right"),
    ]
    rows = [
        [
            groups()[group].name,
            *_counts(covered, total, circle.asked, circle.unasked[group], circle.at_least(group)),
        ]
        for group, (covered, total, _) in circle.by_group.items()
    ]
    return [*set_table(columns, rows), "", circle_words(assessment)]


def _communities(assessment: Assessment) -> list[str]:
    columns = [
        Column(text("cli.assess.communities")),
        Column(text("cli.assess.head_covered"), "right"),
        Column(_people(assessment), "right"),
        Column(text("cli.assess.head_share"), "right"),
    ]
    circle = assessment.full_circle
    covered, total = circle.by_community
    names = [*assessment.district.communities["name"], text("cli.assess.outside")]
    rest = assessment.origins.by_community(assessment.origins.residents) - total
    more = assessment.origins.by_community(circle.more) > 0
    rows = [
        [name, *_counts(float(part), float(whole), circle.asked, float(others), bound)]
        for name, part, whole, others, bound in zip(
            names, covered, total, rest, more.tolist(), strict=True
        )
        if name != names[-1] or whole
    ]
    return set_table(columns, rows)


def _counts(covered: float, total: float, asked: int, unasked: float, bound: bool) -> list[str]:
    if not asked:
        return ["", people(total), text("cli.assess.not_assessed")]
    if not total and round(unasked):
        return ["–", "–", text("circle.nothing_asked")]
    if not total:
        return [people(covered), people(total), text("cli.assess.no_demand")]
    sign = signs(at_least=bound, estimated=False)
    return [people(covered), people(total), sign + percent(covered / total)]


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_standard(parser)
    add_scenario(parser)
    parser.add_argument("--json", metavar="FILE", help=text("cli.assess.json"))
    add_horizon(parser)
    parser.add_argument("--walkers", metavar="IDS", help=text("cli.assess.walkers"))
    parser.add_argument("--minutes", type=float, metavar="N", help=text("cli.assess.minutes"))
    parser.add_argument("--indicators", action="store_true", help=text("cli.indicators.flag"))
    scopes = ("district", "community", "group")
    parser.add_argument("--by", choices=scopes, default=scopes[0], help=text("cli.indicators.by"))
    parser.add_argument("--facilities", action="store_true", help=text("cli.unscored.flag"))
    parser.add_argument("--intervals", action="store_true", help=text("cli.assess.intervals"))


def _run(options: Namespace, console: Console) -> Status:
    names = walkers_named(options.walkers or "")
    if options.by != "district" and not options.indicators:
        raise Refused("cli.indicators.by_alone")
    if options.minutes is not None and not names:
        raise Refused("cli.assess.minutes_alone")
    project, session = open_scenario(options, console)
    assessment = assessed(options, session, console)
    beside = compared(assessment, names, options.minutes) if names else None
    found = _found(options, assessment, console)
    sure = _sure(options, assessment, console)
    if options.json == "-":
        from twin.telling.scores import scores

        said = scores(assessment, session.scenario, found, sure) | _by_walker(beside)
        json.dump(said, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        console.say()
    else:
        if options.json is not None:
            write_scores(Path(options.json), assessment, session.scenario, found, beside, sure)
        console.say(heading(session, assessment))
        tell_scores(console, assessment, options.facilities)
        if beside:
            console.say()
            for line in walker_lines(beside, names):
                console.say(line)
        _tell_indicators(console, assessment, found, options.by)
        if sure is not None:
            tell_confidence(console, assessment, sure)
        if options.json is not None:
            console.say()
            console.say(text("cli.wrote", file=options.json))
    return outcome(project, session, assessment)


def _sure(options: Namespace, assessment: Assessment, console: Console) -> Confidence | None:
    if not options.intervals:
        return None
    from twin.assessment.confidence import confidence

    return confidence(assessment, progress=console.progress)


def _found(
    options: Namespace, assessment: Assessment, console: Console
) -> dict[str, Finding] | None:
    if not options.indicators:
        return None
    from twin.indicators import indicators

    return indicators(assessment, progress=console.progress)


def _tell_indicators(
    console: Console,
    assessment: Assessment,
    found: Mapping[str, Finding] | None,
    scope: str,
) -> None:
    """Write the headline figures of each indicator as a table, of the district or its parts."""
    if found is None:
        return
    from twin.assessment.shared_places import shared_places_words
    from twin.indicators import INDICATORS
    from twin.indicators.wording import headline

    for indicator in INDICATORS:
        table = headline(indicator, found[indicator.id], assessment, scope=scope)
        if not table.rows:
            continue
        name = text(f"indicator.{indicator.id}.name")
        columns = [Column(name), *(Column(title, "right") for title in table.columns)]
        console.say()
        for line in set_table(columns, [[first, *cells] for first, cells in table.rows]):
            console.say(line)
    if shared := shared_places_words(assessment.district.services):
        console.say()
        console.say(shared)


ASSESS = Verb("assess", _add_arguments, _run)
