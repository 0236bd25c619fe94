"""One of the views side by side: a scenario's name, its figure, and its 3D view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from gui.panels import figures
from gui.panels.header import scenario_name
from gui.panels.menus import MenuWanted, when_asked
from gui.panels.parts import Chooser, Elided, IconButton, Rule, column, row, set_tone, tip
from gui.viewport import Viewport
from twin.figures import bounded, points
from twin.language import text

if TYPE_CHECKING:
    from gui.scene.scene import Scene
    from gui.scene.style import Theme
    from gui.side_by_side.sides import Side
    from gui.view_state import Feature

HEAD_PX = 72
"""What the two lines over a view take."""
NARROW_PX = 280
"""In a narrower pane who gains and loses has a line of its own."""
_LEAST_PX = (96, 56)
"""A view keeps its scale bar in sight down to this size."""


class Pane(QWidget):
    """A view with two lines above it, three where it is narrow.

    Signals
    -------
    chosen(scenario)
        Another scenario is to be shown here.
    taken()
        The scenario is to be worked on.
    removed()
        The view is to go.
    menu_asked(wanted)
        A `MenuWanted` of the scenario, or of what the view shows under the pointer.
    """

    chosen = Signal(str)
    taken = Signal()
    removed = Signal()
    menu_asked = Signal(object)

    def __init__(self, lender: Scene, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = Viewport(self, theme=theme, lender=lender)
        self.view.setMinimumSize(*_LEAST_PX)
        self._name = Chooser()
        self._name.setProperty("flat", "true")
        self._name.setMinimumWidth(72)
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name.activated.connect(lambda: self.chosen.emit(str(self._name.currentData())))
        self._share, self._change = QLabel(), Elided()
        self._share.setObjectName("sideShare")
        self._gained, self._lost = QLabel(), QLabel()
        set_tone(self._change, "soft")
        set_tone(self._gained, "gain")
        set_tone(self._lost, "loss")
        self._take = IconButton("rename", "beside.take", self.taken.emit)
        self.close_ = IconButton("close", "beside.remove", self.removed.emit)
        layout = column(self)
        head = row(gap=4)
        head.setContentsMargins(8, 4, 8, 0)
        for part in (self._name, self._take, self.close_):
            head.addWidget(part)
        layout.addLayout(head)
        line, moved = row(gap=8), row(gap=8)
        line.addWidget(self._share)
        line.addWidget(self._change, 1)
        moved.addWidget(self._gained)
        moved.addWidget(self._lost)
        moved.addStretch(1)
        self._figures = row(gap=8)
        self._figures.setContentsMargins(16, 0, 8, 6)
        self._figures.addLayout(line)
        self._figures.addLayout(moved, 1)
        layout.addLayout(self._figures)
        layout.addWidget(Rule())
        layout.addWidget(self.view, 1)
        self._side: Side | None = None
        when_asked(self._name, partial(self._want_menu, None))
        self.view.context_requested.connect(self._want_menu)
        self._label()

    def list_scenarios(self, names: Sequence[str], shown: str) -> None:
        """Offer scenarios, one of them chosen."""
        self._name.clear()
        for name in names:
            self._name.addItem(scenario_name(name), name)
        self._name.setCurrentIndex(list(names).index(shown))
        self._label()

    def show_side(self, side: Side) -> None:
        """Say the figures of a scenario; the view is shown by who knows the view state."""
        self._side = side
        self._share.setText(bounded(side.share, side.at_least))
        meant = text("dashboard.lower_bound_why") if side.at_least else ""
        self._share.setToolTip(meant)
        self._share.setAccessibleName(" ".join(filter(None, (self._share.text(), meant))))
        if side.change is None:
            self._change.setText(text("beside.first"))
        elif math.isnan(side.change):
            self._change.setText(text("beside.not_assessed"))
        elif (change := points(side.change)) == "0":
            self._change.setText(text("beside.same"))
        else:
            self._change.setText(text("beside.points", change=change))
        gained, lost = figures.difference(side.gained), figures.difference(-side.lost)
        self._gained.setText(gained)
        self._lost.setText(lost)
        self._gained.setVisible(bool(gained) or not lost)  # one keeps the line as high as others
        self._lost.setVisible(bool(lost))
        self._gained.setToolTip(text("beside.gained", count=figures.people(side.gained)))
        self._lost.setToolTip(text("beside.lost", count=figures.people(side.lost)))

    def _want_menu(self, feature: Feature | None, at: QPoint) -> None:
        """Ask for what looks and never edits: edits go into the scenario in hand, not this one."""
        ways = [(self._take.toolTip(), self._take.click)]
        if self.close_.isEnabled():
            ways += [(self.close_.toolTip(), self.close_.click)]
        self.menu_asked.emit(MenuWanted(at, "side", feature, tuple(ways)))

    @property
    def words(self) -> str:
        """Everything that the line says, for those who cannot see it."""
        labels = (self._share, self._change, self._gained, self._lost)
        return " ".join(label.text() for label in labels if label.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another line where there is no room for all figures in one."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._figures.setDirection(way)
        self._figures.setSpacing(0 if narrow else 8)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._label()
            for index in range(self._name.count()):
                self._name.setItemText(index, scenario_name(self._name.itemData(index)))
            if self._side is not None:
                self.show_side(self._side)

    def _label(self) -> None:
        self._name.setAccessibleName(text("beside.scenario"))
        self._name.setToolTip(tip(f"{self._name.currentText()}\n{text('beside.scenario')}"))
        self.view.setAccessibleName(text("stage.view"))
