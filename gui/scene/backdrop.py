"""What stands still while the hand works: drawn once, and laid under each picture until it changes.

The ground, the plan and the trees are most of a frame where the processor draws, and an edit
changes none of them: it recolours buildings and moves pins. So they have a renderer of their own,
below the other. What it drew, colours and depths, is copied to a framebuffer beside the window's,
and as long as nothing that it rests on is another value, the copy is brought back instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vtkmodules.vtkCommonCore import VTK_UNSIGNED_CHAR, vtkCommand
from vtkmodules.vtkRenderingCore import vtkRenderer
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLFramebufferObject

from gui.scene.graphics import is_software
from gui.scene.sameness import same

if TYPE_CHECKING:
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

_MOST_PIXELS = 12_000_000
"""How many pixels all copies hold together, at eight bytes each: those of the four shifted pictures
of a smooth one and of one under the hand, in a window of two million pixels."""
_DEPTH_BITS = 32
_READ, _DRAW, _COLOUR_AND_DEPTH, _NEAREST = 0x8CA8, 0x8CA9, 0x4000 | 0x100, 0x2600
"""OpenGL's names: the framebuffers that are read and drawn, what is copied, no smoothing."""


class Backdrop:
    """The lowest layer of a render window.

    Parameters
    ----------
    window
        Where it is drawn.
    over
        What is drawn over it, the next layer.
    """

    def __init__(self, window: vtkRenderWindow, over: vtkRenderer) -> None:
        self.renderer = vtkRenderer()
        """Holds what stands still."""
        self.drawn = 0
        """How often it was drawn and not brought back."""
        self._window: Any = window
        self._over = over
        self._copies: list[_Copy] = []
        self._wanted: tuple[object, ...] = ()
        self._keep = False
        self.renderer.SetLayer(0)
        self.renderer.SetActiveCamera(over.GetActiveCamera())
        over.SetLayer(1)
        over.SetPreserveDepthBuffer(True)
        self._observer = over.AddObserver(vtkCommand.StartEvent, self._exchange)
        window.AddRenderer(self.renderer)

    def prepare(self, rests_on: Sequence[object], keep: bool) -> None:
        """Say what the next picture's backdrop depends on; the window is drawn after this.

        Parameters
        ----------
        rests_on
            Values, compared by :func:`gui.scene.sameness.same`; the window's size is added.
        keep
            Take a copy. It is wasted while the camera moves.
        """
        self._wanted, self._keep = (*rests_on, tuple(self._window.GetSize())), keep
        there = self._known() is not None
        self.renderer.SetDraw(not there)
        self.drawn += not there

    def close(self) -> None:
        """Free the copies; nothing can be drawn afterwards."""
        self._over.RemoveObserver(self._observer)
        self._forget(0)
        self.renderer.RemoveAllViewProps()
        self._window.RemoveRenderer(self.renderer)
        del self._window

    def _known(self) -> _Copy | None:
        return next((copy for copy in self._copies if same(copy.rests_on, self._wanted)), None)

    @cached_property
    def _pays(self) -> bool:
        """Whether copies are kept; a graphics card draws the whole in less time than it is worth.

        VTK knows who draws from the first picture on.
        """
        return is_software(self._window)

    def _exchange(self, *_event: object) -> None:
        """Bring the copy back that was asked for, or take one of what was just drawn."""
        known = self._known()
        if not self._pays or not (known or self._keep):
            return
        frame = self._window.GetRenderFramebuffer()
        frame.SaveCurrentBindingsAndBuffers()
        if known is not None:
            self._copies.remove(known)
            self._copies.append(known)  # the latest last
            self._copy(known.buffer, frame)
        else:
            self._copy(frame, self._new_copy().buffer)
        frame.RestorePreviousBindingsAndBuffers()

    def _new_copy(self) -> _Copy:
        columns, rows = self._window.GetSize()
        self._forget(_MOST_PIXELS - columns * rows)
        buffer = vtkOpenGLFramebufferObject()
        buffer.SetContext(self._window)
        form = VTK_UNSIGNED_CHAR
        buffer.PopulateFramebuffer(columns, rows, True, 1, form, True, _DEPTH_BITS, 0, False)
        self._copies.append(_Copy(self._wanted, buffer, columns * rows))
        return self._copies[-1]

    def _forget(self, most: int) -> None:
        """Let the oldest copies go until the others have no more than so many pixels."""
        while self._copies and sum(copy.pixels for copy in self._copies) > most:
            self._copies.pop(0).buffer.ReleaseGraphicsResources(self._window)

    def _copy(self, source: Any, target: Any) -> None:
        columns, rows = self._window.GetSize()
        self._window.GetState().vtkglScissor(0, 0, columns, rows)
        source.Bind(_READ)
        source.ActivateReadBuffer(0)
        target.Bind(_DRAW)
        target.ActivateDrawBuffer(0)
        whole = (0, columns, 0, rows)
        vtkOpenGLFramebufferObject.Blit(whole, whole, _COLOUR_AND_DEPTH, _NEAREST)


@dataclass(frozen=True, eq=False)
class _Copy:
    """What was drawn, of which values, and how many pixels it has."""

    rests_on: tuple[object, ...]
    buffer: Any
    pixels: int
