"""Files are dropped, looked at, corrected in place and imported; no file takes the window down."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point, box

from gui.dialogs.choices import wants_a_look
from gui.dialogs.import_preview import ImportPreview
from gui.dialogs.words_card import WordsCard
from layers.understanding.decisions import read_decisions
from tests.gui.conftest import PATIENCE_MS, choose, click, wait_for_figures
from twin.language import text
from twin.model.edits import ChangeBuilding

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_500_000.0


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Layers of an office: houses in GBK whose storeys stand in column A, a street, a place."""
    folder = tmp_path / "幸福里"
    folder.mkdir()
    houses = [box(X + 40 * n, Y + 20, X + 40 * n + 12, Y + 32) for n in range(6)]
    columns = {"楼名": [f"{n}号楼" for n in range(6)], "A": [6] * 6, "常住人口": [30] * 6}
    gpd.GeoDataFrame(columns, geometry=houses, crs=CRS).to_file(
        folder / "图层1.shp", encoding="GB18030"
    )
    (folder / "图层1.cpg").unlink()
    line = LineString([(X - 50, Y), (X + 300, Y)])
    gpd.GeoDataFrame({"name": ["正街"]}, geometry=[line], crs=CRS).to_file(folder / "道路.gpkg")
    places = gpd.GeoDataFrame({"类型": ["食堂"]}, geometry=[Point(X + 100, Y + 8)], crs=CRS)
    places.to_file(folder / "设施.geojson", driver="GeoJSON")
    return folder


