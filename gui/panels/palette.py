"""The service palette: a row for each service type; choosing one arms the place tool."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QLineEdit, QSizePolicy, QWidget

from gui import theme
from gui.background import ASIDE, Jobs
from gui.finding import Entry, Index, index_of_words, make_index, search
from gui.panels.glyphs import sign
from gui.panels.menus import MenuWanted, when_asked
from gui.panels.parts import Heading, Scrolled, clear, column, plain_button, row, tip
from gui.panels.roving import Roving
from gui.view_state import ViewState
from twin.language import text
from twin.model.catalogues import Family, ServiceType, families, service_types

ROW_PX = 28
_BY_KEY = Qt.FocusReason.ShortcutFocusReason


class Palette(QWidget):
    """All service types by family.

    Signals
    -------
    chosen(service_type)
        A type was taken in hand, or "" when it was put back.
    menu_asked(wanted)
        A `MenuWanted` of a type.
    """

    chosen = Signal(str)
    menu_asked = Signal(object)

    def __init__(self, state: ViewState, jobs: Jobs) -> None:
        super().__init__()
        self._state, self._jobs = state, jobs
        self._counts: dict[str, int] = {}
        self._unfolded = False
        self._index: Index | None = None
        layout = column(self)
        layout.addWidget(Heading("palette.title", "help.palette"))
        self._field = QLineEdit()
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._show_rows)
        inside = row()
        inside.setContentsMargins(16, 0, 16, 8)
        inside.addWidget(self._field)
        layout.addLayout(inside)
        self._list = Scrolled()
        layout.addWidget(self._list, 1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._rows: dict[str, TypeRow] = {}
        self._titles: dict[str, QWidget] = {}
        self._roving = Roving(self)
        self.refill()
        state.changed.connect(lambda names: self._mark(state) if "armed" in names else None)

    def row(self, service_type: str) -> TypeRow:
        """Return the row of a service type."""
        return self._rows[service_type]

    def refill(self) -> None:
        """List the service types that there are now."""
        clear(self._list.column)
        self._rows, self._titles, self._index = {}, {}, None
        for family in families().values():
            self._add_family(family)
        self._fold = plain_button("", self._toggle_fold)
        self._fold.setProperty("kind", "quiet")
        self._list.column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        self._list.column.addStretch(1)
        self._roving.follow(list(self._rows.values()))
        self.show_counts(self._counts)

    def take_focus(self, service_type: str) -> None:
        """Put the keyboard on a row, the first that is shown where none is named."""
        shown = [line for line in self._rows.values() if not line.isHidden()]
        line = self._rows[service_type] if service_type else next(iter(shown), None)
        (line or self._field).setFocus(_BY_KEY)

    def show_counts(self, counts: dict[str, int]) -> None:
        """Show how many services of each type there are; types without any are folded away."""
        self._counts = dict(counts)
        for type_id, line in self._rows.items():
            line.set_count(counts.get(type_id, 0))
        self._show_rows()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._index = None
            self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows that are searched for, else those of types that the district has."""
        typed = self._field.text().strip()
        found = self._found(typed) if typed else self._in_district()
        for type_id, line in self._rows.items():
            line.setVisible(type_id in found or line.isChecked())
        kinds = service_types()
        for family, title in self._titles.items():
            mine = [line for id_, line in self._rows.items() if kinds[id_].family.id == family]
            title.setVisible(not all(line.isHidden() for line in mine))
        folded = len(self._rows) - len(self._in_district())
        self._fold.setVisible(not typed and (folded > 0 or self._unfolded))
        key = "fold" if self._unfolded else "unfold"
        self._fold.setText(text(f"palette.{key}", count=folded))
        self._field.setPlaceholderText(text("palette.find"))
        self._field.setAccessibleName(text("palette.find"))

    def _in_district(self) -> set[str]:
        if self._unfolded or not any(self._counts.values()):
            return set(self._rows)
        return {type_id for type_id in self._rows if self._counts.get(type_id)}

    def _found(self, typed: str) -> set[str]:
        """Return the types whose names, or how they sound, hold what was typed."""
        entries = [
            Entry(kind.name, value=kind.id, aliases=tuple(kind.names.values()))
            for kind in service_types().values()
        ]
        if self._index is None:
            self._index = index_of_words(entries)
            self._jobs.start(
                "types", partial(make_index, entries, aside=ASIDE), self._take_sounds, _ignored
            )
        return {str(one.value) for one in search(self._index, typed, len(entries))}

    def _take_sounds(self, index: Index) -> None:
        self._index = index
        self._show_rows()

    def _toggle_fold(self) -> None:
        self._unfolded = not self._unfolded
        self._show_rows()

    def _add_family(self, family: Family) -> None:
        self._titles[family.id] = _FamilyTitle(family)
        self._list.column.addWidget(self._titles[family.id])
        for kind in service_types().values():
            if kind.family.id == family.id:
                line = TypeRow(kind)
                line.clicked.connect(lambda on, k=kind.id: self.chosen.emit(k if on else ""))
                when_asked(line, partial(self._want_menu, kind))
                self._group.addButton(line)
                self._rows[kind.id] = line
                self._list.column.addWidget(line)
        self._list.column.addSpacing(8)

    def _want_menu(self, kind: ServiceType, at: QPoint) -> None:
        own = ((text("chooser.place", name=kind.name), partial(self.chosen.emit, kind.id)),)
        self.menu_asked.emit(MenuWanted(at, "type", kind.id, own))

    def _mark(self, state: ViewState) -> None:
        for type_id, line in self._rows.items():
            line.setChecked(type_id == state.seen.armed)
        self._show_rows()


def _ignored(_error: BaseException) -> None:
    """Go on finding by words where sounds cannot be had."""


class _FamilyTitle(QLabel):
    """A family's name over its types."""

    def __init__(self, family: Family) -> None:
        super().__init__(family.name)
        self._family = family
        self.setProperty("tone", "soft")
        self.setContentsMargins(16, 0, 16, 0)
        self.setFixedHeight(24)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(self._family.name)


class TypeRow(QAbstractButton):
    """One service type: sign, name, how many there are."""

    def __init__(self, kind: ServiceType) -> None:
        super().__init__()
        self._kind = kind
        self._count = 0
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_count(self, count: int) -> None:
        """Show how many services of this type there are."""
        if count != self._count:
            self._count = count
            self._name()

    def sizeHint(self) -> QSize:
        """Return the height of every row."""
        return QSize(120, ROW_PX)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, sign, name and count."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = self.isChecked()
        if held or self.underMouse():
            painter.fillRect(self.rect(), theme.colour("accent_wash" if held else "hover"))
        if held:
            painter.fillRect(0, 0, 4, self.height(), theme.colour("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        rim = theme.tokens().panel
        painter.drawPixmap(16, 4, sign(self._kind.id, 20, self.devicePixelRatioF(), rim))
        count = str(self._count) if self._count else "–"
        painter.setFont(theme.body_font())
        metrics = QFontMetrics(painter.font())
        line = QRectF(44, 0, self.width() - 44 - 16, self.height())
        painter.setPen(theme.colour("ink_soft"))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        line.setRight(line.right() - metrics.horizontalAdvance(count) - 8)
        painter.setPen(theme.colour("ink"))
        name = metrics.elidedText(self._kind.name, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()

    def _name(self) -> None:
        self.setAccessibleName(self._kind.name)
        key = "palette.place" if self._count else "palette.none"
        self.setToolTip(tip(text(key, name=self._kind.name)))
        self.update()
