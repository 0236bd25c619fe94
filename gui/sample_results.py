"""What a start without a display does: the sample's scores, pictures and report, in a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gui.pictures import district_picture
from layers.files.saving import replacing
from layers.problems import LayerError, Problem, Severity
from twin.cli import Console, Status
from twin.cli.assess import tell_scores, write_scores
from twin.language import text


def make_sample_results(folder: Path, console: Console) -> Status:
    """Score the sample district and write all that a window would show into `folder`.

    Raises
    ------
    LayerError
        Where the folder cannot be written to.
    """
    from layers.importing.from_files import import_layers
    from sample_data import DISTRICT, TERRAIN
    from twin.assessment.assess import assess
    from twin.projects.project import Project, save_project
    from twin.projects.session import BASE
    from twin.report.maps.keys import REQUIREMENTS_MET
    from twin.report.picture import plan_png
    from twin.report.project_report import write_project_report
    from twin.standards import DEFAULT_STANDARD, load_standard

    _make_folder(folder)
    progress = console.progress
    imported = import_layers([DISTRICT, TERRAIN], progress=progress)
    project = Project.from_file(replace(imported, name=text("cli.start.sample")))
    assessment = assess(project.district, load_standard(DEFAULT_STANDARD), progress)
    tell_scores(console, assessment)
    picture = district_picture(assessment)
    for name, content in {
        "district.png": picture,
        "plan.png": plan_png(assessment, REQUIREMENTS_MET),
    }.items():
        with replacing(folder / name) as draft:
            draft.write_bytes(content)
    for name in ("report.pdf", "report.html"):
        words = text("cli.report.picture_words")
        write_project_report(folder / name, project, project.session(), assessment, picture, words)
    save_project(folder / "sample.twin.gpkg", project)
    write_scores(folder / "scores.json", assessment, BASE)
    _tell_files(folder, console)
    return Status.DONE


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        facts = {"file": folder.name, "folder": str(folder.parent), "reason": str(error.strerror)}
        raise LayerError(
            Problem("cannot_write", Severity.ERROR, source=folder.name, facts=facts)
        ) from error


def _tell_files(folder: Path, console: Console) -> None:
    console.say()
    console.say(text("cli.start.results"))
    for name, what in (
        ("scores.json", "scores"),
        ("district.png", "picture"),
        ("plan.png", "plan"),
        ("report.pdf", "report"),
        ("report.html", "report"),
        ("sample.twin.gpkg", "project"),
    ):
        console.say(f"  {(folder / name).resolve()}  ({text(f'cli.start.{what}')})")
