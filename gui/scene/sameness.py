"""Whether values that a picture rests on are still the same: by identity, small ones by value."""

from __future__ import annotations

from collections.abc import Sequence

from gui.scene.camera import Camera

_BY_VALUE = (frozenset, tuple, str, float, int, Camera)
"""What is cheap to compare; arrays and tables are the same only as the same object."""


def same(before: Sequence[object], now: Sequence[object]) -> bool:
    """Return whether two rows of values are the same, one by one."""
    return len(before) == len(now) and all(
        a is b or (isinstance(a, _BY_VALUE) and a == b) for a, b in zip(before, now, strict=True)
    )
