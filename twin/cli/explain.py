"""``explain``: why a figure of a home, a service, a requirement or full circle is what it is."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.files.saving import replacing
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
from twin.language import text
from twin.model.catalogues import groups

if TYPE_CHECKING:
    from twin.accounts import Account, Subject
    from twin.assessment.assess import Assessment

SCHEMA_VERSION = 1


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_standard(parser)
    add_scenario(parser)
    parser.add_argument("--building", type=int, metavar="ID", help=text("cli.explain.building"))
    parser.add_argument("--service", type=int, metavar="ID", help=text("cli.explain.service"))
    parser.add_argument("--requirement", metavar="ID", help=text("cli.explain.requirement"))
    parser.add_argument("--indicator", metavar="ID", help=text("cli.explain.indicator"))
    parser.add_argument("--community", metavar="NAME", help=text("cli.explain.community"))
    parser.add_argument(
        "--group", choices=tuple(groups()), metavar="GROUP", help=text("cli.explain.group")
    )
    add_horizon(parser)
    parser.add_argument("--json", metavar="FILE", help=text("cli.explain.json"))


def _run(options: Namespace, console: Console) -> Status:
    from twin.accounts import account

    project, session = open_scenario(options, console)
    assessment = assessed(options, session, console)
    made = account(assessment, _subject(options, assessment))
    if options.json == "-":
        json.dump(account_values(made, assessment), sys.stdout, ensure_ascii=False, indent=2)
        console.say()
        return outcome(project, session, assessment)
    console.say(heading(session, assessment))
    console.say()
    _tell(console, made)
    tell_own_data(console)
    if options.json is not None:
        with replacing(Path(options.json)) as draft:
            written = json.dumps(account_values(made, assessment), ensure_ascii=False, indent=2)
            draft.write_text(written + "\n", encoding="utf-8")
        console.say()
        console.say(text("cli.wrote", file=options.json))
    return outcome(project, session, assessment)


def _subject(options: Namespace, assessment: Assessment) -> Subject:
    """Return what the options ask about.

    Raises
    ------
    Refused
        Where two subjects are named, or one that is not there.
    """
    from twin.accounts import Subject

    _check(options, assessment)
    wanted, community = options.requirement or "", _community(options, assessment)
    if options.service is not None:
        return Subject("service", id=options.service)
    if options.building is not None:
        return Subject("home" if wanted else "building", wanted, options.building)
    if options.indicator is not None:
        return Subject("indicator", wanted, indicator=options.indicator)
    if wanted:
        return Subject("requirement", wanted, community=community)
    return Subject("full_circle", group=options.group or "all", community=community)


def _check(options: Namespace, assessment: Assessment) -> None:
    from twin.indicators import INDICATORS

    if options.service is not None and (options.building is not None or options.requirement):
        raise Refused("cli.explain.two_subjects")
    known = {"requirement": [r.requirement.id for r in assessment.results]}
    known["requirement"] += [one.alternatives.id for one in assessment.eithers]
    known["indicator"] = [one.id for one in INDICATORS]
    for kind, names in known.items():
        asked = getattr(options, kind)
        if asked is not None and asked not in names:
            raise Refused(f"cli.explain.no_{kind}", name=asked, names=", ".join(names))
    services = assessment.district.services
    if options.service is not None and services.rows_of([options.service])[0] < 0:
        raise Refused("cli.explain.no_service", id=options.service)
    building = options.building
    if building is not None and not (assessment.origins.building_id == building).any():
        raise Refused("cli.explain.no_building", id=building)


def _community(options: Namespace, assessment: Assessment) -> int:
    if options.community is None:
        return -1
    names = [str(name) for name in assessment.district.communities["name"]]
    if options.community not in names:
        facts = {"name": options.community, "names": ", ".join(names)}
        raise Refused("cli.explain.no_community", **facts)
    return names.index(options.community)


def _tell(console: Console, made: Account) -> None:
    console.say(made.title)
    for words in filter(None, (made.figure, made.verdict)):
        console.say(words)
    for part in made.parts:
        console.say()
        console.say(part.title)
        for line in part.lines:
            console.say("  " + line.words)


def account_values(made: Account, assessment: Assessment) -> dict[str, Any]:
    """Return an account as JSON values, its way as coordinates in the district's CRS."""
    from twin.model.own_data import own_data_values
    from twin.telling.horizon_words import horizon_values

    way = made.route
    return {
        "schema": SCHEMA_VERSION,
        "kind": "account",
        "subject": made.subject.kind,
        "title": made.title,
        "figure": made.figure,
        "verdict": made.verdict,
        "looked_at": horizon_values(assessment.horizon),
        "own_data": own_data_values(),
        "parts": [
            {
                "title": part.title,
                "lines": [
                    {"words": line.words, "place": list(line.place) if line.place else None}
                    for line in part.lines
                ],
            }
            for part in made.parts
        ],
        "route": None if way is None else [[float(x), float(y)] for x, y in way.line],
    }


EXPLAIN = Verb("explain", _add_arguments, _run)
