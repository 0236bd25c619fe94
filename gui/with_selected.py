"""What can be done with what is selected, from the menus and at a right click alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.offers import as_line, copy
from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window

_ACTS = {"toggle_ramp": "ramp", "toggle_lift": "lift"}
"""Actions that do to what is selected what a tool does to what is clicked."""


class WithSelected(QObject):
    """Ramps, lifts, corrections, accounts and table rows of the feature that is selected."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        acts: dict[str, Callable[[], object]] = {
            name: partial(self.do, act) for name, act in _ACTS.items()
        }
        return acts | {
            "correct": self.correct,
            "explain": lambda: self._window.hand.on_asked("account", None),
            "show_in_table": lambda: self._window.tabling.show_selected(),
            "copy_row": self.copy_rows,
        }

    def states(self) -> dict[str, bool]:
        """Return which of the actions can be done now."""
        window, chosen = self._window, self._window.state.seen.selected
        alone = chosen is not None and not window.state.seen.also
        inspector = window.inspector
        can = {name: alone and self._fits(act) for name, act in _ACTS.items()}
        return can | {
            "correct": alone and chosen is not None and chosen[0] == "buildings",
            "explain": bool(chosen and inspector is not None and inspector.has_account(chosen)),
            "show_in_table": chosen is not None,
            "copy_row": chosen is not None,
            "toggle_gate": alone and chosen is not None and chosen[0] == "streets",
        }

    def say_words(self) -> None:
        """Call actions by what they would do to what is selected."""
        chosen, say = self._window.state.seen.chosen, self._window.actions_.say
        services = sum(role == "services" for role, _ in chosen)
        rows = sum(role == chosen[0][0] for role, _ in chosen)
        say("delete", "many.remove" if services else "", count=services)
        say("copy_row", "chosen.copy_rows" if rows > 1 else "", count=rows)
        say("toggle_gate", self._gate_words())

    def _gate_words(self) -> str:
        """Return the key of what would be done to the street or gate that is selected, or ""."""
        document, chosen = self._window.document, self._window.state.seen.selected
        if document is None or chosen is None or chosen[0] != "streets":
            return ""
        streets = document.session.district.streets
        row = int(streets.rows_of([chosen[1]])[0])
        if row < 0:
            return ""
        does = "open" if streets["status"][row] == "closed" else "close"
        return f"chosen.{does}_{'gate' if streets['kind'][row] == 'gate' else 'street'}"

    def do(self, name: str) -> None:
        """Do one of :data:`gui.tools.act.ACTS` to the feature that is selected, and say it."""
        document, chosen = self._window.document, self._window.state.seen.selected
        if document is None or chosen is None or not self._fits(name):
            return
        from gui.tools.act import ACTS

        act, table = ACTS[name], document.session.district.table(chosen[0])
        record = table.record(table.row_of(chosen[1]))
        if document.do(act.label, act.edit(record)):
            self._window.hand.told.say(text(f"{act.key(record)}_done"))

    def correct(self) -> None:
        """Go to the fields that correct the selected building."""
        if self._window.inspector is not None:
            self._window.inspector.correct()

    def copy_rows(self) -> None:
        """Copy what the table says of the selected features, below the names of its columns."""
        document, chosen = self._window.document, self._window.state.seen.chosen
        if document is None or not chosen:
            return
        from gui.table_rows import column_name, column_names, shown_in

        table = document.session.district.table(chosen[0][0])
        rows = table.rows_of([id_ for role, id_ in chosen if role == table.role])
        names = column_names(table)
        lines = [[shown_in(table, name, int(row)) for name in names] for row in rows if row >= 0]
        copy("\n".join(map(as_line, [[column_name(name) for name in names], *lines])))
        self._window.stage.messages.say(text("done.copied_rows", count=len(lines)))

    def _fits(self, name: str) -> bool:
        """Return whether an act can be done to what is selected."""
        document, chosen = self._window.document, self._window.state.seen.selected
        role = "buildings" if name == "lift" else "streets"
        if document is None or chosen is None or chosen[0] != role:
            return False
        table = document.session.district.table(role)
        row = int(table.rows_of([chosen[1]])[0])
        return row >= 0 and (name == "lift" or str(table["kind"][row]) == "steps")
