"""The data catalogue in the window."""

from __future__ import annotations

import json

from gui.dialogs.data_catalogue import CatalogueView
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


def test_it_speaks_chinese(window, qtbot):
    set_language("zh_CN")
    view = opened(window, qtbot)
    assert view.windowTitle() == "数据目录"
    assert ["步行距离", "可用", ""] in cells(view)
    view.close()
