"""The signs of service types, the same shapes as in the scene."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from gui.scene.glyphs import Look, glyph
from twin.model.catalogues import service_types


def sign(service_type: str, size: int, ratio: float, rim: str) -> QPixmap:
    """Return the sign of a service type, `size` logical pixels wide, on a ground of `rim`."""
    kind = service_types()[service_type]
    look = Look(kind.family.shape, kind.colour, kind.sign)
    return sign_of(look, size, ratio, rim)


def sign_of(look: Look, size: int, ratio: float, rim: str, *, hollow: bool = False) -> QPixmap:
    """Return a glyph of the scene, `size` logical pixels wide, on a ground of `rim`."""
    return _sign(look, hollow, rim, round(size * ratio), ratio)


@cache
def _sign(look: Look, hollow: bool, rim: str, pixels: int, ratio: float) -> QPixmap:
    # Drawn four times too large: the glyph's own edge is smooth at the scale of the scene only.
    values = glyph(look, hollow, rim, pixels * 4)
    height, width, _ = values.shape
    image = QImage(values.data, width, height, QImage.Format.Format_RGBA8888).copy()
    smooth = image.scaled(
        pixels,
        pixels,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    picture = QPixmap.fromImage(smooth)
    picture.setDevicePixelRatio(ratio)
    return picture
