"""``report``: the assessment as a document that can be handed over."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from twin.cli.opening import (
    add_horizon,
    add_out,
    add_project,
    add_scenario,
    add_standard,
    assessed,
    open_scenario,
    outcome,
)
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import text

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment

Picture: TypeAlias = "Callable[[Assessment], bytes]"
"""Draws the district in 3D as PNG."""


def report_verb(picture: Picture | None = None) -> Verb:
    """Return the verb ``report``, with a 3D picture where somebody can draw one."""

    def run(options: Namespace, console: Console) -> Status:
        from twin.report.project_report import write_project_report
        from twin.report.writing import SUFFIXES

        if options.out.suffix.lower() not in SUFFIXES:
            suffixes = ", ".join(SUFFIXES)
            raise Refused("cli.suffix", file=options.out.name, suffixes=suffixes)
        project, session = open_scenario(options, console)
        assessment = assessed(options, session, console)
        drawn = picture(assessment) if picture else None
        write_project_report(
            options.out,
            project,
            session,
            assessment,
            drawn,
            text("cli.report.picture_words"),
            public=options.public,
            progress=console.progress,
        )
        console.say(text("cli.wrote", file=options.out))
        return outcome(project, session, assessment)

    return Verb("report", _add_arguments, run)


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_out(parser, "FILE.pdf|.html", text("cli.report.out"))
    add_standard(parser)
    add_scenario(parser)
    add_horizon(parser)
    parser.add_argument("--public", action="store_true", help=text("cli.report.public"))
