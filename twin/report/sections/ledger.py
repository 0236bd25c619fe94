"""Where the data came from: the ledger of layers."""

from __future__ import annotations

import numpy as np

from layers.project_file import Source
from twin.assessment.assess import Result
from twin.figures import people, percent
from twin.language import text
from twin.model.catalogues import groups
from twin.projects.data_catalogue import DataCatalogue, data_catalogue
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.telling.data_words import column_name, reasons_words, role_name, state_name

_NAMED_UP_TO = 3


def section(material: Material) -> Section:
    """Return one row for each file that was read, and the district's own state."""
    blocks: list[Block] = [Paragraph(_intro(material))]
    if material.sources:
        rows = tuple(_row(material, source) for source in material.sources)
        columns = (
            Column(material.say("column.layer"), 2.1),
            Column(material.say("column.file"), 3.8),
            Column(material.say("column.crs"), 1.7),
            Column(material.say("column.features_ledger"), 2.9, "right"),
            Column(material.say("column.read_at"), 2.2),
            Column(material.say("column.digest"), 1.9),
        )
        notes = (material.say("ledger.note"),)
        blocks.append(Table(material.say("table.ledger"), columns, rows, notes))
    else:
        blocks.append(Paragraph(material.say("ledger.none")))
    catalogue = data_catalogue(material.district, material.sources, material.problems)
    blocks += [_measured(material), _columns(material, catalogue), _readiness(material, catalogue)]
    return Section(material.say("section.ledger"), tuple(blocks))


def _intro(material: Material) -> str:
    crs = material.district.crs
    code = ":".join(crs.to_authority() or ())
    return material.say("ledger.intro", crs=f"{crs.name} ({code})" if code else crs.name)


def _read_as(material: Material, source: Source) -> str:
    """Return in which CRS and encoding a source was read, where that is not as it states."""
    used = source.crs_used if source.crs_used != source.crs else ""
    said = material.say("ledger.read_as", crs=used) if used else ""
    return " · ".join(filter(None, (said, source.encoding)))


def _rights(source: Source) -> str:
    return " · ".join(filter(None, (source.owner, source.licence, source.note)))


def _columns(material: Material, catalogue: DataCatalogue) -> Table:
    """Return how far the columns of each layer are filled; those that hold nothing are named."""
    language = material.language

    def say(key: str) -> str:
        return text(f"data.{key}", language)

    columns = (
        Column(say("layer"), 2.2),
        Column(say("features"), 1.5, "right"),
        Column(say("filled"), 10),
    )
    rows = []
    for layer in catalogue.layers:
        said = [
            f"{column_name(one.column, language)} {percent(one.filled)}"
            + (f" ({say('estimated')} {percent(one.estimated)})" if one.estimated else "")
            for one in layer.columns
            if one.filled > 0
        ]
        lacking = [column_name(c.column, language) for c in layer.columns if not c.filled]
        empty = say("comma").join(lacking)
        below = f"{say('empty')}: {empty}" if empty else ""
        named = Cell(role_name(layer.role, language)), Cell(f"{layer.features:,}")
        rows.append(Row((*named, Cell(say("comma").join(said), below))))
    return Table(say("layers"), columns, tuple(rows))


def _readiness(material: Material, catalogue: DataCatalogue) -> Table:
    """Return what each analysis lacks."""
    language = material.language

    def say(key: str) -> str:
        return text(f"data.{key}", language)

    columns = (Column(say("analysis"), 4.5), Column(say("state"), 2.7), Column(say("why"), 6.5))
    rows = tuple(
        Row(
            (
                Cell(say(f"analysis_{one.analysis}")),
                Cell(state_name(one.state, language)),
                Cell(reasons_words(one.reasons, language)),
            )
        )
        for one in catalogue.readiness
    )
    return Table(say("readiness"), columns, rows)


def _measured(material: Material) -> Table:
    """Return what every share rests on: people who were counted, and people who were estimated.

    A row for each group, since all requirements of a group count the same people.
    """
    columns = (
        Column(material.say("column.group"), 2.2),
        Column(material.people_word.capitalize(), 1.5, "right"),
        Column(material.say("column.estimated"), 1.6, "right"),
        Column(material.say("column.estimated_share"), 1.6, "right"),
        Column(material.say("column.rests"), 6.7),
    )
    of_group: dict[str, list[Result]] = {}
    for result in material.assessment.results:
        of_group.setdefault(result.requirement.group, []).append(result)
    rows = tuple(_measured_row(material, *named) for named in of_group.items())
    return Table(
        material.say("table.measured"), columns, rows, (material.say("ledger.measured_note"),)
    )


def _measured_row(material: Material, group: str, results: list[Result]) -> Row:
    total, estimated = results[0].total, results[0].estimated
    named = [material.name(result.requirement.name) for result in results]
    left = len(named) - _NAMED_UP_TO
    if left > 0:
        named[_NAMED_UP_TO:] = [material.say("ledger.others", count=left)]
    name, asked = Cell(material.name(groups()[group].names)), Cell("", ", ".join(named))
    if hidden(np.array([estimated]), np.array([total]), material.public)[0]:
        words = Cell(material.say("hidden.short"), muted=True)
        return Row((name, words, words, words, asked))
    share = Cell(percent(results[0].estimated_share))
    return Row((name, Cell(people(total)), Cell(people(estimated)), share, asked))


def _row(material: Material, source: Source) -> Row:
    role = text(f"role.{source.role}", material.language) if source.role else "–"
    counts = (source.features_declared, source.features_read, source.features_kept)
    raster = source.is_raster
    features = "–" if raster else " / ".join(f"{count:,}" for count in counts)
    layer = source.layer if source.layer != source.file else ""
    return Row(
        (
            Cell(role),
            Cell(" · ".join(filter(None, (source.file, layer))), _rights(source)),
            Cell(source.crs or material.say("ledger.no_crs"), _read_as(material, source)),
            Cell(features),
            Cell(source.read_at[:16].replace("T", " ")),
            Cell(source.sha256[:12], muted=True),
        )
    )
