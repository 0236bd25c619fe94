"""The data catalogue in the window."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gui.dialogs.data_catalogue import CatalogueView
from layers.project import read_project
from twin.language import set_language, text


def cells(view: CatalogueView) -> list[list[str]]:
    table = view.table
    return [
        [table.item(row, place).text() for place in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def opened(window, qtbot) -> CatalogueView:
    window.actions_.by_name["catalogue"].trigger()
    [view] = window.findChildren(CatalogueView)
    qtbot.waitUntil(view.save_button.isEnabled)
    return view


def test_it_says_what_the_data_is_fit_for_and_where_it_is_from(window, qtbot):
    view = opened(window, qtbot)
    said = {row[0]: row[1:] for row in cells(view)}
    assert said["Walks in metres"][0] == "ready"
    view.show_page("layers")
    homes = [row for row in cells(view) if row[0] == "Buildings"]
    assert homes[0][1] == f"{len(window.document.district.buildings):,}"
    view.show_page("sources")
    assert len(cells(view)) == len(window.document.project.sources)
    view.close()


def test_it_is_saved_as_json_and_csv(window, qtbot, tmp_path):
    view = opened(window, qtbot)
    for name in ("catalogue.json", "catalogue.csv"):
        view.save(tmp_path / name)
        qtbot.waitUntil(lambda name=name: text("data.saved", file=name) == view._note.text())
    told = json.loads((tmp_path / "catalogue.json").read_text(encoding="utf-8"))
    assert told["kind"] == "data_catalogue"
    assert (tmp_path / "catalogue.csv").read_text(encoding="utf-8-sig").startswith("role,file")
    view.close()


def write(view: CatalogueView, head: str, words: str) -> None:
    """Write into the first row of a column as a hand does."""
    heads = [view.table.horizontalHeaderItem(n).text() for n in range(view.table.columnCount())]
    view.table.setCurrentCell(0, heads.index(text(f"data.{head}")))
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_F2)
    [editor] = [one for one in view.table.findChildren(QLineEdit) if one.isVisible()]
    editor.selectAll()
    QTest.keyClicks(editor, words)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(50)  # what was written is taken once the key is done with


def test_owner_and_licence_are_written_and_saved_with_the_project(window, qtbot, tmp_path):
    view = opened(window, qtbot)
    view.show_page("sources")
    assert not window.document.dirty
    write(view, "owner", "Planning office")
    write(view, "licence", "internal")
    assert window.document.dirty
    assert window.isWindowModified()
    first = window.document.sources[0]
    assert (first.owner, first.licence) == ("Planning office", "internal")
    path = tmp_path / "owned.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: path.exists() and not window.document.dirty, timeout=60_000)
    kept = read_project(path).sources[0]
    assert (kept.owner, kept.licence) == ("Planning office", "internal")
    write(view, "owner", " ")
    assert window.document.sources[0].owner == ""
    assert cells(view)[0][6] == text("data.unsaid")
    window.filing.give_up()
    view.close()


def test_what_was_found_cannot_be_written_over(window, qtbot):
    view = opened(window, qtbot)
    view.show_page("sources")
    view.table.setCurrentCell(0, 1)
    QTest.keyClick(view.table, Qt.Key.Key_F2)
    assert view.table.findChild(QLineEdit) is None
    view.close()


def test_it_speaks_chinese(window, qtbot):
    set_language("zh_CN")
    view = opened(window, qtbot)
    assert view.windowTitle() == "数据目录"
    assert ["步行距离", "可用", ""] in cells(view)
    view.close()
