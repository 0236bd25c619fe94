"""The drawing tool: corner by corner a path or a crossing, caught by streets and doors."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import shapely

from gui.panels import figures
from gui.tools.corners import CornersTool
from gui.tools.snapping import Catch
from twin.language import text
from twin.model.catalogues import default_walker, walkers
from twin.model.edits import AddPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.document import Document
    from twin.model.district import District
    from twin.model.tables import Table

PathKind = Literal["footway", "crossing"]
_WITHIN_M = 1.0
"""A path that leads so little into a building only ends at its door."""


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
        return [*self.piece_words(at), said, *_doubts(self._document.session.district, run), *lines]

    def end(self) -> None:
        """Add the path."""
        corners, self.corners, self.typed = tuple(self.corners), [], ""
        self._changed()
        if len(corners) < 2:
            return
        new = self._document.session.district.streets.next_id()
        if self._document.do(f"history.{self._kind}", AddPath(new, corners, self._kind)):
            self._done(new)


def _doubts(district: District, run: Sequence[tuple[float, float]]) -> list[str]:
    """Return what a path leads through: there may be a passage, or a bridge, or not."""
    line = shapely.LineString(run)
    through = _crossed(line, district.buildings)
    said = [text("draw.through", count=through)] if through else []
    return [*said, text("draw.over_water")] if _crossed(line, district.water) else said


def _crossed(line: shapely.LineString, areas: Table) -> int:
    """Return through how many areas of a layer a line leads."""
    near = areas.geometry[areas.tree.query(line, predicate="intersects")]
    near = near[shapely.get_dimensions(near) == 2]
    return int((shapely.length(shapely.intersection(near, line)) > _WITHIN_M).sum())
