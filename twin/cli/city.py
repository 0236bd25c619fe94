"""``city``: many districts, or a whole city, scored in parts on Dask."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.files.saving import replacing
from twin.cli.columns import Column, set_table
from twin.cli.opening import add_out, add_standard, standard_of, tell_own_data
from twin.cli.verb import Console, Refused, Status, Verb
from twin.figures import people, percent
from twin.language import text

if TYPE_CHECKING:
    import geopandas as gpd

    from twin.standards import Standard

_PROJECTS = "*.twin.gpkg"
_EVERYWHERE = "EPSG:4326"
"""CRS of a result whose districts lie in several zones."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "sources", type=Path, nargs="+", metavar="DIR|FILE", help=text("cli.city.sources")
    )
    add_out(parser, "FILE.parquet", text("cli.city.out"))
    add_standard(parser)
    parser.add_argument("--scheduler", metavar="ADDRESS", help=text("cli.city.scheduler"))
    parser.add_argument("--workers", type=int, metavar="N", help=text("cli.city.workers"))
    parser.add_argument("--homes", type=int, metavar="N", help=text("cli.city.homes"))


def _run(options: Namespace, console: Console) -> Status:
    if options.out.suffix.lower() != ".parquet":
        raise Refused("cli.suffix", file=options.out.name, suffixes=".parquet")
    if any(number is not None and number < 1 for number in (options.workers, options.homes)):
        raise Refused("cli.city.positive")
    projects, standard = _projects(options.sources), standard_of(options)
    from twin.city.running import cluster

    with cluster(options.scheduler, options.workers) as client:
        found, rows = _score(projects, standard, options, client, console)
    with replacing(options.out) as draft:
        found.to_parquet(draft)
    summary = options.out.with_suffix(".summary.csv")
    _write_summary(summary, rows)
    _tell(console, rows)
    console.say(text("cli.wrote", file=options.out))
    console.say(text("cli.wrote", file=summary))
    tell_own_data(console)
    return Status.DONE


def _projects(sources: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        found += sorted(source.rglob(_PROJECTS)) if source.is_dir() else [source]
    if not found:
        raise Refused("cli.city.no_projects", pattern=_PROJECTS)
    return found


def _score(
    projects: Sequence[Path], standard: Standard, options: Namespace, client: Any, console: Console
) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Return the rows of all homes, and the sums by district and community."""
    import geopandas as gpd
    import pandas as pd

    from twin.city.cutting import MOST_HOMES
    from twin.city.running import score_city
    from twin.city.scoring import summarise
    from twin.projects.project import open_project

    tables: list[gpd.GeoDataFrame] = []
    rows: list[dict[str, Any]] = []
    for number, path in enumerate(projects):
        city, begun = open_project(path).district, number / len(projects)

        def tell(done: float, begun: float = begun) -> None:
            console.progress(begun + done / len(projects))

        folder, most = options.out.with_suffix(".parts"), options.homes or MOST_HOMES
        homes = score_city(city, standard, folder, client, most, tell)
        rows += summarise(homes, city, standard, city.name)
        tables.append(homes.assign(district=city.name))
    if len({str(table.crs) for table in tables}) > 1:
        tables = [table.to_crs(_EVERYWHERE) for table in tables]
    whole = pd.concat(tables, ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=tables[0].crs), rows


def _write_summary(path: Path, rows: list[dict[str, Any]]) -> None:
    from twin.model.own_data import own_files

    used = "; ".join(f"{one.name} {one.sha256}" for one in own_files())
    rows = [{**row, "own_data": used} for row in rows]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with replacing(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _tell(console: Console, rows: list[dict[str, Any]]) -> None:
    columns = [
        Column(text("cli.city.head_district")),
        Column(text("cli.city.head_homes"), "right"),
        Column(text("cli.assess.head_residents"), "right"),
        Column(text("cli.assess.full_circle"), "right"),
        Column(text("cli.city.head_surveyed"), "right"),
    ]
    cells = [
        [
            row["district"],
            f"{row['homes']:,}",
            people(row["people"]),
            "" if row["full_circle"] is None else percent(row["full_circle"]),
            text(
                "cli.city.surveyed",
                surveyed=row["full_circle_surveyed"],
                required=row["full_circle_required"],
            ),
        ]
        for row in rows
        if not row["community"]
    ]
    for line in set_table(columns, cells):
        console.say(line)


CITY = Verb("city", _add_arguments, _run)
