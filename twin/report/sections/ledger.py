"""Where the data came from: the ledger of layers."""

from __future__ import annotations

from layers.project_file import Source
from twin.language import text
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.material import Material


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
    return Section(material.say("section.ledger"), tuple(blocks))


def _intro(material: Material) -> str:
    crs = material.district.crs
    code = ":".join(crs.to_authority() or ())
    return material.say("ledger.intro", crs=f"{crs.name} ({code})" if code else crs.name)


def _row(material: Material, source: Source) -> Row:
    role = text(f"role.{source.role}", material.language) if source.role else "–"
    counts = (source.features_declared, source.features_read, source.features_kept)
    raster = source.role == "terrain"
    features = "–" if raster else " / ".join(f"{count:,}" for count in counts)
    layer = source.layer if source.layer != source.file else ""
    return Row(
        (
            Cell(role),
            Cell(" · ".join(filter(None, (source.file, layer))), source.note),
            Cell(source.crs or material.say("ledger.no_crs")),
            Cell(features),
            Cell(source.read_at[:16].replace("T", " ")),
            Cell(source.sha256[:12], muted=True),
        )
    )
