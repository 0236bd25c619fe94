"""A table of painted rows: names, figures, bars; one tab stop, Enter follows a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollBar, QSizePolicy, QWidget

from gui import theme
from gui.panels.glyphs import sign
from gui.panels.menus import when_asked
from gui.panels.parts import Rule, Scrolled, column, elided, tip
from gui.panels.roving import Roving

ROW_PX, HEAD_PX, MARGIN_PX, GAP_PX = 32, 28, 16, 16
_SIGN_PX = 18
_BAR_PX = 80.0
_NAME_PX = 96.0
"""Names keep so much room as long as other columns can be spared."""


@dataclass(frozen=True)
class Heading:
    """A column: its title, its part of the width, and on which side its words stand.

    Figures stand at the right. They are never cut: a column with less than they need takes it from
    the others. Where names in the first column had no room, columns that can be spared are left
    out, those with the highest `spare` first; the tooltip of a row has them all.
    """

    title: str
    width: float = 1.0
    align: Literal["left", "right"] = "left"
    spare: int = 0


@dataclass(frozen=True)
class Cell:
    """Words, in a tone of the theme; or a bar.

    Parameters
    ----------
    share
        0 to 1, drawn as a bar from the left; NaN for none.
    change
        −1 to 1, drawn as a bar to the left or right of a middle line; NaN for none.
    """

    words: str = ""
    tone: Literal["ink", "ink_soft", "gain", "loss", "warning"] = "ink"
    share: float = math.nan
    change: float = math.nan


@dataclass(frozen=True)
class Line:
    """A row: its cells, the service type whose sign leads it, and what following it hands on."""

    cells: tuple[Cell, ...]
    service_type: str = ""
    value: object = None


class Listing(QWidget):
    """Headings over rows that scroll; rows are kept and said anew while their number stays.

    Parameters
    ----------
    followed
        Called with the value of a row that is clicked.
    asked
        Called with a row whose menu is wanted, and where on the screen.
    """

    def __init__(
        self, followed: Callable[[object], object], asked: Callable[[Line, QPoint], object]
    ) -> None:
        super().__init__()
        self._followed, self._asked = followed, asked
        self._headings: tuple[Heading, ...] = ()
        self._lines: list[_Row] = []
        self._roving = Roving(self)
        layout = column(self)
        self._head = _Row(())
        self._head.setEnabled(False)
        self._head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self._head)
        layout.addWidget(Rule())
        self._room = Scrolled()
        self._room.column.addStretch(1)
        bar = self._room.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, end: self._end_head(bar, end))
        layout.addWidget(self._room, 1)

    @property
    def rows(self) -> list[QAbstractButton]:
        """The rows that are shown, as buttons."""
        return list(self._lines)

    @property
    def words(self) -> list[list[str]]:
        """What the rows say."""
        return [[cell.words for cell in line.line.cells] for line in self._lines]

    def show_lines(self, headings: Sequence[Heading], lines: Sequence[Line]) -> None:
        """Show other rows."""
        self._headings = tuple(headings)
        self._head.line = Line(tuple(Cell(one.title, "ink_soft") for one in headings))
        while len(self._lines) > len(lines):
            self._lines.pop().deleteLater()
        grown = len(self._lines) < len(lines)
        while len(self._lines) < len(lines):
            self._add()
        if grown or len(lines) == 0:
            self._roving.follow(self._lines)
        needs = _needs(self._headings, lines)
        for row, line in zip(self._lines, lines, strict=True):
            row.show_line(line, self._headings, needs)
        self._head.show_line(self._head.line, self._headings, needs)

    def _end_head(self, bar: QScrollBar, scrolls: int) -> None:
        """Have the headings end where the rows do, beside the bar if these scroll."""
        self._head.end_at(bar.sizeHint().width() if scrolls else 0)

    def _add(self) -> None:
        made = _Row(self._headings)
        made.clicked.connect(lambda: self._followed(made.line.value))
        when_asked(made, lambda at: self._asked(made.line, at))
        self._room.column.insertWidget(self._room.column.count() - 1, made)
        self._lines.append(made)


class _Row(QAbstractButton):
    """One row; it can be followed where its line has a value."""

    def __init__(self, headings: tuple[Heading, ...]) -> None:
        super().__init__()
        self.line = Line(())
        self._headings = headings
        self._needs: tuple[float, ...] = ()
        self._inset = 0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_line(
        self, line: Line, headings: tuple[Heading, ...], needs: tuple[float, ...]
    ) -> None:
        self.line, self._headings, self._needs = line, headings, needs
        said = [
            f"{heading.title}: {cell.words}" if heading.title else cell.words
            for heading, cell in zip(headings, line.cells, strict=True)
            if cell.words
        ]
        self.setAccessibleName(", ".join(said))
        self.setToolTip(tip("\n".join(said)))
        self.setCursor(_HAND if line.value is not None else _ARROW)
        self.update()

    def end_at(self, inset: int) -> None:
        """Leave so many pixels free at the right, as wide as the bar that scrolls the rows."""
        self._inset = inset
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, ROW_PX if self.isEnabled() else HEAD_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and self.underMouse() and self.line.value is not None:
            painter.fillRect(self.rect(), theme.colour("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        left = float(MARGIN_PX)
        if self.line.service_type:
            rim = theme.tokens().panel
            picture = sign(self.line.service_type, _SIGN_PX, self.devicePixelRatioF(), rim)
            painter.drawPixmap(int(left), (self.height() - _SIGN_PX) // 2, picture)
        left += _SIGN_PX + 8
        whole = self.width() - self._inset - left - MARGIN_PX
        kept = with_room(self._headings, self._needs, whole)
        headings, needs = [self._headings[n] for n in kept], [self._needs[n] for n in kept]
        widths = shared_out(headings, needs, whole - GAP_PX * (len(kept) - 1))
        for n, width in zip(kept, widths, strict=True):
            place = QRectF(left, 0, width, self.height())
            _paint(painter, place, self._headings[n], self.line.cells[n])
            left += width + GAP_PX
        painter.end()


def _needs(headings: Sequence[Heading], lines: Sequence[Line]) -> tuple[float, ...]:
    """Return how wide the words of each column are, and its bars at the least."""
    metrics = QFontMetrics(theme.body_font())
    said, bars = [{heading.title} for heading in headings], [0.0] * len(headings)
    for line in lines:
        for number, cell in enumerate(line.cells):
            said[number].add(cell.words)
            if not (math.isnan(cell.share) and math.isnan(cell.change)):
                bars[number] = _BAR_PX
    wide = (max(map(metrics.horizontalAdvance, words)) + 1.0 for words in said)
    return tuple(max(pair) for pair in zip(wide, bars, strict=True))


def with_room(headings: Sequence[Heading], needs: Sequence[float], whole: float) -> list[int]:
    """Return the numbers of the columns that are shown in so much width, gaps included."""
    kept = list(range(len(headings)))
    spare = [n for n in kept if headings[n].spare]
    for n in sorted(spare, key=lambda n: -headings[n].spare):
        if whole - sum(needs[m] + GAP_PX for m in kept[1:]) >= min(needs[0], _NAME_PX):
            break
        kept.remove(n)
    return kept


def shared_out(
    headings: Sequence[Heading], needs: Sequence[float], whole: float
) -> tuple[float, ...]:
    """Return the widths of columns: their parts of the whole, but room for their words.

    Where all words together are wider than the whole, columns of figures keep theirs, and of the
    others the widest give way.
    """
    least = list(needs)
    words = [n for n, one in enumerate(headings) if one.align == "left"]
    room = max(whole - sum(needs) + sum(needs[n] for n in words), 0.0)
    for count, n in enumerate(sorted(words, key=lambda n: needs[n])):
        least[n] = min(needs[n], room / (len(words) - count))
        room -= least[n]
    tight: set[int] = set()
    while True:
        free = [n for n in range(len(headings)) if n not in tight]
        left = max(whole - sum(least[n] for n in tight), 0.0)
        parts = sum(headings[n].width for n in free) or 1.0
        wanting = {n for n in free if left * headings[n].width / parts < least[n] - 1e-6}
        if not wanting:
            share = {n: left * headings[n].width / parts for n in free}
            return tuple(share.get(n, least[n]) for n in range(len(headings)))
        tight |= wanting


_HAND, _ARROW = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor


def _paint(painter: QPainter, place: QRectF, heading: Heading, cell: Cell) -> None:
    if not math.isnan(cell.share):
        _bar(painter, place, 0.0, min(max(cell.share, 0.0), 1.0), "measure")
        return
    if not math.isnan(cell.change):
        part = min(max(cell.change, -1.0), 1.0) / 2
        tone = "gain" if part > 0 else "loss"
        _bar(painter, place, min(0.5, 0.5 + part), abs(part), tone)
        middle = place.left() + place.width() / 2
        painter.fillRect(
            QRectF(middle - 0.5, place.center().y() - 7, 1, 14), theme.colour("ink_soft")
        )
        return
    painter.setFont(theme.body_font())
    painter.setPen(theme.colour(cell.tone))
    side = Qt.AlignmentFlag.AlignRight if heading.align == "right" else Qt.AlignmentFlag.AlignLeft
    words = elided(cell.words, QFontMetrics(painter.font()), place.width())
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, words)


def _bar(painter: QPainter, place: QRectF, at: float, part: float, tone: str) -> None:
    track = QRectF(place.left(), place.center().y() - 3, place.width(), 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("track"))
    painter.drawRoundedRect(track, 3, 3)
    painter.setBrush(theme.colour(tone))
    filled = QRectF(track.left() + at * track.width(), track.top(), part * track.width(), 6)
    painter.drawRoundedRect(filled, 3, 3)
