"""How finely a view is drawn while it moves, by how long frames take and where they are seen.

At rest all pixels are drawn. While the hand moves, a machine that draws slowly, or one whose
pictures travel over a network, draws fewer; it goes back by itself as soon as frames are quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Literal, TypeAlias

Quality: TypeAlias = Literal["auto", "fine", "fast"]
Reason: TypeAlias = Literal["", "slow", "remote"]

SLOW_FRAME_S = 0.045
"""Whole frames that take longer are drawn at half resolution while the hand moves."""
HALF, COARSEST = 0.5, 0.34
"""Part of the pixels each way that is drawn while the hand moves, at first and at the least."""
HELD_S = 0.07
"""Frames under the hand that take longer make the next ones coarser; ten a second are enough."""
_COARSER, _FINER = 0.92, 1.02
_QUICK = 0.6
_REMOTE_SESSION = 0x1000
"""SM_REMOTESESSION of Windows' GetSystemMetrics."""
_REMOTE_VARIABLES = ("XRDP_SESSION", "VNCDESKTOP", "NXSESSIONID", "X2GO_SESSION")


class Pace:
    """The quality that is asked for, and what frames have shown the machine to be able to.

    Parameters
    ----------
    software
        Whether the processor draws; taken for slow until a frame shows otherwise.
    remote
        Whether pictures are seen on another machine, which no frame's time tells.
    """

    def __init__(self, software: bool, remote: bool) -> None:
        self._software, self._remote = software, remote
        self._quality: Quality = "auto"
        self._coarse = HALF
        self._said = False
        self.slow = software
        """Whether frames have shown the machine to be slow, or somebody said so."""

    def set_quality(self, quality: str) -> None:
        """Draw ``auto`` (as fast as the machine needs), ``fine`` or ``fast``."""
        self._quality = "fine" if quality == "fine" else "fast" if quality == "fast" else "auto"
        self.slow = self._software if self._quality == "auto" else self._quality == "fast"

    @property
    def spares(self) -> bool:
        """Whether fewer pixels are drawn while the view moves."""
        return self.slow or (self._remote and self._quality == "auto")

    @property
    def refines(self) -> bool:
        """Whether edges are made smooth at rest."""
        return self._quality != "fast"

    def factor(self, carrying: bool) -> float:
        """Return the part of the pixels each way to draw while the view moves.

        `carrying` is when the hand holds something and the view stands still: most of the frame is
        there already.
        """
        return HALF if carrying else self._coarse

    def took_whole(self, seconds: float) -> None:
        """Learn from a frame at full resolution."""
        if self._quality == "auto":
            self.slow = seconds > SLOW_FRAME_S

    def took_coarse(self, seconds: float) -> None:
        """Learn from a frame under the hand: down quickly, up slowly, not at all in between."""
        if seconds > HELD_S:
            self._coarse = max(self._coarse * _COARSER, COARSEST)
        elif seconds < _QUICK * HELD_S:
            self._coarse = min(self._coarse * _FINER, HALF)

    def reason_to_say(self) -> Reason:
        """Return why the picture is coarser now, the first time that this is asked; else ""."""
        if self._said or not self.spares:
            return ""
        self._said = True
        return "remote" if self._remote and self._quality == "auto" else "slow"


def is_remote(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether the screen is on another machine: Remote Desktop, SSH with X, VNC, NX."""
    if platform == "win32":
        return _is_windows_remote() or environment.get("SESSIONNAME", "").startswith("RDP-")
    if any(environment.get(name) for name in _REMOTE_VARIABLES):
        return True
    host = environment.get("DISPLAY", "").partition(":")[0]
    return bool(host) and host != "unix" and not host.startswith("/")


def _is_windows_remote() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.GetSystemMetrics(_REMOTE_SESSION))
