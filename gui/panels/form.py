"""Parts of dialogs: a title over a group, a line with a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from gui.panels.parts import Chooser, column, row, set_tone


def group_title(words: str) -> QLabel:
    """Return a bold line over a group of fields."""
    label = QLabel(words)
    label.setProperty("weight", "bold")
    label.setContentsMargins(0, 8, 0, 0)
    return label


def choice(
    name: str, options: Mapping[str, str], current: str, chosen: Callable[[str], object]
) -> tuple[QWidget, QComboBox]:
    """Return a line with a name and a chooser, and the chooser; `options` are words by value."""
    box = Chooser()
    for value, words in options.items():
        box.addItem(words, value)
    box.setCurrentIndex(max(box.findData(current), 0))
    box.setAccessibleName(name)
    box.setFixedWidth(384)
    box.activated.connect(lambda _: chosen(str(box.currentData())))
    line = QWidget()
    layout = row(line, gap=16)
    label = QLabel(name)
    label.setBuddy(box)
    set_tone(label, "soft")
    layout.addWidget(label, 1)
    layout.addWidget(box)
    return line, box


def note(words: str) -> QWidget:
    """Return a soft line that explains what stands above it."""
    line = QWidget()
    layout = column(line)
    label = QLabel(words)
    label.setWordWrap(True)
    set_tone(label, "soft")
    layout.addWidget(label)
    return line
