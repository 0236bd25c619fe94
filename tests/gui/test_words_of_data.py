"""Words from data are shown as they were written, whatever signs they hold."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.panels.parts import tip
from tests.gui.test_numbers import first_service
from tests.gui.test_undoing import type_into

NAME = "Canteen <b>A</b> & B"


def shown(widget) -> list[str]:
    """Return what plain labels say; markup stands in others, made by the window alone."""
    labels = [w for w in widget.findChildren(QLabel) if w.isVisible()]
    return [w.text() for w in labels if w.textFormat() == Qt.TextFormat.PlainText]


def test_a_name_with_signs_of_html_is_the_title_as_it_was_written(qtbot, window):
    first_service(window)
    type_into(window.inspector.page._name, NAME)
    assert NAME in shown(window.inspector)


def test_only_what_the_window_marks_up_itself_is_more_than_plain_text(qtbot, window):
    first_service(window)
    window.inspector._why.click()
    labels = [w for w in window.findChildren(QLabel) if w.isVisible()]
    assert len(labels) > 20
    for label in labels:
        rich = label.property("rich") == "true"
        wanted = Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText
        assert label.textFormat() == wanted, label.text()


def test_a_tooltip_keeps_signs_of_html():
    assert "&lt;b&gt;A&lt;/b&gt; &amp; B" in tip(NAME)
    assert tip("Canteen A\n2") == "Canteen A\n2"
