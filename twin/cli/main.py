"""From what was typed to an exit status."""

from __future__ import annotations

import os
import re
import sys
from argparse import SUPPRESS, Action, ArgumentParser, HelpFormatter
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

from layers.problems import LayerError
from twin.cli.access import ACCESS
from twin.cli.assess import ASSESS
from twin.cli.catalogue import CATALOGUE
from twin.cli.check import CHECK
from twin.cli.city import CITY
from twin.cli.compare import COMPARE
from twin.cli.edit import EDIT
from twin.cli.explain import EXPLAIN
from twin.cli.export import EXPORT
from twin.cli.import_layers import IMPORT
from twin.cli.outputs import check_outputs
from twin.cli.report import report_verb
from twin.cli.update import UPDATE
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import LANGUAGES, Language, set_language, system_language, text
from twin.model.catalogues import in_use
from twin.model.own_data import own_paths, using_data
from twin.model.rows import RowError
from twin.telling.findings import sentence

HEADLESS_VERBS: tuple[Verb, ...] = (
    IMPORT,
    UPDATE,
    CHECK,
    CATALOGUE,
    ASSESS,
    EXPLAIN,
    ACCESS,
    EDIT,
    COMPARE,
    report_verb(),
    EXPORT,
    CITY,
)
"""What can be done with neither Qt nor VTK, in the order in which a newcomer meets them."""


def main(
    arguments: Sequence[str] | None = None,
    *,
    verbs: Sequence[Verb] = HEADLESS_VERBS,
    without_verb: Callable[[Console], Status] | None = None,
    program: str = "renewal-twin",
) -> int:
    """Run the command and return its exit status.

    Parameters
    ----------
    arguments
        What was typed after the command's name; the process's own where None.
    verbs
        What can be done.
    without_verb
        What happens where nothing was typed; the help is shown where None.
    program
        The command's name, for the help.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments)
    set_language(language_asked(typed) or system_language())
    _survive_narrow_encodings()
    console = Console()
    try:
        with console.progress.obeying_interrupts():
            return _with_own_data(typed, verbs, without_verb, program, console)
    except KeyboardInterrupt:
        console.warn(text("cli.cancelled"))
        return Status.CANCELLED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.DONE


def end(status: int) -> NoReturn:
    """End the process; after Ctrl+C at once, without taking a large district apart first."""
    if status == Status.CANCELLED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _with_own_data(
    typed: list[str],
    verbs: Sequence[Verb],
    without_verb: Callable[[Console], Status] | None,
    program: str,
    console: Console,
) -> Status:
    """Run a verb on the data files of the user's own, which are read before anything else."""
    try:
        with using_data(_asked(typed, "--data")):
            return _run(typed, verbs, without_verb, program, console)
    except RowError as error:
        console.warn(text("cli.refused", reason=text(f"error.{error.key}", **error.facts)))
        return Status.REFUSED


def _run(
    typed: list[str],
    verbs: Sequence[Verb],
    without_verb: Callable[[Console], Status] | None,
    program: str,
    console: Console,
) -> Status:
    try:
        options = _parser(program, verbs).parse_args(typed)
        if options.verb is not None:
            verb = _named(verbs, options.verb)
            if not verb.mends_tables and own_paths():
                in_use()  # what is wrong with them is said now, not in the middle of work
            check_outputs(options)
            return verb.run(options, console)
        if without_verb is not None:
            return without_verb(console)
        console.say(_parser(program, verbs).format_help().rstrip())
        return Status.REFUSED
    except Refused as refusal:
        console.warn(text("cli.refused", reason=text(refusal.key, **refusal.facts)))
    except LayerError as error:
        for problem in (error.problem, *error.others):
            console.warn(text("cli.refused", reason=sentence(problem)))
    return Status.REFUSED


def _named(verbs: Sequence[Verb], name: str) -> Verb:
    return next(verb for verb in verbs if verb.name == name)


def language_asked(typed: Sequence[str]) -> Language | None:
    """Return the language asked for, None where none is.

    It is told before anything is parsed: the help itself is in it.
    """
    wanted = _asked(typed, "--language")
    return next((one for one in LANGUAGES if wanted and one[:2] == wanted[:2]), None)


def _asked(typed: Sequence[str], option: str) -> str | None:
    """Return what stands behind an option that counts before anything is parsed."""
    for number, word in enumerate(typed):
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else "".join(typed[number + 1 : number + 2]) or None
    return None


def _survive_narrow_encodings() -> None:
    """Write a question mark, not a traceback, where the terminal lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")


_USAGE = (
    (r"the following arguments are required: (?P<name>.+)", "cli.usage.missing"),
    (r"unrecognized arguments: (?P<name>.+)", "cli.usage.unknown"),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        "cli.usage.choice",
    ),
    (r"argument (?P<name>.+?): expected .*argument", "cli.usage.no_value"),
    (r"argument (?P<name>.+?): invalid .+ value: (?P<value>.+)", "cli.usage.value"),
    (r"(?P<problem>.+)", "cli.usage.other"),
)
"""What argparse says, in English alone, and the texts that say it in the user's language."""


class _Parser(ArgumentParser):
    """Speaks the user's language, and refuses wrong usage with one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            **settings, add_help=False, allow_abbrev=False, formatter_class=_HelpFormatter
        )
        self._positionals.title = text("cli.arguments")
        self._optionals.title = text("cli.options")
        self.add_argument("-h", "--help", action="help", help=text("cli.help"))
        # Before the verb or behind it: what is not typed behind it must not undo what is before it.
        self.add_argument(
            "--language", choices=LANGUAGES, default=SUPPRESS, help=text("cli.language")
        )
        self.add_argument("--data", metavar="DIR", default=SUPPRESS, help=text("cli.data"))

    def error(self, message: str) -> NoReturn:
        for pattern, key in _USAGE:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                facts = {name: said.replace("'", "") for name, said in found.groupdict().items()}
                raise Refused(key, program=self.prog, **facts)
        raise AssertionError(message)  # the last pattern takes anything


class _HelpFormatter(HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        own = text("cli.usage_prefix") if prefix is None else prefix
        super().add_usage(usage, actions, groups, own)


def _parser(program: str, verbs: Sequence[Verb]) -> ArgumentParser:
    parser = _Parser(prog=program, description=text("cli.description"))
    parser.add_argument(
        "--version",
        action="version",
        version=f"renewal-twin {_version()}",
        help=text("cli.version"),
    )
    subparsers = parser.add_subparsers(
        dest="verb", metavar=text("cli.verb"), title=text("cli.verbs")
    )
    for verb in verbs:
        summary = text(f"cli.{verb.name}.summary")
        verb.add_arguments(subparsers.add_parser(verb.name, help=summary, description=summary))
    return parser


def _version() -> str:
    try:
        return version("renewal-twin")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"
