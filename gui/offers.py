"""What a right click offers, by what it is on: the same in the view and in every panel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from layers.schema import ROLES
from twin.language import text
from twin.model.catalogues import service_types, type_name

if TYPE_CHECKING:
    from gui.panels.menus import MenuWanted, Own
    from gui.view_state import Feature, Pick
    from gui.window import Window

OFFERED: Mapping[str, tuple[str, ...]] = {
    "services": ("zoom", "copy_service", "delete", "explain", "show_in_table", "copy_row"),
    "streets": ("zoom", "toggle_gate", "toggle_ramp", "show_in_table", "copy_row"),
    "buildings": ("zoom", "correct", "toggle_lift", "explain", "show_in_table", "copy_row"),
    "requirement": ("compare",),
    "scenario": (
        "new_scenario",
        "rename_scenario",
        "remove_scenario",
        "compare",
        "side_by_side",
        "next_scenario",
    ),
    "step": ("undo", "redo"),
    "side": ("zoom", "compare"),
    "layer": ("show_layers",),
    "view": ("keep_view", "forget_views"),
}
"""Actions of the menus that are offered on a thing, where they apply; on features of other roles
:data:`_ON_ANY`."""
_ON_ANY = ("zoom", "show_in_table", "copy_row")
_OF_ONE = frozenset({"copy_service"})
"""Actions that, where several features are selected, only say that they are for one."""
_LONGEST = 32
"""So many letters of a cell stand in the menu that copies it."""


class Offers(QObject):
    """Makes menus of the window's own actions, so that they are what the main menus are."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.menu: QMenu | None = None
        self._last_type = ""
        window.state.changed.connect(self._on_state)

    def open(self, wanted: MenuWanted) -> None:
        """Select what a menu is wanted of, where that is a feature, and offer what can be done."""
        feature = _feature(wanted.value)
        self.select(feature)
        menu = self.begin()
        self.add(menu, wanted.own)
        menu.addSeparator()  # where there is nothing on one side of it, it is not shown
        self.add_actions(menu, wanted.kind, wanted.without)
        menu.addSeparator()
        self.add(menu, self._more(wanted))
        menu.addSeparator()
        self.add(menu, _copies(wanted))
        if not all(action.isSeparator() for action in menu.actions()):
            self.show(menu, wanted.at)

    def select(self, feature: Feature | None) -> None:
        """Select a feature; one of several that are selected leaves them so."""
        window = self._window
        if feature is not None and feature not in window.state.seen.chosen:
            window.state.set(selected=feature, route=None)
        window.follow_history()  # figures that came since may have more to say

    def begin(self) -> QMenu:
        """Return a menu that ends when it is put away."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def add_actions(self, menu: QMenu, kind: str, without: Iterable[str] = ()) -> None:
        """Add the window's actions for a kind of thing, as far as they can be done now."""
        by_name = self._window.actions_.by_name
        if self._window.state.seen.also:
            without = _OF_ONE.union(without)
        for name in OFFERED.get(kind, _ON_ANY if kind in ROLES else ()):
            if by_name[name].isEnabled() and name not in without:
                menu.addAction(by_name[name])

    def add(self, menu: QMenu, offers: Iterable[Own]) -> None:
        """Add what is no action of the window."""
        for words, do in offers:
            menu.addAction(words.replace("&", "&&")).triggered.connect(partial(_just, do))

    def show(self, menu: QMenu, at: QPoint) -> None:
        """Open a menu."""
        self.menu = menu
        menu.popup(at)

    def placing(self, feature: Feature | None, pick: Pick | None = None) -> tuple[Own, ...]:
        """Return the offer of the type that was in hand last, where a service can stand.

        Parameters
        ----------
        pick
            Where was pointed at in the view; None is the middle of the feature.
        """
        hand, last, role = self._window.hand, self._last_type, feature[0] if feature else ""
        if role == "services":
            return ()
        if last:
            where = pick if pick is not None else self._middle(feature)
            if where is None or where.x != where.x:
                return ()
            words = text("chooser.place_here", name=type_name(last))
            return ((words, lambda: hand.place_at(last, where)),)
        if feature is not None and role == "sites":
            site = feature[1]
            return ((text("chooser.place_some"), lambda: hand.on_asked("place_on_site", site)),)
        return ()

    def _more(self, wanted: MenuWanted) -> tuple[Own, ...]:
        """Return what only the window can do with what is no feature, or place on one."""
        kind, value, window = wanted.kind, wanted.value, self._window
        if kind in ("buildings", "sites"):
            return self.placing(_feature(value))
        if kind == "requirement":
            return self._places(str(value))
        if kind == "type":
            return self._of_type(str(value))
        if kind == "layer" and value in ROLES:
            return ((text("menu.layer_table"), lambda: window.tabling.show_layer(str(value))),)
        if kind == "community" and (there := self._community(value)):
            return ((text("action.zoom"), lambda: self._zoom_to(there)),)
        if kind == "step" and (changed := self._changed(value)):
            return ((text("menu.zoom_changed"), lambda: self._zoom_to(changed)),)
        return ()

    def _places(self, requirement: str) -> tuple[Own, ...]:
        """Offer to take what a requirement asks for in hand."""
        document, arm = self._window.document, self._window.hand.arm
        asked = document.standard.requirements if document is not None else ()
        kinds = [kind for one in asked if one.id == requirement for kind in one.service_types]
        names = [(service_types()[kind].name, kind) for kind in kinds]
        return tuple((text("chooser.place", name=name), partial(arm, kind)) for name, kind in names)

    def _of_type(self, kind: str) -> tuple[Own, ...]:
        """Offer to see where a type is lacking, and its services in the table."""
        hand, tabling = self._window.hand, self._window.tabling
        name = service_types()[kind].name
        return (
            (text("legend.walk", name=name), partial(hand.show_need_of, [kind])),
            (text("menu.list_type"), partial(tabling.show_type, kind)),
        )

    def _community(self, row: object) -> tuple[Feature, ...]:
        """Return the community of a row; nothing for who lives outside them all."""
        document = self._window.document
        if document is None or not isinstance(row, int):
            return ()
        return tuple(
            ("communities", int(id_))
            for id_ in document.session.district.communities.ids[row : row + 1]
        )

    def _changed(self, number: object) -> tuple[Feature, ...]:
        """Return what a step of the history, counted from 1, changed and is still there."""
        from gui.panels.history import changed_by

        document = self._window.document
        if document is None or not isinstance(number, int) or number < 1:
            return ()
        session = document.session
        step = (*session.history, *session.undone)[number - 1]
        return tuple(
            (role, id_)
            for role, id_ in changed_by(step)
            if session.district.table(role).rows_of([id_])[0] >= 0
        )

    def _zoom_to(self, features: tuple[Feature, ...]) -> None:
        self._window.state.set(selected=features[0], also=features[1:], route=None)
        self._window.hand.zoom()

    def _middle(self, feature: Feature | None) -> Pick | None:
        from gui.view_state import Pick

        viewport = self._window.stage.viewport
        place = viewport.scene.place_of(*feature) if viewport is not None and feature else None
        return Pick(place[0], place[1], feature) if place is not None else None

    def _on_state(self, names: frozenset[str]) -> None:
        if "armed" in names and self._window.state.seen.armed:
            self._last_type = self._window.state.seen.armed


def as_line(cells: Iterable[str]) -> str:
    """Return a row as a spreadsheet takes it from the clipboard.

    What it would read as a formula begins with an apostrophe, for others wrote it.
    """
    return "\t".join(_tame(" ".join(cell.split())) for cell in cells)


def copy(words: str) -> None:
    """Put words on the clipboard."""
    QGuiApplication.clipboard().setText(words)


def _tame(cell: str) -> str:
    begins = cell.startswith(("=", "+", "-", "@"))
    return f"'{cell}" if begins and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True


def _copies(wanted: MenuWanted) -> Iterator[Own]:
    """Yield the offers to copy what a cell or a row says."""
    if wanted.cell:
        words = " ".join(wanted.cell.split())
        shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
        yield text("menu.copy_value", value=shown), partial(copy, wanted.cell)
    if wanted.cells:
        yield text("menu.copy_row"), partial(copy, as_line(wanted.cells))


def _feature(value: object) -> Feature | None:
    if isinstance(value, tuple) and len(value) == 2:
        return str(value[0]), int(value[1])
    return None


def _just(do: Any, _checked: bool = False) -> None:
    do()
