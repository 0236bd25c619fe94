"""Opening files whose content was opened before, from what was kept of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import layers
import twin
from layers.problems import Problem, Severity
from layers.project_file import Source
from layers.rasters.elevation import Terrain
from layers.rasters.underlay import Underlay
from twin.keeping.kept import digest_of_code, digest_of_files, kept, key_of
from twin.model.district import District
from twin.model.edits import Edit
from twin.projects.project import Project

PROJECT_CLASSES = (Project, District, Terrain, Underlay, Source, Problem, Severity, *get_args(Edit))
"""What a project is made of, for `twin.keeping.packing`."""


def opened(paths: Sequence[Path], read: Callable[[], Project], *choices: str) -> Project:
    """Return the project that `read` makes of files, without reading where they were read before.

    Parameters
    ----------
    paths
        All the files that `read` reads.
    read
        Reads them; what it raises passes through.
    choices
        What else its result depends on, such as a name.
    """
    try:
        if any(_unfinished(path) for path in paths):
            return read()
        content = digest_of_files(paths)
        code = digest_of_code(*(Path(package.__path__[0]) for package in (layers, twin)))
    except OSError:
        return read()  # which says what is the matter with the files
    key = key_of(content, code, [str(path) for path in paths], choices)
    return kept("projects", key, read, PROJECT_CLASSES)


def _unfinished(path: Path) -> bool:
    """Whether a program that has the file open as a database keeps part of it beside it."""
    return any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
