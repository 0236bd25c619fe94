"""``import``: layers in, a project out, and every finding told."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.problems import Problem, Severity
from twin.cli.columns import Column, set_table
from twin.cli.opening import add_standard, heading, outcome, standard_of
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import text
from twin.model.catalogues import service_types
from twin.telling.findings import needs_a_person, of_severity, sentence

if TYPE_CHECKING:
    from layers.project_file import ProjectFile, Source
    from twin.standards import Standard


_IDS_SHOWN = 5
_FARTHEST_HALO_M = 10_000
"""Nobody walks farther to a service of everyday life."""
_UNSURE = 0.6
"""Below this confidence a guess is marked, for a person to look at."""


def add_source_arguments(parser: ArgumentParser) -> None:
    """Declare the layers to read and what the user knows of them better than we can guess."""
    parser.add_argument(
        "sources",
        type=_source,
        nargs="+",
        metavar="FILE|DIR|postgresql://…",
        help=text("cli.import.sources"),
    )
    parser.add_argument("--name", metavar="NAME", help=text("cli.import.name"))
    parser.add_argument(
        "--crs",
        action="append",
        default=[],
        metavar="CRS|LAYER=CRS",
        help=text("cli.import.crs"),
    )
    parser.add_argument("--clip", metavar="FILE|W,S,E,N", help=text("cli.import.clip"))
    parser.add_argument("--boundary", metavar="FILE|W,S,E,N", help=text("cli.import.boundary"))
    parser.add_argument("--halo", type=float, metavar="METRES", help=text("cli.import.halo"))
    for name in ("surveyed", "not-surveyed"):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="TYPE[,TYPE]",
            help=text(f"cli.import.{name.replace('-', '_')}"),
        )
    parser.add_argument("--map", type=Path, metavar="FILE", help=text("cli.import.map"))
    parser.add_argument("--save-map", type=Path, metavar="FILE", help=text("cli.import.save_map"))
    parser.add_argument("--people", type=Path, metavar="FILE.toml", help=text("cli.import.people"))
    parser.add_argument(
        "--noding", choices=("auto", "always", "never"), default="auto",
        help=text("cli.import.noding"),
    )  # fmt: skip
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="LAYER=ROLE",
        help=text("cli.import.role"),
    )
    parser.add_argument(
        "--datum",
        action="append",
        default=[],
        metavar="LAYER=gcj02|bd09|wgs84",
        help=text("cli.import.datum"),
    )
    parser.add_argument(
        "--encoding",
        action="append",
        default=[],
        metavar="FILE=NAME",
        help=text("cli.import.encoding"),
    )


def _source(words: str) -> Path | str:
    """Keep the address of a database as it is; a path would lose a slash of it."""
    return words if words.split("://", 1)[0].lower() in ("postgresql", "postgres") else Path(words)


def read_sources(
    options: Namespace, console: Console, into: ProjectFile | None = None
) -> ProjectFile:
    """Read the layers that `options` name, and write down what was decided of them if asked.

    Parameters
    ----------
    options, console
        Of the verb.
    into
        The project whose layers the new ones replace, where there is one.
    """
    from layers.formats.postgis import parse_address
    from layers.geodesy.crs import parse_crs
    from layers.importing.from_files import import_layers
    from layers.residents.people import read_figures
    from layers.understanding.decisions import (
        Decisions,
        Words,
        learned,
        read_decisions,
        write_decisions,
    )

    told = Decisions() if options.map is None else read_decisions(options.map)
    surveyed, not_surveyed = _types(options.surveyed), _types(options.not_surveyed)
    crs, crs_of = _crs(options.crs)
    told = replace(
        told,
        crs_of=crs_of,
        surveyed=tuple(one for one in (*told.surveyed, *surveyed) if one not in not_surveyed),
        not_surveyed=tuple(
            one for one in (*told.not_surveyed, *not_surveyed) if one not in surveyed
        ),
    )
    project = import_layers(
        [one for one in options.sources if isinstance(one, Path)],
        databases=[parse_address(one) for one in options.sources if isinstance(one, str)],
        name=options.name,
        crs=None if crs is None else parse_crs(crs),
        clip=options.clip,
        boundary=options.boundary,
        halo_m=_halo(options.halo),
        noding=options.noding,
        people=read_figures(options.people) if options.people else None,
        roles=_roles(options.role),
        datums=_datums(options.datum),
        encodings=_encodings(options.encoding),
        decisions=told,
        into=into,
        progress=console.progress,
    )
    if options.save_map is not None:
        words = Words(
            _roles(options.role),
            _datums(options.datum),
            _encodings(options.encoding),
            crs or "",
        )
        write_decisions(options.save_map, learned(project.sources, told, words))
        console.say(text("cli.wrote", file=options.save_map))
    return project


def tell_sources(console: Console, sources: Sequence[Source]) -> None:
    """Write the table of what each layer was taken for."""
    if not sources:
        return
    columns = [
        Column(text("cli.import.head_role")),
        Column(text("cli.import.head_source")),
        Column(text("cli.import.head_features"), "right"),
        Column(text("cli.import.head_crs")),
        Column(text("cli.import.head_mapping")),
    ]
    console.say(text("cli.import.understood"))
    for line in set_table(columns, [_source_row(source) for source in sources]):
        console.say(line)
    sure = [s.role_confidence for s in sources] + [
        c for s in sources for c in s.confidence.values()
    ]
    if min(sure) < _UNSURE:
        console.say(text("cli.import.unsure"))


def tell_problems(console: Console, problems: Sequence[Problem]) -> None:
    """Write every problem, the gravest kind last, where the eye rests."""
    for severity in (Severity.INFO, Severity.REPAIRED, Severity.WARNING, Severity.ERROR):
        found = of_severity(problems, severity)
        if found:
            console.say()
            console.say(text(f"cli.findings.{severity.value}", count=len(found)))
        for problem in found:
            console.say(f"  {sentence(problem)}{_some_ids(problem)}")


def _some_ids(problem: Problem) -> str:
    """Return the first ids that a problem names, so that a person can look for them."""
    shown = ", ".join(str(id_) for id_ in problem.ids[:_IDS_SHOWN])
    if not shown or problem.severity is Severity.INFO:
        return ""
    return f" [{shown}, …]" if len(problem.ids) > _IDS_SHOWN else f" [{shown}]"


def _source_row(source: Source) -> list[str]:
    renamed = [
        f"{own}←{theirs}{_mark(source.confidence.get(own, 1.0))}"
        for own, theirs in source.mapping.items()
        if own != theirs
    ]
    place = (
        source.file
        if source.layer in ("", Path(source.file).stem)
        else (f"{source.file}:{source.layer}")
    )
    return [
        text(f"role.{source.role}") + _mark(source.role_confidence)
        if source.role
        else text("cli.import.no_role"),
        place,
        _count(source),
        source.crs,
        " ".join(renamed),
    ]


def _mark(confidence: float) -> str:
    """Return the mark of what was only guessed."""
    return "?" if confidence < _UNSURE else ""


def _count(source: Source) -> str:
    kept, read = f"{source.features_kept:,}", f"{source.features_read:,}"
    if source.is_raster:  # a grid has cells, not features
        return ""
    return kept if kept == read else text("cli.import.kept_of", kept=kept, read=read)


def _crs(given: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Return the CRS of layers that state none, and those of single layers by name."""
    from layers.understanding.decisions import is_crs

    everywhere, of_layers = None, {}
    for words in given:
        layer, named, crs = words.rpartition("=")
        # A CRS may be spelt out with "=" in it (+proj=utm +zone=50).
        if not named or words.startswith("+"):
            layer, crs = "", words
        if not is_crs(crs):
            raise Refused("cli.import.crs_unknown", given=words)
        if layer:
            of_layers[layer] = crs
        else:
            everywhere = crs
    return everywhere, of_layers


