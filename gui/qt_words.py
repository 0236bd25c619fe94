"""Qt's own words (file dialogs, context menus of fields) in the language in use."""

from __future__ import annotations

from pathlib import Path

import PySide6
from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from twin.language import language

_NAME = "qtWords"

_MENDED = {("QFileSystemModel", "Size"): "大小"} | {
    ("QShortcut", key): arrow
    for key, arrow in {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}.items()
}
"""What stands under a context and a word of Qt: its own Chinese is "volume" for the size of a file
and "upward" for a key."""


def translate_qt(app: QApplication) -> None:
    """Have Qt speak the language in use; English is what it speaks by itself."""
    known = app.findChild(QTranslator, _NAME)
    if known is not None:
        app.removeTranslator(known)
        known.setParent(None)
    words = _Words(app)
    words.setObjectName(_NAME)
    for folder in _folders():
        if words.load(f"qtbase_{language()}", str(folder)):
            app.installTranslator(words)
            return
    words.setParent(None)


class _Words(QTranslator):
    """Qt's catalogue, but for words that it has wrong."""

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        """Return our word, else Qt's own; None where neither has one."""
        mended = _MENDED.get((context, source))
        if mended is not None and language() == "zh_CN":
            return mended
        return super().translate(context, source, disambiguation, n) or None


def _folders() -> tuple[Path, ...]:
    """Return where Qt's catalogues may lie: where Qt was told, or beside it in a bundle."""
    told = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    beside = Path(PySide6.__file__).parent
    return Path(told), beside / "Qt" / "translations", beside / "translations"
