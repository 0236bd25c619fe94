"""What of all that is written over the picture stands behind a building."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from gui.scene.sameness import same
from gui.scene.scene import Scene

_LIFT = np.array([0.0, 0.0, 0.5])
"""Above a roof or the ground, so that what something stands on does not hide it."""


class Hiding:
    """Knows what was hidden when the view rested last.

    That holds until it rests again: under the hand nothing comes and goes for it.
    """

    def __init__(self) -> None:
        self._rests_on: tuple[object, ...] = ()
        self._hidden: frozenset[Hashable] = frozenset()

    def is_old(self, scene: Scene, *shown: object) -> bool:
        """Return whether the view, or what is shown in it, is another than at the last look."""
        now = (scene.camera, scene.size, scene.meshes, scene.draws_buildings, *shown)
        if same(now, self._rests_on):
            return False
        self._rests_on = now
        return True

    def look(self, scene: Scene, names: Sequence[Hashable], points: NDArray[np.float64]) -> None:
        """Find which of things, named somehow and standing at points (n, 3), are hidden."""
        behind = scene.hides(points + _LIFT)
        self._hidden = frozenset(names[int(row)] for row in np.flatnonzero(behind))

    def __contains__(self, name: Hashable) -> bool:
        return name in self._hidden