def _halo(given: float | None) -> float | None:
    if given is not None and not 0 <= given <= _FARTHEST_HALO_M:
        raise Refused("cli.import.halo_unlikely", given=f"{given:g}", most=_FARTHEST_HALO_M)
    return given


def _types(given: Sequence[str]) -> tuple[str, ...]:
    """Return the service types that are named, joined by commas; ``all`` for every one."""
    known = tuple(service_types())
    named = [one.strip() for several in given for one in several.split(",") if one.strip()]
    for one in named:
        if one not in (*known, "all"):
            raise Refused("cli.import.type_unknown", given=one, types=", ".join(known))
    return known if "all" in named else tuple(named)


def _roles(given: Sequence[str]) -> dict[str, str]:
    from layers.schema import RASTER_ROLES, ROLES
    from layers.vocabulary.columns import IGNORE

    known = (*ROLES, *RASTER_ROLES, IGNORE)
    roles = {}
    for pair in given:
        layer, _, role = pair.rpartition("=")
        if not layer or role not in known:
            raise Refused("cli.import.role_unknown", given=pair, roles=", ".join(known))
        roles[layer] = role
    return roles


def _datums(given: Sequence[str]) -> dict[str, str]:
    from layers.geodesy.china_datum import DATUMS

    datums: dict[str, str] = {}
    for pair in given:
        layer, _, datum = pair.rpartition("=")
        if not layer or datum not in DATUMS:
            raise Refused("cli.import.datum_unknown", given=pair, datums=", ".join(DATUMS))
        datums[layer] = datum
    return datums


def _encodings(given: Sequence[str]) -> dict[str, str]:
    from layers.understanding.decisions import is_encoding

    encodings: dict[str, str] = {}
    for pair in given:
        file, _, name = pair.rpartition("=")
        if not file or not is_encoding(name):
            raise Refused("cli.import.encoding_unknown", given=pair)
        encodings[file] = name
    return encodings


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.twin.gpkg", help=text("cli.import.out"))
    parser.add_argument("--replace", action="store_true", help=text("cli.import.replace"))
    parser.add_argument("--assess", action="store_true", help=text("cli.import.assess"))
    add_standard(parser)
    add_source_arguments(parser)


def _run(options: Namespace, console: Console) -> Status:
    from layers.project import SUFFIX, write_project

    if not options.out.name.endswith(SUFFIX):
        raise Refused("cli.suffix", file=options.out.name, suffixes=SUFFIX)
    standard = standard_of(options) if options.assess else None
    project = read_sources(options, console)
    write_project(options.out, project)
    tell_sources(console, project.sources)
    tell_problems(console, project.problems)
    console.say()
    console.say(text("cli.wrote", file=options.out))
    status = Status.NEEDS_A_PERSON if needs_a_person(project.problems) else Status.DONE
    return max(status, _score(options, standard, console)) if standard else status


def _score(options: Namespace, standard: Standard, console: Console) -> Status:
    """Tell the scores of what was just imported."""
    from twin.assessment.assess import assess
    from twin.cli.assess import tell_scores
    from twin.projects.project import open_project

    project = open_project(options.out)
    session = project.session()
    assessment = assess(session.district, standard, progress=console.progress)
    console.say()
    console.say(heading(session, assessment))
    tell_scores(console, assessment)
    return outcome(project, session, assessment)


IMPORT = Verb("import", _add_arguments, _run)
