"""The district twin without a window: values, network, assessment, report.

Notebooks take what they need from :mod:`twin.api`. Opening and saving are here too, imported on
first use so that ``import twin`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.projects.project import import_project as import_project
    from twin.projects.project import open_project as open_project
    from twin.projects.project import save_project as save_project
    from twin.standards import load_standard as load_standard

_HOMES = {
    "import_project": "twin.projects.project",
    "open_project": "twin.projects.project",
    "save_project": "twin.projects.project",
    "load_standard": "twin.standards",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'twin' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
