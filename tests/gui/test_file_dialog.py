"""Qt's own dialog for files speaks the language in use, and proposes names that tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QTreeView,
    QWidget,
)

from gui.dialogs.file_dialog import file_name
from twin.language import text
from twin.model.edits import RemoveService


def see(action, look):
    """Trigger an action that asks for a file; return what `look` sees of the dialog."""
    seen = []

    def when_there() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        seen.append(look(dialog))
        dialog.reject()

    QTimer.singleShot(200, when_there)
    action()
    return seen[0]


def words_of(dialog: QFileDialog) -> list[str]:
    said = [w.text() for w in dialog.findChildren(QLabel) if w.isVisible()]
    said += [b.text() for b in dialog.findChildren(QAbstractButton) if b.isVisible()]
    said += [w.toolTip() for w in dialog.findChildren(QWidget) if w.isVisible()]
    tree = dialog.findChild(QTreeView, "treeView")
    model, root = tree.model(), tree.rootIndex()
    columns = [c for c in range(model.columnCount(root)) if not tree.isColumnHidden(c)]
    said += [str(model.headerData(c, tree.header().orientation())) for c in columns]
    rows = range(model.rowCount(root))
    said += [str(model.index(row, c, root).data() or "") for row in rows for c in columns if c == 2]
    return [one for one in said if one]


@pytest.mark.parametrize("name", ["open", "import", "import_folder", "save_as", "report"])
def test_every_word_of_the_dialog_is_chinese_in_a_chinese_window(
    name, window, monkeypatch, tmp_path
):
    (tmp_path / "a folder").mkdir()
    monkeypatch.setattr(window.filing.recent, "last_folder", lambda: str(tmp_path))
    window.appearance.set_language("zh_CN")
    words = see(window.actions_.by_name[name].trigger, words_of)
    assert len(words) > 10
    for one in words:
        assert re.search("[\u4e00-\u9fff]", one), one
    window.appearance.set_language("en")
    words = see(window.actions_.by_name[name].trigger, words_of)
    assert not re.search("[\u4e00-\u9fff]", "".join(words))


@pytest.mark.parametrize(("action", "suffix"), [("report", ".pdf"), ("picture", ".png")])
def test_what_is_written_of_a_scenario_is_named_by_project_and_scenario(action, suffix, window):
    def proposed(dialog: QFileDialog) -> str:
        return dialog.findChild(QLineEdit, "fileNameEdit").text()

    ask = window.actions_.by_name[action].trigger
    name = window.document.project.name
    assert see(ask, proposed) == f"{name} - {text('scenario.base')}{suffix}"
    service = int(window.document.session.district.services.ids[0])
    window.document.do("history.remove", RemoveService(service))
    scenario = window.document.session.scenario
    assert see(ask, proposed) == f"{name} - {scenario}{suffix}"


def test_a_name_of_a_file_has_nothing_that_a_system_refuses():
    assert file_name("North/South: 2026?", "Plan 1") == "North South  2026 - Plan 1"
    assert file_name("Project", "") == "Project"


def test_nothing_is_written_where_the_dialog_is_left(window, tmp_path, monkeypatch):
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.setattr(window.filing.recent, "last_folder", lambda: str(folder))
    see(window.actions_.by_name["save_as"].trigger, lambda _dialog: None)
    assert list(folder.iterdir()) == []


def test_a_file_that_is_chosen_is_taken(window, tmp_path, monkeypatch, qtbot):
    path = tmp_path / "north.twin.gpkg"
    monkeypatch.setattr(window.filing.recent, "last_folder", lambda: str(tmp_path))

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        dialog.findChild(QLineEdit, "fileNameEdit").setText("north")
        dialog.accept()

    QTimer.singleShot(200, choose)
    window.actions_.by_name["save_as"].trigger()
    qtbot.waitUntil(lambda: path.exists() and window.document.project.path == path, timeout=20_000)


PROMISED = {
    "GeoPackage": ("a.gpkg",),
    "GeoJSON": ("a.geojson", "b.json", "c.geojsonl", "d.ndjson"),
    "Shapefile": ("a.shp",),
    "FlatGeobuf": ("a.fgb",),
    "GeoParquet": ("a.parquet",),
    "KML/KMZ": ("a.kml", "b.kmz"),
    "GML": ("a.gml",),
    "FileGDB": ("a.gdb",),
    "MapInfo TAB/MIF": ("b.tab", "b.mif"),
    "DXF": ("a.dxf", "B.DXF"),
    "OpenStreetMap": ("a.osm", "a.osm.pbf", "b.pbf", "a.osm.bz2"),
    "CSV": ("a.csv",),
    "XLSX": ("a.xlsx",),
    "CityJSON": ("a.city.json", "a.city.jsonl"),
    "CityGML": ("c.gml", "c.xml"),
    "GeoTIFF": ("a.tif", "a.tiff"),
    "ASCII": ("a.asc",),
    ".hgt": ("N34E108.hgt",),
    "JPG": ("a.jpg", "a.jpeg"),
    "PNG": ("a.png",),
    "zipped": ("a.zip",),
}
"""Words of the README, and files such as people have of them."""


@pytest.mark.parametrize("action", ["import", "update_layers"])
def test_every_format_that_is_promised_can_be_chosen(action, window, tmp_path, monkeypatch):
    promise = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for name in PROMISED:
        assert name in promise
    names = {name for files in PROMISED.values() for name in files}
    folder = tmp_path / "from the client"
    folder.mkdir()
    for name in (*names, "letter.docx"):
        (folder / name).mkdir() if name.endswith(".gdb") else (folder / name).touch()
    monkeypatch.setattr(window.filing.recent, "last_folder", lambda: str(folder))

    def listed(dialog: QFileDialog) -> tuple[set[str], list[str]]:
        tree = dialog.findChild(QTreeView, "treeView")
        model, root = tree.model(), tree.rootIndex()
        rows = range(model.rowCount(root))
        kinds = dialog.findChild(QComboBox, "fileTypeCombo")
        said = [kinds.itemText(row) for row in range(kinds.count())]
        return {str(model.index(row, 0, root).data()) for row in rows}, said

    shown, kinds = see(window.actions_.by_name[action].trigger, listed)
    assert shown == names
    assert kinds == ["Layers", "All files"]


def test_a_files_size_stands_whole(window, tmp_path, monkeypatch):
    folder = tmp_path / "large"
    folder.mkdir()
    with (folder / "a.tif").open("wb") as file:
        file.truncate(999_000_000)  # takes no room on the disk
    monkeypatch.setattr(window.filing.recent, "last_folder", lambda: str(folder))

    def sizes(dialog: QFileDialog) -> tuple[int, int]:
        tree = dialog.findChild(QTreeView, "treeView")
        words = str(tree.model().index(0, 1, tree.rootIndex()).data())
        return tree.fontMetrics().horizontalAdvance(words), tree.columnWidth(1)

    needed, width = see(window.actions_.by_name["import"].trigger, sizes)
    assert 30 < needed < width - 6
