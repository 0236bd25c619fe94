"""Find by name, address or a building's number, and fly to what is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint

from gui.background import ASIDE
from gui.finding import Entry, Index, make_index, search
from gui.panels.chooser import Chooser
from gui.panels.menus import MenuWanted
from twin.language import catalogue, text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from gui.background import Progress
    from gui.window import Window
    from twin.model.district import District
    from twin.model.tables import Table

ROLES = ("communities", "streets", "roads", "services", "sites", "buildings")
"""Layers that are searched, those with the fewest names first."""
_NO_STREETS = ("gate", "crossing")
"""Kinds of street whose name is a gate's, or that of the street that they cross."""


class Finder(QObject):
    """Keeps an index of the district's names and answers from the background."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._index: tuple[tuple[object, ...], Index] | None = None
        self.chooser = Chooser(window)
        self.chooser.typed.connect(self._ask)
        self.chooser.chosen.connect(self._go_to)
        self.chooser.menu_asked.connect(self._offer)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"find": self.open}

    def open(self) -> None:
        """Show the search field."""
        if self._window.document is not None:
            self.chooser.show_entries(())
            self.chooser.open_with(text("chooser.find"))

    def _ask(self, typed: str) -> None:
        document = self._window.document
        if document is None:
            return
        district, known = document.session.district, self._index
        key = (text("app.name"), *(district.table(role) for role in ROLES))

        def work(progress: Progress) -> tuple[tuple[object, ...], Index, list[Entry]]:
            if known is not None and all(a is b for a, b in zip(known[0], key, strict=True)):
                index = known[1]
            else:
                index = make_index(names_in(district), progress, ASIDE)
            return key, index, [*numbered(district, typed), *search(index, typed)]

        self.chooser.say_searching()
        self._window.jobs.start("find", work, self._take, self._window.say_error)

    def _take(self, found: tuple[tuple[object, ...], Index, list[Entry]]) -> None:
        self._index = found[0], found[1]
        if self.chooser.isVisible():
            self.chooser.show_entries(found[2])

    def _offer(self, entry: Entry, at: QPoint) -> None:
        """Offer what can be done with what was found; the search ends with what is chosen."""
        assert isinstance(entry.value, tuple)
        cells = (entry.title, entry.detail)
        if entry.value[0] == "roads":  # nothing of these can be in hand
            own = ((text("action.zoom"), partial(self._go_to, entry)),)
            wanted = MenuWanted(at, own=own, cells=cells)
        else:
            wanted = MenuWanted(at, entry.value[0], entry.value, cells=cells)
        self._window.offers.open(wanted)
        menu = self._window.offers.menu
        assert menu is not None
        menu.triggered.connect(self._end)

    def _end(self) -> None:
        if self.chooser.isVisible():  # else what was chosen has the keyboard elsewhere already
            self.chooser.leave()

    def _go_to(self, entry: Entry) -> None:
        assert isinstance(entry.value, tuple)
        role, id_ = entry.value
        document, viewport = self._window.document, self._window.stage.viewport
        # What is driven on is drawn alone: nothing of it can be in hand.
        self._window.state.set(selected=None if role == "roads" else (role, id_), route=None)
        if role not in ("streets", "roads"):
            self._window.hand.zoom()
        elif document is not None and viewport is not None:
            viewport.show_line(whole_street(document.session.district.table(role), id_))


def names_in(district: District) -> list[Entry]:
    """Return an entry for each feature that has a name or an address, and one for each street."""
    streets = _streets(district)
    return [
        entry
        for role in ROLES
        for entry in (streets[role] if role in streets else _entries(district.table(role)))
    ]


def numbered(district: District, typed: str) -> list[Entry]:
    """Return the building whose number was typed, as it stands in the table or as the view says it.

    ``1136``, ``Building 1136`` and ``建筑 1136`` name the same.
    """
    said = catalogue()["building.unnamed"].values()
    of_words = "|".join(re.escape(words.replace("{id}", "").strip()) for words in said)
    number = re.fullmatch(rf"(?:{of_words}|#|№)?\s*(\d{{1,18}})", typed.strip(), re.I)
    buildings = district.buildings
    row = int(buildings.rows_of([int(number[1])])[0]) if number else -1
    if row < 0:
        return []
    id_ = int(buildings.ids[row])
    own = str(buildings["name"][row] or buildings["address"][row])
    detail = f"{text('role.buildings')}  {own}".strip()
    return [Entry(text("building.unnamed", id=id_), detail, ("buildings", id_))]


def whole_street(table: Table, id_: int) -> NDArray[np.float64]:
    """Return every vertex, (n, 2), of the pieces that have the name of one of them."""
    named = table["name"] == table["name"][table.row_of(id_)]
    return np.asarray(shapely.get_coordinates(table.geometry[named]))


def _streets(district: District) -> dict[str, list[Entry]]:
    """Return an entry for each name of streets, with its longest piece; roads where none walk."""
    walked = _by_name(district.streets, ~np.isin(district.streets["kind"], _NO_STREETS))
    roads = district.table("roads")
    driven = _by_name(roads, np.ones(len(roads), bool))
    known = {entry.title for entry in walked}
    return {"streets": walked, "roads": [one for one in driven if one.title not in known]}


def _by_name(table: Table, counts: NDArray[np.bool_]) -> list[Entry]:
    rows = np.flatnonzero(counts & (table["name"] != ""))
    rows = rows[np.argsort(-shapely.length(table.geometry[rows]), kind="stable")]
    names, first = np.unique(table["name"][rows].astype(str), return_index=True)
    ids = table.ids[rows[first]].tolist()
    kind = text("chooser.street")
    return [Entry(str(name), kind, (table.role, id_)) for name, id_ in zip(names, ids, strict=True)]


def _entries(table: Table) -> list[Entry]:
    names = table["name"]
    kind = np.full(len(table), text(f"role.{table.role}"), dtype=object)
    if table.role == "services":
        kind = _service_kinds(table["types"])
        names = np.where(names == "", kind, names)
    address = table["address"] if "address" in table else np.full(len(table), "", dtype=object)
    titles = np.where(names == "", address, names)
    rows = np.flatnonzero(titles != "")
    return [
        Entry(title, f"{what}  {where if where != title else ''}".strip(), (table.role, id_))
        for title, what, where, id_ in zip(
            titles[rows], kind[rows], address[rows], table.ids[rows].tolist(), strict=True
        )
    ]


def _service_kinds(types: NDArray[Any]) -> NDArray[Any]:
    known = service_types()
    unique, of_row = np.unique(types.astype(str), return_inverse=True)
    named = [
        text("building.between").join(known[t].name for t in one.split(",") if t in known)
        for one in unique
    ]
    return np.array(named, dtype=object)[of_row]
