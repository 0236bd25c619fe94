"""The attribute table: rows that fit, their order, and the link with what is selected."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui import app
from gui.panels.table import TableModel
from gui.table_rows import find_rows, shown_in, why_not
from layers.schema import ROLES
from tests.gui.conftest import choose, click, wait_for_figures
from twin.language import add_catalogue, catalogue, language, set_language, text
from twin.model.tables import Table

Control = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def homes() -> Table:
    add_catalogue(Path(app.__file__).parent / "texts")
    return Table(
        "buildings",
        [11, 12, 13, 14],
        [None] * 4,
        {
            "name": ["银杏楼", "", "Plane Court", "银杏二号"],
            "storeys": [6.0, np.nan, 18.0, 6.0],
            "use": ["residential", "office", "residential", "mixed"],
            "has_lift": [False, True, True, False],
        },
    )


def ids(table, typed="", sort_by="id", descending=False):
    rows = find_rows(table, typed, sort_by, descending, lambda _part: None)
    return table.ids[rows].tolist()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [11, 12, 13, 14]),
        ("银杏", [11, 14]),
        ("plane", [13]),
        ("12", [12]),
        ("storeys > 6", [13]),
        ("storeys>=6", [11, 13, 14]),
        ("storeys = 6, use = mixed", [14]),
        ("has_lift = yes", [12, 13]),
        ("use = office", [12]),
        ("use = Offices", [12]),
        ("nothing > 3", []),
        ("storeys > many", []),
    ],
)
def test_rows_fit_what_was_typed(homes, typed, expected):
    assert ids(homes, typed) == expected


@pytest.mark.parametrize(
    ("typed", "key", "facts"),
    [
        ("foo = 3", "table.no_column", {"name": "foo"}),
        ("plane, storeys >", "table.no_value", {"name": "Storeys"}),
        ("storeys > abc", "table.no_number", {"name": "Storeys", "value": "abc"}),
        ("use > 3", "table.no_order", {"name": "Use"}),
        ("((", "table.no_word", {"typed": "(("}),
    ],
)
def test_what_is_not_understood_is_named(homes, typed, key, facts):
    assert why_not(homes, typed) == text(key, **facts)
    assert why_not(homes, "storeys > 600, nobody") == ""


def test_cells_say_gaps_and_values_in_words(homes):
    kept = language()
    doors = Table("entrances", [1, 2], [None] * 2, {"building_id": [-1, 5]})
    assert [shown_in(doors, "building_id", row) for row in (0, 1)] == ["–", "5"]
    assert ids(doors, sort_by="building_id") == [2, 1]
    set_language("zh")
    roads = Table("roads", [1], [None], {"road_class": ["arterial"]})
    walls = Table("barriers", [1], [None], {"kind": ["wall"]})
    green = Table("green", [1], [None], {"kind": ["courtyard"]})
    guessed = Table("buildings", [1], [None], {"estimated": ["residents,storeys"]})
    said = [
        shown_in(table, name, 0)
        for table, name in (
            (roads, "road_class"),
            (walls, "kind"),
            (green, "kind"),
            (guessed, "estimated"),
        )
    ]
    set_language(kept)
    assert said == ["主干路", "围墙", "庭院", "常住人口, 层数"]


def test_every_value_of_roads_has_words():
    for role in ROLES.values():
        for column in role.columns:
            if column.name == "road_class":
                assert all(f"street.road_class.{one}" in catalogue() for one in column.choices)


def test_what_is_unknown_stands_last_either_way(homes):
    assert ids(homes, sort_by="storeys") == [11, 14, 13, 12]
    assert ids(homes, sort_by="storeys", descending=True) == [13, 11, 14, 12]
    assert ids(homes, sort_by="name")[-1] == 12


def test_a_million_rows_are_asked_for_cell_by_cell():
    count = 1_000_000
    trees = Table(
        "trees", np.arange(count), np.full(count, None), {"height_m": np.arange(count) / 2}
    )
    model = TableModel()
    rows = find_rows(trees, "height_m > 10", "height_m", True, lambda _part: None)
    model.show_rows(trees, rows)
    assert model.rowCount() == count - 21
    assert model.data(model.index(0, 0)) == str(count - 1)
    assert model.data(model.index(0, 1)) == "499,999.5"
    assert model.places_of([count - 1, 5]) == [0]


def open_table(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_J, Control)
    panel = window.tabling.panel
    qtbot.waitUntil(lambda: panel.model.table is not None, timeout=20_000)
    return panel


def test_a_row_selects_its_feature_and_a_feature_its_row(qtbot, window):
    window.state.set(selected=("services", int(window.document.session.district.services.ids[4])))
    panel = open_table(qtbot, window)
    assert panel.role == "services"
    chosen = panel.view.selectionModel().selectedRows()
    assert panel.model.ids([i.row() for i in chosen]) == [window.state.seen.selected[1]]
    index = panel.model.index(2, 0)
    click(panel.view.viewport(), panel.view.visualRect(index).center())
    assert window.state.seen.selected == ("services", panel.model.ids([2])[0])
    second = panel.model.index(3, 0)
    QTest.mouseClick(
        panel.view.viewport(),
        Qt.MouseButton.LeftButton,
        Control,
        panel.view.visualRect(second).center(),
    )
    assert len(window.state.seen.chosen) == 2
    assert window.stage.viewport.isVisible()


def test_the_table_is_filtered_sorted_and_follows_edits(qtbot, window):
    panel = open_table(qtbot, window)
    choose(panel.role_box, "services")
    qtbot.waitUntil(lambda: panel.model.table.role == "services", timeout=20_000)
    services = window.document.session.district.services
    QTest.keyClicks(panel.field, "types = canteen")
    wanted = sum("canteen" in types.split(",") for types in services["types"])  # each of several
    assert wanted
    qtbot.waitUntil(lambda: panel.model.rowCount() == wanted, timeout=20_000)
    first = panel.model.ids([0])[0]
    click(panel.view.viewport(), panel.view.visualRect(panel.model.index(0, 0)).center())
    assert window.state.seen.selected == ("services", first)
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.model.rowCount() == wanted - 1, timeout=20_000)
    panel.field.clear()
    column = [panel.model.name(n) for n in range(panel.model.columnCount())].index("capacity")
    head = panel.view.horizontalHeader()
    panel.view.scrollTo(panel.model.index(0, column))
    for _ in range(2):  # the second click turns the order round
        click(head.viewport(), QPoint(head.sectionViewportPosition(column) + 12, 8))
    assert head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    qtbot.waitUntil(lambda: panel.model.rowCount() == len(services) - 1, timeout=20_000)
    known = [panel.model.data(panel.model.index(row, column)) for row in range(5)]
    numbers = [float(k.replace(",", "")) for k in known if k != "–"]
    assert numbers == sorted(numbers, reverse=True)
    wait_for_figures(qtbot, window)


def test_the_table_is_put_away_by_its_key(qtbot, window):
    panel = open_table(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_J, Control)
    assert not panel.isVisible()


def test_the_table_has_its_room_where_the_dashboard_was_open_before(qtbot, window):
    """And so has the dashboard where the table was: neither opens as a single line."""
    QTest.keyClick(window.stage, Qt.Key.Key_D)
    QTest.keyClick(window.stage, Qt.Key.Key_D)
    panel = open_table(qtbot, window)
    assert panel.height() > 200
    QTest.keyClick(window.stage, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: window.dashboard.drawer.height() > 150)
    assert panel.height() > 150
    assert window.stage.height() > 150


def test_a_filter_that_is_not_understood_is_told_beside_it(qtbot, window):
    panel = open_table(qtbot, window)
    QTest.keyClicks(panel.field, "foo = 3")
    wanted = text("table.no_column", name="foo")
    qtbot.waitUntil(lambda: panel._said.text() == wanted, timeout=20_000)
    assert panel._said.isVisible()
    assert panel.field.accessibleDescription() == wanted
    panel.field.clear()
    QTest.keyClicks(panel.field, "storeys > 600")
    qtbot.waitUntil(lambda: panel._said.text().startswith("0 "), timeout=20_000)
    assert panel.field.accessibleDescription() == ""


def test_the_sort_arrow_lies_on_no_letter(qtbot, window):
    head = open_table(qtbot, window).view.horizontalHeader()
    pictures = []
    for shown in (False, True):
        head.setSortIndicatorShown(shown)
        pictures.append(head.viewport().grab().toImage())
    bare, marked = pictures
    ground = bare.pixel(head.sectionSize(0) // 2, 2)
    places = [(x, y) for x in range(head.sectionSize(0)) for y in range(bare.height())]
    arrow = [at for at in places if bare.pixel(*at) != marked.pixel(*at)]
    assert arrow
    assert all(bare.pixel(*at) == ground for at in arrow)
