"""Opening, importing, saving, reporting: file work in the background, messages in the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sample_data
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage

from gui.background import Progress
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.scene.meshes import Meshes
    from twin.project import Project

PROJECT_SUFFIX = ".twin.gpkg"
SAMPLE = (sample_data.DISTRICT, sample_data.TERRAIN)


@dataclass(frozen=True, eq=False)
class Loaded:
    """What opening or importing brought, with the drawing of the base made ready."""

    project: Project
    inputs: tuple[Path, ...]
    meshes: Meshes


def is_project(paths: Sequence[Path]) -> bool:
    """Return whether the paths name one project file rather than layers to import."""
    return len(paths) == 1 and paths[0].name.lower().endswith(PROJECT_SUFFIX)


def load(paths: Sequence[Path]) -> Callable[[Progress], Loaded]:
    """Return the work that opens one project, or imports layers from files and folders.

    The work raises LayerError where nothing usable is found.
    """

    def work(progress: Progress) -> Loaded:
        # Imported here, in the background: these take seconds, and the window is up already.
        import gui.viewport
        from gui.scene.meshes import build_meshes
        from layers.importing import import_layers
        from twin.project import Project, open_project
        from twin.reach import warm

        del gui  # it was loaded for the window, which makes a viewport next
        progress(0.1)
        if is_project(paths):
            project, inputs = open_project(paths[0]), ()
        else:
            name = text("stage.sample") if tuple(paths) == SAMPLE else None
            read = import_layers(
                list(paths), name=name, progress=lambda done, _key: progress(0.1 + 0.5 * done)
            )
            project, inputs = Project.from_file(read), tuple(paths)
        progress(0.6)
        warm()
        progress(0.7)
        meshes = build_meshes(project.district, lambda done: progress(0.7 + 0.3 * done))
        return Loaded(project, inputs, meshes)

    return work


def snapshot(document: Document) -> Project:
    """Return the project with scenarios and settings as they stand now, for work that reads it."""
    settings = {**document.project.settings, "standard": document.standard.id}
    return replace(document.project, scenarios=document.scenarios, settings=settings)


def save(document: Document, path: Path) -> Callable[[Progress], Project]:
    """Return the work that writes the project with its scenarios as they stand now."""
    project = replace(snapshot(document), path=path)

    def work(progress: Progress) -> Project:
        from twin.project import save_project

        progress(0.0)
        save_project(path, project)
        return project

    return work


def png(picture: QImage) -> bytes:
    """Return a picture as PNG."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # a QIODevice, says Qt
    return bytes(buffer.data().data())


def write_picture(path: Path, picture: QImage) -> Callable[[Progress], Path]:
    """Return the work that writes a picture, old or new but never half."""
    return _write(path, lambda: png(picture))


def report(path: Path, document: Document, picture: bytes) -> Callable[[Progress], Path]:
    """Return the work that writes the report of the scenario in hand, `picture` being its 3D view."""
    project, scenario = snapshot(document), document.session.scenario
    assessment = document.assessment

    def work(progress: Progress) -> Path:
        from twin.project_report import write_project_report

        assert assessment is not None
        session = project.session()
        session.switch(scenario)
        write_project_report(path, project, session, assessment, picture, progress)
        return path

    return work


def _write(path: Path, content: Callable[[], bytes]) -> Callable[[Progress], Path]:
    def work(progress: Progress) -> Path:
        from layers.saving import replacing

        progress(0.0)
        made = content()
        progress(0.9)
        with replacing(path) as draft:
            draft.write_bytes(made)
        return path

    return work


def with_suffix(path: str, suffix: str) -> Path:
    """Return a path typed in a save dialog with the suffix that it must have."""
    return Path(path if path.lower().endswith(suffix) else path + suffix)


def named(paths: Sequence[Any]) -> str:
    """Return file names as a person would list them."""
    return ", ".join(Path(path).name for path in paths)
