"""The layer tree: what the district has, how much of it, and whether it is drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui import icons, theme
from gui.panels.menus import MenuWanted, when_asked
from gui.panels.parts import Heading, Scrolled, column
from gui.view_state import ViewState
from twin.language import text

if TYPE_CHECKING:
    from twin.model.district import District

ROLES = (
    "services",
    "sites",
    "buildings",
    "streets",
    "roads",
    "barriers",
    "communities",
    "boundary",
    "names",
    "green",
    "trees",
    "water",
    "terrain",
    "underlay",
)
"""Roles in the order of the list: what the planner handles first, the ground last. Names are those
of roads, places, services and buildings, which have no layer of their own."""
ROW_PX = 28


class LayerTree(QWidget):
    """A row for each layer; pressing it shows or hides the layer.

    Signals
    -------
    hidden_chosen(roles)
        The set of roles that are not to be drawn.
    menu_asked(wanted)
        A `MenuWanted` of a layer.
    """

    hidden_chosen = Signal(object)
    menu_asked = Signal(object)

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state
        layout = column(self)
        layout.addWidget(Heading("layers.title", "help.layers"))
        listed = Scrolled()
        layout.addWidget(listed, 1)
        self._rows = {role: LayerRow(role) for role in ROLES}
        for role, line in self._rows.items():
            line.clicked.connect(lambda _=False, r=role: self._toggle(r))
            when_asked(line, partial(self._want_menu, role))
            listed.column.addWidget(line)
        listed.column.addStretch(1)
        state.changed.connect(lambda names: self._mark() if "hidden" in names else None)
        self._mark()

    def row(self, role: str) -> LayerRow:
        """Return the row of a layer."""
        return self._rows[role]

    def show_counts(self, district: District | None) -> None:
        """Show how many features each layer has; a layer that is missing is greyed."""
        for role, line in self._rows.items():
            if role == "names":
                line.set_count(-1 if district is not None else None)
            elif role in ("terrain", "underlay"):
                there = district is not None and getattr(district, role) is not None
                line.set_count(-1 if there else None)
            else:
                line.set_count(len(district.table(role)) if district else 0)

    def _toggle(self, role: str) -> None:
        self.hidden_chosen.emit(self._state.seen.hidden ^ {role})

    def _want_menu(self, role: str, at: QPoint) -> None:
        key = "layers.hide" if self._rows[role].isChecked() else "layers.show"
        others = frozenset(ROLES) - {role}
        own = (
            (text(key), partial(self._toggle, role)),
            (text("layers.only"), partial(self.hidden_chosen.emit, others)),
        )
        self.menu_asked.emit(MenuWanted(at, "layer", role, own))

    def _mark(self) -> None:
        for role, line in self._rows.items():
            line.setChecked(role not in self._state.seen.hidden)


class LayerRow(QAbstractButton):
    """One layer: eye, name, count. Checked means drawn."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self._count: int | None = 0
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_count(self, count: int | None) -> None:
        """Show a number of features; -1 for a layer that is there and has none to count."""
        if count != self._count or self.isEnabled() != bool(count):
            self._count = count
            self.setEnabled(bool(count))
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of every row."""
        return QSize(120, ROW_PX)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, name, count and eye."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        use = theme.tokens()
        there = self.isEnabled()
        if there and self.underMouse():
            painter.fillRect(self.rect(), theme.colour("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        drawn = there and self.isChecked()
        if there:
            eye = "shown" if drawn else "hidden"
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(16, 4, icons.pixmap(eye, use.ink_soft, 20, ratio))
        painter.setFont(theme.body_font())
        metrics = QFontMetrics(painter.font())
        count = "–" if not self._count else "" if self._count < 0 else f"{self._count:,}"
        line = QRectF(44, 0, self.width() - 44 - 16, self.height())
        painter.setPen(theme.colour("ink_soft"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        line.setRight(line.right() - metrics.horizontalAdvance(count) - 8)
        painter.setPen(theme.colour("ink" if drawn else "ink_soft"))
        name = text(f"role.{self._role}")
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def _name(self) -> None:
        name = text(f"role.{self._role}")
        self.setAccessibleName(name)
        self.setToolTip(text("layers.toggle", name=name))
        self.update()
