"""One line that tells how far a long verb is, and the place where Ctrl+C is obeyed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from twin.language import text

_BAR_WIDTH = 30
_REDRAW_S = 0.1
_ERASE_REST = "\x1b[K"
"""Erases from the cursor to the end of the line; terminals of Windows 10 and later know it too."""


class ProgressLine:
    """A bar on a terminal, nothing elsewhere; calling it is the cancellation point.

    Compiled code may swallow the exception that Ctrl+C raises inside its callbacks, so the wish to
    stop is kept and raised again at the next call.

    Parameters
    ----------
    stream
        Where the bar is drawn, usually ``sys.stderr``.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = False
        self._drawn_at = 0.0
        self._stopping = False

    @contextmanager
    def obeying_interrupts(self) -> Iterator[None]:
        """Take Ctrl+C within the block, where this is the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def __call__(self, done: float, label: str = "") -> None:
        """Note that the share `done` (0 to 1) is done, and the key of what is being done now.

        Raises
        ------
        KeyboardInterrupt
            Where Ctrl+C was pressed.
        """
        if self._stopping:
            raise KeyboardInterrupt
        now = time.monotonic()
        if not self._stream.isatty() or (now - self._drawn_at < _REDRAW_S and done < 1):
            return
        filled = round(_BAR_WIDTH * min(max(done, 0.0), 1.0))
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        doing = text(label) if label else ""
        self._stream.write(f"\r{bar} {done:4.0%} {doing}{_ERASE_REST}")
        self._stream.flush()
        self._shown, self._drawn_at = True, now

    def clear(self) -> None:
        """Take the bar off the terminal."""
        if self._shown:
            self._stream.write("\r" + _ERASE_REST)
            self._stream.flush()
            self._shown = False

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        raise KeyboardInterrupt
