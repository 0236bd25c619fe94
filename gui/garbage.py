"""Where and when Python looks for garbage while somebody works, and what it passes over.

Python looks in whichever thread happens to ask for memory, and deletes there what it finds. A
widget, a timer or a VTK object may be deleted only in the window's thread: in a worker that ends
the program. So it looks in the window's thread alone.

A look through everything that a window, its libraries and a district hold takes 50 to 250 ms. It
falls due in the middle of a drag as well as at any other time, and all threads wait for it. What
is there when a district has been made ready lives until it is closed; so it is set aside then, and
a look finds only what came after, in a few milliseconds.

What another district takes the place of has to be found one day. A look cannot be cut in slices,
so it waits until nobody works: until what is seen has stood still for a few seconds.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

REST_MS = 3000
"""Nobody works where nothing has moved for this long."""
LOOKS_MS = 250
"""Time between two looks, where enough came since the last that one is due."""
WHOLE_S = 30.0
"""No look through everything comes sooner after the one before."""
OPENING_S = 30.0
"""No look at all comes sooner after the start, unless something was set aside: while a window and
its first district open, all that comes lives on, and a look through it would take 130 ms."""


class OneThread(QObject):
    """Has Python look for garbage in this thread alone, from now until `end`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._began = self._whole_at = time.monotonic()
        self._watch = QTimer(self, interval=LOOKS_MS)
        self._watch.timeout.connect(self._look)
        self._watch.start()

    def end(self) -> None:
        """Let Python look by itself again."""
        self._watch.stop()
        gc.enable()

    def _look(self) -> None:
        """Look as far back as Python itself would: seldomer through what has lived for long."""
        due = [
            generation
            for generation, (came, enough) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if came > enough
        ]
        if not due:
            return
        now, oldest = time.monotonic(), len(gc.get_threshold()) - 1
        if now - self._began < OPENING_S and not gc.get_freeze_count():
            return
        if due[-1] < oldest or now - self._whole_at < WHOLE_S:
            gc.collect(min(due[-1], oldest - 1))
        else:
            self._whole_at = now
            gc.collect()


class SetAside(QObject):
    """Whether what a window holds is passed over; the process has one garbage for all windows.

    Parameters
    ----------
    parent
        The window.
    at_work
        Returns what changes while somebody works, or None where the window itself works.
    """

    def __init__(self, parent: QObject, at_work: Callable[[], object]) -> None:
        super().__init__(parent)
        self._at_work = at_work
        self._done = False
        self._last: object = None
        self._watch = QTimer(self, interval=REST_MS)
        self._watch.timeout.connect(self._look_at_rest)

    def take(self) -> None:
        """Pass over all there is now, in no time; oftener for what came since."""
        gc.freeze()
        self._done = True

    def owe(self) -> None:
        """Look through everything once when nobody works, for a district has gone."""
        if self._done:
            self._last = None
            self._watch.start()

    def give_back(self) -> None:
        """Look at everything again from now on, for the window goes."""
        self._watch.stop()
        if self._done:
            gc.unfreeze()
            self._done = False

    def _look_at_rest(self) -> None:
        now, before = self._at_work(), self._last
        self._last = now
        if now is None or now != before:
            return
        self._watch.stop()
        gc.unfreeze()
        gc.collect()
        gc.freeze()
