"""The centre of the window: the view of the district, with legend, buttons and messages over it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from gui import theme
from gui.colouring import asked_types, colours, residents_unknown
from gui.errors import LOG
from gui.panels.header import ActionButton, scenario_name
from gui.panels.legend import Legend
from gui.panels.limits import coloured, difference_words
from gui.panels.messages import Messages
from gui.panels.parts import Label, column, set_tone
from gui.scene.view import ROLES_SHOWN, Ghost, View
from gui.stairs_words import stairs_words
from gui.view_state import ColourBy, Pick, Tool, ViewState
from twin.language import text
from twin.telling.horizon_words import horizon_words

if TYPE_CHECKING:
    from gui.document import Document
    from gui.panels.toolbar import ToolBar
    from gui.scene.colours import BuildingColours
    from gui.scene.meshes import Meshes
    from gui.sketch import Sheet
    from gui.viewport import Viewport
    from twin.assessment.assess import Assessment
    from twin.model.district import District

WAIT_FOR_FIGURES_MS = 30
"""What a service in the hand would change is mostly known within this time; then one picture shows
where it is and that."""
PAPER_RATIO, PAPER_PIXELS = 2.0, 4.0e6
"""Pixels to a logical one of a picture for paper, and how many there are at most for that."""
GAP = 16
"""Between the edge of the view and what lies over it."""
ABOVE_SCALE = 40
"""Room for the scale bar, which the viewport paints in its lower left corner."""
BELOW_COMPASS = 112
"""Room for the view cube, which it paints in its upper right corner."""
BUTTON_PX = 36
"""A button below it with the gap to the next."""
BESIDE_COMPASS = 88
BELOW_COVER = 112
"""Room for what stands at the foot of scenarios side by side: their scale bars and the legend."""
LEGEND_PX, LEGEND_FOLDED_PX = 312, 160
"""Room for a legend of homes and ground: tools leave it free, so that they do not change places
whenever the legend says more or less."""
LEAST_PX = 176
"""A view that is lower, between two open drawers, has no room for a legend."""
NARROW_PX = 520
"""In a view that is narrower, tools and legend are."""


class Stage(QWidget):
    """Shows a document as the view state asks.

    Signals
    -------
    pointed(x, y)
        The pointer is over another place of the ground; NaN when it is over none.
    dropped(paths)
        Files or folders were dropped on the view.
    """

    pointed = Signal(float, float)
    dropped = Signal(object)

    def __init__(self, state: ViewState, buttons: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("centre")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._state = state
        self._document: Document | None = None
        self._district: District | None = None
        self._colours: tuple[_Asked, BuildingColours] | None = None
        self._tool: _Pointing | None = None
        self._layout = column(self)
        self.viewport: Viewport | None = None
        self._said_slow = False
        self._cover: QWidget | None = None
        self._looked_through: Viewport | None = None
        self._waiting = _Waiting()
        self._layout.addWidget(self._waiting)
        self.legend = Legend(state, self)
        self._buttons = QFrame(self)
        self._buttons.setObjectName("card")
        self._stack = QGridLayout(self._buttons)
        self._stack.setContentsMargins(4, 4, 4, 4)
        self._stack.setSpacing(4)
        for row, action in enumerate(buttons):
            self._stack.addWidget(ActionButton(action), row, 0)
        self.messages = Messages(self)
        self.guests: list[QWidget] = []
        """Cards of others over the view: while one is shown nothing is written beneath it."""
        self.corner_cards: list[QWidget] = []
        """Those of them that stand in the corner, as :meth:`corner_for` says."""
        self.tools: ToolBar | None = None
        """Stands over the view at its left; the window puts it there."""
        self.legend.folded.connect(self.place)
        self.legend.hide()
        self._buttons.hide()
        state.changed.connect(self._on_state)
        self._figures_late = QTimer(self, interval=WAIT_FOR_FIGURES_MS, singleShot=True)
        self._figures_late.timeout.connect(self.refresh)

    @property
    def shown_district(self) -> District | None:
        """The district that is drawn."""
        return self._district

    @property
    def colour_by(self) -> ColourBy:
        """What the buildings' colours say."""
        return self._state.seen.colour_by

    def show_district(
        self, document: Document, district: District, meshes: Meshes | None = None
    ) -> None:
        """Draw a district of a document; `meshes` where they were made beforehand.

        For another document the camera goes to where all of it is seen.
        """
        while self.prepare(document, district, meshes):
            pass
        self._district = district
        self.refresh(meshes)
        self._show_viewport()

    def prepare(self, document: Document, district: District, meshes: Meshes | None = None) -> bool:
        """Do the next part of what it takes to show another document; return False after the last.

        Each part takes long enough to let others have their turn after it. Until
        :meth:`show_district` follows nothing is shown.
        """
        if self._document is not document:
            if self.viewport is not None:
                self._remove_viewport()
                return True
            self._document = document
            self._district = self._colours = None
            self._make_viewport()
            return True
        if self.viewport is not None and self._district is None:
            self._district = district
            self.refresh(meshes)
            self.viewport.catch_up()
            return True
        return False

    def refresh(self, meshes: Meshes | None = None) -> None:
        """Draw what document and view state say now."""
        self._figures_late.stop()
        if self._document is None or self._district is None or self.viewport is None:
            return
        assessment, height = self._document.assessment, self.legend.height()
        self.legend.show_unknown(residents_unknown(assessment))
        self.legend.show_limits(self._document.standard)
        self.legend.show_difference(self.difference)
        self.legend.show_time(horizon_words(assessment.horizon) if assessment else "")
        colours_now = self._colours_now()
        self.legend.show_stairs(stairs_words(assessment, self.colour_by, colours_now))
        if self.legend.height() != height:  # it stands on the scale bar
            self.place()
        self.viewport.show_scene(self._district, self._view(), colours_now, meshes)

    @property
    def difference(self) -> str:
        """Of what the colours are the difference, and between which scenarios; "" of none."""
        document, by = self._document, self.colour_by
        if document is None or by.what != "difference":
            return ""
        sides = scenario_name(document.session.scenario), scenario_name(document.beside_scenario)
        return difference_words(by, coloured(by, document.standard), sides)

    def what_is_shown(
        self,
    ) -> tuple[District, View, BuildingColours, Meshes | None] | None:
        """Return what another view needs to show the same; None while nothing is shown."""
        if self._district is None or self.viewport is None:
            return None
        view = replace(self._view(), hover=None)
        return self._district, view, self._colours_now(), self.viewport.scene.meshes

    def say_waiting(self, words: str) -> None:
        """Say on the empty view what is being waited for, or what can be done."""
        self._waiting.say(words)
        self._waiting.bar.hide()

    def show_progress(self, part: float) -> None:
        """Show on the empty view how far opening is, from 0 to 1."""
        self._waiting.bar.show()
        self._waiting.bar.setValue(round(part * 1000))

    def set_tool(self, tool: Tool | None) -> None:
        """Hand the pointer to a tool."""
        self._tool = None if tool is None else _Pointing(tool, self)
        if self.viewport is not None:
            self.viewport.set_tool(self._tool)

    def take_focus(self) -> None:
        """Put the keyboard on the view."""
        if self.viewport is None:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.viewport.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_all(self) -> None:
        """Move the camera to where the whole study area is seen."""
        if self.looking is not None:
            self.looking.home()

    @property
    def looking(self) -> Viewport | None:
        """The view that is moved when the camera is told to go somewhere."""
        return self._looked_through or self.viewport

    def look_through(self, view: Viewport | None) -> None:
        """Move another view, which takes the stage's own along; None returns to that."""
        self._looked_through = view

    def set_cover(self, cover: QWidget | None) -> None:
        """Lay a widget over all but the messages, or (None) take it away."""
        if self._cover is not None:
            self._cover.setParent(None)
        self._cover = cover
        self._looked_through = None
        if cover is not None:
            cover.setParent(self)
            cover.show()
        self.place()

    def view_now(self) -> View:
        """Return what the view state asks to be drawn."""
        return self._view()

    def photograph(self, done: Callable[[QImage], object], *, on_paper: bool = False) -> None:
        """Hand over what the view shows in good quality, a moment later; nothing without a view.

        With `on_paper` it is in the light theme whatever the window wears.
        """
        shown = self.what_is_shown()
        if shown is None or self.viewport is None:
            return
        from gui.photograph import Photograph

        district, view, colours_now, meshes = shown
        if on_paper:
            view = replace(view, theme="light")
        Photograph(self.viewport, (district, view, colours_now, meshes), done)

    def draw_map(self, done: Callable[[QImage], object]) -> None:
        """Hand over what the view shows as a map that explains itself, a moment later.

        Nothing is handed over without a view or figures.
        """
        document, view, shown = self._document, self.viewport, self.what_is_shown()
        if document is None or document.assessment is None or view is None or shown is None:
            return
        from gui.map_sheet import MARGIN, MapSheet, Shown
        from gui.photograph import Photograph

        district, drawn, colours_now, meshes = shown
        about = Shown(
            document.name,
            scenario_name(document.session.scenario),
            document.assessment,
            self._state.seen.colour_by,
            self._state.seen.field,
            stairs=stairs_words(document.assessment, self.colour_by, colours_now),
            unknown=residents_unknown(document.assessment),
            route=drawn.route is not None,
            difference=self.difference,
        )
        sheet = MapSheet(about, view.final_camera, view.width() + 2 * MARGIN)
        fine = min(PAPER_RATIO, math.sqrt(PAPER_PIXELS / (view.width() * view.height())))
        ratio = max(view.devicePixelRatioF(), fine)
        on_paper = district, replace(drawn, theme="light"), colours_now, meshes
        Photograph(
            view,
            on_paper,
            lambda picture: done(sheet.paint(picture, ratio)),
            ratio=ratio,
            names_only=True,
        )

    def close_view(self) -> None:
        """Let go of the graphics context; the next district gets another."""
        self._remove_viewport()
        self._document = self._district = None

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the theme and language in use."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange):
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the view in its corners."""
        super().resizeEvent(event)
        self.place()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on the files."""
        from pathlib import Path

        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths)

    def _make_viewport(self) -> None:
        from gui.viewport import Viewport

        self.viewport = Viewport(self, theme=theme.tokens().name)
        LOG.info("drawn by %s", self.viewport.scene.driver)
        self.viewport.hide()
        self.viewport.setAccessibleName(text("stage.view"))
        self._layout.addWidget(self.viewport)
        self.viewport.set_tool(self._tool)
        self.viewport.slowed.connect(self._say_slow)
        self.viewport.turned.connect(lambda plan: self._state.set(plan=plan))

    def _show_viewport(self) -> None:
        if self.viewport is None or not self.viewport.isHidden():
            return
        self._waiting.hide()
        self.legend.show()
        self._buttons.show()
        self.viewport.show()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # one stop for the keyboard, not two
        if self.hasFocus():
            self.viewport.setFocus()
        self.place()

    def _say_slow(self, reason: str) -> None:
        """Say once in a run why the picture is coarser while it moves."""
        if not self._said_slow:
            self._said_slow = True
            self.messages.say(text("stage.remote" if reason == "remote" else "stage.slow"))

    def _remove_viewport(self) -> None:
        if self.viewport is None:
            return
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport.set_tool(None)
        self.viewport.close_scene()
        self._layout.removeWidget(self.viewport)
        self.viewport.setParent(None)
        self.viewport.deleteLater()
        self.viewport = None

    def _view(self) -> View:
        seen = self._state.seen
        ghost = Ghost(*seen.ghost) if seen.ghost else None
        return View(
            visible=ROLES_SHOWN - seen.hidden,
            asked=self._asked(),
            names="names" not in seen.hidden,
            theme=theme.tokens().name,
            selection=seen.selected,
            hover=seen.hovered,
            ghost=ghost,
            route=seen.route.line if seen.route else None,
            catchment=seen.catchment,
            field=seen.field,
            daylight=seen.daylight,
            hidden_services=frozenset({seen.held}) if seen.held >= 0 else frozenset(),
        )

    def _asked(self) -> frozenset[str]:
        """Return the types of services that the colours, or what is placed, are about."""
        assert self._document is not None
        seen = self._state.seen
        types = asked_types(seen.colour_by, seen.requirement, self._document.standard)
        return types | {seen.armed} if seen.armed else types

    def _colours_now(self) -> BuildingColours:
        assert self._document is not None
        assessment, by = self._document.assessment, self._state.seen.colour_by
        beside = self._document.beside or self._document.base_assessment
        asked = assessment, by, beside if by.what == "difference" else None
        known = self._colours
        if known is None or not _same(known[0], asked):
            known = (asked, colours(assessment, by, beside))
            self._colours = known
        return known[1]

    def _on_state(self, names: frozenset[str]) -> None:
        if names == {"ghost"} and self._state.seen.ghost is not None:
            if not self._figures_late.isActive():
                self._figures_late.start()
        elif names - {"plan"}:
            self.refresh()
        if "plan" in names and self.looking is not None:
            self.looking.set_plan(self._state.seen.plan)
        if names & {"colour_by", "field"}:
            self.place()

    def place(self) -> None:
        """Put what lies over the view where it belongs."""
        narrow = self.width() < NARROW_PX
        self.legend.set_room(self.height())
        self.legend.set_narrow(narrow)
        self.legend.fit()
        top = self.height() - self.legend.height() - ABOVE_SCALE
        self.legend.move(GAP, top)
        if self.viewport is not None and not self.viewport.isHidden():
            self.legend.setVisible(self.height() >= LEAST_PX)
        self.legend.raise_()
        if self.tools is not None:
            usual = LEGEND_FOLDED_PX if self.legend.is_folded else LEGEND_PX
            self.tools.place(min(top, self.height() - ABOVE_SCALE - usual) - 2 * GAP, narrow)
        self._place_buttons()
        for card in self.corner_cards:
            card.move(self.corner_for(card.size()))
        for guest in self.guests:
            guest.raise_()
        if self.viewport is not None:
            cards = (self.legend, self._buttons, self.tools)
            shown = [card.geometry() for card in cards if card and not card.isHidden()]
            guests = [card.geometry() for card in self.guests if not card.isHidden()]
            self.viewport.keep_clear(shown + guests)
        if self._cover is not None:
            self._cover.setGeometry(self.rect())
            self._cover.raise_()
        self.messages.stand(*self._room_for_messages())

    def _place_buttons(self) -> None:
        """Stand the buttons below the cube, in as many columns as its height leaves them."""
        has_cube = self.viewport is None or self.viewport.has_cube
        top = BELOW_COMPASS if has_cube else GAP
        buttons = self._buttons.findChildren(ActionButton)
        most = max((self.height() - top - GAP // 2) // BUTTON_PX, 1)
        columns = -(-len(buttons) // most)
        rows = -(-len(buttons) // columns)
        for number, button in enumerate(buttons):
            self._stack.removeWidget(button)
            self._stack.addWidget(button, number % rows, number // rows)
        self._buttons.adjustSize()
        self._buttons.move(self.width() - self._buttons.width() - GAP, top)
        self._buttons.raise_()

    def corner_for(self, size: QSize) -> QPoint:
        """Return where a card stands: lower right, in a narrow view above legend and beside cube.

        What the colours mean, and the buttons of the view, stay in sight.
        """
        wide, tall = self.width() - GAP, self.height() - GAP
        corner = QRect(QPoint(wide - size.width(), tall - size.height()), size)
        legend = self.legend.geometry() if self.legend.isVisible() else QRect()
        if corner.intersects(legend):
            corner.moveRight(self._buttons.x() - GAP)
            corner.moveBottom(legend.top() - GAP)
            corner.moveTop(max(corner.top(), GAP))
        return corner.topLeft()

    def _room_for_messages(self) -> tuple[QRect, bool]:
        """Return where messages stand, and if at its foot: clear of tools, cube, bars, cards."""
        whole = self.rect().adjusted(GAP, GAP, -GAP, -GAP)
        if self._cover is not None:
            return whole.adjusted(0, 0, 0, -BELOW_COVER), True
        if self.tools is not None and self.tools.isVisible():
            whole.setLeft(self.tools.geometry().right() + GAP // 2)
        whole.setRight(whole.right() - BESIDE_COMPASS)
        guests = [card.y() < BELOW_COMPASS for card in self.guests if not card.isHidden()]
        if guests and all(guests):  # what stands at the top keeps its heading and its buttons free
            whole.setLeft(self.legend.geometry().right() + GAP // 2)
            whole.setRight(self.width() - GAP)
            return whole, True
        return whole, False


_Asked: TypeAlias = "tuple[Assessment | None, ColourBy, Assessment | None]"


def _same(one: _Asked, other: _Asked) -> bool:
    """Return whether colours that were asked for are those asked for now."""
    return one[0] is other[0] and one[1] == other[1] and one[2] is other[2]


class _Pointing:
    """A tool that also tells where the pointer is."""

    def __init__(self, tool: Tool, stage: Stage) -> None:
        self._tool, self._stage = tool, stage

    @property
    def cursor(self) -> Literal["arrow", "cross"]:
        return self._tool.cursor

    def hover(self, pick: Pick | None) -> None:
        self._tell(pick)
        self._tool.hover(pick)

    def press(self, pick: Pick) -> bool:
        return self._tool.press(pick)

    def drag(self, pick: Pick) -> None:
        self._tell(pick)
        self._tool.drag(pick)

    def release(self, pick: Pick) -> None:
        self._tool.release(pick)

    def click(self, pick: Pick) -> None:
        self._tool.click(pick)

    def double_click(self, pick: Pick) -> bool:
        return self._tool.double_click(pick)

    def key(self, event: QKeyEvent) -> bool:
        return self._tool.key(event)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        self._tool.paint(painter, sheet)

    def _tell(self, pick: Pick | None) -> None:
        self._stage.pointed.emit(*((pick.x, pick.y) if pick else (float("nan"), float("nan"))))


class _Waiting(QWidget):
    """What stands in the centre while there is no view."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("placeholder")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.setSpacing(8)
        name = Label("app.name")
        name.setProperty("figure", "true")
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(self._words, "soft")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(240)
        self.bar.setRange(0, 1000)
        for widget in (name, self._words, self.bar):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, words: str) -> None:
        """Say what is being waited for."""
        self._words.setText(words)
