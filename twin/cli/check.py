"""``check``: what the data is worth, with nothing written."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from layers.problems import Problem
from twin.cli.import_layers import add_source_arguments, read_sources, tell_problems, tell_sources
from twin.cli.verb import Console, Status, Verb
from twin.language import text
from twin.telling.findings import needs_a_person


def _add_arguments(parser: ArgumentParser) -> None:
    add_source_arguments(parser)


def _run(options: Namespace, console: Console) -> Status:
    from layers.project import is_project

    first, *others = options.sources
    if not others and isinstance(first, Path) and is_project(first):
        return _check_project(first, console)
    imported = read_sources(options, console)
    tell_sources(console, imported.sources)
    tell_problems(console, imported.problems)
    if not imported.problems:
        console.say(text("cli.check.clean"))
    return Status.NEEDS_A_PERSON if needs_a_person(imported.problems) else Status.DONE


def _check_project(path: Path, console: Console) -> Status:
    from twin.projects.project import open_project

    project = open_project(path)
    session = project.session()
    lost: list[Problem] = []
    for scenario in session.scenarios:
        session.switch(scenario)
        lost += session.problems
    problems = [*project.problems, *lost]
    tell_sources(console, project.sources)
    tell_problems(console, problems)
    if not problems:
        console.say(text("cli.check.clean"))
    return Status.NEEDS_A_PERSON if lost or needs_a_person(problems) else Status.DONE


CHECK = Verb("check", _add_arguments, _run)
