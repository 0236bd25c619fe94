"""The drawer below the view: pages made when first turned to, filled by work in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from gui.dashboard.page import Ask, Page
from gui.panels.header import scenario_name
from gui.panels.parts import (
    HelpButton,
    IconButton,
    Rule,
    Segments,
    column,
    dress_field,
    row,
    set_tone,
)
from gui.view_state import ViewState
from twin.language import text
from twin.model.catalogues import rules
from twin.projects.session import BASE

if TYPE_CHECKING:
    from gui.background import Jobs, Progress
    from gui.document import Document
    from twin.assessment.assess import Assessment

PAGES = (
    "compare",
    "communities",
    "groups",
    "walks",
    "walkers",
    "worst",
    "capacity",
    "indicators",
    "beyond",
)
"""The pages from left to right; each has its text ``dashboard.page.<name>``."""
HEIGHT_PX, LOWEST_PX = 320, 200
_SLOT = {False: "comparison", True: "indicators"}


class Drawer(QWidget):
    """One page at a time; it computes nothing while it is closed.

    Signals
    -------
    asked(what, value)
        As :class:`gui.dashboard.page.Page`, and ``close``.
    """

    asked = Signal(str, object)

    def __init__(
        self, state: ViewState, jobs: Jobs, failed: Callable[[BaseException], None]
    ) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(LOWEST_PX)
        self._state, self._jobs, self._failed = state, jobs, failed
        self._document: Document | None = None
        self._pages: dict[str, Page] = {}
        self._name = PAGES[0]
        self._shown: tuple[object, ...] = ()
        layout = column(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the view is never pushed
        layout.addWidget(Rule())
        layout.addLayout(self._head())
        layout.addWidget(Rule())
        self._stack = QStackedWidget()
        layout.addWidget(self._stack, 1)
        state.changed.connect(self._on_state)

    @property
    def page(self) -> Page:
        """The page that is turned to."""
        return self._pages[self._name]

    def page_of(self, name: str) -> Page:
        """Turn to a page and return it."""
        self._segments.choose(name)
        self._turn_to(name)
        return self.page

    @property
    def updating(self) -> bool:
        """Whether what is shown is of an earlier state."""
        return bool(self._updating.text())

    def set_document(self, document: Document | None) -> None:
        """Be about a document as it is now; the same one again to follow an edit."""
        if document is not self._document:
            self._document = document
            self._shown = ()
        self.refresh()

    def refresh(self) -> None:
        """Have the page's figures made of what the view shows now, if they are not."""
        document = self._document
        if self.isHidden() or document is None or document.assessment is None:
            return
        self._name_scenarios()
        page = self._made(self._name)
        wanted = self._wanted()
        known = self._shown == wanted
        self._updating.setText("" if known and document.current else text("score.updating"))
        if known:  # else the figures that it waits for will ask again
            return
        if page.slow and (document.preview is not None or not document.current):
            self._jobs.cancel(_SLOT[True])
            return
        self._start(page, wanted)

    def take_focus(self) -> None:
        """Put the keyboard on the pages' names."""
        names = self._segments if self._names.isHidden() else self._names
        first = names.findChild(QPushButton) or names
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Make the pages anew in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            for page in self._pages.values():
                self._stack.removeWidget(page)
                page.deleteLater()
            self._pages.clear()
            self._shown = ()
            self._label()
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the pages in a list where there is no room for them side by side."""
        super().resizeEvent(event)
        narrow = self.width() < self._segments.sizeHint().width() + 320
        self._segments.setVisible(not narrow)
        self._names.setVisible(narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the drawer."""
        if event.key() == Qt.Key.Key_Escape:
            self.asked.emit("close", None)
        else:
            super().keyPressEvent(event)

    def _head(self) -> QHBoxLayout:
        head = row(gap=8)
        head.setContentsMargins(8, 0, 8, 0)
        self._segments = Segments({n: f"dashboard.page.{n}" for n in PAGES}, self._turn_to)
        self._segments.choose(self._name)
        head.addWidget(self._segments)
        self._names = QComboBox()
        self._names.hide()
        for name in PAGES:
            self._names.addItem(text(f"dashboard.page.{name}"), name)
        self._names.activated.connect(lambda: self.page_of(str(self._names.currentData())))
        head.addWidget(self._names)
        head.addStretch(1)
        self._updating = QLabel()
        set_tone(self._updating, "soft")
        head.addWidget(self._updating)
        self._target = QSpinBox()
        dress_field(self._target, arrows=True)
        self._target.setRange(0, 100)
        self._target.setSuffix(" %")
        self._target.setValue(round(100 * rules().target_share))
        self._target.valueChanged.connect(self._aim)
        head.addWidget(self._target)
        self._scenario = QComboBox()
        self._scenario.setMinimumWidth(144)
        self._scenario.activated.connect(lambda: self._turn_to(self._name))
        head.addWidget(self._scenario)
        self._close = IconButton("close", "dashboard.close", lambda: self.asked.emit("close", None))
        head.addWidget(HelpButton("help.dashboard"))
        head.addWidget(self._close)
        self._label()
        return head

    def _label(self) -> None:
        for number, name in enumerate(PAGES):
            self._names.setItemText(number, text(f"dashboard.page.{name}"))
        for field, key in ((self._target, "target"), (self._scenario, "beside")):
            field.setToolTip(text(f"dashboard.{key}"))
            field.setAccessibleName(text(f"dashboard.{key}"))

    def _turn_to(self, name: str) -> None:
        self._name = name
        self._names.setCurrentIndex(PAGES.index(name))
        self._stack.setCurrentWidget(self._made(name))
        self._offer_fields()
        self._shown = ()
        self.refresh()

    def _offer_fields(self) -> None:
        """Offer to choose what the page goes by, and nothing that it leaves out of account."""
        self._target.setVisible(hasattr(self.page, "aim"))
        self._scenario.setVisible(self.page.compares)

    def _made(self, name: str) -> Page:
        if name not in self._pages:
            page = _page(name)
            page.asked.connect(self._on_asked)
            self._stack.addWidget(page)
            self._pages[name] = page
            self._stack.setCurrentWidget(self._pages[self._name])
            self._offer_fields()
            self._aim(self._target.value())
        return self._pages[name]

    def _on_asked(self, what: str, value: object) -> None:
        if what == "again":
            self._turn_to(self._name)
        else:
            self.asked.emit(what, value)

    def _aim(self, percent: int) -> None:
        aim = getattr(self._pages.get(self._name), "aim", None)
        if aim is not None:
            aim(percent / 100)

    def _wanted(self) -> tuple[object, ...]:
        """Return what decides the figures: the page, the district's assessment, what is chosen."""
        shown = self._document.assessment if self._document else None
        return self._name, shown, self._beside(), self._state.seen.requirement

    def _beside(self) -> str:
        return str(self._scenario.currentData() or BASE)

    def _name_scenarios(self) -> None:
        names = self._document.session.scenarios if self._document else ()
        known = [self._scenario.itemData(i) for i in range(self._scenario.count())]
        if list(names) == known:
            return
        chosen = self._beside()
        self._scenario.clear()
        for name in names:
            words = text("dashboard.against", name=scenario_name(name))
            self._scenario.addItem(words, name)
        self._scenario.setCurrentIndex(max(0, self._scenario.findData(chosen)))

    def _start(self, page: Page, wanted: tuple[object, ...]) -> None:
        document, name = self._document, self._beside()
        assert document is not None
        assert document.assessment is not None
        found: list[Assessment] = []
        assess = document.assessing(name)

        def beside(progress: Progress) -> Assessment:
            found.append(assess(progress))
            return found[0]

        opened = self._state.seen.requirement
        ask = Ask(document.assessment, beside, scenario_name(name), opened)

        def done(result: object) -> None:
            if self._document is not document or page is not self._pages.get(self._name):
                return
            if found and document.beside is not found[0]:
                document.beside, document.beside_scenario = found[0], name
                self.asked.emit("recolour", None)
            page.show_result(result)
            self._shown = wanted
            fresh = document.current and wanted == self._wanted()
            self._updating.setText("" if fresh else text("score.updating"))
            if not fresh:
                self.refresh()

        work = page.work(ask)
        self._jobs.start(_SLOT[page.slow], work, done, self._failed, let_finish=not page.slow)

    def _on_state(self, names: frozenset[str]) -> None:
        if "requirement" in names:
            self.refresh()


def _page(name: str) -> Page:
    """Make a page; its module is loaded when somebody first turns to it."""
    from gui.dashboard import charts, comparing, lists

    made: dict[str, type[Page]] = {
        "compare": comparing.ComparePage,
        "communities": charts.CommunitiesPage,
        "groups": charts.GroupsPage,
        "walks": charts.WalksPage,
        "walkers": charts.WalkersPage,
        "worst": lists.WorstPage,
        "capacity": lists.CapacityPage,
        "indicators": lists.IndicatorsPage,
        "beyond": lists.BeyondPage,
    }
    return made[name]()
