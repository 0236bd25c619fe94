"""The data catalogue beside the work: sources, what layers hold, what they are fit for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.background import Jobs
from gui.dialogs.file_dialog import ask_where, file_name
from gui.panels.parts import Segments, TextButton, column, row, set_tone, tip
from twin.language import text

if TYPE_CHECKING:
    from layers.problems import Problem
    from layers.project_file import Source
    from twin.model.district import District
    from twin.projects.data_catalogue import DataCatalogue

_PAGES = {"readiness": "data.readiness", "layers": "data.layers", "sources": "data.sources"}
_HEADS = {
    "readiness": ("analysis", "state", "why"),
    "layers": ("layer", "features", "column", "filled", "estimated", ""),
    "sources": (
        "layer", "file", "counts", "found", "used", "encoding", "owner", "licence", "read_at",
        "digest", "problems",
    ),
}  # fmt: skip
_WRITTEN = ("owner", "licence")
"""What a person may write; all else is what was found."""
_NUMBERS = ("features", "counts", "filled", "estimated", "problems")
_WIDEST = 360


class CatalogueView(QDialog):
    """A window that stays beside the work; its cells can be copied, and all of it saved.

    Owner and licence can be written into the table of sources (double click, F2 or just typing).

    Parameters
    ----------
    named
        Takes the sources as they are once a person said whose one of them is, or on which terms.
    """

    def __init__(
        self,
        parent: QWidget,
        jobs: Jobs,
        district: District,
        sources: Sequence[Source],
        problems: Sequence[Problem],
        named: Callable[[tuple[Source, ...]], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("data.title"))
        self.resize(960, 600)
        self._jobs, self._page, self._named = jobs, "readiness", named
        self._catalogue: DataCatalogue | None = None
        layout = column(self, margin=16, gap=16)
        self.pages = Segments(_PAGES, self.show_page)
        self.pages.choose(self._page)
        layout.addWidget(self.pages)
        self.table = _make_table()
        self.table.itemChanged.connect(self._on_written)
        layout.addWidget(self.table, 1)
        self._note = QLabel(text("data.gathering"))
        set_tone(self._note, "soft")
        last = row(gap=8)
        last.addWidget(self._note, 1)
        self.save_button = TextButton("data.save", self._ask_where)
        self.save_button.setEnabled(False)
        last.addWidget(self.save_button)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self.table.setFocus()
        sources, problems = tuple(sources), tuple(problems)

        def work(_progress: object) -> DataCatalogue:
            from twin.projects.data_catalogue import data_catalogue

            return data_catalogue(district, sources, problems)

        self._jobs.start("catalogue", work, self._take, self._fail)
        self.destroyed.connect(lambda: jobs.cancel("catalogue"))

    def show_page(self, name: str) -> None:
        """Show the sources, what the layers hold, or what they are fit for."""
        self._page = name
        self.pages.choose(name)
        self.table.setAccessibleName(text(_PAGES[name]))
        heads = _HEADS[name]
        rows = [] if self._catalogue is None else _ROWS[name](self._catalogue)
        self.table.blockSignals(True)
        self.table.clear()
        self.table.setColumnCount(len(heads))
        self.table.setRowCount(len(rows))
        for place, head in enumerate(heads):
            self.table.setHorizontalHeaderItem(
                place, _item(text(f"data.{head}") if head else "", head)
            )
        for number, cells in enumerate(rows):
            for place, words in enumerate(cells):
                self.table.setItem(number, place, _item(words, heads[place]))
        self.table.blockSignals(False)
        self.table.resizeColumnsToContents()
        for place in range(len(heads)):
            self.table.setColumnWidth(place, min(self.table.columnWidth(place) + 16, _WIDEST))
        stretches = name != "sources"
        if stretches:
            self.table.setColumnWidth(len(heads) - 1, 1)  # it takes what is left
        self.table.horizontalHeader().setStretchLastSection(stretches)
        self.table.resizeRowsToContents()

    def _on_written(self, item: QTableWidgetItem) -> None:
        """Keep whose a source is, or on which terms, as it was written into the table."""
        head = _HEADS[self._page][item.column()]
        if self._catalogue is None or self._page != "sources" or head not in _WRITTEN:
            return
        words = item.text().strip()
        said = "" if words == text("data.unsaid") else words
        entries = list(self._catalogue.sources)
        entry = entries[item.row()]
        source = entry.source
        made = replace(source, owner=said) if head == "owner" else replace(source, licence=said)
        if made == source:
            return
        entries[item.row()] = replace(entry, source=made)
        self._catalogue = replace(self._catalogue, sources=tuple(entries))
        self.table.blockSignals(True)
        item.setText(said or text("data.unsaid"))
        item.setToolTip(tip(item.text()))
        self.table.blockSignals(False)
        self._named(tuple(one.source for one in entries))

    def save(self, path: Path) -> None:
        """Write the catalogue as CSV or, by its suffix, as JSON."""
        from layers.files.saving import replacing
        from twin.cli.access import write_table
        from twin.projects.data_catalogue import catalogue_table, catalogue_values

        catalogue = self._catalogue
        if catalogue is None:
            return

        def work(_progress: object) -> Path:
            if path.suffix.lower() == ".json":
                words = json.dumps(catalogue_values(catalogue), ensure_ascii=False, indent=2)
                with replacing(path) as draft:
                    draft.write_text(words + "\n", encoding="utf-8")
            else:
                write_table(path, catalogue_table(catalogue))
            return path

        self._jobs.start("catalogue", work, self._saved, self._fail)

    def _ask_where(self) -> None:
        proposed = Path.home() / f"{file_name(self.windowTitle())}.csv"
        path, _ = ask_where(self, text("data.save"), proposed, "CSV (*.csv);;JSON (*.json)")
        if path is not None:
            self.save(path)

    def _take(self, catalogue: DataCatalogue) -> None:
        self._catalogue = catalogue
        self.save_button.setEnabled(True)
        self._note.setText(text("data.coordinates", crs=catalogue.crs))
        self.show_page(self._page)

    def _saved(self, path: Path) -> None:
        self._note.setText(text("data.saved", file=path.name))

    def _fail(self, error: BaseException) -> None:
        from gui.errors import in_words

        self._note.setText(in_words(error)[0])


def _make_table() -> QTableWidget:
    table = QTableWidget()
    trigger = QAbstractItemView.EditTrigger
    table.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(32)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return table


def _item(words: str, head: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setToolTip(tip(text("data.write", words=words) if head in _WRITTEN else words))
    if head not in _WRITTEN:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    side = Qt.AlignmentFlag.AlignRight if head in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item


def _readiness(catalogue: DataCatalogue) -> list[list[str]]:
    from twin.telling.data_words import reasons_words, state_name

    return [
        [
            text(f"data.analysis_{one.analysis}"),
            state_name(one.state),
            reasons_words(one.reasons),
        ]
        for one in catalogue.readiness
    ]


def _layers(catalogue: DataCatalogue) -> list[list[str]]:
    from twin.figures import percent
    from twin.telling.data_words import column_name, role_name

    rows = []
    for layer in catalogue.layers:
        first = [role_name(layer.role), f"{layer.features:,}"]
        cells = [
            [
                column_name(one.column),
                percent(one.filled),
                percent(one.estimated) if one.estimated else "",
                "",
            ]
            for one in layer.columns
        ] or [["", "", "", ""]]
        rows += [[*(["", ""] if number else first), *rest] for number, rest in enumerate(cells)]
    return rows


def _sources(catalogue: DataCatalogue) -> list[list[str]]:
    from twin.telling.data_words import role_name, source_name

    rows = []
    for entry in catalogue.sources:
        one = entry.source
        counts = (one.features_declared, one.features_read, one.features_kept)
        rows.append(
            [
                role_name(one.role) if one.role else text("cli.import.no_role"),
                source_name(one),
                " / ".join(f"{count:,}" for count in counts) if any(counts) else "–",
                one.crs or text("data.none_stated"),
                one.crs_used,
                one.encoding,
                one.owner or text("data.unsaid"),
                one.licence or text("data.unsaid"),
                one.read_at[:16].replace("T", " "),
                one.sha256[:12],
                str(len(entry.problems)),
            ]
        )
    return rows


_ROWS = {"readiness": _readiness, "layers": _layers, "sources": _sources}
