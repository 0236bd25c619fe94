"""The signs of service types, the same shapes as in the scene."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from gui.scene.glyphs import CELL, Look, glyph
from twin.model.catalogues import ServiceType, families, service_types


def sign(service_type: str, size: int, ratio: float, rim: str) -> QPixmap:
    """Return the sign of a service type, `size` logical pixels wide, on a ground of `rim`."""
    kind = service_types()[service_type]
    look = Look(kind.family.shape, kind.colour, kind.sign)
    return sign_of(look, size, ratio, rim)


def sign_of(look: Look, size: int, ratio: float, rim: str, *, hollow: bool = False) -> QPixmap:
    """Return a glyph of the scene, `size` logical pixels wide, on a ground of `rim`."""
    return _sign(look, hollow, rim, round(size * ratio), ratio)


def kinds_among(types: Iterable[str]) -> list[ServiceType]:
    """Return the types that services of these types (several joined by commas) are of.

    In the order of their families.
    """
    listed = set(",".join(types).split(","))
    order = list(families())
    kinds = [kind for id_, kind in service_types().items() if id_ in listed]
    return sorted(kinds, key=lambda kind: order.index(kind.family.id))


def type_looks(kinds: Iterable[ServiceType]) -> dict[str, Look]:
    """Return each type's glyph by its name."""
    return {kind.name: Look(kind.family.shape, kind.colour, kind.sign) for kind in kinds}


def family_looks(kinds: Iterable[ServiceType]) -> dict[str, Look]:
    """Return each family's glyph by its name."""
    return {kind.family.name: Look(kind.family.shape, kind.colour) for kind in kinds}


@cache
def _sign(look: Look, hollow: bool, rim: str, pixels: int, ratio: float) -> QPixmap:
    # Drawn too large, for only the scene's scale has room for a smooth edge; where that of the
    # scene will do, the strokes need not be drawn once more.
    values = glyph(look, hollow, rim, max(CELL, 2 * pixels))
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
