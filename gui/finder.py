"""Find by name or address, and fly to what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from gui.background import ASIDE
from gui.finding import Entry, Index, make_index, search
from gui.panels.chooser import Chooser
from twin.language import text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from gui.background import Progress
    from gui.window import Window
    from twin.model.district import District
    from twin.model.tables import Table

ROLES = ("communities", "services", "sites", "buildings")
"""Layers that are searched, those with the fewest features first."""


class Finder(QObject):
    """Keeps an index of the district's names and answers from the background."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._index: tuple[tuple[object, ...], Index] | None = None
        self.chooser = Chooser(window)
        self.chooser.typed.connect(self._ask)
        self.chooser.chosen.connect(self._go_to)

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
            return key, index, search(index, typed)

        self._window.jobs.start("find", work, self._take, self._window.say_error)

    def _take(self, found: tuple[tuple[object, ...], Index, list[Entry]]) -> None:
        self._index = found[0], found[1]
        if self.chooser.isVisible():
            self.chooser.show_entries(found[2])

    def _go_to(self, entry: Entry) -> None:
        self._window.state.set(selected=entry.value, route=None)
        self._window.hand.zoom()


def names_in(district: District) -> list[Entry]:
    """Return an entry for each feature that has a name or an address."""
    return [entry for role in ROLES for entry in _entries(district.table(role))]


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
