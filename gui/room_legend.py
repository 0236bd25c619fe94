"""What the colours mean, in type that the last row of a room can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui import theme
from gui.colouring import residents_unknown
from gui.map_sheet import colour_words
from gui.panels.limits import coloured, meaning, required
from gui.panels.parts import column, fit_height, set_tone
from gui.panels.scale import HEIGHT_PX, WIDTH_PX, Steps
from gui.view_state import ColourBy
from twin.telling.horizon_words import horizon_words

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment

LARGER = 1.5
MARGIN_PX = 16
ABOVE_SCALE_PX = 48


class RoomLegend(QFrame):
    """A card at the lower left of the room's view, above its scale bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.setObjectName("roomLegend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = column(self, margin=MARGIN_PX, gap=8)
        self.words, self.time, self.notes = QLabel(), QLabel(), QLabel()
        self._steps = _LargeSteps()
        self.notes.setObjectName("roomNotes")
        set_tone(self.time, "looked")
        set_tone(self.notes, "soft")
        for widget in (self.words, self.time, self._steps, self.notes):
            layout.addWidget(widget)
        for label in (self.words, self.time, self.notes):
            label.setWordWrap(True)

    def show_colours(self, assessment: Assessment | None, by: ColourBy) -> None:
        """Say what the colours stand for, and what the marks on this screen mean."""
        self.setVisible(assessment is not None and by.what != "none")
        if assessment is None:
            return
        asked = coloured(by, assessment.standard)
        self.words.setText(colour_words(by, asked))
        self.time.setText(horizon_words(assessment.horizon))
        self.time.setVisible(bool(self.time.text()))
        self._steps.show_steps(Steps(by, residents_unknown(assessment)))
        self.notes.setText(meaning([*asked, *required(assessment)]))
        self.notes.setVisible(bool(self.notes.text()))
        self.place()

    def place(self) -> None:
        """Stand in the corner of the view."""
        room = self._view.width() - 2 * MARGIN_PX
        fit_height(self, min(round(WIDTH_PX * LARGER) + 2 * MARGIN_PX, room))
        self.move(MARGIN_PX, self._view.height() - self.height() - ABOVE_SCALE_PX)


class _LargeSteps(QWidget):
    """The steps of a ramp, half as large again as on a panel."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = Steps(ColourBy())

    def show_steps(self, steps: Steps) -> None:
        self._steps = steps
        self.setAccessibleName(", ".join(steps.labels()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(WIDTH_PX * LARGER), round(HEIGHT_PX * LARGER))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(LARGER, LARGER)
        self._steps.paint(painter, self.width() / LARGER, theme.tokens())
        painter.end()
