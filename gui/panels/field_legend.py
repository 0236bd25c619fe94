"""What the colours on the ground say, under the legend of the buildings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui import theme
from gui.panels.figures import number
from gui.panels.parts import column, set_tone
from gui.scene.style import field_colours
from gui.view_state import ViewState
from twin.language import text


class FieldLegend(QWidget):
    """A heading and the steps of a field, shown while one lies on the ground."""

    def __init__(self, state: ViewState, width: int) -> None:
        super().__init__()
        self._state, self._width = state, width
        layout = column(self, margin=0, gap=4)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setContentsMargins(8, 0, 8, 0)
        set_tone(self._words, "soft")
        layout.addWidget(self._words)
        self._steps = _Steps(state, width)
        layout.addWidget(self._steps)
        self.hide()

    def refresh(self) -> None:
        """Follow the field that is shown."""
        field = self._state.seen.field
        if field is not None:
            self._words.setText(text(f"legend.field_{field.kind}"))
            self._steps.setAccessibleName(" – ".join(self._steps.ends()))
        self.setVisible(field is not None)
        self._steps.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()


class _Steps(QWidget):
    """The steps from the least to the most."""

    def __init__(self, state: ViewState, width: int) -> None:
        super().__init__()
        self._state, self._width = state, width

    def sizeHint(self) -> QSize:
        """Return room for the steps and their two ends."""
        return QSize(self._width, 36)

    def ends(self) -> tuple[str, str]:
        """Return what is said at the two ends."""
        field = self._state.seen.field
        if field is None:
            return "", ""
        if field.kind == "gain":
            return "0", text("legend.people", count=f"+{number(field.maximum)}")
        return "0", f"{field.maximum:g} {text(f'figure.{field.unit}')}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the steps and the figures at their ends."""
        field = self._state.seen.field
        if field is None:
            return
        painter = QPainter(self)
        painter.setFont(theme.body_font())
        steps = field_colours(field.kind, theme.tokens().name)
        left, width = 8.0, (self.width() - 16.0) / len(steps)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, step in enumerate(steps):
            painter.setBrush(QColor(step))
            painter.drawRect(QRectF(left + place * width, 2, width + 0.5, 12))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("line_strong"))
        painter.drawRect(QRectF(left, 2, self.width() - 16.0, 12))
        painter.setPen(theme.colour("ink_soft"))
        for words, side in zip(
            self.ends(), (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True
        ):
            room = QRectF(left, 15, self.width() - 16.0, 20)
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()  # whatever else still looks at this call
