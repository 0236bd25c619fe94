"""What the words of a column mean: uses, types of service, kinds; corrected one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLabel, QWidget

from gui.panels.parts import Label, Rule, Scrolled, TextButton, column, row, set_tone
from layers.importing.preview import Word
from layers.schema import ROLES
from twin.language import text
from twin.model.catalogues import service_types

SIZE = (640, 520)
_FRAME_PX, _ROW_PX = 144, 40
_AS_FOUND, _NOTHING = "\0found", ""
_TEXTS = {
    ("buildings", "use"): "building.use",
    ("streets", "kind"): "street.kind",
    ("streets", "status"): "street.status",
    ("streets", "kerb"): "street.kerbs",
    ("services", "status"): "service.status",
}
"""Where values of a closed set have names; others are shown as the schema has them."""


class WordsCard(QDialog):
    """A row for each word, with how often it stands in the file and a chooser of what it means.

    Parameters
    ----------
    parent
        The preview.
    role, schema_column
        Whose words they are.
    words
        As the preview found them.
    decided
        What was said of them before.
    done
        Takes all that was said, where something else was said than before.
    """

    def __init__(
        self,
        parent: QWidget,
        role: str,
        schema_column: str,
        words: Sequence[Word],
        decided: Mapping[str, str],
        done: Callable[[dict[str, str]], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("words.title", column=text(f"column.{schema_column}")))
        self.resize(SIZE[0], min(SIZE[1], _FRAME_PX + _ROW_PX * len(words)))
        self._decided, self._done = dict(decided), done
        self._names = _values(role, schema_column)
        layout = column(self, margin=16, gap=12)
        layout.addWidget(Label("words.note", tone="soft"))
        room = Scrolled()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setContentsMargins(0, 0, 8, 0)
        holder = QWidget()
        holder.setLayout(grid)
        room.column.addWidget(holder)
        room.column.addStretch(1)
        self.combos: dict[str, QComboBox] = {}
        for line, word in enumerate(words):
            self._add(grid, line, word, schema_column)
        layout.addWidget(room, 1)
        layout.addWidget(Rule())
        last = row(gap=8)
        last.addStretch(1)
        last.addWidget(TextButton("intake.cancel", self.reject))
        self.keep = TextButton("words.keep", self._keep, kind="primary")
        self.keep.setDefault(True)
        last.addWidget(self.keep)
        layout.addLayout(last)

    def _add(self, grid: QGridLayout, line: int, word: Word, schema_column: str) -> None:
        said = QLabel(word.word)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        count = QLabel(text("words.count", count=f"{word.count:,}"))
        set_tone(count, "soft")
        combo = QComboBox()
        combo.setAccessibleName(text("words.of", word=word.word))
        combo.setFixedWidth(240)
        found = text("words.between").join(
            self._names.get(one, one) for one in word.meaning.split(",") if one
        )
        own = self._decided.get(word.word)
        if own is None:
            key = "words.found" if found else "words.not_understood"
            combo.addItem(text(key, meaning=found), _AS_FOUND)
        else:
            combo.addItem(text("words.as_found"), _AS_FOUND)
        for value, name in self._names.items():
            combo.addItem(name, value)
        if schema_column == "types":
            combo.addItem(text("words.no_service"), _NOTHING)
        if own is not None:
            if combo.findData(own) < 0:
                combo.addItem(own, own)
            combo.setCurrentIndex(combo.findData(own))
        said.setBuddy(combo)
        if not found and own is None:
            set_tone(said, "warning")
        for place, widget in enumerate((said, count, combo)):
            grid.addWidget(widget, line, place)
        self.combos[word.word] = combo

    def _keep(self) -> None:
        chosen = {word: combo.currentData() for word, combo in self.combos.items()}
        rest = {word: one for word, one in self._decided.items() if word not in chosen}
        said = rest | {word: one for word, one in chosen.items() if one != _AS_FOUND}
        self.accept()
        if said != self._decided:
            self._done(said)


def _values(role: str, schema_column: str) -> dict[str, str]:
    """Return what a word may mean, with its name."""
    if schema_column == "types":
        return {id_: one.name for id_, one in service_types().items()}
    choices = ROLES[role].column(schema_column).choices
    key = _TEXTS.get((role, schema_column))
    return {value: text(f"{key}.{value or 'unknown'}") if key else value for value in choices}
