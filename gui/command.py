"""The command ``renewal-twin``: the headless verbs of `twin`, and those that draw."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from gui.pictures import district_picture, map_picture
from layers.files.saving import replacing
from twin.cli import HEADLESS_VERBS, Console, Refused, Status, Verb, end
from twin.cli import main as run_command
from twin.cli.main import language_asked
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
from twin.cli.report import report_verb
from twin.language import Language, add_catalogue, text

SAMPLE_RESULTS = Path("out")
"""Where a start without a display puts the sample's results."""

_PIXELS = (64, 8192)
"""The least and the most pixels of a picture's side."""


def main() -> NoReturn:
    """Run the command that was typed and end the process with its exit status."""
    end(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    add_catalogue(Path(__file__).parent / "texts")
    spoken = language_asked(arguments)
    return run_command(arguments, verbs=VERBS, without_verb=partial(_start, spoken=spoken))


def has_display() -> bool:
    """Return whether a window can be opened here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start(console: Console, spoken: Language | None) -> Status:
    """Open the window; without a display do the same job on the sample and say where it lies."""
    if has_display():
        return _open_window(None, spoken)
    from gui.sample_results import make_sample_results

    console.say(text("cli.start.no_display"))
    return make_sample_results(SAMPLE_RESULTS, console)


def _open_window(project: Path | None, spoken: Language | None = None) -> Status:
    from gui.app import run as run_window

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would never look at Python's handler
    return Status(run_window(project, spoken))


def _add_open_arguments(parser: ArgumentParser) -> None:
    add_project(parser)


def _open(options: Namespace, _console: Console) -> Status:
    if not options.project.is_file():
        raise Refused("cli.open.missing", file=options.project)
    if not has_display():
        raise Refused("cli.open.no_display")
    return _open_window(options.project, getattr(options, "language", None))


def _add_render_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_out(parser, "FILE.png", text("cli.render.out"))
    add_standard(parser)
    add_scenario(parser)
    add_horizon(parser)
    parser.add_argument("--service-type", metavar="TYPE", help=text("cli.render.service_type"))
    parser.add_argument("--plan", action="store_true", help=text("cli.render.plan"))
    parser.add_argument("--bare", action="store_true", help=text("cli.render.bare"))
    parser.add_argument(
        "--width",
        type=_pixels,
        default=1920,
        metavar="PIXELS",
        help=text("cli.render.pixels", least=_PIXELS[0], most=_PIXELS[1]),
    )
    parser.add_argument(
        "--height",
        type=_pixels,
        default=1200,
        metavar="PIXELS",
        help=text("cli.render.pixels", least=_PIXELS[0], most=_PIXELS[1]),
    )


def _pixels(typed: str) -> int:
    count = int(typed)
    if not _PIXELS[0] <= count <= _PIXELS[1]:
        raise ValueError(typed)
    return count


def _render(options: Namespace, console: Console) -> Status:
    if options.out.suffix.lower() != ".png":
        raise Refused("cli.suffix", file=options.out.name, suffixes=".png")
    from twin.model.catalogues import service_types

    if options.service_type not in (None, *service_types()):
        facts = {"name": "--service-type", "value": options.service_type}
        raise Refused("cli.usage.choice", **facts, choices=", ".join(service_types()))
    project, session = open_scenario(options, console)
    assessment = assessed(options, session, console)
    from twin.projects.session import BASE

    size = options.width, options.height
    drawn = {"service_type": options.service_type, "plan": options.plan, "size": size}
    if options.bare:
        picture = district_picture(assessment, **drawn)
    else:
        named = text("scenario.base") if session.scenario == BASE else session.scenario
        picture = map_picture(assessment, project.name, named, **drawn)
    with replacing(options.out) as draft:
        draft.write_bytes(picture)
    console.say(text("cli.wrote", file=options.out))
    return outcome(project, session, assessment)


OPEN = Verb("open", _add_open_arguments, _open, mends_tables=True)
RENDER = Verb("render", _add_render_arguments, _render)
_WITH_PICTURES = {"report": report_verb(district_picture)}
VERBS: tuple[Verb, ...] = (
    OPEN,
    *(_WITH_PICTURES.get(verb.name, verb) for verb in HEADLESS_VERBS),
    RENDER,
)
"""Everything the command can do, in the order in which the help lists it."""

if __name__ == "__main__":
    main()
