"""Reports written in a process of their own: the same file, cancelled without a trace, survived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from layers.problems import LayerError
from twin.assessment.assess import Assessment, assess
from twin.model.edits import PlaceService
from twin.projects.project import Project
from twin.report.project_report import write_project_report
from twin.report.report_process import ReportProcess

SCENARIO = "又一处"


@pytest.fixture(scope="module")
def reports() -> Iterator[ReportProcess]:
    process = ReportProcess()
    yield process
    process.close()


@pytest.fixture
def project(assessment: Assessment) -> Project:
    boundary = assessment.district.boundary.geometry[0]
    placed = PlaceService(9001, ("canteen",), boundary.centroid.x, boundary.centroid.y)
    return Project(assessment.district, ((SCENARIO, (placed,)),))


@pytest.fixture
def changed(project: Project, assessment: Assessment) -> Assessment:
    session = project.session()
    session.switch(SCENARIO)
    return assess(session.district, assessment.standard, door_to_door=True)


def test_it_is_the_report_that_is_written_without_it(
    reports: ReportProcess, project: Project, changed: Assessment, tmp_path: Path
) -> None:
    parts: list[float] = []
    theirs, own = tmp_path / "theirs.html", tmp_path / "own.html"
    reports.write(theirs, project, SCENARIO, changed, None, "", parts.append)
    session = project.session()
    session.switch(SCENARIO)
    write_project_report(own, project, session, changed, None, "")
    assert theirs.read_bytes() == own.read_bytes()
    assert parts == sorted(parts)
    assert 0.4 < parts[-1] <= 1.0


def test_a_cancelled_report_leaves_nothing_and_the_next_is_written(
    reports: ReportProcess, project: Project, changed: Assessment, tmp_path: Path
) -> None:
    class EnoughError(Exception):
        pass

    def stop(part: float) -> None:
        if part > 0.1:
            raise EnoughError

    path = tmp_path / "report.html"
    with pytest.raises(EnoughError):
        reports.write(path, project, SCENARIO, changed, None, "", stop)
    assert list(tmp_path.iterdir()) == []
    reports.write(path, project, SCENARIO, changed, None, "", lambda _part: None)
    assert path.exists()


def test_a_lost_process_is_one_clear_word_and_the_next_report_is_written(
    reports: ReportProcess, project: Project, changed: Assessment, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    reports.write(path, project, SCENARIO, changed, None, "", lambda _part: None)
    old = path.read_bytes()

    def kill(part: float) -> None:
        if 0.0 < part < 0.9:
            for child in psutil.Process().children():
                if child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in str(child.cmdline()):
                    child.kill()

    with pytest.raises(LayerError) as refusal:
        reports.write(path, project, SCENARIO, changed, None, "", kill)
    assert refusal.value.problem.key == "report_process_ended"
    assert path.read_bytes() == old
    reports.write(path, project, SCENARIO, changed, None, "", lambda _part: None)


def test_what_the_report_refuses_is_refused(
    reports: ReportProcess, project: Project, changed: Assessment, tmp_path: Path
) -> None:
    path = tmp_path / "gone" / "report.pdf"
    with pytest.raises(LayerError) as refusal:
        reports.write(path, project, SCENARIO, changed, None, "", lambda _part: None)
    assert refusal.value.problem.key == "cannot_write"
