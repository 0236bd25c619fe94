"""What most verbs begin with: a project on disk, a scenario of it, its assessment."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli.verb import Console, Refused, Status
from twin.language import name_of, text
from twin.telling.findings import needs_a_person, sentence

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.model.horizon import Horizon
    from twin.projects.project import Project
    from twin.projects.session import Session
    from twin.standards import Standard


_TODAY = Path("now")
"""Instead of a file of factors: today's people, whatever the data states for the year."""


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
    from twin.projects.project import open_project

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
    """Score the scenario in hand by the standard that was asked for.

    Raises
    ------
    Refused
        Where the standard, the hour or the growth of the population cannot be used.
    """
    from twin.assessment.assess import assess
    from twin.model.forecast import forecast_of

    standard, horizon = standard_of(options), horizon_of(options)
    session.look_at(horizon.phase)
    if horizon.growth is None and horizon.phase is not None and _takes_stated(options):
        people = forecast_of(session.district, horizon.phase)
        horizon = replace(horizon, growth=people)
    return assess(
        session.district,
        standard,
        progress=console.progress,
        door_to_door=getattr(options, "door_to_door", False),
        horizon=horizon,
    )


def tell_own_data(console: Console) -> None:
    """Say at an answer's foot which data files of the user's own it rests on."""
    from twin.model.own_data import own_data_words

    if said := own_data_words():
        console.say()
        console.say(said)


def heading(session: Session, assessment: Assessment) -> str:
    """Return what an assessment is of: district, scenario, standard, and what is not as it is."""
    from twin.projects.session import BASE
    from twin.telling.horizon_words import horizon_words

    name = text("scenario.base") if session.scenario == BASE else session.scenario
    parts = (assessment.district.name, name, name_of(assessment.standard.name))
    return " · ".join(filter(None, (*parts, horizon_words(assessment.horizon))))


def add_horizon(parser: ArgumentParser) -> None:
    """Declare what an assessment looks at: stairs, planned services, hour, year, its people."""
    parser.add_argument("--door-to-door", action="store_true", help=text("cli.assess.door_to_door"))
    parser.add_argument("--planned", action="store_true", help=text("cli.assess.planned"))
    parser.add_argument("--at", metavar="TIME", help=text("cli.assess.at"))
    parser.add_argument("--year", type=_year, metavar="Y", help=text("cli.assess.year"))
    parser.add_argument(
        "--population", type=Path, metavar="FILE|now", help=text("cli.assess.people")
    )


def _year(given: str) -> int:
    """Return a year of four digits."""
    if not re.fullmatch("[1-9][0-9]{3}", given):
        raise ValueError(given)
    return int(given)


def _takes_stated(options: Namespace) -> bool:
    """Whether the people of a year are those that the data states for it, unless it says none."""
    return getattr(options, "population", None) != _TODAY


def horizon_of(options: Namespace) -> Horizon:
    """Return what an assessment is to look at, but for the people that the data states of a year.

    The people of a year are those of a district with the phases until that year.

    Raises
    ------
    Refused
        Where the hour or the growth of the population cannot be used, or is of another year than
        the phases that are asked for.
    """
    from twin.model.growth import GrowthError, load_growth
    from twin.model.horizon import TODAY, Horizon, HorizonError
    from twin.model.hours import HoursError, When

    given, factors = getattr(options, "at", None), getattr(options, "population", None)
    year = getattr(options, "year", None)
    try:
        growth = load_growth(factors) if factors and factors != _TODAY else None
        return Horizon(
            TODAY | {"planned"} if getattr(options, "planned", False) else TODAY,
            When.parse(given) if given else None,
            growth,
            growth.year if growth is not None and year is None else year,
        )
    except (HoursError, GrowthError, HorizonError) as error:
        raise Refused(f"error.{error.key}", **error.facts) from error
