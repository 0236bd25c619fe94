"""The cube in the corner of a view: it shows how the view is turned, and a press on it turns that.

A small white model stands on a compass. Its faces, edges and corners are 3 × 3 cells on each face;
a cell is named by three numbers: east, north and up, each -1, 0 or 1. Whoever presses a cell looks
at the district from there; the roof is the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from gui.scene import camera as moves
from gui.scene.camera import Camera
from gui.scene.style import Palette
from twin.language import text

Part: TypeAlias = tuple[int, int, int]
"""From where one looks: east, north and up, each -1, 0 or 1."""

HALF_PX = 17.0
RING_PX = 34.0
REACH_PX = 46.0
"""Half the cube's edge, the compass's radius, and how far from the middle its letter reaches."""
LEVEL_DEG, EDGE_DEG = 12.0, 42.0
"""How far one looks down from the side, and from an edge or corner of the roof."""
_INNER = 0.56
"""Part of a face that is its middle; the rest are edges and corners."""
_FACES: tuple[tuple[Part, Part, Part, str], ...] = (
    ((0, 0, 1), (1, 0, 0), (0, 1, 0), "top"),
    ((0, -1, 0), (1, 0, 0), (0, 0, 1), "south"),
    ((1, 0, 0), (0, 1, 0), (0, 0, 1), "east"),
    ((0, 1, 0), (-1, 0, 0), (0, 0, 1), "north"),
    ((-1, 0, 0), (0, -1, 0), (0, 0, 1), "west"),
)
"""Each face's direction, what is right and up on it, and its name."""
_SHADES = {"top": 100, "south": 103, "west": 105, "north": 110, "east": 112}
"""How dark the faces are under the model's own light, which comes from the south-west."""


def look_from(camera: Camera, part: Part) -> Camera:
    """Return the camera that looks at the same place from a part of the cube."""
    east, north, up = part
    if not east and not north:
        return moves.plan(camera)
    heading = math.degrees(math.atan2(-east, -north)) % 360.0
    pitch = EDGE_DEG if up else LEVEL_DEG
    return replace(camera, flat=False, heading_deg=heading, pitch_deg=pitch, lens=1.0)


def part_at(at: QPointF, middle: QPointF, camera: Camera) -> Part | None:
    """Return the part of the cube, standing at `middle`, that a pixel shows; None beside it."""
    for part, polygon in _cells(camera):
        if polygon.containsPoint(at - middle, Qt.FillRule.OddEvenFill):
            return part
    return None


def ring_heading(at: QPointF, middle: QPointF, camera: Camera) -> float | None:
    """Return the direction, north, east, south or west, that a press on the compass looks in.

    None beside it.
    """
    away = at - middle
    if not _rim(camera).containsPoint(away, Qt.FillRule.OddEvenFill):
        return None
    level = HALF_PX * float(camera.basis[1][2])  # the compass lies under the cube's middle
    bearing = math.degrees(math.atan2(away.x(), level - away.y()))
    return round((bearing + camera.heading_deg) / 90.0) % 4 * 90.0


