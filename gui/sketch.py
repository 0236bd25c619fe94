"""Lines, marks and notes that tools draw over the picture, in metres of the district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.scene.scene import Scene
from gui.scene.style import Palette

Place = tuple[float, float]

_STEP_M = 10.0
"""A line over the ground is bent at least this often, so that it follows the terrain."""
_PAD_PX, _AWAY_PX = 8.0, 18.0
_RING_PX = 14.0
_SPOT_PX, _LEAST_SPOT_PX = 11.0, 4.0
_SPOTS = 60
"""So many spots in the picture have their full size."""
_MOST_OUTLINES = 600


@dataclass(frozen=True)
class Sheet:
    """What a tool draws on: the scene that is seen, its colours and the window's font.

    Parameters
    ----------
    covered
        What lies over the picture, where nothing written would be read.
    """

    scene: Scene
    tones: Palette
    font: QFont
    covered: Sequence[QRectF] = ()

    def pixels(self, places: Sequence[Place]) -> list[QPointF]:
        """Return where places on the ground are seen."""
        xy = np.array(places, dtype=float).reshape(-1, 2)
        points = np.column_stack([xy, self.scene.height(xy)])
        return [QPointF(*pixel) for pixel in self.scene.project(points)[0]]

    def line(self, painter: QPainter, places: Sequence[Place], dashed: bool = False) -> None:
        """Draw a line over the ground in the colour of what the hand holds."""
        if len(places) < 2:
            return
        run = QPolygonF(self.pixels(_over_ground(places)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(self.tones.halo), 6.0))
        painter.drawPolyline(run)
        painter.setPen(QPen(QColor(self.tones.accent), 2.5, style))
        painter.drawPolyline(run)

    def marks(self, painter: QPainter, places: Sequence[Place], radius: float = 4.0) -> None:
        """Draw a dot at places."""
        painter.setPen(QPen(QColor(self.tones.halo), 1.5))
        painter.setBrush(QColor(self.tones.accent))
        for at in self.pixels(places):
            painter.drawEllipse(at, radius, radius)

    def spots(
        self, painter: QPainter, places: NDArray[np.float64], full: NDArray[np.bool_]
    ) -> None:
        """Draw a ring at each of many places (n, 2), a disc where `full` says so.

        The more of them are in the picture the smaller they are, so that it is still seen.
        """
        if not len(places):
            return
        points = np.column_stack([places, self.scene.height(places)])
        pixels, within = self.scene.project(points)
        size = min(max(_SPOT_PX * (_SPOTS / max(within.sum(), 1)) ** 0.5, _LEAST_SPOT_PX), _SPOT_PX)
        for colour, width, those in (
            (self.tones.halo, 1.4 * size, within),
            (self.tones.accent, size, within),
            (self.tones.halo, 0.55 * size, within & ~full),
        ):
            pen = QPen(QColor(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(QPolygonF([QPointF(*at) for at in pixels[those].tolist()]))

    def ring(self, painter: QPainter, place: Place) -> None:
        """Draw a ring where the hand would catch something."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        (at,) = self.pixels([place])
        for colour, width in ((self.tones.halo, 4.0), (self.tones.accent, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(at, 8.0, 8.0)

    def outlines(self, painter: QPainter, features: Sequence[tuple[str, int]]) -> None:
        """Draw the edges of features, the accent on a halo; of very many, those of the first."""
        lines: list[QLineF] = []
        rings: list[QPointF] = []
        for role, feature_id in features[:_MOST_OUTLINES]:
            pieces = self.scene.outline(role, feature_id)
            if not pieces:
                continue
            pixels, visible = self.scene.project(np.concatenate(pieces))
            if role == "services":
                rings += [QPointF(*pixel) for pixel in pixels[visible]]
            else:
                ends = pixels.reshape(-1, 2, 2)[visible.reshape(-1, 2).any(axis=1)]
                lines += [QLineF(*a, *b) for a, b in ends]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.tones.halo, 4.0), (self.tones.accent, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawLines(lines)
            for at in rings:
                painter.drawEllipse(at, _RING_PX, _RING_PX)

    def area(self, painter: QPainter, corners: Sequence[QPointF]) -> None:
        """Draw an area of the picture, its corners in pixels."""
        wash = QColor(self.tones.accent)
        wash.setAlphaF(0.12)
        painter.setBrush(wash)
        painter.setPen(QPen(QColor(self.tones.accent), 1.5))
        painter.drawPolygon(QPolygonF(corners))

    def note(self, painter: QPainter, at: QPointF, lines: Sequence[str]) -> None:
        """Write lines on a card beside a pixel, within the picture."""
        painter.setFont(self.font)
        metrics = QFontMetricsF(self.font)
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _PAD_PX
        height = metrics.height() * len(lines) + 1.5 * _PAD_PX
        card = self._beside(at, width, height)
        ground = QColor(self.tones.halo)
        ground.setAlphaF(0.94)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(self.tones.road_edge), 1.0))
        painter.drawRoundedRect(card, 4.0, 4.0)
        painter.setPen(QColor(self.tones.ink))
        for number, line in enumerate(lines):
            base = card.y() + 0.75 * _PAD_PX + metrics.ascent() + number * metrics.height()
            painter.drawText(QPointF(card.x() + _PAD_PX, base), line)

    def _beside(self, at: QPointF, width: float, height: float) -> QRectF:
        """Return where a card stands beside a pixel: at its lower right unless that is covered.

        Where every place is, it is the one of which most is seen.
        """
        columns, rows = self.scene.size
        places = []
        for down in (True, False):
            for x in (at.x() + _AWAY_PX, at.x() - _AWAY_PX - width, at.x() - width / 2):
                y = at.y() + _AWAY_PX if down else at.y() - _AWAY_PX - height
                x = min(max(x, 4.0), columns - width - 4.0)
                y = min(max(y, 4.0), rows - height - 4.0)
                places.append(QRectF(x, y, width, height))
        return min(places, key=self._hidden)

    def _hidden(self, card: QRectF) -> float:
        """Return how many pixels of a card lie under what covers the picture."""
        parts = [card.intersected(other).size() for other in self.covered]
        return sum(part.width() * part.height() for part in parts)


def _over_ground(places: Sequence[Place]) -> list[Place]:
    """Return a line with corners between, so that it lies on the terrain."""
    corners = np.array(places, dtype=float)
    span = np.hypot(*np.diff(corners, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(span)])
    count = max(int(along[-1] // _STEP_M), 1)
    every = np.union1d(along, np.linspace(0.0, along[-1], min(count, 400) + 1))
    x, y = (np.interp(every, along, corners[:, axis]) for axis in (0, 1))
    return list(zip(x.tolist(), y.tolist(), strict=True))
