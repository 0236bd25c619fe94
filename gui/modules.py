"""Modules that take long to load: a worker loads them before the window's thread asks for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from gui.background import Progress

_TOOLS = ("making", "place")
_DRAWN = ("blocks", "field", "marks", "pins", "plan", "underlay")
FOR_OPENING = ("twin.projects.opened", "twin.projects.projects_aside")
FOR_A_DOCUMENT = (
    "gui.document",
    "gui.fields",
    "gui.panels.inspector",
    *(f"gui.tools.{tool}" for tool in _TOOLS),
)
FOR_THE_VIEW = ("gui.viewport", "gui.scene.backdrop", *(f"gui.scene.drawn_{d}" for d in _DRAWN))
FOR_IMPORTING = ("layers.reader", "gui.dialogs.import_preview")
"""By what asks for them."""


def load_modules(names: Sequence[str], progress: Progress) -> None:
    """Load modules by their names, in a worker thread; `progress` may raise to stop."""
    for number, name in enumerate(names):
        progress(number / len(names))
        import_module(name)


def are_loaded(names: Sequence[str]) -> bool:
    """Return whether modules can be had at once."""
    return all(name in sys.modules for name in names)
