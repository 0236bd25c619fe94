"""What the window keeps for a person: choices applied at once, saving by itself, small pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer

from gui.settings import QUALITIES, state_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from gui.window import Window

THUMBNAIL = (208, 130)
"""Width and height of a project's small picture, pixels."""
_MINUTE_MS = 60_000


class Keeping(QObject):
    """Settings, help and the small pictures of one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: QDialog | None = None
        self._autosave = QTimer(self)
        self._autosave.timeout.connect(self._save)
        self.set_autosave(str(window.settings.autosave))

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {
            "settings": self.show_settings,
            "cheat_sheet": self.show_cheat_sheet,
            "recent_projects": self.show_recent,
        }

    def show_settings(self) -> None:
        """Show the settings."""
        from gui.dialogs.settings import show_settings

        self.dialog = show_settings(self._window)

    def show_cheat_sheet(self) -> None:
        """Show all keys on one page."""
        from gui.dialogs.cheat_sheet import show_cheat_sheet

        self.dialog = show_cheat_sheet(self._window)

    def show_recent(self) -> None:
        """Show the projects opened before."""
        from gui.dialogs.recent import show_recent

        self.dialog = show_recent(self._window)

    # -- choices ------------------------------------------------------------------------------

    def set_quality(self, quality: str) -> None:
        """Draw as this quality asks from now on."""
        if quality in QUALITIES:
            self._window.settings.quality = quality
            self.apply_quality()

    def apply_quality(self) -> None:
        """Have the view draw as the settings say."""
        viewport = self._window.stage.viewport
        if viewport is not None:
            viewport.set_quality(self._window.settings.quality)

    def set_autosave(self, minutes: str) -> None:
        """Save by itself every so many minutes, "0" for never."""
        count = int(minutes)
        self._window.settings.autosave = count
        self._autosave.stop()
        if count:
            self._autosave.start(count * _MINUTE_MS)

    def set_keys(self, name: str, keys: str) -> None:
        """Give an action other keys, "" for none."""
        settings = self._window.settings
        settings.shortcuts = {**settings.shortcuts, name: keys}
        self._window.actions_.take_keys(settings.shortcuts)

    def reset_keys(self) -> None:
        """Give every action the keys that it had at first."""
        self._window.settings.shortcuts = {}
        self._window.actions_.take_keys({})

    # -- by itself ----------------------------------------------------------------------------

    def _save(self) -> None:
        """Save what has a file; work without one is in the journal."""
        document = self._window.document
        if document is not None and document.dirty and document.project.path is not None:
            self._window.filing.save()

    def keep_picture(self, path: Path) -> None:
        """Keep a small picture of what is seen, for the list of recent projects."""
        viewport = self._window.stage.viewport
        if viewport is None:
            return
        mode, smooth = (
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        picture = viewport.last_picture().scaled(QSize(*THUMBNAIL), mode, smooth)

        from gui.files import png
        from layers.files.saving import replacing

        def work(_progress: Callable[[float], None]) -> None:
            target = thumbnail_path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as draft:
                draft.write_bytes(png(picture))

        self._window.jobs.start("thumbnail", work, lambda _: None, self._window.say_error)


def thumbnail_path(project: Path) -> Path:
    """Return where a project's small picture lies; the project's drive is not asked."""
    name = hashlib.sha256(str(project.absolute()).encode()).hexdigest()[:24]
    return state_folder() / "pictures" / f"{name}.png"
