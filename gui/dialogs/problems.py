"""What importing, editing and assessing found: grouped, filtered, and shown in the view.

The panel is a window of its own that stays beside the work and follows it. Choosing a finding
selects its features in the view and flies to where all of them are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme
from gui.panels.menus import MenuWanted, when_asked_in
from gui.panels.parts import TextButton, column, row, set_tone, tip
from layers.problems import Severity
from twin.language import text

if TYPE_CHECKING:
    from gui.settings import Settings
    from gui.view_state import Feature, ViewState
    from gui.viewport import Viewport
    from layers.problems import Problem
    from twin.model.district import District

ICONS = {
    Severity.ERROR: ("close", "error"),
    Severity.WARNING: ("warning", "warning"),
    Severity.REPAIRED: ("check", "ink_soft"),
    Severity.INFO: ("info", "ink_soft"),
}
"""Icon and colour by severity; the worst first."""

MOST_LISTED = 500
"""Features listed under one finding; the finding itself names how many there are."""

MOST_SHOWN = 300
"""Features selected at once: more would only be a colour over the whole district."""

_ROOM_M = 40.0
_EDGES_PX, _LINE_PX = 12, 10
_FEATURES = Qt.ItemDataRole.UserRole
_PROBLEM = Qt.ItemDataRole.UserRole + 1


class ProblemsPanel(QDialog):
    """Lists findings by severity and layer.

    Signals
    -------
    chosen(features)
        The features, as (role, id), of what was chosen in the list.
    menu_asked(wanted)
        A `MenuWanted` of a finding, or of one of its features.
    """

    chosen = Signal(object)
    menu_asked = Signal(object)

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self._settings = settings
        self._problems: tuple[Problem, ...] = ()
        self._hidden = {one for one in Severity if one.value in settings.problems_hidden}
        self.setWindowFlag(Qt.WindowType.Tool)
        self.resize(560, 640)
        layout = column(self, margin=16, gap=8)
        self._note = QLabel()
        self._note.setWordWrap(True)
        set_tone(self._note, "soft")
        layout.addWidget(self._note)
        layout.addLayout(self._make_filters())
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIconSize(QSize(20, 20))
        self.tree.setItemDelegate(_Wrapped(self.tree))
        self.tree.setWordWrap(True)
        self.tree.setIndentation(16)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.currentItemChanged.connect(lambda now, _before: self._tell(now))
        self.tree.itemActivated.connect(lambda item, _column: self._tell(item))
        self.tree.itemExpanded.connect(self._list_features)
        when_asked_in(self.tree, self._want_menu)
        layout.addWidget(self.tree, 1)
        last = row(gap=8)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self.retranslate()

    def _make_filters(self) -> QVBoxLayout:
        line = row(gap=8)
        self.buttons: dict[Severity, QPushButton] = {}
        for severity in ICONS:
            button = QPushButton()
            button.setCheckable(True)
            button.setChecked(severity not in self._hidden)
            button.setAutoDefault(False)
            button.setProperty("kind", "segment")
            button.clicked.connect(lambda _=False, s=severity: self._toggle(s))
            line.addWidget(button)
            self.buttons[severity] = button
        line.addStretch(1)
        second = row(gap=8)
        self.role = QComboBox()
        self.role.activated.connect(lambda _index: self._fill())
        second.addWidget(self.role)
        self.words = QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(lambda _words: self._fill())
        second.addWidget(self.words, 1)
        both = column(gap=8)
        both.addLayout(line)
        both.addLayout(second)
        return both

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.setWindowTitle(text("problems.title"))
        self.tree.setAccessibleName(text("problems.title"))
        self.role.setAccessibleName(text("problems.layer"))
        self.words.setPlaceholderText(text("problems.search"))
        self.words.setAccessibleName(text("problems.search"))
        self._show_counts()
        self._fill_roles()
        self._fill()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List other findings; what was chosen stays chosen where it is still there."""
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        self._show_counts()
        self._fill_roles()
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._fill()

    def done(self, result: int) -> None:
        """Remember what was filtered, whichever way the list is put away."""
        self._settings.problems_hidden = tuple(one.value for one in self._hidden)
        super().done(result)

    # -- filling ------------------------------------------------------------------------------

    def _show_counts(self) -> None:
        for severity, button in self.buttons.items():
            count = sum(problem.severity is severity for problem in self._problems)
            button.setText(text(f"problems.{severity.value}", count=count))
            button.setAccessibleName(button.text())
        self._note.setText(text("problems.note" if self._problems else "problems.none"))

    def _fill_roles(self) -> None:
        chosen = self.role.currentData()
        roles = dict.fromkeys(problem.role for problem in self._problems if problem.role)
        self.role.clear()
        self.role.addItem(text("problems.all_layers"), None)
        for role in roles:
            self.role.addItem(text(f"role.{role}"), role)
        self.role.setCurrentIndex(max(self.role.findData(chosen), 0))

    def _toggle(self, severity: Severity) -> None:
        self._hidden ^= {severity}
        self._settings.problems_hidden = tuple(one.value for one in self._hidden)
        self._fill()

    def _wanted(self) -> list[tuple[Problem, str]]:
        """Return the findings that pass the filters, in words, the worst first."""
        from twin.telling.findings import sentence

        words, role = self.words.text().casefold().split(), self.role.currentData()
        ranks = list(ICONS)
        said = [
            (p, sentence(p, in_window=True))
            for p in sorted(self._problems, key=lambda p: ranks.index(p.severity))
        ]
        return [
            (p, line)
            for p, line in said
            if p.severity not in self._hidden
            and (role is None or p.role == role)
            and all(word in line.casefold() for word in words)
        ]

    def _fill(self) -> None:
        item = self.tree.currentItem()
        current = item.data(0, _PROBLEM) if item else None
        self.tree.blockSignals(True)
        self.tree.clear()
        groups: dict[tuple[Severity, str], QTreeWidgetItem] = {}
        heads: dict[Severity, QTreeWidgetItem] = {}
        for problem, words in self._wanted():
            head = heads.get(problem.severity) or self._add_head(heads, problem.severity)
            key = (problem.severity, problem.role)
            group = groups.get(key) or self._add_group(groups, key, head)
            line = QTreeWidgetItem(group, [words])
            line.setData(0, _PROBLEM, problem)
            line.setData(0, _FEATURES, [(problem.role, id_) for id_ in problem.ids])
            line.setToolTip(0, tip(words))
            if problem.role and problem.ids:
                line.setChildIndicatorPolicy(
                    QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
                )  # its features are listed when it is opened
            if problem == current:
                self.tree.setCurrentItem(line)
        for part in (*heads.values(), *groups.values()):
            part.setExpanded(True)
            part.setText(0, text("problems.group", name=part.text(0), count=_lines(part)))
        self.tree.blockSignals(False)

    def _add_head(
        self, heads: dict[Severity, QTreeWidgetItem], severity: Severity
    ) -> QTreeWidgetItem:
        name, tone = ICONS[severity]
        picture = icons.pixmap(name, getattr(theme.tokens(), tone), 20, self.devicePixelRatioF())
        head = heads[severity] = QTreeWidgetItem(
            self.tree, [text(f"problems.head_{severity.value}")]
        )
        head.setIcon(0, QIcon(picture))
        font = head.font(0)
        font.setBold(True)
        head.setFont(0, font)
        return head

    def _add_group(
        self,
        groups: dict[tuple[Severity, str], QTreeWidgetItem],
        key: tuple[Severity, str],
        head: QTreeWidgetItem,
    ) -> QTreeWidgetItem:
        name = text(f"role.{key[1]}") if key[1] else text("problems.general")
        group = groups[key] = QTreeWidgetItem(head, [name])
        return group

    def _list_features(self, item: QTreeWidgetItem) -> None:
        problem = item.data(0, _PROBLEM)
        if problem is None or item.childCount():
            return
        for id_ in problem.ids[:MOST_LISTED]:
            line = QTreeWidgetItem(item, [text("problems.feature", id=id_)])
            line.setData(0, _FEATURES, [(problem.role, id_)])
        if len(problem.ids) > MOST_LISTED:
            more = len(problem.ids) - MOST_LISTED
            QTreeWidgetItem(item, [text("problems.more", count=more)])

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        features, words = index.data(_FEATURES) or (), (str(index.data()),)
        role, id_ = features[0] if features else ("", -1)
        value = (str(role), int(id_)) if role else None
        self.menu_asked.emit(MenuWanted(at, role, value, cells=words))

    def _tell(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and (features := item.data(0, _FEATURES)):
            self.chosen.emit(tuple((str(role), int(id_)) for role, id_ in features))


class _Wrapped(QStyledItemDelegate):
    """Gives each line the height that its words need in the width that is there."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree
        tree.header().sectionResized.connect(lambda *_: tree.scheduleDelayedItemsLayout())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a line."""
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        taken = depth * self._tree.indentation() + _EDGES_PX
        if depth == 1:
            taken += self._tree.iconSize().width()
        width = max(self._tree.viewport().width() - taken, 80)
        words = str(index.data() or "")
        wrap = int(Qt.TextFlag.TextWordWrap)
        room = option.fontMetrics.boundingRect(0, 0, width, 10_000, wrap, words)
        return QSize(width, room.height() + _LINE_PX)


def _lines(part: QTreeWidgetItem) -> int:
    """Return how many findings stand under a heading."""
    children = [child for n in range(part.childCount()) if (child := part.child(n)) is not None]
    if any(child.data(0, _PROBLEM) is not None for child in children):
        return len(children)
    return sum(map(_lines, children))


def show_features(
    features: Iterable[Feature], district: District, state: ViewState, viewport: Viewport | None
) -> None:
    """Select features in the view and fly to where all of them are seen.

    Those that the district no longer has are passed over; nothing happens where it has none.
    """
    there: list[Feature] = []
    shapes: list[Any] = []
    for role in dict.fromkeys(role for role, _ in features):
        if not role:
            continue
        ids = np.array([id_ for of, id_ in features if of == role], dtype=np.int64)
        table = district.table(role)
        rows = table.rows_of(ids)
        shapes += list(table.geometry[rows[rows >= 0]])
        there += [(role, int(id_)) for id_ in ids[rows >= 0]]
    if not there:
        return
    state.set(selected=there[0], also=tuple(there[1:MOST_SHOWN]), route=None)
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    if viewport is not None and np.isfinite(west):
        room = np.array([[west - _ROOM_M, south - _ROOM_M], [east + _ROOM_M, north + _ROOM_M]])
        viewport.show_line(room)


def make_panel(
    parent: QWidget,
    settings: Settings,
    show: Callable[[Sequence[Feature]], object],
    menu: Callable[[MenuWanted], object],
) -> ProblemsPanel:
    """Return the panel of a window, made where there is none yet.

    `show` takes what is chosen, `menu` opens the menu of a row.
    """
    panel = parent.findChild(ProblemsPanel)
    if panel is None:
        panel = ProblemsPanel(parent, settings)
        panel.chosen.connect(show)
        panel.menu_asked.connect(menu)
    return panel
