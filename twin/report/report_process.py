"""Reports written in a process of their own: setting type holds the interpreter too long."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from layers.problems import LayerError, Problem, Severity
from twin.aside import Aside, AsideError, Progress
from twin.assessment.assess import Assessment, assess
from twin.keeping.kept import read_packed, write_packed
from twin.model.horizon import Horizon
from twin.model.own_data import own_digest
from twin.model.rows import RowError
from twin.projects.opened import PROJECT_CLASSES
from twin.projects.project import Project
from twin.standards import Standard


@dataclass(frozen=True)
class Order:
    """One report, as the process is asked for it; the project lies packed in a file."""

    path: Path
    project: Path
    scenario: str
    standard: Standard
    door_to_door: bool
    horizon: Horizon
    picture: bytes | None
    picture_words: str
    own_digest: str
    """Of the user's own tables that the figures on the screen rest on."""


class ReportProcess:
    """Writes reports in a process of its own, one at a time."""

    def __init__(self) -> None:
        self._aside = Aside("renewal-twin-report")

    def write(
        self,
        path: Path,
        project: Project,
        scenario: str,
        assessment: Assessment,
        picture: bytes | None,
        picture_words: str,
        progress: Progress,
    ) -> None:
        """Write the report of one scenario of a project; see `twin.report.project_report`.

        Parameters
        ----------
        path
            ``.pdf`` or ``.html``.
        project
            With its scenarios as they stand.
        scenario
            Name of the one that the report is about.
        assessment
            Of that scenario: says by which standard and under which view it is measured (it is
            measured again in the process).
        picture, picture_words
            PNG of the 3D view or None, and what its colours mean.
        progress
            Is called at least every 50 ms; what it raises cancels the report.

        Raises
        ------
        LayerError
            As `twin.report.project_report` does; ``report_process_ended`` where the process was
            lost, ``tables_changed`` where the user's own tables are others by now.
        """
        with tempfile.TemporaryDirectory(prefix="renewal-twin-") as folder:
            order = Order(
                path=path,
                project=Path(folder) / "project.npz",
                scenario=scenario,
                standard=assessment.standard,
                door_to_door=assessment.door_to_door,
                horizon=assessment.horizon,
                picture=picture,
                picture_words=picture_words,
                own_digest=own_digest(),
            )
            progress(0.0)
            write_packed(order.project, project, PROJECT_CLASSES)
            try:
                self._aside.do(partial(_write, order), progress)
            except AsideError as lost:
                facts = {"file": path.name}
                key = "report_process_ended"
                problem = Problem(key, Severity.ERROR, source=path.name, facts=facts)
                raise LayerError(problem) from lost

    def close(self) -> None:
        """End the process."""
        self._aside.close()


def _write(order: Order, progress: Progress) -> None:
    """Write one report (in the process)."""
    from twin.report.project_report import write_project_report  # here, for it loads what sets type

    _check_tables(order.own_digest)
    project: Project = read_packed(order.project, PROJECT_CLASSES)
    session = project.session()
    session.switch(order.scenario)
    session.look_at(order.horizon.phase)
    assessment = assess(
        session.district,
        order.standard,
        lambda part: progress(0.4 * part),
        door_to_door=order.door_to_door,
        horizon=order.horizon,
    )
    write_project_report(
        order.path,
        project,
        session,
        assessment,
        order.picture,
        order.picture_words,
        progress=lambda part: progress(0.4 + 0.6 * part),
    )


def _check_tables(asked: str) -> None:
    """Refuse figures by other tables than those on the screen (in the process)."""
    try:
        same = own_digest() == asked
    except RowError:
        same = False
    if not same:
        raise LayerError(Problem("tables_changed", Severity.ERROR))
