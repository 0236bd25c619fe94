"""What a verb is, what it may say, and how it refuses."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TextIO

from twin.cli.progress import ProgressLine


class Status(IntEnum):
    """Exit status of a verb."""

    DONE = 0
    NEEDS_A_PERSON = 1
    """Done, with problems that only a person can settle."""
    REFUSED = 2
    """Usage, or input that cannot be used: nothing was written."""
    CANCELLED = 130
    """Ctrl+C, as shells count it."""


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not a fault of the program
    """What was asked for cannot be done; `key` and `facts` name the one line that says why."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


@dataclass(frozen=True)
class Console:
    """Where a verb's answers go.

    Answers are lines on `out`; progress is one line on `err` that is rewritten on a terminal and
    absent elsewhere.
    """

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    progress: ProgressLine = field(default_factory=lambda: ProgressLine(sys.stderr))

    def say(self, line: str = "") -> None:
        """Write one line of the answer."""
        self.progress.clear()
        self.out.write(line + "\n")

    def warn(self, line: str) -> None:
        """Write one line beside the answer."""
        self.progress.clear()
        self.err.write(line + "\n")


@dataclass(frozen=True)
class Verb:
    """One thing the command can do.

    Parameters
    ----------
    name
        As typed; its one-line description is the text ``cli.<name>.summary``.
    add_arguments
        Declares the verb's arguments.
    run
        Does the work and returns how it ended.

        Raises :class:`Refused`, :class:`layers.problems.LayerError`,
        :class:`twin.model.edits.EditError` or :class:`twin.projects.session.ScenarioError` to
        refuse.
    mends_tables
        It runs though the user's own tables cannot be used, says so, and lets them be mended.
    """

    name: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Console], Status]
    mends_tables: bool = False
