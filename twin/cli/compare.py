"""``compare``: two scenarios of a project side by side."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from layers.files.saving import replacing
from twin.cli.columns import Column, set_table
from twin.cli.opening import (
    add_horizon,
    add_project,
    add_standard,
    assessed,
    outcome,
    tell_own_data,
)
from twin.cli.verb import Console, Refused, Status, Verb
from twin.figures import bounded, people, points, signs
from twin.language import text
from twin.model.catalogues import groups
from twin.telling.findings import sentence as finding_sentence

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.assessment.compare import Comparison, RequirementChange
    from twin.assessment.full_circle import FullCircle
    from twin.projects.session import Session


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("before", metavar="SCENARIO", help=text("cli.compare.before"))
    parser.add_argument("after", metavar="SCENARIO", help=text("cli.compare.after"))
    add_standard(parser)
    add_horizon(parser)
    parser.add_argument("--json", metavar="FILE", help=text("cli.compare.json"))


def _run(options: Namespace, console: Console) -> Status:
    from twin.assessment.circle_words import circle_words
    from twin.assessment.compare import compare
    from twin.projects.project import open_project
    from twin.telling.compare_words import comparison_values, marks_of, sentence
    from twin.telling.horizon_words import horizon_words

    project = open_project(options.project)
    session = project.session()
    names = options.before, options.after
    before, after = (_assessed(options, session, name, console) for name in names)
    found = compare(before, after)
    if options.json == "-":
        json.dump(comparison_values(found, names), sys.stdout, ensure_ascii=False, indent=2)
        console.say()
        return outcome(project, session, after)
    if said := horizon_words(after.horizon):
        console.say(said)
    console.say(sentence(found, marked=True))
    for block in (_requirements(found), _circle(found), _communities(found)):
        console.say()
        for line in block:
            console.say(line)
    console.say()
    for line in (*marks_of(found), *_bounds(found), circle_words(after)):
        console.say(line)
    tell_own_data(console)
    if options.json is not None:
        with replacing(Path(options.json)) as draft:
            written = json.dumps(comparison_values(found, names), ensure_ascii=False, indent=2)
            draft.write_text(written + "\n", encoding="utf-8")
        console.say()
        console.say(text("cli.wrote", file=options.json))
    return outcome(project, session, after)


def _assessed(options: Namespace, session: Session, name: str, console: Console) -> Assessment:
    if name not in session.scenarios:
        names = ", ".join(session.scenarios)
        raise Refused("error.scenario_unknown", name=name, names=names)
    session.switch(name)
    for problem in session.problems:
        console.warn(finding_sentence(problem))
    return assessed(options, session, console)


def _requirements(found: Comparison) -> list[str]:
    if not found.changes:
        return [text("cli.compare.same")]
    columns = [
        Column(text("cli.assess.head_requirement")),
        Column(text("cli.assess.head_group")),
        Column(text("cli.compare.head_before"), "right"),
        Column(text("cli.compare.head_after"), "right"),
        Column("±", "right"),
        Column(text("cli.compare.head_gained"), "right"),
        Column(text("cli.compare.head_lost"), "right"),
    ]
    return set_table(columns, [_row(change) for change in found.changes])


def _row(change: RequirementChange) -> list[str]:
    before, after = change.before, change.after
    was, now = before.share, after.share
    return [
        after.requirement.marked_name(),
        groups()[after.requirement.group].name,
        bounded(was, before.at_least),
        bounded(now, after.at_least),
        "–" if np.isnan(now - was) else points(now - was),
        people(change.gained),
        people(change.lost),
    ]


def _circle(found: Comparison) -> list[str]:
    columns = [
        Column(text("cli.compare.by_group")),
        Column(text("cli.compare.head_before"), "right"),
        Column(text("cli.compare.head_after"), "right"),
        Column(text("cli.compare.head_gained"), "right"),
        Column(text("cli.compare.head_lost"), "right"),
    ]
    circles = found.before.full_circle, found.after.full_circle
    rows = [
        [
            groups()[id_].name,
            *(_inside(circle, id_) for circle in circles),
            *map(people, found.circle_moved[id_]),
        ]
        for id_ in found.full_circle
    ]
    return set_table(columns, rows)


def _inside(circle: FullCircle, group: str) -> str:
    covered, total, _ = circle.by_group[group]
    if not circle.asked:
        return text("cli.assess.not_assessed")
    unasked = not total and round(circle.unasked[group])
    if unasked:
        return text("circle.nothing_asked")
    return signs(at_least=circle.at_least(group), estimated=False) + people(covered)


def _bounds(found: Comparison) -> tuple[str, ...]:
    """Return what the sign of a lower bound means; nothing where no figure has it."""
    results = [result for change in found.changes for result in (change.before, change.after)]
    circles = found.before.full_circle, found.after.full_circle
    some = any(result.at_least for result in results) or any(
        circle.at_least(group) for circle in circles for group in found.full_circle
    )
    return (text("cli.assess.lower_bound"),) if some else ()


def _communities(found: Comparison) -> list[str]:
    names = [*found.after.district.communities["name"], text("cli.assess.outside")]
    gained, lost = found.people_by_community
    columns = [
        Column(text("cli.compare.by_community")),
        Column(text("cli.compare.head_gained"), "right"),
        Column(text("cli.compare.head_lost"), "right"),
    ]
    rows = [
        [str(name), people(float(won)), people(float(gone))]
        for name, won, gone in zip(names, gained, lost, strict=True)
    ]
    return set_table(columns, rows)


COMPARE = Verb("compare", _add_arguments, _run)
