"""What a verb may write over: nothing that it reads, and no project that it does not keep."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from layers.files.saving import check_writable
from twin.cli.verb import Refused

_SUFFIXES = {"out": "", "json": ".json", "csv": ".csv", "save_map": ".toml"}
"""The options that name a file to write, and how its name must end; a verb checks its own `out`."""

_PROJECT = ".twin.gpkg"


def check_outputs(options: Namespace) -> None:
    """Refuse, before anything is computed, files that must not or could not be written.

    Raises
    ------
    Refused
        Where a file to write is one of those to read, is a project that is there already, or is
        not called what it will be.
    LayerError
        Where the disk would refuse it.
    """
    for name, suffix in _SUFFIXES.items():
        given = getattr(options, name, None)
        if given is None or str(given) == "-":
            continue
        target = Path(given)
        if any(_same(target, one) for one in _inputs(options)):
            raise Refused("cli.output_is_input", file=target.name)
        if not target.name.lower().endswith(suffix):
            raise Refused("cli.suffix", file=target.name, suffixes=suffix)
        if target.name.endswith(_PROJECT) and target.is_file():
            _check_project(target, options)
        if target.suffix and not (options.verb == "export" and target.is_dir()):
            check_writable(target)  # without a suffix it may be a folder to make


def _check_project(target: Path, options: Namespace) -> None:
    if options.verb != "import":
        raise Refused("cli.output_is_project", file=target.name)
    if not options.replace:
        raise Refused("cli.import.exists", file=target.name)


def _inputs(options: Namespace) -> Iterator[Path]:
    """Give every path that is named and is no file to write."""
    for name, value in vars(options).items():
        if name not in _SUFFIXES:
            yield from _paths(value)


def _paths(value: Any) -> Iterator[Path]:
    if isinstance(value, Path | str):
        yield Path(value)
    elif isinstance(value, list):
        for one in value:
            yield from _paths(one)


def _same(target: Path, other: Path) -> bool:
    try:
        return target.is_file() and other.is_file() and target.samefile(other)
    except (OSError, ValueError):  # words that are no path at all
        return False
