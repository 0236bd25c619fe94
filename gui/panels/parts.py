"""Small parts that the panels are made of; each follows language and theme by itself."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QIcon, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWhatsThis,
    QWidget,
)

from gui import icons, theme
from twin.language import text
from twin.model.sources import MARKS

_Layout = TypeVar("_Layout", bound=QBoxLayout)


def column(parent: QWidget | None = None, margin: int = 0, gap: int = 0) -> QVBoxLayout:
    """Return a vertical layout with the given margin and gap, in pixels."""
    return _laid(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, gap)


def row(parent: QWidget | None = None, margin: int = 0, gap: int = 0) -> QHBoxLayout:
    """Return a horizontal layout with the given margin and gap, in pixels."""
    return _laid(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, gap)


def _laid(layout: _Layout, margin: int, gap: int) -> _Layout:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def themed_icon(name: str) -> QIcon:
    """Return an icon in the colours in use."""
    use = theme.tokens()
    return icons.icon(name, use.ink, use.line_strong, use.accent)


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a label a tone of the style sheet (``soft``, ``gain``, ``loss``, ``warning``, "")."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def tip(words: str) -> str:
    """Return words from data for a tooltip, which would take signs of HTML among them for HTML."""
    if "<" not in words and "&" not in words:
        return words
    return f'<p style="white-space: pre-wrap">{escape(words)}</p>'


def clear(layout: QBoxLayout | QGridLayout) -> None:
    """Remove and delete every widget of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def fit_height(card: QWidget, width: int) -> None:
    """Make a card as high as its contents are at a width.

    Lines that wrap need more than Qt's ``adjustSize`` gives them: it asks how high they are where
    nothing wraps.
    """
    layout = card.layout()
    if layout is None or not layout.hasHeightForWidth():
        card.adjustSize()
        return
    layout.activate()
    card.resize(width, layout.totalHeightForWidth(width))


class Label(QLabel):
    """A text by key that follows the language."""

    def __init__(self, key: str, tone: str = "", bold: bool = False) -> None:
        super().__init__()
        self._key = key
        self.setProperty("tone", tone)
        if bold:
            self.setProperty("weight", "bold")
        self.setWordWrap(True)
        self.setText(text(key))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(text(self._key))


