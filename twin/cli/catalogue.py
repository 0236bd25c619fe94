"""``catalogue``: the ledger of a project's data, as tables, JSON and CSV."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.files.saving import replacing
from twin.cli.access import write_table
from twin.cli.columns import Column, set_table
from twin.cli.opening import add_project
from twin.cli.verb import Console, Refused, Status, Verb
from twin.figures import percent
from twin.language import text
from twin.model.catalogues import service_types, type_name

if TYPE_CHECKING:
    from layers.project_file import Source
    from twin.projects.data_catalogue import DataCatalogue


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help=text("cli.catalogue.json"))
    parser.add_argument("--csv", type=Path, metavar="FILE.csv", help=text("cli.catalogue.csv"))
    for name in ("owner", "licence"):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="LAYER=TEXT",
            help=text(f"cli.catalogue.{name}"),
        )


def _run(options: Namespace, console: Console) -> Status:
    if options.csv and options.csv.suffix.lower() != ".csv":
        raise Refused("cli.suffix", file=options.csv.name, suffixes=".csv")
    from layers.project import read_project, write_project
    from twin.model.district import District
    from twin.projects.data_catalogue import catalogue_table, catalogue_values, data_catalogue

    file = read_project(options.project)
    sources = _named(_named(file.sources, "owner", options.owner), "licence", options.licence)
    if sources != file.sources:
        write_project(options.project, replace(file, sources=sources))
        console.say(text("cli.wrote", file=options.project))
    district = District.from_frames(
        file.name, file.crs, file.layers, file.terrain, frozenset(file.surveyed)
    )
    catalogue = data_catalogue(district, sources, file.problems)
    _tell(console, catalogue)
    if options.json:
        with replacing(options.json) as draft:
            values = catalogue_values(catalogue)
            words = json.dumps(values, ensure_ascii=False, indent=2, allow_nan=False)
            draft.write_text(words + "\n", encoding="utf-8")
        console.say(text("cli.wrote", file=options.json))
    if options.csv:
        write_table(options.csv, catalogue_table(catalogue))
        console.say(text("cli.wrote", file=options.csv))
    return Status.DONE


def _named(sources: Sequence[Source], field: str, given: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources with owner or licence as the user names them, by layer or file."""
    made = tuple(sources)
    for pair in given:
        layer, _, words = pair.partition("=")
        hit = [layer in (one.layer, one.file, Path(one.file).stem) for one in made]
        if not layer or not any(hit):
            raise Refused("cli.catalogue.unknown_layer", given=pair)
        said = words.strip()
        changed = (
            replace(one, owner=said) if field == "owner" else replace(one, licence=said)
            for one in made
        )
        made = tuple(
            new if named else one for new, one, named in zip(changed, made, hit, strict=True)
        )
    return made


def _tell(console: Console, catalogue: DataCatalogue) -> None:
    for title, lines in (
        ("sources", _sources(catalogue)),
        ("layers", _layers(catalogue)),
        ("services", _services(catalogue)),
        ("readiness", _readiness(catalogue)),
    ):
        console.say(text(f"data.{title}"))
        for line in lines:
            console.say(line)
        console.say()


def _sources(catalogue: DataCatalogue) -> list[str]:
    from twin.telling.data_words import role_name, source_name

    heads = ("layer", "file", "counts", "found", "used", "encoding", "owner", "licence")
    columns = [Column(text(f"data.{head}")) for head in heads]
    rows = [
        [
            role_name(one.role) if one.role else text("cli.import.no_role"),
            source_name(one),
            f"{one.features_declared:,} / {one.features_read:,} / {one.features_kept:,}",
            one.crs or text("data.none_stated"),
            one.crs_used,
            one.encoding,
            one.owner or text("data.unsaid"),
            one.licence or text("data.unsaid"),
        ]
        for one in (entry.source for entry in catalogue.sources)
    ]
    unused = [
        text("data.unused", source=source_name(one), columns=", ".join(one.unused))
        for one in (entry.source for entry in catalogue.sources)
        if one.unused
    ]
    return [*set_table(columns, rows), *unused]


def _layers(catalogue: DataCatalogue) -> list[str]:
    from twin.telling.data_words import column_name, role_name

    layers = [
        Column(text("data.layer")),
        Column(text("data.features"), "right"),
        Column(text("data.column")),
        Column(text("data.filled"), "right"),
        Column(text("data.estimated"), "right"),
    ]
    rows = []
    for layer in catalogue.layers:
        known = [one for one in layer.columns if one.filled > 0]
        first = [role_name(layer.role), f"{layer.features:,}"]
        rows += [
            [*(first if not number else ["", ""]), column_name(one.column), percent(one.filled),
             percent(one.estimated) if one.estimated else ""]
            for number, one in enumerate(known)
        ] or [[*first, "", "", ""]]  # fmt: skip
    return set_table(layers, rows)


def _services(catalogue: DataCatalogue) -> list[str]:
    """Say of which types it is known what there is."""
    found = {
        "there": [one for one in catalogue.surveyed if one in catalogue.present],
        "none": [one for one in catalogue.surveyed if one not in catalogue.present],
        "unknown": [one for one in service_types() if one not in catalogue.surveyed],
    }
    return [
        text(
            f"data.services_{key}",
            types=text("data.comma").join(map(type_name, types)),
        )
        for key, types in found.items()
        if types
    ]


def _readiness(catalogue: DataCatalogue) -> list[str]:
    from twin.telling.data_words import reasons_words, state_name

    fit = [Column(text("data.analysis")), Column(text("data.state")), Column(text("data.why"))]
    table = [
        [
            text(f"data.analysis_{one.analysis}"),
            state_name(one.state),
            reasons_words(one.reasons),
        ]
        for one in catalogue.readiness
    ]
    return set_table(fit, table)


CATALOGUE = Verb("catalogue", _add_arguments, _run)