def paint_cube(
    painter: QPainter,
    camera: Camera,
    palette: Palette,
    font: QFont,
    middle: QPointF,
    pressed: Part | None = None,
) -> None:
    """Draw compass and cube as `camera` sees them; `pressed` is under the pointer."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(middle)
    _paint_ring(painter, camera, palette)
    edge = QPen(QColor(palette.muted), 1.0)
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for normal, right, up, name in _FACES:
        if _facing(camera, normal) <= 0.02:
            continue
        face = _on_screen(camera, _corners(normal, right, up, (-1.0, 1.0), (-1.0, 1.0)))
        painter.setPen(edge)
        painter.setBrush(QColor(palette.building).darker(_SHADES[name]))
        painter.drawPolygon(face)
        if name == "top":
            _paint_needle(painter, camera, palette)
        elif _facing(camera, normal) > 0.25:
            _paint_name(painter, face, text(f"cube.{name}"), QColor(palette.ink), font)
    if pressed is not None:
        hand = QColor(palette.accent)
        hand.setAlphaF(0.75)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hand)
        for part, polygon in _cells(camera):
            if part == pressed:
                painter.drawPolygon(polygon)
    _paint_north(painter, camera, palette, font)
    painter.restore()


def _facing(camera: Camera, normal: Part) -> float:
    """Return how much a face looks at the viewer, 1 straight, below 0 away."""
    return float(-camera.basis[2] @ np.array(normal))


def _cells(camera: Camera) -> Iterator[tuple[Part, QPolygonF]]:
    """Yield the parts that are seen and their outlines about the middle of the cube."""
    bounds = {-1: (-1.0, -_INNER), 0: (-_INNER, _INNER), 1: (_INNER, 1.0)}
    for normal, right, up, _name in _FACES:
        if _facing(camera, normal) <= 0.02:
            continue
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                place = np.array(normal) + i * np.array(right) + j * np.array(up)
                east, north, above = (int(v) for v in place)
                corners = _corners(normal, right, up, bounds[i], bounds[j])
                yield (east, north, max(above, 0)), _on_screen(camera, corners)


def _corners(
    normal: Part, right: Part, up: Part, across: tuple[float, float], along: tuple[float, float]
) -> moves.Floats:
    """Return the corners (4, 3) of a piece of a face, from its lower left, counter-clockwise."""
    ends = [(0, 0), (1, 0), (1, 1), (0, 1)]
    n, r, u = (np.array(v, float) for v in (normal, right, up))
    return np.array([n + across[i] * r + along[j] * u for i, j in ends])


def _on_screen(camera: Camera, points: moves.Floats) -> QPolygonF:
    right, up, _forward = camera.basis
    return QPolygonF([QPointF(p @ right, -(p @ up)) * HALF_PX for p in points])


def _rim(camera: Camera) -> QPolygonF:
    """Return the compass that the cube stands on."""
    bearing = np.radians(np.arange(0, 360, 5))
    level = np.full(len(bearing), -HALF_PX / RING_PX)
    rim = np.column_stack([np.sin(bearing), np.cos(bearing), level]) * (RING_PX / HALF_PX)
    return _on_screen(camera, rim)


def _paint_ring(painter: QPainter, camera: Camera, palette: Palette) -> None:
    ground = QColor(palette.halo)
    ground.setAlphaF(0.8)
    painter.setBrush(ground)
    painter.setPen(QPen(QColor(palette.muted), 1.0))
    painter.drawPolygon(_rim(camera))


def _paint_needle(painter: QPainter, camera: Camera, palette: Palette) -> None:
    """Draw on the roof a needle that points north."""
    for tip, colour in ((0.78, palette.ink), (-0.78, palette.road_edge)):
        corners = np.array([(-0.3, 0.0, 1.0), (0.0, tip, 1.0), (0.3, 0.0, 1.0)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawPolygon(_on_screen(camera, corners))


def _paint_north(painter: QPainter, camera: Camera, palette: Palette, font: QFont) -> None:
    """Write the letter of the north beside the cube, where north is."""
    chosen = QFont(font)
    chosen.setPixelSize(11)
    chosen.setWeight(QFont.Weight.DemiBold)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)  # strokes of Chinese glyphs overlap
    path.addText(QPointF(), chosen, text("cube.north"))
    angle = math.radians(camera.heading_deg)
    at = QPointF(-math.sin(angle), -math.cos(angle)) * (RING_PX + 8.0)
    path.translate(at - path.boundingRect().center())
    halo = QPen(QColor(palette.halo), 4.0)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, QColor(palette.ink))


def _paint_name(
    painter: QPainter, face: QPolygonF, words: str, colour: QColor, font: QFont
) -> None:
    """Write a face's name on it, in its own plane."""
    chosen = QFont(font)
    chosen.setPixelSize(52)
    chosen.setWeight(QFont.Weight.DemiBold)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)  # strokes of Chinese glyphs overlap
    path.addText(QPointF(), chosen, words)
    box = path.boundingRect()
    path.translate(QPointF(50.0, 50.0) - box.center())
    square = QPolygonF([QPointF(0, 100), QPointF(100, 100), QPointF(100, 0), QPointF(0, 0)])
    onto = QTransform()
    if QTransform.quadToQuad(square, face, onto):
        painter.fillPath(onto.map(path), colour)
