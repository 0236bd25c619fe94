"""The board over the stage that holds the views side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui import theme
from gui.panels.limits import coloured, marked, noted, with_meaning
from gui.panels.parts import (
    Chooser,
    Elided,
    HelpButton,
    IconButton,
    Label,
    Rule,
    Segments,
    column,
    row,
    set_tone,
)
from gui.panels.scale import Scale
from gui.side_by_side.pane import HEAD_PX, Pane
from gui.side_by_side.sides import colour_of
from twin.language import text

if TYPE_CHECKING:
    from gui.scene.view import View
    from gui.side_by_side.sides import Look, Side
    from gui.viewport import Viewport
    from twin.standards import Standard

FEWEST, MOST = 2, 4
LOW_PX = 420
"""A board that is lower has a short legend at its foot."""
_BARS_PX, _LOW_BARS_PX = 120, 92
"""What the lines above and below the views take of a board, and of a low one."""
_WIDE = 1.5
"""A district is seen best in a view so many times as wide as high."""


class Board(QWidget):
    """Two to four views that look from one camera, their figures, and what colours them.

    Parameters
    ----------
    main
        The view that the board covers: it lends its graphics and looks along.

    Signals
    -------
    asked(what, value)
        ``close``; ``figures`` of what changes; ``again`` with other scenarios, requirement or look;
        ``take`` a scenario in hand; ``select`` a feature; open a ``menu``.
    """

    asked = Signal(str, object)

    def __init__(self, main: Viewport, scenarios: Sequence[str], requirement: str) -> None:
        super().__init__()
        # Opaque, so that what it covers is not drawn.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._main = main
        self.scenarios = list(scenarios)
        self.requirement = requirement
        self.has_chosen = bool(requirement)
        """Whether a person chose what the views show; else it is what changes most."""
        self.look: Look = "state"
        self._names: tuple[str, ...] = ()
        self._standard: Standard | None = None
        self.panes: list[Pane] = []
        self.sides: tuple[Side, ...] = ()
        self._moving, self._stepped = False, 1.0
        layout = column(self)
        layout.addLayout(self._bar())
        layout.addWidget(Rule())
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        layout.addLayout(self._grid, 1)
        layout.addWidget(Rule())
        layout.addLayout(self._foot())
        main.camera_changed.connect(self._look_along)
        self._label()

    # -- what it shows ------------------------------------------------------------------------

    def take_scenarios(self, names: Sequence[str], standard: Standard) -> None:
        """Offer the scenarios and requirements that there are now."""
        self._names = tuple(names)
        kept = [name for name in self.scenarios if name in names]
        self.scenarios = kept + list(names[:1]) * (FEWEST - len(kept))
        if standard is not self._standard:
            self._standard = standard
            self._list_requirements()
        while len(self.panes) > len(self.scenarios):
            self._drop(self.panes[-1])
        while len(self.panes) < len(self.scenarios):
            self._add()
        for pane, name in zip(self.panes, self.scenarios, strict=True):
            pane.list_scenarios(self._names, name)
            pane.close_.setEnabled(len(self.panes) > FEWEST)
        self._more.setEnabled(len(self.panes) < MOST and bool(self._free()))
        self._arrange()
        self._show_scale()

    def show_sides(self, sides: Sequence[Side], view: View, requirement: str = "") -> None:
        """Show what was worked out, of a requirement where nobody chose one.

        `view` says which layers are drawn and what is selected.
        """
        self.sides = tuple(sides)
        if not self.has_chosen and requirement != self.requirement:
            self.requirement = requirement
            self._what.setCurrentIndex(max(self._what.findData(requirement), 0))
        for pane, side in zip(self.panes, sides, strict=False):
            pane.show_side(side)
        self._show_scale()
        self.show_view(view)
        self._say_updating(False)

    def show_view(self, view: View) -> None:
        """Draw the same sides with another view state."""
        plain = replace(view, hover=None, ghost=None, field=None)
        for pane, side in zip(self.panes, self.sides, strict=False):
            shown = replace(plain, hidden_services=side.hidden)
            pane.view.show_scene(side.district, shown, side.colours, side.meshes)

    def say_waiting(self) -> None:
        """Say that newer figures are on their way."""
        self._say_updating(True)

    @property
    def updating(self) -> bool:
        """Whether what is shown is of an earlier state."""
        return bool(self._updating.text())

    @property
    def first(self) -> Viewport:
        """The view whose size decides where the camera goes to show everything."""
        return self.panes[0].view

    def set_quality(self, quality: str) -> None:
        """Draw as the settings say."""
        for pane in self.panes:
            pane.view.set_quality(quality)

    def step_back(self, wide: float) -> None:
        """Step back so far that a view shows as much from side to side as one of another shape.

        Parameters
        ----------
        wide
            Width by height of that view.
        """
        # The board has its place, and its views have theirs, only when all have been laid out.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        for part in (self.layout(), self.panes[0].layout()):
            if part is not None:
                part.activate()
        narrow = self.first.width() / max(self.first.height(), 1)
        self._stepped = max(wide / max(narrow, 0.1), 1.0)
        self._step(self._stepped)

    def _step(self, factor: float) -> None:
        at = self._main.camera
        self._main.set_camera(replace(at, distance=at.distance * factor))

    def close_views(self) -> None:
        """Give back the graphics and the step back; the board goes next."""
        self._step(1.0 / self._stepped)
        self._main.camera_changed.disconnect(self._look_along)
        for pane in list(self.panes):
            self._drop(pane)

    def take_focus(self) -> None:
        """Put the keyboard on the first view."""
        self.first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- the window's side --------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the panel, and lines between the views."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("panel"))
        painter.fillRect(self._grid.geometry(), theme.colour("line"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.asked.emit("close", None)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._label()
            self._list_requirements()
            self._show_scale()

    def _bar(self) -> QHBoxLayout:
        bar = row(gap=8)
        bar.setContentsMargins(16, 4, 8, 4)
        title = Label("beside.title", bold=True)
        title.setWordWrap(False)
        bar.addWidget(title)
        self._what = Chooser()
        self._what.setProperty("flat", "true")
        self._what.setMinimumWidth(96)
        self._what.setMaxVisibleItems(30)
        self._what.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._what.activated.connect(self._on_requirement)
        bar.addWidget(self._what, 1)
        self._looks = Segments(
            {"state": "beside.state", "difference": "beside.difference"}, self.choose_look
        )
        self._looks.choose("state")
        bar.addWidget(self._looks)
        self._more = IconButton("add", "beside.add", self._on_more)
        bar.addWidget(self._more)
        bar.addWidget(IconButton("chart", "beside.figures", self._ask_for_figures))
        bar.addWidget(HelpButton("help.beside"))
        bar.addWidget(IconButton("close", "beside.close", lambda: self.asked.emit("close", None)))
        return bar

    def _foot(self) -> QHBoxLayout:
        foot = row(gap=16)
        foot.setContentsMargins(8, 4, 16, 4)
        self.scale = Scale()
        self.scale.setFixedWidth(288)
        foot.addWidget(self.scale)
        self._meaning, self._updating = Elided(), QLabel()
        self._meaning.setWordWrap(True)
        for label in (self._meaning, self._updating):
            set_tone(label, "soft")
        foot.addWidget(self._meaning, 1)
        foot.addWidget(self._updating)
        return foot

    def _label(self) -> None:
        self._what.setAccessibleName(text("beside.requirement"))
        self._what.setToolTip(text("beside.requirement"))

    def _list_requirements(self) -> None:
        wanted = self._standard.requirements if self._standard else ()
        if self.requirement not in [r.id for r in wanted]:
            self.requirement = ""
        self._what.clear()
        shall = [one for one in wanted if one.level == "shall"]
        self._what.addItem(marked(text("score.full_circle"), shall), "")
        for one in wanted:
            self._what.addItem(one.marked_name(), one.id)
        self._what.setCurrentIndex(max(self._what.findData(self.requirement), 0))

    def _show_scale(self) -> None:
        if self._standard is not None:
            by = colour_of(self._standard, self.requirement, self.look)
            self.scale.show_scale(by)
            words = text(f"beside.meaning_{self.look}")
            said = with_meaning(words, coloured(by, self._standard))
            bounded = any(side.at_least for side in self.sides)
            self._meaning.setText(noted(said, text("dashboard.lower_bound")) if bounded else said)
            self._meaning.setToolTip(text("dashboard.lower_bound_why") if bounded else "")

    def _say_updating(self, on: bool) -> None:
        self._updating.setText(text("score.updating") if on else "")

    def _on_requirement(self) -> None:
        self.requirement, self.has_chosen = str(self._what.currentData()), True
        self._ask_again()

    def choose_look(self, look: str) -> None:
        """Colour the views by ``state`` or by ``difference``."""
        self.look = "difference" if look == "difference" else "state"
        self._looks.choose(self.look)
        self._ask_again()

    def _ask_for_figures(self) -> None:
        self.asked.emit("figures", None)

    def _on_more(self) -> None:
        self.scenarios.append(self._free()[0])
        self._ask_again()

    def _free(self) -> list[str]:
        """Return the scenarios that no view shows."""
        return [name for name in self._names if name not in self.scenarios]

    def _on_chosen(self, pane: Pane, scenario: str) -> None:
        self.scenarios[self.panes.index(pane)] = scenario
        self._ask_again()

    def _on_removed(self, pane: Pane) -> None:
        if len(self.panes) > FEWEST:
            del self.scenarios[self.panes.index(pane)]
            self._drop(pane)
            self._ask_again()

    def _ask_again(self) -> None:
        self._show_scale()
        self.asked.emit("again", None)

    # -- the views ----------------------------------------------------------------------------

    def _add(self) -> None:
        pane = Pane(self._main.scene, theme.tokens().name)
        view = pane.view
        view.navigation = self._main.navigation
        pane.chosen.connect(lambda scenario: self._on_chosen(pane, scenario))
        pane.menu_asked.connect(lambda wanted: self.asked.emit("menu", wanted))
        pane.removed.connect(lambda: self._on_removed(pane))
        pane.taken.connect(lambda: self.asked.emit("take", self.scenarios[self.panes.index(pane)]))
        view.picked.connect(lambda feature: self.asked.emit("select", feature))
        view.camera_changed.connect(lambda: self._follow(view))
        view.turned.connect(self._main.turned)
        view.take_camera(self._main.camera)
        self.panes.append(pane)

    def _drop(self, pane: Pane) -> None:
        self.panes.remove(pane)
        self._grid.removeWidget(pane)
        pane.view.close_scene()
        pane.hide()
        pane.setParent(None)
        pane.deleteLater()

    def _look_along(self) -> None:
        self._follow(self._main)

    def _follow(self, moved: Viewport) -> None:
        """Have every view look from where one has moved to."""
        if self._moving:
            return
        self._moving = True
        for view in (self._main, *(pane.view for pane in self.panes)):
            if view is not moved:
                view.set_camera(moved.camera)
        self._moving = False

    def _arrange(self) -> None:
        """Lay the views out, all of one size, as large as they can be."""
        count = len(self.panes)
        if not count:  # the board has its size before it has views
            return
        low = self.height() < LOW_PX
        self.scale.set_short(low)
        self._meaning.setWordWrap(not low)
        room = self.height() - (_LOW_BARS_PX if low else _BARS_PX)
        columns = columns_for(count, self.width(), room)
        for pane in self.panes:
            self._grid.removeWidget(pane)
        for number, pane in enumerate(self.panes):
            self._grid.addWidget(pane, *divmod(number, columns))
            pane.show()
        for index in range(MOST):
            self._grid.setRowStretch(index, int(index < -(-count // columns)))
            self._grid.setColumnStretch(index, int(index < columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the views out anew where the room asks for it."""
        super().resizeEvent(event)
        self._arrange()


def columns_for(count: int, width: float, height: float) -> int:
    """Return in how many columns views show most: in a row, one above the other, four in a square.

    Each has a head over it.
    """

    def shown(columns: int) -> float:
        rows = -(-count // columns)
        return min(width / columns, _WIDE * (height / rows - HEAD_PX))

    return max((2, count) if count == MOST else (count, 1), key=shown)
