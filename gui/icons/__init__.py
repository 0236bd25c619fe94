"""Icons: line drawings on a grid of 20, in the colour of the text beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent
_SIZES = (20, 40, 60)
"""Pixels: 20 logical ones at 100, 200 and 300 %; Qt scales these down to what lies between."""

_PROGRAM_SIZES = (16, 24, 32, 48, 64, 128, 256)


@cache
def _drawing(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return one icon, `size` logical pixels wide, in `colour` (``#rrggbb``)."""
    return _rendered(_renderer(name, colour), size, ratio)


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


def _rendered(renderer: QSvgRenderer, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def program_icon() -> QIcon:
    """Return the program's own icon, in colours of its own: it stands on any desktop."""
    made, renderer = QIcon(), QSvgRenderer(QByteArray(_drawing("program").encode()))
    for size in _PROGRAM_SIZES:
        made.addPixmap(_rendered(renderer, size, 1.0))
    return made


@cache
def icon(name: str, normal: str, disabled: str, checked: str) -> QIcon:
    """Return an icon for a button, with a colour for each of its states."""
    made = QIcon()
    states = (
        (normal, QIcon.Mode.Normal, QIcon.State.Off),
        (disabled, QIcon.Mode.Disabled, QIcon.State.Off),
        (checked, QIcon.Mode.Normal, QIcon.State.On),
    )
    for colour, mode, state in states:
        renderer = _renderer(name, colour)
        for size in _SIZES:
            made.addPixmap(_rendered(renderer, size, 1.0), mode, state)
    return made
