"""Make sure that OpenGL is there before VTK is touched, and open an off-screen window.

Without any GL library VTK ends the process with a segmentation fault instead of an exception.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

_LIBRARIES = ("libGL.so.1", "libEGL.so.1")
_PACKAGES = "libgl1 libegl1"
_SOFTWARE = (
    "llvmpipe",
    "softpipe",
    "swrast",
    "software rasterizer",
    "swiftshader",
    "basic render driver",
    "gdi generic",
)
"""What drivers that compute pictures on the processor call themselves: Mesa's, Google's, and
Microsoft's where no graphics card is."""


class GraphicsUnavailable(Exception):  # noqa: N818  # says what is so, like FileExists
    """The machine has no OpenGL library that VTK could use.

    Attributes
    ----------
    missing
        File names of the libraries that do not load.
    packages
        What to install, as one line of Debian package names.
    """

    def __init__(self, missing: tuple[str, ...], packages: str = _PACKAGES) -> None:
        super().__init__(f"cannot load {', '.join(missing)}; install: {packages}")
        self.missing = missing
        self.packages = packages


def missing_libraries(names: tuple[str, ...] = _LIBRARIES) -> tuple[str, ...]:
    """Return those of `names` that the dynamic loader does not find."""
    missing = []
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return tuple(missing)


@cache
def require_graphics() -> None:
    """Check that OpenGL loads, and choose a window that needs no display where there is none.

    Raises
    ------
    GraphicsUnavailable
        Where a library is missing.
    """
    if sys.platform != "linux":  # Windows and macOS bring OpenGL with the system
        return
    if missing := missing_libraries():
        raise GraphicsUnavailable(missing)
    if not os.environ.get("DISPLAY"):  # saves a warning about the X server on standard error
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")


def load_graphics() -> None:
    """Load what draws. It takes half a second: call it first where no window waits.

    Raises
    ------
    GraphicsUnavailable
        Where OpenGL is missing.
    """
    require_graphics()
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  # registers the OpenGL classes


def open_window(width: int, height: int) -> vtkRenderWindow:
    """Return an off-screen render window without multisampling (3-4 times slower in software).

    Raises
    ------
    GraphicsUnavailable
        Where OpenGL is missing.
    """
    load_graphics()
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetSize(width, height)
    window.Initialize()  # else it does not know yet what draws, a card or the processor
    return window


def is_software(window: vtkRenderWindow) -> bool:
    """Return whether the window draws on the processor instead of a graphics card."""
    return is_software_driver(driver(window))


def is_software_driver(name: str) -> bool:
    """Return whether a driver of that name computes pictures on the processor."""
    return any(known in name.lower() for known in _SOFTWARE)


def driver(window: vtkRenderWindow) -> str:
    """Return what the graphics say they are drawn by: ``"llvmpipe (LLVM 15.0.7, 256 bits)"``."""
    return driver_in(window.ReportCapabilities())


def driver_in(report: str) -> str:
    """Return the driver that the graphics' report of what they can do names; "" where none."""
    told = report.splitlines()
    return " ".join(line.partition(":")[2].strip() for line in told if "renderer string" in line)
