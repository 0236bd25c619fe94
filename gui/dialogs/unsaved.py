"""The one question that has to stop the user: unsaved work is about to be left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from twin.language import text


def ask_about_unsaved(parent: QWidget, name: str, settle: Callable[[str], object]) -> QMessageBox:
    """Ask without blocking; `settle` takes ``save``, ``discard`` or ``stay``."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(text("app.name"))
    box.setText(text("unsaved.question", name=name))
    role = QMessageBox.ButtonRole
    save = box.addButton(text("unsaved.save"), role.AcceptRole)
    discard = box.addButton(text("unsaved.discard"), role.DestructiveRole)
    stay = box.addButton(text("unsaved.stay"), role.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(stay)
    answers: dict[QAbstractButton, str] = {save: "save", discard: "discard", stay: "stay"}
    box.finished.connect(lambda _: settle(answers.get(box.clickedButton(), "stay")))
    box.open()
    return box
