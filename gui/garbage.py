"""What Python's search for garbage passes over while somebody works.

A look through everything that a window, its libraries and a district hold takes 50 to 170 ms. It
falls due in the middle of a drag as well as at any other time, in whichever thread, and all others
wait for it. What is there when a district has been made ready lives until it is closed; so it is
set aside then, and a look finds only what came after, in a few milliseconds.
"""

from __future__ import annotations

import gc


class SetAside:
    """Whether what a window holds is passed over; the process has one garbage for all windows."""

    def __init__(self) -> None:
        self._done = False

    def take(self) -> None:
        """Pass over all there is now; again for the same district does nothing."""
        if not self._done:
            gc.freeze()
            self._done = True

    def give_back(self) -> None:
        """Look at everything again, for a district goes and is to be found."""
        if self._done:
            gc.unfreeze()
            self._done = False
