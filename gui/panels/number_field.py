"""A field for one number that may be unknown."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from gui.panels import figures


class NumberField(QLineEdit):
    """Takes digits, with or without commas between thousands; empty means unknown.

    Signals
    -------
    entered(value)
        Another value was typed and left; NaN for unknown. What is no number is put back.
    """

    entered = Signal(float)

    def __init__(self, unit: str = "", decimals: int = 0) -> None:
        super().__init__()
        self._unit, self._decimals = unit, decimals
        self._value = math.nan
        self.setPlaceholderText("–")
        self.editingFinished.connect(self._take)

    def show_value(self, value: float) -> None:
        """Show a value, unless the user is typing another."""
        self._value = value
        if not self.hasFocus() or not self.isModified():
            self._say()

    def _take(self) -> None:
        if not self.isModified():
            return
        typed = re.sub(r"[,，\s]|" + re.escape(self._unit), "", self.text())
        value = math.nan if typed in ("", "–") else _number(typed, self._value)
        changed = value != self._value and not (math.isnan(value) and math.isnan(self._value))
        self._value = value
        self._say()
        if changed:
            self.entered.emit(value)

    def _say(self) -> None:
        known = not math.isnan(self._value)
        tail = f"{figures.THIN_SPACE}{self._unit}" if self._unit else ""
        self.setText(f"{self._value:,.{self._decimals}f}{tail}" if known else "")
        self.setModified(False)


def _number(typed: str, otherwise: float) -> float:
    try:
        value = float(typed)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) and value >= 0 else otherwise
