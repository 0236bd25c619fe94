"""What every tool does where it wants nothing else: it leaves the pointer to the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QKeyEvent, QPainter

from gui.view_state import Pick

if TYPE_CHECKING:
    from gui.sketch import Sheet


class BareTool:
    """A tool that does nothing; others say what they do otherwise."""

    cursor: Literal["arrow", "cross"] = "arrow"

    def hover(self, pick: Pick | None) -> None:
        """Follow the pointer without a button; None when it leaves the viewport."""

    def press(self, _pick: Pick) -> bool:
        """Leave drags to the camera."""
        return False

    def drag(self, pick: Pick) -> None:
        """Follow the pointer of a drag that was kept."""

    def release(self, pick: Pick) -> None:
        """End a drag that was kept."""

    def click(self, pick: Pick) -> None:
        """Take a click."""

    def double_click(self, _pick: Pick) -> bool:
        """Take a double click; False where the view may fly there."""
        return False

    def key(self, _event: QKeyEvent) -> bool:
        """Take a key; False where it means nothing here."""
        return False

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw over the picture what is in hand."""

    def put_back(self) -> bool:
        """Let go of what is in hand; whether there was something."""
        return False