class Elided(QLabel):
    """A text that, unless it wraps, ends in dots where its room does; its tooltip says the rest."""

    def minimumSizeHint(self) -> QSize:
        """Return no width: the room is what others leave."""
        hint = super().minimumSizeHint()
        return hint if self.wordWrap() else QSize(0, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        """Return room for all of the text."""
        hint = super().sizeHint()
        return hint if self.wordWrap() else QSize(hint.width(), self.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        """Say all of a text that is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.is_cut:
            said = "\n".join(filter(None, (tip(self.text()), self.toolTip())))
            QToolTip.showText(event.globalPos(), said, self)
            return True
        return super().event(event)

    @property
    def is_cut(self) -> bool:
        """Whether some of the text is not seen."""
        return not self.wordWrap() and self._shown() != self._line()

    def _line(self) -> str:
        return " ".join(self.text().splitlines())

    def _shown(self) -> str:
        return elided(self._line(), self.fontMetrics(), self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        if self.wordWrap():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        role, way = self.foregroundRole(), self.alignment()
        shown, alive = self._shown(), self.isEnabled()
        painter.drawItemText(self.rect(), way, self.palette(), alive, shown, role)
        painter.end()


class IconButton(QToolButton):
    """A flat button with an icon, whose tooltip and accessible name follow the language."""

    def __init__(self, icon: str, key: str, clicked: Callable[[], object] | None = None) -> None:
        super().__init__()
        self._icon, self._key = icon, key
        self.setIconSize(QSize(20, 20))
        self.setFixedSize(32, 32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())
        self._dress()

    def set_icon(self, icon: str, key: str) -> None:
        """Show another icon with another text."""
        self._icon, self._key = icon, key
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._dress()

    def _dress(self) -> None:
        self.setIcon(themed_icon(self._icon))
        self.setToolTip(text(self._key))
        self.setAccessibleName(text(self._key))


class TextButton(QPushButton):
    """A button with a text by key; `kind` is a look of the style sheet."""

    def __init__(
        self, key: str, clicked: Callable[[], object] | None = None, kind: str = ""
    ) -> None:
        super().__init__(text(key))
        self._key = key
        self.setAutoDefault(False)
        self.setProperty("kind", kind)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setText(text(self._key))


class Segments(QWidget):
    """Texts side by side of which one is chosen."""

    def __init__(self, keys: dict[str, str], chosen: Callable[[str], object]) -> None:
        super().__init__()
        self._buttons: dict[str, TextButton] = {}
        group = QButtonGroup(self)
        layout = row(self)
        for name, key in keys.items():
            button = TextButton(key, kind="segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, n=name: chosen(n))
            group.addButton(button)
            layout.addWidget(button)
            self._buttons[name] = button
        layout.addStretch(1)

    def choose(self, name: str) -> None:
        """Mark one as chosen; nobody is told."""
        self._buttons[name].setChecked(True)


def elided(words: str, metrics: QFontMetrics, width: float) -> str:
    """Return words cut to a width with dots; the mark of a limit at their end is kept."""
    name, space, mark = words.rpartition("\u00a0")
    if not space or mark not in MARKS.values():
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, int(width)))
    end = space + mark
    room = max(0, int(width) - metrics.horizontalAdvance(end))
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) + end


class Chooser(QComboBox):
    """A chooser that ends a text in dots where its room does."""

    def sizeHint(self) -> QSize:
        """Return room for the longest text and a little air, lest it be cut by a pixel."""
        return super().sizeHint() + QSize(8, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as Qt does, with the text cut at a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        option.currentText = elided(option.currentText, painter.fontMetrics(), room.width() - 4)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class HelpButton(IconButton):
    """A question mark that says, where it stands, what a panel is for."""

    def __init__(self, key: str) -> None:
        super().__init__("help", "help.button", self.tell)
        self._help = key

    def tell(self) -> None:
        """Show the words until the next click or key."""
        QWhatsThis.showText(self.mapToGlobal(self.rect().bottomLeft()), text(self._help), self)


class Rule(QFrame):
    """A hairline."""

    def __init__(self, upright: bool = False) -> None:
        super().__init__()
        self.setObjectName("ruleUp" if upright else "rule")


class Heading(QWidget):
    """A panel's title with room for buttons on the right."""

    def __init__(self, key: str, help_key: str = "") -> None:
        super().__init__()
        self.setFixedHeight(40)
        self.layout_ = row(self)
        self.layout_.setContentsMargins(16, 0, 8, 0)
        label = Label(key, bold=True)
        label.setWordWrap(False)
        self.layout_.addWidget(label, 1)
        if help_key:
            self.help = HelpButton(help_key)
            self.layout_.addWidget(self.help)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self.layout_.addWidget(widget)


class Scrolled(QScrollArea):
    """A column that scrolls up and down only."""

    def __init__(self, margin: int = 0, gap: int = 0) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = self._inside = QWidget()
        self.column = column(inside, margin, gap)
        self.setWidget(inside)
        self.viewport()  # the first plain QWidget loads all classes: now, not under the hand

    def settle(self) -> None:
        """Give new contents their height at once; else they stand crushed for a slow frame."""
        for part in self._inside.findChildren(QWidget):
            part.ensurePolished()
        self.column.invalidate()
        self.column.activate()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))


def labelled(name: str, field: QWidget) -> QWidget:
    """Return a line with a name on the left and a field on the right, bound to each other."""
    line = QWidget()
    layout = row(line, gap=16)
    label = QLabel(name)
    label.setFixedWidth(96)
    set_tone(label, "soft")
    label.setBuddy(field)
    field.setAccessibleName(name)
    layout.addWidget(label)
    layout.addWidget(field, 1)
    return line


def dress_field(field: QAbstractSpinBox, *, arrows: bool = False) -> None:
    """Give the figure in a field room at its left, and the field arrows or none.

    A style sheet does neither: it forgets the figure where Qt draws no arrows.
    """
    field.setProperty("plain", "false" if arrows else "true")
    line = field.findChild(QLineEdit)
    if line is not None:
        line.setTextMargins(6, 0, 0, 0)


def plain_button(words: str, clicked: Callable[[], object]) -> QPushButton:
    """Return a button with words that hold facts; who made it makes it anew in another language."""
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button


def fact_row(name: str, value: str) -> QWidget:
    """Return a line with a name on the left and its value on the right."""
    line = QWidget()
    layout = row(line, gap=16)
    left = QLabel(name)
    left.setProperty("tone", "soft")
    right = QLabel(value)
    right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    right.setWordWrap(True)
    right.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    layout.addWidget(left)
    layout.addWidget(right, 1)
    line.setAccessibleName(f"{name}: {value}")
    return line
