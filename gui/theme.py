"""How the window looks: colours, spacing and type as tokens, and the style sheet made from them.

What is drawn in the view has its colours in ``gui.scene.style``, data theirs in
``twin.telling.ramps``; this is the home of panels and text alone. Two text sizes, one accent, a
grid of 8 pixels. Every text colour keeps a contrast of at least 4.5:1 against every ground that it
is put on (a test holds that).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.qt_words import translate_qt
from gui.scene import style
from twin import fonts
from twin.language import language

ThemeChoice = Literal["light", "dark", "system"]

GRID = 8
BODY_PX = 13
FIGURE_PX = 28


@dataclass(frozen=True)
class Tokens:
    """Colours of one theme, as ``#rrggbb``; `accent` is the scene's."""

    name: Literal["light", "dark"]
    paper: str
    panel: str
    raised: str
    hover: str
    pressed: str
    line: str
    line_strong: str
    ink: str
    ink_soft: str
    accent: str
    on_accent: str
    accent_wash: str
    measure: str
    """Bars of covered people."""
    track: str
    gain: str
    loss: str
    warning: str
    warning_wash: str
    error: str
    error_wash: str
    shade: str
    on_shade: str


LIGHT = Tokens(
    name="light",
    paper="#f1eee7",
    panel="#faf8f4",
    raised="#ffffff",
    hover="#f0ede5",
    pressed="#e7e3d9",
    line="#e4e0d6",
    line_strong="#8f8a7d",
    ink="#2a2824",
    ink_soft="#625e55",
    accent=style.LIGHT.accent,
    on_accent="#ffffff",
    accent_wash="#fbe7ee",
    measure="#22568c",
    track="#e4e0d6",
    gain="#0b6b74",
    loss="#9a4a00",
    warning="#7d5200",
    warning_wash="#faf0d8",
    error="#a1251f",
    error_wash="#fbe9e6",
    shade="#2a2824",
    on_shade="#faf8f4",
)

DARK = Tokens(
    name="dark",
    paper="#1a1b1e",
    panel="#222428",
    raised="#2b2d32",
    hover="#2e3136",
    pressed="#383b41",
    line="#35383e",
    line_strong="#7c8088",
    ink="#eceae5",
    ink_soft="#b3b0a9",
    accent=style.DARK.accent,
    on_accent="#1a1b1e",
    accent_wash="#4a2534",
    measure="#7fb0dc",
    track="#3b3e45",
    gain="#62c7cf",
    loss="#f0a35c",
    warning="#efc26a",
    warning_wash="#3a3120",
    error="#ff9c92",
    error_wash="#432724",
    shade="#eceae5",
    on_shade="#222428",
)

_current: Tokens = LIGHT


def tokens() -> Tokens:
    """Return the colours in use."""
    return _current


def colour(name: str) -> QColor:
    """Return one token in use as a colour."""
    return QColor(getattr(_current, name))


def apply_theme(app: QApplication, choice: ThemeChoice) -> Tokens:
    """Dress the whole application and return the colours now in use."""
    global _current  # one process wears one theme at a time
    _current = _chosen(choice)
    app.setPalette(_palette(_current))
    app.setStyleSheet(_style_sheet(_current))
    return _current


def install_fonts(app: QApplication) -> None:
    """Register the family that ships with the product and make it the application's."""
    for path in (fonts.REGULAR, fonts.BOLD):
        if path.exists():
            QFontDatabase.addApplicationFont(str(path))
    speak(app)


def speak(app: QApplication) -> None:
    """Set text as the language in use has it; to be called when the language changes."""
    translate_qt(app)
    app.setFont(body_font())
    for widget in app.allWidgets():  # a font's features, once taken, are not taken back by Qt
        font = widget.font()
        _set_width(font)
        widget.setFont(font)


def body_font(bold: bool = False) -> QFont:
    """Return the font of running text; rarer Chinese characters fall back to the system's."""
    return _font(BODY_PX, bold)


def figure_font() -> QFont:
    """Return the font of headline figures."""
    return _font(FIGURE_PX, bold=True)


def _font(pixels: int, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(
        [
            fonts.FAMILY,
            "Noto Sans CJK SC",
            "Microsoft YaHei UI",
            "PingFang SC",
            "Droid Sans Fallback",
        ]
    )
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    _set_width(font)
    return font


def _set_width(font: QFont) -> None:
    """Set punctuation as wide as the language has it; in English not as wide as a character."""
    if language() == "en":
        font.setFeature(QFont.Tag("pwid"), 1)
    else:
        font.unsetFeature(QFont.Tag("pwid"))


def _chosen(choice: ThemeChoice) -> Tokens:
    if choice == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def _palette(use: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        role.Window: use.panel,
        role.WindowText: use.ink,
        role.Base: use.raised,
        role.AlternateBase: use.panel,
        role.Text: use.ink,
        role.PlaceholderText: use.ink_soft,
        role.Button: use.raised,
        role.ButtonText: use.ink,
        role.ToolTipBase: use.shade,
        role.ToolTipText: use.on_shade,
        role.Highlight: use.accent,
        role.HighlightedText: use.on_accent,
        role.Link: use.accent,
        role.Light: use.raised,
        role.Midlight: use.line,
        role.Mid: use.line_strong,
        role.Dark: use.line_strong,
        role.Shadow: use.line_strong,
    }
    for which, value in pairs.items():
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(use.line_strong))
    return palette


def _style_sheet(use: Tokens) -> str:
    sheet = Path(__file__).with_name("window.css").read_text(encoding="utf-8")
    icons = Path(__file__).with_name("icons").as_posix()
    return Template(sheet).substitute(asdict(use), icons=icons)
