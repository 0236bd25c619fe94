"""What the colours mean, in type that the last row of a room can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from gui import theme
from gui.colouring import residents_unknown
from gui.map_sheet import colour_words
from gui.panels.glyphs import family_looks, kinds_among, sign_of, type_looks
from gui.panels.limits import coloured, meaning, required
from gui.panels.parts import clear, column, fit_height, set_tone
from gui.panels.scale import HEIGHT_PX, SHORT_PX, WIDTH_PX, Steps
from gui.view_state import ColourBy
from twin.model.sources import MARKS
from twin.telling.horizon_words import horizon_words

if TYPE_CHECKING:
    from gui.canvas import Canvas
    from gui.scene.glyphs import Look
    from twin.assessment.assess import Assessment
    from twin.standards.requirements import Requirement

LARGER = 1.5
SMALL_VIEW_PX = (720, 600)
"""In a view that is narrower or lower the card is no larger than on a desk, and says less."""
MARGIN_PX, SMALL_MARGIN_PX = 16, 10
SIGN_PX, BESIDE = 26, 3
ABOVE_SCALE_PX = 48


class RoomLegend(QFrame):
    """A card at the lower left of the room's view, above its scale bar."""

    def __init__(self, parent: Canvas) -> None:
        super().__init__(parent)
        self._view = parent
        self.setObjectName("roomLegend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = column(self, margin=MARGIN_PX, gap=8)
        self._small = False
        self._marked: tuple[Sequence[Requirement], Sequence[Requirement]] = (), ()
        self.words, self.time, self.notes = QLabel(), QLabel(), QLabel()
        self._steps = _LargeSteps()
        self.shapes = _Shapes()
        self.notes.setObjectName("roomNotes")
        set_tone(self.time, "looked")
        set_tone(self.notes, "soft")
        for widget in (self.words, self.time, self._steps, self.shapes, self.notes):
            self._column.addWidget(widget)
        for label in (self.words, self.time, self.notes):
            label.setWordWrap(True)

    def show_colours(
        self, assessment: Assessment | None, by: ColourBy, difference: str = ""
    ) -> None:
        """Say what the colours stand for, or are the `difference` of, and what marks here mean."""
        self.setVisible(assessment is not None and by.what != "none")
        if assessment is None:
            return
        asked = coloured(by, assessment.standard)
        self.words.setText(difference or colour_words(by, asked))
        self.time.setText(horizon_words(assessment.horizon))
        self.time.setVisible(bool(self.time.text()))
        self._steps.show_steps(Steps(by, residents_unknown(assessment)))
        self._marked = asked, required(assessment)
        self._say_marks()
        self.place()

    def show_services(self, types: Iterable[str], asked: AbstractSet[str]) -> None:
        """Say what the glyphs are: those that are asked about, else the shape of each family."""
        kinds = kinds_among(types)
        about = [kind for kind in kinds if kind.id in asked]
        self.shapes.show_looks(type_looks(about) if about else family_looks(kinds))
        self.shapes.setVisible(not self._small)
        self.place()

    def set_larger(self, larger: float) -> None:
        """Be so many times larger than on a laptop's screen."""
        self._steps.set_larger(larger)
        self.shapes.set_larger(larger)

    def place(self) -> None:
        """Stand in the corner of the view, as large as suits that."""
        wide, tall = SMALL_VIEW_PX
        small = self._view.width() < wide or self._view.height() < tall
        if small != self._small:
            self._become(small)
        margin = SMALL_MARGIN_PX if small else MARGIN_PX
        room = self._view.width() - 2 * MARGIN_PX
        shapes = 0 if small else self.shapes.settled_width()
        fit_height(self, min(max(self._steps.sizeHint().width(), shapes) + 2 * margin, room))
        self.move(MARGIN_PX, self._view.height() - self.height() - ABOVE_SCALE_PX)
        self._view.keep_clear([] if self.isHidden() else [self.geometry()])

    def _become(self, small: bool) -> None:
        self._small = small
        self._steps.set_small(small)
        self.shapes.setVisible(not small)
        margin = SMALL_MARGIN_PX if small else MARGIN_PX
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(4 if small else 8)
        self.setProperty("small", small)
        for label in (self.words, self.time, self.notes):
            label.style().unpolish(label)
            label.style().polish(label)
        self._say_marks()

    def _say_marks(self) -> None:
        """Say what the marks mean: all that may be on the screen, on a small one those that are."""
        asked, rested = self._marked
        least = sorted(rested, key=lambda one: list(MARKS).index(one.standing))[:1]
        self.notes.setText(meaning([*asked, *(least if self._small else rested)]))
        self.notes.setVisible(bool(self.notes.text()))


class _Shapes(QWidget):
    """Glyphs and what they stand for, a few beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SIGN_PX // 2)
        self._grid.setVerticalSpacing(SIGN_PX // 6)
        self._looks: dict[str, Look] = {}
        self._drawn: tuple[object, ...] = ()
        self._larger = 1.0

    def set_larger(self, larger: float) -> None:
        self._larger = larger
        self.show_looks(self._looks)

    def settled_width(self) -> int:
        """Return how wide it wants to be in the type that is worn now; the card is told, too."""
        self._grid.activate()
        self.updateGeometry()
        return self.sizeHint().width()

    def show_looks(self, looks: Mapping[str, Look]) -> None:
        self._looks = dict(looks)
        rim, ratio = theme.tokens().panel, self.devicePixelRatioF()
        drawn = (tuple(looks.items()), rim, ratio, self._larger)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        clear(self._grid)
        for number, (name, look) in enumerate(looks.items()):
            sign, words = QLabel(), QLabel(name)
            sign.setPixmap(sign_of(look, round(SIGN_PX * self._larger), ratio, rim))
            line, side = divmod(number, BESIDE)
            self._grid.addWidget(sign, line, 2 * side)
            self._grid.addWidget(words, line, 2 * side + 1)
            for label in (sign, words):
                label.show()  # Qt would a moment later, and till then leave no room for it
        self._grid.setColumnStretch(2 * BESIDE, 1)


class _LargeSteps(QWidget):
    """The steps of a ramp, half as large again as on a panel, or as large and the ramp alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._steps = Steps(ColourBy())
        self._small = False
        self._larger = LARGER

    def set_larger(self, larger: float) -> None:
        self._larger = LARGER * larger
        self.updateGeometry()

    def set_small(self, small: bool) -> None:
        self._small = small
        self.updateGeometry()
        self.update()

    def show_steps(self, steps: Steps) -> None:
        self._steps = steps
        self.setAccessibleName(", ".join(steps.labels()))
        self.update()

    def sizeHint(self) -> QSize:
        if self._small:
            return QSize(WIDTH_PX, SHORT_PX)
        return QSize(round(WIDTH_PX * self._larger), round(HEIGHT_PX * self._larger))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        larger = 1.0 if self._small else self._larger
        painter.scale(larger, larger)
        self._steps.paint(painter, self.width() / larger, theme.tokens(), short=self._small)
        painter.end()
