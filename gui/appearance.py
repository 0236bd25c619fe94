"""What the window wears and speaks: theme and language, chosen here and followed everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.theme import ThemeChoice
from twin.language import LANGUAGES, Language, language, set_language

if TYPE_CHECKING:
    from gui.window import Window


class Appearance(QObject):
    """The language and the theme of the application, which one window changes for all."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {
            "language": self._next_language,
            "theme": lambda: self.set_theme("light" if theme.tokens().name == "dark" else "dark"),
            "theme_light": lambda: self.set_theme("light"),
            "theme_dark": lambda: self.set_theme("dark"),
            "theme_system": lambda: self.set_theme("system"),
        }

    def set_language(self, chosen: Language) -> None:
        """Speak another language from now on, everywhere."""
        set_language(chosen)
        self._window.settings.language = chosen
        theme.speak(_application())
        self.say_all()

    def say_all(self) -> None:
        """Have every panel say anew what it says."""
        QApplication.sendEvent(self._window, QEvent(QEvent.Type.LanguageChange))
        self._window.actions_.retranslate()
        self._window.follow_document()
        self._window.tour.retranslate()
        self._window.workshop.retranslate()

    def set_theme(self, chosen: ThemeChoice) -> None:
        """Wear another theme from now on."""
        self._window.settings.theme = chosen
        self._wear(chosen)

    def close(self) -> None:
        """Follow the system no longer."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._on_system_scheme)

    def _next_language(self) -> None:
        self.set_language(LANGUAGES[(LANGUAGES.index(language()) + 1) % len(LANGUAGES)])

    def _wear(self, chosen: ThemeChoice) -> None:
        theme.apply_theme(_application(), chosen)
        self._window.actions_.retranslate()
        self._window.actions_.by_name[f"theme_{chosen}"].setChecked(True)

    def _on_system_scheme(self) -> None:
        if self._window.settings.theme == "system":
            self._wear("system")


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
