"""Importing and saving in the process beside this one: GDAL holds the interpreter a layer long.

A project goes between the processes packed in a file, as it is kept between runs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from twin.aside import Aside, AsideError, Progress
from twin.keeping.kept import read_packed, write_packed
from twin.keeping.packing import PackingError
from twin.projects.opened import PROJECT_CLASSES
from twin.projects.project import Project, save_project


def import_aside(aside: Aside, paths: Sequence[Path], name: str, progress: Progress) -> Project:
    """Return the project that importing layers makes, as `twin.import_project` would.

    Where the process is lost, it is imported here.

    Parameters
    ----------
    progress
        Is told the part done, 0 to 1; may raise to stop.

    Raises
    ------
    LayerError
        Where the layers cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="renewal-twin-") as folder:
        packed = Path(folder) / "project.npz"
        work = partial(_import, tuple(paths), name, packed)
        try:
            aside.do(work, progress)
        except AsideError:
            work(progress)
        project: Project = read_packed(packed, PROJECT_CLASSES)
        return project


def save_aside(aside: Aside, path: Path, project: Project, progress: Progress) -> None:
    """Write a project to its file, old or new but never half, as `twin.save_project` does.

    Where the process cannot be had, it is written here: work must not be lost to that.

    Raises
    ------
    LayerError
        Where it cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="renewal-twin-") as folder:
        packed = Path(folder) / "project.npz"
        try:
            write_packed(packed, replace(project, path=None), PROJECT_CLASSES)
            aside.do(partial(_save, packed, path), progress)
        except (AsideError, PackingError, OSError):
            save_project(path, project)


def _import(paths: tuple[Path, ...], name: str, packed: Path, progress: Progress) -> None:
    from layers.importing.from_files import import_layers  # here, for it loads GDAL

    found = import_layers(paths, name=name or None, progress=lambda part, _key: progress(part))
    write_packed(packed, Project.from_file(found), PROJECT_CLASSES)


def _save(packed: Path, path: Path, _progress: Progress) -> None:
    save_project(path, read_packed(packed, PROJECT_CLASSES))
