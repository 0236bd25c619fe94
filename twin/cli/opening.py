"""What most verbs begin with: a project on disk, a scenario of it, its assessment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.verb import Console, Refused, Status
from twin.findings import needs_a_person, sentence
from twin.language import text

if TYPE_CHECKING:
    from twin.assess import Assessment
    from twin.project import Project
    from twin.session import Session
    from twin.standards import Standard


def add_project(parser: ArgumentParser) -> None:
    """Declare the project that a verb works on."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help=text("cli.project"))


def add_scenario(parser: ArgumentParser) -> None:
    """Declare the scenario of the project that a verb works on."""
    parser.add_argument("--scenario", metavar="NAME", help=text("cli.scenario"))


def add_standard(parser: ArgumentParser) -> None:
    """Declare the standard by which a verb scores."""
    parser.add_argument("--standard", metavar="ID", help=text("cli.standard"))


def add_out(parser: ArgumentParser, metavar: str, summary: str) -> None:
    """Declare the file that a verb writes."""
    parser.add_argument("--out", type=Path, required=True, metavar=metavar, help=summary)


def open_scenario(options: Namespace, console: Console) -> tuple[Project, Session]:
    """Open the project and take the scenario in hand; edits that found no target are told.

    Raises
    ------
    Refused
        Where the project has no scenario of that name.
    """
    from twin.project import open_project

    project = open_project(options.project)
    session = project.session()
    if options.scenario is not None:
        if options.scenario not in session.scenarios:
            names = ", ".join(session.scenarios)
            raise Refused("error.scenario_unknown", name=options.scenario, names=names)
        session.switch(options.scenario)
    for problem in session.problems:
        console.warn(sentence(problem))
    return project, session


def standard_of(options: Namespace) -> Standard:
    """Return the standard that was asked for, else the default.

    Raises
    ------
    Refused
        Where there is no such standard, or its file cannot be used.
    """
    from twin.standards import DEFAULT_STANDARD, StandardError, load_standard

    try:
        return load_standard(options.standard or DEFAULT_STANDARD)
    except StandardError as error:
        raise Refused(f"error.{error.key}", **error.facts) from error


def outcome(project: Project, session: Session, assessment: Assessment | None = None) -> Status:
    """Return the exit status of work that is done on a scenario: whether a person must look."""
    notes = assessment.notes if assessment else ()
    lost = bool(session.problems) or needs_a_person(project.problems, notes)
    return Status.NEEDS_A_PERSON if lost else Status.DONE


def assessed(options: Namespace, session: Session, console: Console) -> Assessment:
    """Score the scenario in hand by the standard that was asked for."""
    from twin.assess import assess
    from twin.horizon import TODAY

    return assess(
        session.district,
        standard_of(options),
        progress=console.progress,
        door_to_door=getattr(options, "door_to_door", False),
        statuses=TODAY | {"planned"} if getattr(options, "planned", False) else TODAY,
    )