def drop(window, *paths: Path) -> ImportPreview:
    """Drop files on the view as a hand does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    enters = QDragEnterEvent(QPoint(600, 400), *held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.stage.childAt(600, 400), enters)
    assert enters.isAccepted()  # else the system shows a hand that cannot let go here
    dropped = QDropEvent(QPointF(600, 400), *held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.stage, dropped)
    shown = window.filing.preview
    assert shown is not None
    return shown


def wait_for_look(qtbot, window, shown: ImportPreview) -> None:
    def there() -> bool:
        return shown.found is not None and not window.jobs.busy("survey")

    qtbot.waitUntil(there, timeout=PATIENCE_MS)


def turn_to(shown: ImportPreview, word: str) -> None:
    """Go to a line of the list."""
    lines = [n for n in range(shown.list.count()) if word in shown.list.item(n).text()]
    shown.list.setCurrentRow(lines[0])


def cell(shown: ImportPreview, name: str) -> str:
    names = [
        shown.page.table.horizontalHeaderItem(n).text()
        for n in range(shown.page.table.columnCount())
    ]
    return shown.page.table.item(0, names.index(name)).text()


def test_dropped_files_are_corrected_and_imported(qtbot, window, office, tmp_path):
    standing = window.document
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    lines = [shown.list.item(n).text() for n in range(shown.list.count())]
    assert [line.splitlines()[0] for line in lines] == [
        "图层1.shp",
        "设施.geojson",
        "道路.gpkg",
        text("intake.district"),
    ]
    assert text("role.services") in lines[1]
    # What nothing tells is told by hand: the layer is buildings, its column A the storeys.
    turn_to(shown, "图层1")
    assert shown.page.role.currentData() in ("", "buildings")
    choose(shown.page.role, "green")
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "图层1")
    choose(shown.page.role, "buildings")
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "图层1")
    assert cell(shown, "楼名") == "0号楼"
    assert "GB18030" in shown.page.encoding.currentText()
    choose(shown.page.combos["storeys"], "A")
    # A nursery was looked for and there is none.
    turn_to(shown, text("intake.district"))
    nursery = next(
        shown.district.surveyed.item(n)
        for n in range(shown.district.surveyed.count())
        if shown.district.surveyed.item(n).data(Qt.ItemDataRole.UserRole) == "nursery"
    )
    shown.district.surveyed.setCurrentItem(nursery)
    shown.district.surveyed.setFocus()
    QTest.keyClick(shown.district.surveyed, Qt.Key.Key_Space)
    shown.district.name.setFocus()
    shown.district.name.selectAll()
    QTest.keyClicks(shown.district.name, "Demo")
    # What was decided serves the next district of the office.
    mapping = tmp_path / "office.toml"
    shown.write_map(mapping)
    qtbot.waitUntil(mapping.exists, timeout=PATIENCE_MS)
    kept = read_decisions(mapping)
    assert kept.of_names("图层1").columns["storeys"] == "A"
    assert kept.surveyed == ("nursery",)
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    district = window.document.session.district
    assert district.name == "Demo"
    assert list(district.buildings["storeys"]) == [6.0] * 6
    assert district.buildings["residents"].sum() == 180
    assert district.surveyed == {"canteen", "nursery"}
    assert window.filing.preview is None


def test_what_cannot_be_used_stands_on_top_and_is_said_after_the_import(qtbot, window, office):
    (office / "总图.dwg").write_bytes(b"AC1032" + bytes(200))
    there = gpd.GeoDataFrame({"类型": ["药店"]}, geometry=[Point(X + 90, Y + 8)], crs=CRS)
    there.set_crs("EPSG:4549", allow_override=True).to_file(office / "药店.shp", encoding="UTF-8")
    houses = gpd.read_file(office / "图层1.shp", encoding="GB18030").drop(columns="A")
    houses.to_file(office / "建筑.shp", encoding="UTF-8")
    for part in office.glob("图层1.*"):
        part.unlink()
    standing = window.document
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    lines = [shown.list.item(n).text() for n in range(shown.list.count())]
    assert lines[0].splitlines() == ["总图.dwg", text("intake.refused_line")]
    turn_to(shown, "总图.dwg")
    assert "总图.dwg" in shown.refused.text()
    # Its numbers are those of the zone of the others, and the page says so.
    turn_to(shown, "药店")
    assert shown.page.crs.currentText() == text(
        "intake.crs_set_aside", crs="EPSG:4549", used="EPSG:4547"
    )
    by_name = {view.source: view for view in shown.found.layers}
    assert wants_a_look(by_name["药店.shp"])
    assert wants_a_look(by_name["建筑.shp"])  # nothing tells its storeys
    assert not wants_a_look(by_name["道路.gpkg"])
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    said = [message.words for message in window.stage.messages.shown]
    assert any("总图.dwg" in words for words in said)
    wait_for_figures(qtbot, window)


def test_a_mapping_file_and_another_encoding_show_at_once(qtbot, window, office, tmp_path):
    mapping = tmp_path / "office.toml"
    mapping.write_text(
        'schema = 1\n[[layers]]\nlayer = "图层*"\nrole = "buildings"\ncolumns.storeys = "A"\n',
        encoding="utf-8",
    )
    shown = drop(window, office / "图层1.shp")
    wait_for_look(qtbot, window, shown)
    before = shown.found
    shown.use_map(mapping)
    qtbot.waitUntil(lambda: shown.found is not before, timeout=PATIENCE_MS)
    assert shown.page.combos["storeys"].currentData() == "A"
    assert cell(shown, "A") == "6"
    choose(shown.page.encoding, "Big5")
    wait_for_look(qtbot, window, shown)
    names = shown.found.layers[0].names
    assert "楼名" not in names  # garbled, for everyone to see
    choose(shown.page.encoding, "")
    wait_for_look(qtbot, window, shown)
    assert "楼名" in shown.found.layers[0].names
    shown.use_map(tmp_path / "gone.toml")
    qtbot.waitUntil(shown._error.isVisible, timeout=PATIENCE_MS)
    assert "gone.toml" in shown._error.text()
    shown.close()


def test_a_register_is_listed_with_what_it_is_joined_to_and_in_which_text(qtbot, window, office):
    lines = ["楼名,户数", *(f"{n}号楼,{20 + n}" for n in range(6))]
    (office / "户籍.csv").write_text("\n".join(lines), encoding="gb18030")
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "户籍.csv")
    page = shown.table
    assert page.isVisible()
    facts = page._facts.text()
    assert all(word in facts for word in ("图层1.shp", "楼名", "6 of 6"))
    assert [page.table.item(0, n).text() for n in (0, 1)] == ["0号楼", "20"]
    choose(page.encoding, "Shift_JIS")
    wait_for_look(qtbot, window, shown)
    assert page.table.item(0, 0).text() != "0号楼"  # garbled, for everyone to see
    assert text("intake.table_line_alone") in shown.list.currentItem().text()
    assert shown.choices.to_keep(shown.found).encoding_of(office / "户籍.csv") == "Shift_JIS"
    choose(page.encoding, "")
    wait_for_look(qtbot, window, shown)
    assert text("intake.table_line") in shown.list.currentItem().text()
    shown.close()


def test_escape_gives_up_and_the_work_stays(qtbot, window, office):
    standing = window.document
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    click(shown.go)
    gone = QSignalSpy(shown.destroyed)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.jobs.slots and gone.count() > 0, timeout=PATIENCE_MS)
    assert window.document is standing
    assert window.filing.preview is None


def test_a_file_that_kills_the_reader_is_one_message(qtbot, window, office, monkeypatch):
    standing = window.document
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    os.kill(window.filing.reader.process_id, signal.SIGSTOP)  # it would never answer
    click(shown.go)
    QApplication.processEvents()
    os.kill(window.filing.reader.process_id, signal.SIGKILL)
    qtbot.waitUntil(shown._error.isVisible, timeout=PATIENCE_MS)
    assert text("problem.reader_ended", source="幸福里") == shown._error.text()
    assert window.document is standing
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)


def test_what_cannot_be_read_is_a_message_with_a_way_out_and_no_dialog(qtbot, window, tmp_path):
    standing = window.document
    (tmp_path / "half.geojson").write_text('{"type": "FeatureCollection", "features": [')
    (tmp_path / "empty.geojson").write_bytes(b"")
    (tmp_path / "note.txt").write_text("buy milk")
    (tmp_path / "broken.gpkg").write_bytes(b"SQLite format 3\0" + bytes(200))
    (tmp_path / "hollow").mkdir()
    for names in (
        ["hollow"],
        ["note.txt"],
        ["empty.geojson"],
        ["gone.shp"],
        ["broken.gpkg", "note.txt", "half.geojson"],
    ):
        window.stage.messages.drop_errors()
        shown = drop(window, *(tmp_path / name for name in names))
        assert not shown.isVisible()
        gone = QSignalSpy(shown.destroyed)
        qtbot.waitUntil(lambda: bool(window.stage.messages.shown), timeout=PATIENCE_MS)
        said = window.stage.messages.shown[-1]
        assert said.kind == "error"
        assert all(name in said.words for name in names)
        assert said.buttons[0].text() == text("action.import")
        qtbot.waitUntil(lambda gone=gone: gone.count() > 0, timeout=PATIENCE_MS)
        assert window.filing.preview is None
    assert window.document is standing


def renew_buildings(qtbot, window, office, newer):
    """Two of six houses are gone and one has more people; one of those gone was edited."""
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "图层1")
    choose(shown.page.role, "buildings")
    wait_for_look(qtbot, window, shown)
    standing = window.document
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    window.document.do("history.building", ChangeBuilding(6, {"storeys": 9.0}))
    window.document.do("history.building", ChangeBuilding(2, {"storeys": 8.0}))
    made = gpd.GeoDataFrame(
        {"层数": [6] * 4, "常住人口": [30, 45, 30, 30]},
        geometry=[box(X + 40 * n, Y + 20, X + 40 * n + 12, Y + 32) for n in range(4)],
        crs=CRS,
    )
    made.to_file(newer)
    standing = window.document
    window.filing.update_layers([newer])
    shown = window.filing.preview
    wait_for_look(qtbot, window, shown)
    assert shown.choices.is_surveyed("canteen", shown.found)  # as the project has it
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)


def test_newer_layers_take_the_place_of_older_ones(qtbot, window, office, tmp_path):
    renew_buildings(qtbot, window, office, tmp_path / "建筑2026.gpkg")
    document = window.document
    assert "canteen" in document.session.district.surveyed
    buildings = document.session.district.buildings
    assert sorted(buildings.ids) == [1, 2, 3, 4]
    assert buildings["storeys"][buildings.row_of(2)] == 8.0  # the edit found its house again
    assert buildings["residents"].sum() == 135
    assert len(document.session.district.streets) == 1
    assert document.dirty
    keys = {problem.key for problem in document.problems}
    assert keys >= {"update_removed", "update_changed", "edit_target_missing"}
    assert "1 edit lost" in window.stage.messages.shown[-1].words


def test_newer_layers_outlive_a_crash_though_their_file_is_gone(
    qtbot, window, open_window, home, office, tmp_path
):
    newer = tmp_path / "建筑2026.gpkg"
    renew_buildings(qtbot, window, office, newer)
    journals = home / "state" / "journal"
    [sitting] = journals.glob("*.lock")
    written = sitting.with_suffix(".json")

    def held():
        return written.exists() and str(newer) in json.loads(written.read_text("utf-8"))["held"]

    qtbot.waitUntil(held, timeout=PATIENCE_MS)
    # A crash: the lock's owner is gone, the files stay.
    for suffix in (".json", ".twin.gpkg"):
        (journals / f"sitting-77{suffix}").write_bytes(sitting.with_suffix(suffix).read_bytes())
    newer.unlink()
    again = open_window()
    wait_for_figures(qtbot, again)
    started = again.document
    click(again.stage.messages.shown[0].buttons[0])
    qtbot.waitUntil(lambda: again.document is not started, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, again)
    document = again.document
    buildings = document.session.district.buildings
    assert sorted(buildings.ids) == [1, 2, 3, 4]
    assert buildings["residents"].sum() == 135
    assert buildings["storeys"][buildings.row_of(2)] == 8.0
    assert document.project.path is None
    assert document.dirty
    assert not list(journals.glob("sitting-77.*"))
    assert not any(newer.name in message.words for message in again.stage.messages.shown)
    # A second crash would lose nothing either.
    qtbot.waitUntil(lambda: len(list(journals.glob("*.twin.gpkg"))) == 2, timeout=PATIENCE_MS)


def test_words_are_given_a_meaning_which_the_mapping_file_keeps(qtbot, window, office, tmp_path):
    places = gpd.GeoDataFrame(
        {"类型": ["食堂", "长者厨房", "长者厨房", "候车亭子"]},
        geometry=[Point(X + 100 + n, Y + 8) for n in range(4)],
        crs=CRS,
    )
    places.to_file(office / "设施.geojson", driver="GeoJSON")
    shown = drop(window, office / "设施.geojson", office / "道路.gpkg", office / "图层1.shp")
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "设施")
    button = shown.page.words["types"]
    assert "2" in button.text()  # two of three words are not understood
    click(button)
    [card] = shown.page.findChildren(WordsCard)
    assert list(card.combos) == ["长者厨房", "食堂", "候车亭子"]  # the most frequent first
    choose(card.combos["长者厨房"], "canteen")
    choose(card.combos["候车亭子"], "")
    click(card.keep)
    wait_for_look(qtbot, window, shown)
    turn_to(shown, "设施")
    meant = {word.word: word.meaning for word in shown.found.layers[0].words["types"]}
    assert meant == {"长者厨房": "canteen", "食堂": "canteen", "候车亭子": ""}
    shown.write_map(tmp_path / "kept.toml")
    qtbot.waitUntil((tmp_path / "kept.toml").exists, timeout=PATIENCE_MS)
    kept = read_decisions(tmp_path / "kept.toml").of_names("设施").values
    assert kept == {"types": {"长者厨房": "canteen", "候车亭子": ""}}
    standing = window.document
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    types = window.document.session.district.services["types"]
    assert list(types) == ["canteen"] * 3
    window.filing.give_up()


def test_grids_and_pictures_are_listed_and_can_be_something_else(qtbot, window, office):
    grid = np.full((40, 40), 3, dtype=np.float32)
    grid[10:30, 10:30] = 40.0
    placed = from_origin(X - 100, Y + 300, 10.0, 10.0)
    profile = {"driver": "GTiff", "width": 40, "height": 40, "crs": CRS, "transform": placed}
    for name, count, kind in (("dem.tif", 1, "float32"), ("ortho.tif", 3, "uint8")):
        with rasterio.open(office / name, "w", count=count, dtype=kind, **profile) as file:
            file.write(np.stack([grid.astype(kind)] * count))
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    roles = {one.source: one.role for one in shown.found.rasters}
    assert roles == {"dem.tif": "terrain", "ortho.tif": "underlay"}
    turn_to(shown, "dem.tif")
    assert shown.raster.isVisible()
    choose(shown.raster.role, "residents")
    wait_for_look(qtbot, window, shown)
    assert {one.source: one.role for one in shown.found.rasters}["dem.tif"] == "residents"
    turn_to(shown, "ortho.tif")
    choose(shown.raster.role, "ignore")
    wait_for_look(qtbot, window, shown)
    standing = window.document
    click(shown.go)
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    wait_for_figures(qtbot, window)
    district = window.document.session.district
    assert district.terrain is None
    assert district.underlay is None
    window.filing.give_up()


def remove_a_service(window) -> None:
    """Leave work unsaved, as a click on a service and Delete do."""
    service = int(window.document.session.district.services.ids[0])
    window.state.set(selected=("services", service))
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert window.document.dirty


def test_what_cannot_be_read_is_no_reason_to_ask_about_unsaved_work(qtbot, window, tmp_path):
    remove_a_service(window)
    torn = tmp_path / "torn.shp"
    torn.write_bytes(bytes(range(256)) * 8)
    shown = drop(window, torn)
    assert not shown.go.isEnabled()
    before = shown.go.grab().toImage()
    shown.go.setEnabled(True)
    lit = shown.go.grab().toImage()
    assert before.pixelColor(4, 16) != lit.pixelColor(4, 16)  # it looks it, too
    qtbot.waitUntil(lambda: not window.jobs.busy("survey"), timeout=PATIENCE_MS)
    assert window.filing.question is None
    project = tmp_path / "torn.twin.gpkg"
    project.write_text("no project")
    window.filing.open_paths([project])
    qtbot.waitUntil(lambda: bool(window.stage.messages.shown), timeout=PATIENCE_MS)
    assert window.filing.question is None
    assert window.document.dirty


def test_unsaved_work_is_asked_about_when_layers_would_take_its_place(qtbot, window, office):
    remove_a_service(window)
    standing = window.document
    shown = drop(window, office)
    wait_for_look(qtbot, window, shown)
    assert window.filing.question is None
    click(shown.go)
    qtbot.waitUntil(lambda: window.filing.question is not None, timeout=PATIENCE_MS)
    click(window.filing.question.escapeButton())  # stay: what was chosen in the preview stays, too
    qtbot.waitUntil(lambda: window.filing.question is None)
    assert window.document is standing
    assert shown.isVisible()
    assert shown.go.isEnabled()
    click(shown.go)
    qtbot.waitUntil(lambda: window.filing.question is not None, timeout=PATIENCE_MS)
    discard = text("unsaved.discard")
    click(next(b for b in window.filing.question.buttons() if b.text() == discard))
    qtbot.waitUntil(lambda: window.document is not standing, timeout=PATIENCE_MS)
    assert window.filing.preview is None
    assert not window.document.dirty
    wait_for_figures(qtbot, window)
    window.filing.give_up()
