"""``report``: the assessment as a document that can be handed over."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from layers.saving import replacing
from twin.cli.opening import (
    add_out,
    add_project,
    add_scenario,
    add_standard,
    assessed,
    open_scenario,
)
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import language, text

if TYPE_CHECKING:
    from datetime import datetime

    from twin.assess import Assessment
    from twin.project import Project
    from twin.session import Session

Picture: TypeAlias = "Callable[[Assessment], bytes]"
"""Draws the district in 3D as PNG."""

SUFFIXES = (".pdf", ".html")


def report_verb(picture: Picture | None = None) -> Verb:
    """Return the verb ``report``, with a 3D picture where somebody can draw one."""

    def run(options: Namespace, console: Console) -> Status:
        if options.out.suffix.lower() not in SUFFIXES:
            suffixes = ", ".join(SUFFIXES)
            raise Refused("cli.suffix", file=options.out.name, suffixes=suffixes)
        project, session = open_scenario(options, console)
        assessment = assessed(options, session, console)
        drawn = picture(assessment) if picture else None
        content = report_bytes(options.out.suffix.lower(), project, session, assessment, drawn)
        with replacing(options.out) as draft:
            draft.write_bytes(content)
        console.say(text("cli.wrote", file=options.out))
        return Status.NEEDS_A_PERSON if session.problems else Status.DONE

    return Verb("report", _add_arguments, run)


def report_bytes(
    suffix: str,
    project: Project,
    session: Session,
    assessment: Assessment,
    picture: bytes | None,
) -> bytes:
    """Return the report of the scenario in hand as the content of a file with this suffix."""
    from twin.assess import assess
    from twin.report import Material, html_report, pdf_report
    from twin.session import BASE

    changed = session.scenario != BASE
    material = Material(
        assessment,
        language(),
        scenario=session.scenario if changed else "",
        picture=picture,
        sources=project.sources,
        problems=(*project.problems, *session.problems),
        settings=project.settings,
        base=assess(session.base, assessment.standard) if changed else None,
        edits=session.edits_of(session.scenario),
        date=_date_of(project),
    )
    return pdf_report(material) if suffix == ".pdf" else html_report(material)


def _date_of(project: Project) -> datetime | None:
    """Return when the youngest layer was read: the date of the data, not of the printing."""
    from datetime import datetime

    read = [source.read_at for source in project.sources if source.read_at]
    return datetime.fromisoformat(max(read)) if read else None


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_out(parser, "FILE.pdf|.html", text("cli.report.out"))
    add_standard(parser)
    add_scenario(parser)
