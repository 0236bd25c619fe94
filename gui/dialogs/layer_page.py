"""One layer in the preview of an import: what it is taken for, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.dialogs.choices import UNSURE, Choices
from gui.dialogs.rows_table import RowsTable
from gui.dialogs.words_card import WordsCard
from gui.panels.parts import Label, Rule, Scrolled, column, plain_button, set_tone, tip
from gui.table_rows import column_name
from layers.importing.preview import LayerView, suspicions
from layers.schema import ROLES
from layers.understanding.decisions import is_crs
from layers.understanding.guessing import Guess
from layers.vocabulary.columns import IGNORE
from twin.language import text
from twin.telling.findings import sentence

ENCODINGS = ("UTF-8", "GB18030", "Big5", "Shift_JIS", "EUC-KR", "windows-1252")
ZONES = tuple(f"EPSG:{code}" for code in (4326, 4490, *range(4534, 4555)))
"""What Chinese data mostly is in: WGS 84, CGCS2000 and its 3-degree zones by central meridian."""

_SHIFTS = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_EXAMPLES = 3
_MOST_NOTES = 3


class LayerPage(QWidget):
    """Shows a layer and takes corrections.

    Signals
    -------
    chosen(choices, anew)
        The person decided something; `anew` tells whether the layer must be looked at again.
    """

    chosen = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._view: LayerView | None = None
        layout = column(self, gap=12)
        self._title = QLabel()
        self._title.setProperty("weight", "bold")
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QLabel()
        set_tone(self._facts, "soft")
        layout.addWidget(self._title)
        layout.addWidget(self._facts)
        layout.addLayout(self._make_fields())
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        set_tone(self._notes, "warning")
        layout.addWidget(self._notes)
        layout.addWidget(Rule())
        layout.addWidget(Label("intake.columns", bold=True))
        self._room = Scrolled()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._grid.setContentsMargins(0, 0, 8, 0)
        holder = QWidget()
        holder.setLayout(self._grid)
        self._room.column.addWidget(holder)
        self._room.column.addStretch(1)
        layout.addWidget(self._room, 3)
        layout.addWidget(Label("intake.rows", bold=True))
        self.table = RowsTable()
        layout.addWidget(self.table, 2)
        self.combos: dict[str, QComboBox] = {}
        self.words: dict[str, QPushButton] = {}

    def _make_fields(self) -> QGridLayout:
        fields = QGridLayout()
        fields.setHorizontalSpacing(16)
        fields.setVerticalSpacing(8)
        fields.setColumnStretch(1, 1)
        fields.setColumnStretch(4, 1)
        self.role, self.crs = QComboBox(), QComboBox()
        self.encoding, self.datum = QComboBox(), QComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._sure = QLabel()
        places = (("role", 0, 0), ("crs", 1, 0), ("encoding", 0, 3), ("datum", 1, 3))
        for name, line, place in places:
            combo: QComboBox = getattr(self, name)
            combo.setAccessibleName(text(f"intake.{name}"))
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            # The longest words on the right are "GCJ-02 (Amap, Tencent)": cut, they say too little.
            combo.setMinimumContentsLength(20 if place else 14)
            label = Label(f"intake.{name}", tone="soft")
            label.setWordWrap(False)
            label.setBuddy(combo)
            fields.addWidget(label, line, place)
            fields.addWidget(combo, line, place + 1, 1, 2 if name == "crs" else 1)
        fields.addWidget(self._sure, 0, 2)
        fields.setColumnMinimumWidth(2, 72)
        self.role.activated.connect(self._on_role)
        self.encoding.activated.connect(self._on_encoding)
        self.datum.activated.connect(self._on_datum)
        self.crs.activated.connect(self._on_crs)
        edit = self.crs.lineEdit()
        assert edit is not None
        edit.editingFinished.connect(self._on_crs)
        return fields

    def show_layer(self, view: LayerView, choices: Choices) -> None:
        """Show a layer as it was read, with what was chosen of it."""
        same = self._view is not None and self._view.source == view.source
        self._view, self._choices = view, choices
        self._title.setText(view.source)
        kinds = text("intake.between").join(text(f"geometry.{k}") for k in view.geometry.split(","))
        self._facts.setText(
            text(
                "intake.counts",
                read=f"{view.count:,}",
                declared=f"{view.declared:,}",
                geometry=kinds,
            )
        )
        self._show_fields(view)
        found = suspicions(view)[:_MOST_NOTES]
        self._notes.setText("\n".join(sentence(problem, in_window=True) for problem in found))
        self._notes.setVisible(bool(found))
        self._show_columns(view)
        self.table.show_rows(view.names, view.rows, from_left=not same)

    def _show_fields(self, view: LayerView) -> None:
        decided = self._choices.of_layer(view.source)
        roles = {role: text(f"role.{role}") for role in ROLES if role in view.roles}
        left_out = "intake.left_out" if view.role.value == IGNORE else "intake.unknown"
        fill(self.role, {**roles, IGNORE: text("intake.left_out")}, view.role.value)
        if view.role.value not in (*view.roles, IGNORE):
            self.role.insertItem(0, text(left_out), "")
            self.role.setCurrentIndex(0)
        words, tone = sure_words(view.role)
        self._sure.setText(words if view.role.value in ROLES else "")
        set_tone(self._sure, tone)
        told = self._choices.encoding_of(view)
        found = {"": text("intake.encoding_found", found=view.encoding or text("intake.plain"))}
        if not view.encoding_open:
            found = {"": text("intake.encoding_fixed", found=view.encoding or "UTF-8")}
        choice = {**found, **{name: name for name in ENCODINGS}}
        fill(self.encoding, choice if view.encoding_open else found, told)
        self.encoding.setEnabled(view.encoding_open)
        shift = _SHIFTS.get(view.datum) or text("intake.datum_none")
        datums = {"": text("intake.datum_auto", found=shift)}
        datums |= {name: text(f"intake.datum_{name}") for name in ("wgs84", "gcj02", "bd09")}
        fill(self.datum, datums, decided.datum)
        self._show_crs(view, decided.crs)

    def _show_crs(self, view: LayerView, decided: str) -> None:
        if view.crs_found and view.crs_used == view.crs_found:
            words = text("intake.crs_found", crs=view.crs_found)
        elif view.crs_found and view.crs_used:
            words = text("intake.crs_set_aside", crs=view.crs_found, used=view.crs_used)
        elif view.crs_found:
            words = text("intake.crs_refused", crs=view.crs_found)
        elif view.crs_used:
            words = text("intake.crs_assumed", crs=view.crs_used)
        else:
            words = text("intake.crs_unknown")
        choice = {"": words, **{code: code for code in ZONES}}
        if decided:
            choice.setdefault(decided, decided)
            choice[""] = text("intake.crs_found", crs="…") if view.crs_found == decided else words
        fill(self.crs, choice, decided)
        edit = self.crs.lineEdit()
        assert edit is not None
        edit.setCursorPosition(0)

    def _show_columns(self, view: LayerView) -> None:
        focus = next((c for c, combo in self.combos.items() if combo.hasFocus()), "")
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.combos, self.words = {}, {}
        if view.role.value not in ROLES:
            self._grid.addWidget(Label("intake.no_columns", tone="soft"), 0, 0, 1, 4)
            return
        for place, key in enumerate(("head_column", "head_found", "head_sure", "head_values")):
            head = Label(f"intake.{key}", tone="soft")
            head.setWordWrap(False)
            self._grid.addWidget(head, 0, place)
        guesses = self._choices.columns_of(view)
        every = ROLES[view.role.value].columns_among(guesses)
        wanted = ["id", *(column.name for column in every if column.name != "estimated")]
        wanted.sort(key=lambda name: name not in guesses)  # what was found stands first
        for line, name in enumerate(wanted, 1):
            self._add_column(view, name, guesses.get(name), line)
        if focus in self.combos:
            self.combos[focus].setFocus()

    def _add_column(self, view: LayerView, name: str, guess: Guess | None, line: int) -> None:
        label = QLabel(column_name(name))
        combo = QComboBox()
        combo.setAccessibleName(column_name(name))
        combo.setFixedWidth(176)
        label.setBuddy(combo)
        fill(combo, {"": text("intake.no_column"), **{n: n for n in view.names}},
              guess.value if guess else "")  # fmt: skip
        combo.activated.connect(lambda _index, n=name, c=combo: self._on_column(n, c))
        words, tone = sure_words(guess) if guess else ("", "soft")
        sure = QLabel(words)
        set_tone(sure, tone)
        values: QWidget
        if guess is not None and name in view.words:
            values = self._words_button(view, name)
        else:
            values = QLabel(_examples(view, guess))
            # Long examples are cut at the edge of the page; they do not widen it.
            values.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            values.setToolTip(tip(values.text()))
            set_tone(values, "soft")
        for place, widget in enumerate((label, combo, sure, values)):
            self._grid.addWidget(widget, line, place)
        self.combos[name] = combo

    def _words_button(self, view: LayerView, name: str) -> QPushButton:
        """Return a button that opens what the words of a column mean, and says how many do not."""
        words = view.words[name]
        odd = sum(not word.meaning for word in words)
        said = text("words.button_odd" if odd else "words.button", count=len(words), odd=odd)
        button = plain_button(said, lambda: self._open_words(view, name))
        button.setAccessibleName(f"{text(f'column.{name}')}: {said}")
        self.words[name] = button
        return button

    def _open_words(self, view: LayerView, name: str) -> None:
        decided = self._choices.of_layer(view.source).values.get(name, {})
        known = {word: str(value) for word, value in decided.items()}

        def done(meant: dict[str, str]) -> None:
            self._tell(self._choices.choose_words(view.source, name, meant), True)

        WordsCard(self, view.role.value, name, view.words[name], known, done).open()

    def _on_role(self) -> None:
        if self._view is not None and self.role.currentData():
            self._tell(self._choices.choose_role(self._view.source, self.role.currentData()), True)

    def _on_encoding(self) -> None:
        if self._view is not None:
            chosen = self._choices.choose_encoding(self._view, self.encoding.currentData())
            self._tell(chosen, True)

    def _on_datum(self) -> None:
        self._set(datum=self.datum.currentData())

    def _on_crs(self) -> None:
        typed, place = self.crs.currentText().strip(), self.crs.currentIndex()
        known = self.crs.itemText(place) == typed
        code = self.crs.itemData(place) if known else _code(typed)
        if self._view is None or code == self._choices.of_layer(self._view.source).crs:
            return
        if code and not is_crs(code):
            self._notes.setText(text("intake.crs_wrong", given=typed))
            self._notes.show()
            return
        self._set(crs=code)

    def _on_column(self, name: str, combo: QComboBox) -> None:
        if self._view is None:
            return
        chosen = self._choices.choose_column(self._view.source, name, combo.currentData())
        self._tell(chosen, False)
        self.show_layer(self._view, self._choices)

    def _set(self, **values: str) -> None:
        if self._view is not None:
            self._tell(self._choices.choose(self._view.source, **values), True)

    def _tell(self, choices: Choices, anew: bool) -> None:
        if choices.decisions() != self._choices.decisions():
            self._choices = choices
            self.chosen.emit(choices, anew)


def sure_words(guess: Guess) -> tuple[str, str]:
    """Return how sure a guess is, in words, and their tone."""
    if guess.ground == "chosen":
        return text("intake.sure_chosen"), "gain"
    if guess.ground == "schema":
        return text("intake.sure_schema"), "soft"
    percent = text("intake.percent", number=round(guess.confidence * 100))
    tone = "warning" if guess.confidence < UNSURE else "soft"
    key = "intake.sure_values" if guess.ground == "values" else "intake.sure"
    return text(key, percent=percent), tone


def _examples(view: LayerView, guess: Guess | None) -> str:
    """Return some values of a column, as they are read."""
    if guess is None or guess.value not in view.names:
        return ""
    place = view.names.index(guess.value)
    said = dict.fromkeys(row[place] for row in view.rows if row[place])
    return text("intake.between").join(list(said)[:_EXAMPLES])


def fill(combo: QComboBox, choice: Mapping[str, str], current: str) -> None:
    """Fill a chooser with data and words; nobody is told."""
    combo.blockSignals(True)
    combo.clear()
    for data, words in choice.items():
        combo.addItem(words, data)
    combo.setCurrentIndex(max(combo.findData(current), 0))
    combo.blockSignals(False)


def _code(typed: str) -> str:
    return f"EPSG:{typed}" if typed.isdigit() else typed
