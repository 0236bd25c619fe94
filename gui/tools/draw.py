"""The drawing tool: corner by corner a path or a crossing, caught by streets and doors."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from gui.panels import figures
from gui.tools.corners import CornersTool
from gui.tools.snapping import Catch
from twin.language import text
from twin.model.catalogues import default_walker, walkers
from twin.model.edits import AddPath

if TYPE_CHECKING:
    from gui.document import Document

PathKind = Literal["footway", "crossing"]


class DrawTool(CornersTool):
    """Draws a path; see `gui.tools.corners` for keys and clicks.

    Parameters
    ----------
    kind
        What is drawn.
    done
        Called when the path was added, with the id of its street.
    """

    def __init__(
        self,
        document: Document,
        kind: PathKind,
        reach: Callable[[], float],
        done: Callable[[int], object],
        changed: Callable[[], object],
    ) -> None:
        super().__init__(document, reach, changed)
        self._kind, self._done = kind, done

    def words(self, at: Catch) -> list[str]:
        """Return how long the path is, and what catches it."""
        lines = [text(f"snap.{at.what}")] if at.what else []
        if not self.corners:
            return lines or [text(f"draw.begin_{self._kind}")]
        run = [*self.corners, (at.x, at.y)]
        whole = sum(math.dist(a, b) for a, b in pairwise(run))
        minutes = whole / walkers()[default_walker()].lasting_mps / 60.0
        said = text("draw.whole", length=figures.length(whole), time=figures.minutes(minutes))
        return [*self.piece_words(at), said, *lines]

    def end(self) -> None:
        """Add the path."""
        corners, self.corners, self.typed = tuple(self.corners), [], ""
        self._changed()
        if len(corners) < 2:
            return
        new = self._document.session.district.streets.next_id()
        if self._document.do(f"history.{self._kind}", AddPath(new, corners, self._kind)):
            self._done(new)
