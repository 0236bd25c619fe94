"""``export``: the layers of a scenario, for any other program."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from twin.cli.opening import add_out, add_project, add_scenario, open_scenario
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import text


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_out(parser, "FILE.gpkg|DIR", text("cli.export.out"))
    add_scenario(parser)


def _run(options: Namespace, console: Console) -> Status:
    from layers.project import write_layers

    if options.out.suffix and options.out.suffix.lower() != ".gpkg":
        raise Refused("cli.suffix", file=options.out.name, suffixes=".gpkg")
    project, session = open_scenario(options, console)
    console.progress(0.5)
    flattened = replace(project, district=session.district, scenarios=())
    write_layers(options.out, flattened.to_file())
    console.say(text("cli.wrote", file=options.out))
    return Status.NEEDS_A_PERSON if session.problems else Status.DONE


EXPORT = Verb("export", _add_arguments, _run)
