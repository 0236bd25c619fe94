"""Opening, importing, saving, reporting: file work in the background, messages in the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage

import sample_data
from gui import theme
from gui.background import ASIDE, Progress
from gui.modules import FOR_A_DOCUMENT, FOR_OPENING, FOR_THE_VIEW, load_modules
from gui.views import views_to_json
from gui.workshop import polls_to_json
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.scene.meshes import Meshes
    from layers.reader import Reader
    from twin.assessment.assess import Assessment
    from twin.model.district import District
    from twin.projects.project import Project
    from twin.report.report_process import ReportProcess

Drawn: TypeAlias = "tuple[District, Meshes]"
PROJECT_SUFFIX = ".twin.gpkg"
SAMPLE = (sample_data.DISTRICT, sample_data.TERRAIN)


@dataclass(frozen=True, eq=False)
class Loaded:
    """What opening or importing brought; `inputs` are the files that were imported."""

    project: Project
    inputs: tuple[Path, ...]
    told: Mapping[str, Any] = field(default_factory=dict)
    """What a person decided of the inputs, as `decisions_to_json` writes it."""


def is_project(paths: Sequence[Path]) -> bool:
    """Return whether the paths name one project file rather than layers to import."""
    return len(paths) == 1 and paths[0].name.lower().endswith(PROJECT_SUFFIX)


def layer_filters() -> str:
    """Return what a dialog shows of a folder to choose layers from: all that can be read."""
    from layers.files.endings import endings

    known = " ".join(f"*{ending}" for ending in endings())
    return f"{text('files.layers')} ({known});;{text('files.all')} (*)"


def load(
    paths: Sequence[Path], reader: Callable[[], Reader], told: Mapping[str, Any] | None = None
) -> Callable[[Progress], Loaded]:
    """Return the work that opens one project, or imports layers from files and folders.

    The sample is our own and read by our own process beside this one; a project may come from
    anybody too. What was opened before comes from what was kept of it. The work raises LayerError
    where nothing usable is found.

    Parameters
    ----------
    paths
        One project, or what is to be imported.
    reader
        Returns what reads files that nobody vouches for; asked only where there are such.
    told
        What a person decided of the layers.
    """

    def work(progress: Progress) -> Loaded:
        load_modules(FOR_OPENING, _unmoved)  # in the background: the window is up already
        from twin.projects.opened import opened

        progress(0.2)
        own, sample = is_project(paths), tuple(paths) == SAMPLE
        name = text("stage.sample") if sample else None

        def report(done: float, _key: str) -> None:
            progress(0.2 + 0.3 * done)

        def read() -> Project:
            from twin.projects.project import Project

            if own:
                return Project.from_file(reader().open_project(paths[0]), paths[0])
            if not sample:
                from layers.understanding.decisions import Decisions, decisions_from_json

                decided = decisions_from_json(told) if told else Decisions()
                return Project.from_file(reader().import_layers(paths, decided, progress=report))
            from twin.projects.projects_aside import import_aside

            return import_aside(ASIDE, paths, name or "", lambda part: report(part, ""))

        # What else is imported may have files beside it that count too: it is always read.
        project = opened(paths, read, name or "") if own or sample else read()
        load_modules(FOR_A_DOCUMENT, _unmoved)  # as heavy: they bring the assessment
        _read_standards()
        progress(0.5)
        return Loaded(project, () if is_project(paths) else tuple(paths), told or {})

    return work


def draw(district: District) -> Callable[[Progress], Drawn]:
    """Return the work that makes the meshes of a district, and loads what shows them."""
    worn = theme.tokens().name

    def work(progress: Progress) -> Drawn:
        load_modules(FOR_THE_VIEW, _unmoved)  # here, for the graphics take long to load
        from gui.scene.meshes import build_meshes
        from gui.scene.ready import make_ready

        meshes = build_meshes(district, progress)
        make_ready(meshes, worn)
        return district, meshes

    return work


def snapshot(document: Document) -> Project:
    """Return the project with scenarios and settings as they stand now, for work that reads it."""
    settings = {**document.project.settings, "standard": document.standard.id}
    settings["views"] = views_to_json(document.views)
    settings["polls"] = polls_to_json(document.polls)
    return replace(
        document.project,
        district=_named(document.project.district, document.name),
        scenarios=document.scenarios,
        settings=settings,
        sources=document.sources,
    )


def save(document: Document, path: Path) -> Callable[[Progress], Project]:
    """Return the work that writes the project with its scenarios as they stand now."""
    project = replace(snapshot(document), path=path)

    def work(progress: Progress) -> Project:
        from twin.projects.projects_aside import save_aside

        progress(0.0)
        save_aside(ASIDE, path, project, lambda _part: None)  # what was begun is written
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


def as_it_stands(document: Document) -> tuple[Project, str, Assessment]:
    """Return the project, the name of the scenario in hand and its figures, which are there."""
    found = document.assessment
    assert found is not None
    told = replace(found, district=_named(found.district, document.name))
    return snapshot(document), document.session.scenario, told


def report(
    path: Path,
    about: tuple[Project, str, Assessment],
    picture: QImage,
    words: str,
    reports: Callable[[], ReportProcess],
) -> Callable[[Progress], Path]:
    """Return the work that writes the report of what `as_it_stands` returned.

    `picture` is its 3D view, and `words` say what the colours in it mean.

    `reports` returns the process that writes it: setting type would make the window stutter.
    """
    project, scenario, assessment = about

    def work(progress: Progress) -> Path:
        from layers.files.saving import check_writable

        check_writable(path)  # said at once, not after the work
        reports().write(path, project, scenario, assessment, png(picture), words, progress)
        return path

    return work


def _named(district: District, name: str) -> District:
    """Return the district under a name, the same one where that is its own."""
    return district if district.name == name else replace(district, name=name)


def _write(path: Path, content: Callable[[], bytes]) -> Callable[[Progress], Path]:
    def work(progress: Progress) -> Path:
        from layers.files.saving import replacing

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


def _read_standards() -> None:
    """Read the standards that the window offers, which stay in memory."""
    from twin.standards import load_standard, standard_ids

    for standard in standard_ids():
        load_standard(standard)


def _unmoved(_part: float) -> None:
    """Tell nobody of a part that is too short for that."""


def named(paths: Sequence[Any]) -> str:
    """Return file names as a person would list them."""
    return ", ".join(Path(path).name for path in paths)
