"""Words on a sheet of paper: fonts, how high wrapped words stand, and writing them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui import theme

BODY_PX = 13
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def font_of(pixels: int, bold: bool = False) -> QFont:
    """Return the font of a sheet in a size."""
    font = theme.body_font(bold)
    font.setPixelSize(pixels)
    return font


def height_of(words: str, font: QFont, wide: float) -> float:
    """Return how high wrapped words stand, with the space below them."""
    if not words:
        return 0.0
    room = QRectF(0, 0, wide, 1e4)
    return QFontMetricsF(font).boundingRect(room, int(_WRAPPED), words).height() + 4.0


def write(painter: QPainter, room: QRectF, words: str, font: QFont, colour: str) -> float:
    """Write wrapped words; return how high they stand, with the space below them."""
    if not words:
        return 0.0
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, int(_WRAPPED), words)
    return height_of(words, font, room.width())
