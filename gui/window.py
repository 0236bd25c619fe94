"""The window: panels round the stage, and what happens when one of them is used."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QWidget,
)

from gui.actions import Actions, TypedAhead
from gui.appearance import Appearance
from gui.background import Jobs
from gui.colouring import requirement_colour
from gui.commands import Commands
from gui.dashboard.board import Dashboard
from gui.dialogs.about import show_about
from gui.dialogs.guide import show_guide
from gui.drawing import Drawing
from gui.errors import LOG, in_words
from gui.explaining import Explaining
from gui.filing import Filing
from gui.finder import Finder
from gui.garbage import SetAside
from gui.hand import MODES, Hand
from gui.handing_over import HandingOver
from gui.history import History
from gui.keeping import Keeping
from gui.ledger import Ledger
from gui.looking import Looking
from gui.offers import Offers
from gui.own_tables import OwnTables
from gui.panels.footer import Footer
from gui.panels.header import Header
from gui.panels.layers import LayerTree
from gui.panels.palette import Palette
from gui.panels.parts import column
from gui.panels.score import ScorePanel
from gui.panels.sun_card import SunCard
from gui.panels.toolbar import ToolBar
from gui.pointing import Pointing
from gui.scenarios import Scenarios
from gui.settings import Settings
from gui.side_by_side.opening import SideBySide
from gui.stage import Stage
from gui.tabling import Tabling
from gui.tour import Tour
from gui.view_state import ColourBy, ViewState
from gui.views import Views
from gui.with_selected import WithSelected
from gui.workshop import Workshop
from twin.language import name_of, text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.panels.inspector import Inspector
    from twin.projects.session import Change

LEFT_PX, RIGHT_PX = 264, 344
NARROW_LEFT_PX, NARROW_RIGHT_PX = 208, 312
NARROW_PX = 1100
"""A window narrower than this begins with narrow panels: 1920 pixels at 200 % are 960."""
SMALLEST = (928, 480)
WISHED = (1440, 900)
UNDER_THE_HAND = frozenset({"hovered", "ghost", "held", "plan", "mode", "armed"})
"""What of the view state a room is not shown while it changes; the rest it follows."""
FRAME_PX = 40
"""What a system's own frame and title may take of a screen: else the foot, which shows the progress
of work, lies below it."""


class Window(QMainWindow):
    """The one window of the application."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.state = ViewState(self)
        self.jobs = Jobs(self)
        self.document: Document | None = None
        self.inspector: Inspector | None = None
        self.filing = Filing(self)
        self.handing_over = HandingOver(self)
        self.hand = Hand(self)
        self.scenarios = Scenarios(self)
        self._handlers: Mapping[str, Callable[[], object]] = {}
        self.drawing, self.ledger = Drawing(self), Ledger(self)
        self.appearance = Appearance(self)
        self._long_lived = SetAside(self, self._at_work)
        self.actions_ = Actions(self, self._do)
        self._build()
        self.commands, self.finder, self.history = Commands(self), Finder(self), History(self)
        self.offers = Offers(self)
        self.views, self.pointing, self.tabling = Views(self), Pointing(self), Tabling(self)
        self.with_selected = WithSelected(self)
        self.keeping, self.tour, self.workshop = Keeping(self), Tour(self), Workshop(self)
        self.actions_.take_keys(settings.shortcuts)
        self.explaining, self.dashboard = Explaining(self), Dashboard(self)
        self.beside = SideBySide(self)
        self.tables = OwnTables(self)
        self.looking = Looking(self)
        self._connect()
        self.setMinimumSize(*SMALLEST)
        if not self.restoreGeometry(settings.geometry):
            self._take_size()
        self._typed_ahead = TypedAhead(self)
        self.stage.setFocus()
        self.follow_document()

    # -- what is in it ------------------------------------------------------------------------

    def _build(self) -> None:
        by_name = self.actions_.by_name
        self.header = Header(by_name, self.actions_.menu)
        self.palette_ = Palette(self.state, self.jobs)
        self.layers = LayerTree(self.state)
        buttons = [by_name[name] for name in ("plan", "fit", "sun", "picture", "dashboard")]
        self.stage = Stage(self.state, buttons)
        self.sun = SunCard(self.state, self.jobs, self.say_error, self.stage)
        self.stage.guests.append(self.sun)
        self.stage.corner_cards.append(self.sun)
        self.toolbar = self.stage.tools = ToolBar(by_name, self.stage)
        self.score = ScorePanel(self.state)
        self.footer = Footer(self.jobs)
        self.left = _side("left", self.palette_, self.layers, NARROW_LEFT_PX, LEFT_PX)
        self.right = _side("right", self.score, None, NARROW_RIGHT_PX, RIGHT_PX)
        self._across = across = QSplitter(Qt.Orientation.Horizontal)
        across.setHandleWidth(1)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.setHandleWidth(1)
        self.middle.setChildrenCollapsible(False)
        self.middle.addWidget(self.stage)
        for part in (self.left, self.middle, self.right):
            across.addWidget(part)
        across.setStretchFactor(1, 1)
        for index in range(across.count()):
            across.setCollapsible(index, False)
        self._narrow: bool | None = None
        whole = QWidget()
        self._stack = column(whole)
        self._stack.addWidget(self.header)
        self._stack.addWidget(across, 1)
        self._stack.addWidget(self.footer)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.palette_.chosen.connect(self.hand.arm)
        self.layers.hidden_chosen.connect(lambda roles: self.state.set(hidden=roles))
        self.stage.legend.chosen.connect(lambda by: self.state.set(colour_by=by))
        self.actions_.by_name["report"].triggered.connect(lambda: self.tour.done("report"))
        self.stage.pointed.connect(self.footer.show_place)
        self.jobs.advanced.connect(self._on_progress)
        self.jobs.ended.connect(self._on_ended)
        self.stage.dropped.connect(self.filing.open_paths)
        self.score.requirement_chosen.connect(self.open_requirement)
        self.score.account_asked.connect(self.explaining.ask)
        self.score.stairs_chosen.connect(self._count_stairs)
        for panel in (self.palette_, self.layers, self.score, self.header):
            panel.menu_asked.connect(self.offers.open)
        self.header.scenario_chosen.connect(self.scenarios.switch)
        self.header.scenario_named.connect(self.scenarios.take_name)
        self.header.standard_chosen.connect(self.choose_standard)
        self.footer.problems_asked.connect(self.ledger.show_problems)
        self.state.changed.connect(self._on_state)
        self.drawing.late.connect(self._on_figures)

    def add_strip(self, strip: QWidget) -> None:
        """Have a strip stand right above the foot."""
        self._stack.insertWidget(self._stack.indexOf(self.footer), strip)

    def add_below(self, panel: QWidget, height: int) -> None:
        """Have a panel stand below the view, so high, or half of what there is."""
        middle = self.middle
        middle.addWidget(panel)
        middle.setStretchFactor(0, 1)
        height = min(height, middle.height() // 2)
        rest = list(middle.sizes()[1:-1])
        middle.setSizes([middle.height() - height - sum(rest), *rest, height])

    def _on_progress(self, slot: str, part: float) -> None:
        if slot == "load":
            self.stage.show_progress(part)
        elif slot == "meshes":
            self.stage.show_progress(0.5 + 0.5 * part)

    def _on_ended(self, slot: str) -> None:
        if slot == "prepare" and self.document is not None and self.document.current:
            self._long_lived.take()  # what the district needs is there

    def _at_work(self) -> object:
        """Return what changes while somebody works; None while the window does itself."""
        held, typing = QGuiApplication.mouseButtons(), QApplication.focusWidget()
        if self.jobs.slots or held != Qt.MouseButton.NoButton or isinstance(typing, QLineEdit):
            return None
        view, document = self.stage.looking, self.document
        where = view.final_camera if view is not None and view.is_open else None
        district = id(document.session.district) if document is not None else None
        return QCursor.pos(), where, self.state.seen, district, QApplication.activeWindow()

    def begin(self, project: Path | None) -> None:
        """Open a project, else the last one, else the sample; then offer unsaved work back."""
        self.filing.begin(project)

    # -- a document ---------------------------------------------------------------------------

    def take_document(self, document: Document) -> None:
        """Show a document that was opened, in the place of the one that was."""
        self._close_document()
        self._long_lived.take()  # modules came with the first, and drawing makes much more
        self.document = document
        document.edited.connect(self._on_edit)
        document.figured.connect(self._on_figures)
        document.refused.connect(self.say_error)
        document.noted.connect(self._on_noted)
        self._make_inspector()
        self.state.set(selected=None, hovered=None, ghost=None)
        self.state.set(route=None, held=-1, armed="")
        self.state.set(subject=None)
        self.dashboard.refresh()
        self.score.set_document(document)
        if self.inspector is not None:
            self.inspector.set_document(document)
        self.hand.arm("")
        self.tour.follow_document()
        self.follow_document()
        document.figure()
        self.drawing.begin(document.session.district)

    def _make_inspector(self) -> None:
        if self.inspector is None:
            # Imported here: its pages make edits, whose modules take long to load.
            from gui.panels.inspector import Inspector

            self.inspector = Inspector(self.state)
            self.inspector.asked.connect(self.hand.on_asked)
            self.inspector.menu_asked.connect(self.offers.open)
            splitter = self.right.findChild(QSplitter)
            assert splitter is not None
            splitter.addWidget(self.inspector)
            splitter.setSizes([500, 500])

    def _close_document(self) -> None:
        if self.document is None:
            return
        self.filing.remember_left()
        self.hand.let_go()
        self.beside.close()
        self.workshop.close()
        self.sun.close_card()
        self.document.close()
        self.document.deleteLater()
        self.document = None
        self._long_lived.owe()

    def follow_document(self) -> None:
        """Let every panel say what the document is now."""
        document = self.document
        there = document is not None
        names = ("save", "save_as", "report", "picture", "fit", "plan", "problems", "find")
        more = ("history", "table", "workshop", "story", "new_scenario", "next_scenario")
        beside = ("side_by_side",)
        tools = (f"tool_{mode}" for mode in MODES)
        self.actions_.enable(**dict.fromkeys((*names, *more, *beside, *tools), there))
        self.actions_.enable(show_layers=bool(self.state.seen.hidden))
        self.follow_history()
        self.views.refresh()
        self.tabling.follow()
        self.looking.refresh()
        if document is None:
            self.header.show_project(text("app.name"), False)
            self.setWindowTitle(text("app.name"))
            return
        from twin.standards import load_standard, standard_ids

        standards = {id_: name_of(load_standard(id_).name) for id_ in standard_ids()}
        self.header.show_standards(standards, document.standard.id)
        self.layers.show_counts(document.session.district)
        self.footer.show_crs(document.project.district.crs.to_string())
        self._count_services()

    def follow_tables(self, redraw: bool) -> None:
        """Show the service types, walkers and standards that there are now.

        With `redraw` the view begins anew, for its signs are those of other types.
        """
        self.hand.let_go()
        self.hand.arm("")
        self.beside.close()
        self.workshop.close()
        self.state.set(requirement="", subject=None, colour_by=ColourBy(), route=None)
        self.palette_.refill()
        self.appearance.say_all()
        if self.document is not None and redraw:
            self.stage.close_view()
            self.drawing.begin(self.document.session.district)

    def follow_history(self) -> None:
        """Say what can be undone, which scenario is in hand, and whether work is unsaved."""
        document = self.document
        session = document.session if document else None
        base = session is None or session.scenario == "base"
        chosen = self.state.seen.selected
        self.actions_.enable(
            undo=bool(session and session.can_undo),
            redo=bool(session and session.can_redo),
            delete=any(role == "services" for role, _ in self.state.seen.chosen),
            copy_service=bool(chosen and chosen[0] == "services"),
            zoom=chosen is not None,
            **self.with_selected.states(),
            rename_scenario=not base,
            remove_scenario=not base,
            compare=not base,
        )
        self.with_selected.say_words()
        if document is None or session is None:
            return
        self.header.show_scenarios(session.scenarios, session.scenario)
        self.header.show_project(document.name, document.dirty)
        named = " – ".join(filter(None, (f"{document.name}[*]", self.looking.words)))
        self.setWindowTitle(f"{named} – {text('app.name')}")
        self.setWindowModified(document.dirty)
        self.ledger.tell(document.problems)

    def _count_services(self) -> None:
        if self.document is not None:
            counts: dict[str, int] = {}
            for types in self.document.session.district.services["types"]:
                for type_id in types.split(","):
                    counts[type_id] = counts.get(type_id, 0) + 1
            self.palette_.show_counts(counts)

    def _on_edit(self, change: Change) -> None:
        self.follow_history()
        self.hand.told.on_edit()
        self.filing.recovery.note_work()
        self.history.refresh()
        self.tabling.follow()
        after, chosen = change.after, self.state.seen.chosen
        left = [f for f in chosen if after.table(f[0]).rows_of([f[1]])[0] >= 0]
        if len(left) < len(chosen):
            self.state.set(selected=left[0] if left else None, also=tuple(left[1:]))
        if change.touched:
            self.state.set(route=None)
            self.hand.show_catchment()
            self.hand.show_field()
            self.layers.show_counts(after)
            self._count_services()
        self.drawing.take_edit(after, change.touched)
        if self.inspector is not None:
            self.inspector.refresh()

    def _on_noted(self) -> None:
        self.views.refresh()
        self.follow_history()
        self.filing.recovery.note_work()

    def _on_figures(self) -> None:
        document = self.document
        if self.drawing.waits and document is not None and not document.current:
            return
        self.score.refresh()
        self.explaining.refresh()
        self.dashboard.refresh()
        self.drawing.draw_edit()
        self.stage.refresh()
        self.hand.told.take_figures()
        self.beside.refresh()
        self.workshop.refresh()
        if document is not None and document.current:
            self.ledger.tell(document.problems)
        if self.inspector is not None:
            self.inspector.refresh()
            self.inspector.say_updating(document is not None and not document.current)

    def _on_state(self, names: frozenset[str]) -> None:
        if names & {"selected", "also"}:
            self.follow_history()
            if self.stage.viewport is not None:
                self.stage.viewport.show_also(self.state.seen.also)
            self.hand.show_catchment()
        if names & {"selected", "also", "armed", "held"}:
            self.hand.show_field()
        if "selected" in names or ("held" in names and self.state.seen.held >= 0):
            self.hand.show_need()
        if "hidden" in names:
            self.actions_.enable(show_layers=bool(self.state.seen.hidden))
        if "plan" in names:
            self.actions_.show_plan(self.state.seen.plan)
        if names - UNDER_THE_HAND:
            self.workshop.refresh()

    # -- what the panels ask ------------------------------------------------------------------

    def _do(self, name: str) -> None:
        """Do what an action of this name stands for."""
        if not self._handlers:
            parts = (
                self.filing,
                self.handing_over,
                self.hand,
                self.scenarios,
                self.commands,
                self.finder,
            )
            own = [part.handlers() for part in (*parts, self.history, self.views, self.tabling)]
            own += [self.dashboard.handlers(), self.beside.handlers(), self.looking.handlers()]
            own += [self.appearance.handlers(), self.ledger.handlers()]
            own += [self.with_selected.handlers()]
            own += [
                part.handlers() for part in (self.keeping, self.tour, self.workshop, self.tables)
            ]
            self._handlers = ChainMap(self._own_handlers(), *own)
        self._handlers[name]()

    def _own_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "quit": self.close,
            "to_palette": lambda: self.palette_.take_focus(self.state.seen.armed),
            "to_view": lambda: self.stage.take_focus(),
            "to_score": lambda: self.score.take_focus(),
            "plan": lambda: self.state.set(plan=not self.state.seen.plan),
            "sun": self._toggle_sun,
            "show_layers": lambda: self.state.set(hidden=frozenset()),
            "legend": self.stage.legend.toggle,
            "fit": lambda: self.stage.show_all(),
            "menu": self.header.drop_menu,
            "guide": lambda: show_guide(self),
            "about": lambda: show_about(self),
        }

    def open_requirement(self, requirement: str) -> None:
        """Open a requirement of the standard and colour by it; "" closes the one that is open."""
        self.state.set(requirement=requirement)
        if requirement and self.document is not None:
            wanted = next(r for r in self.document.standard.requirements if r.id == requirement)
            self.state.set(colour_by=requirement_colour(wanted))
        else:
            self.dashboard.end_difference()

    def _count_stairs(self, on: bool) -> None:
        if self.document is not None:
            self.document.count_stairs(on)

    def choose_standard(self, standard: str) -> None:
        """Score by another standard, here and in projects that name none."""
        from twin.standards import load_standard

        self.settings.standard = standard
        if self.document is not None and standard != self.document.standard.id:
            self.state.set(requirement="")
            self.document.set_standard(load_standard(standard))

    def _toggle_sun(self) -> None:
        viewport, district = self.stage.viewport, self.stage.shown_district
        if not self.sun.isHidden():
            self.sun.close_card()
        elif district is not None and viewport is not None and viewport.scene.meshes is not None:
            x, y, _z = viewport.scene.meshes.surface.origin
            self.sun.open_for(district, (x, y))
            self.stage.place()

    # -- messages, size, closing --------------------------------------------------------------

    def say_error(self, error: BaseException) -> None:
        """Say what went wrong, until it is read."""
        words, foreseen = in_words(error)
        if not foreseen:
            LOG.error("unforeseen", exc_info=error)
            if self.filing.recovery.keeps:
                words = text("error.and_kept", words=words)
        self.stage.messages.say(words, "error")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panels less room in a narrow window."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        if narrow != self._narrow:
            self._narrow = narrow
            left, right = (NARROW_LEFT_PX, NARROW_RIGHT_PX) if narrow else (LEFT_PX, RIGHT_PX)
            self._across.setSizes([left, self.width() - left - right, right])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up, Enter presses; every other key belongs to an action or a panel."""
        at = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.hand.escape()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            at, QAbstractButton
        ):
            at.click()  # Qt itself presses by the space bar alone
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work, then let go of everything."""
        if not self.filing.may_leave(self.close):
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry()
        self.workshop.close()
        self.filing.remember_project()
        self.appearance.close()
        self.jobs.shut_down()
        self._close_document()
        self.stage.close_view()
        self._long_lived.give_back()
        self.filing.close()
        self.handing_over.end_reports()
        super().closeEvent(event)

    def _take_size(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(WISHED[0], room.width()), min(WISHED[1], room.height() - FRAME_PX))


def _side(name: str, upper: QWidget, lower: QWidget | None, least: int, width: int) -> QWidget:
    """Return a column of panels with a splitter between them."""
    side = QWidget()
    side.setObjectName(name)
    side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    side.setMinimumWidth(least)
    side.setMaximumWidth(width + 160)
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(upper)
    if lower is not None:
        splitter.addWidget(lower)
        splitter.setSizes([640, 360])
    column(side).addWidget(splitter)
    return side
