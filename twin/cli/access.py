"""``access``: how far every building, or door, is from every type of service, as a table file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.files.saving import replacing
from twin.cli.opening import (
    add_out,
    add_project,
    add_scenario,
    open_scenario,
    outcome,
    tell_own_data,
)
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import text
from twin.model.catalogues import service_types, walkers

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".parquet")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV or Parquet, by the file's suffix.

    In CSV, text that a spreadsheet would take for a formula begins with an apostrophe. The file
    begins with a byte order mark, without which Excel garbles Chinese.
    """
    with replacing(path) as draft:
        if path.suffix.lower() == ".parquet":
            table.to_parquet(draft, index=False)
        else:
            tame(table).to_csv(draft, index=False, encoding="utf-8-sig", lineterminator="\n")


def tame(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with an apostrophe before every text that begins like a formula."""
    texts = table.select_dtypes(include=["object", "string"]).astype(str)
    tamed = {
        str(name): column.mask(column.str.startswith(_FORMULA_STARTS), "'" + column)
        for name, column in texts.items()
    }
    return table.assign(**tamed)


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_out(parser, "FILE.csv|.parquet", text("cli.access.out"))
    add_scenario(parser)
    parser.add_argument(
        "--service-type",
        action="append",
        choices=tuple(service_types()),
        metavar="TYPE",
        help=text("cli.access.service_type"),
    )
    parser.add_argument(
        "--walker",
        action="append",
        choices=tuple(walkers()),
        metavar="WALKER",
        help=text("cli.access.walker"),
    )
    parser.add_argument("--doors", action="store_true", help=text("cli.access.doors"))


def _run(options: Namespace, console: Console) -> Status:
    if options.out.suffix.lower() not in SUFFIXES:
        raise Refused("cli.suffix", file=options.out.name, suffixes=", ".join(SUFFIXES))
    from twin.telling.access_table import access_table

    project, session = open_scenario(options, console)
    surveyed = session.district.surveyed
    types = options.service_type or [one for one in service_types() if one in surveyed]
    chosen = options.walker or list(walkers())
    table = access_table(session.district, types, chosen, console.progress, by_door=options.doors)
    write_table(options.out, table)
    console.say(text("cli.access.done" + "_doors" * options.doors, count=f"{len(table):,}"))
    console.say(text("cli.wrote", file=options.out))
    tell_own_data(console)
    return outcome(project, session)


ACCESS = Verb("access", _add_arguments, _run)
