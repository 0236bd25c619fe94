"""A process that writes reports, kept between them: setting type holds the interpreter too long.

The process that asks keeps answering its user meanwhile. Both are this program: what they hand each
other needs no guard, unlike what `layers.reader` reads.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from layers.problems import LayerError, Problem, Severity
from twin.assess import Assessment, assess
from twin.horizon import Horizon
from twin.kept import read_packed, write_packed
from twin.language import Language, language, set_language
from twin.opened import PROJECT_CLASSES
from twin.project import Project
from twin.standards import Standard

_POLL_S = 0.05
_PATIENCE_S = 5.0
"""How long a report may take to notice that nobody wants it; then its process is ended."""
_FAREWELL_S = 0.5
"""How long an idle process may take to end by itself."""
_STOP = "stop"

Progress = Callable[[float], None]


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
    language: Language


class ReportProcess:
    """Writes reports in a process of its own, one at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._line: Connection[Any, Any] | None = None

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
        """Write the report of one scenario of a project; see `twin.project_report`.

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
            As `twin.project_report` does; ``report_process_ended`` where the process was lost.
        """
        with self._turn, tempfile.TemporaryDirectory(prefix="renewal-twin-") as folder:
            order = Order(
                path=path,
                project=Path(folder) / "project.npz",
                scenario=scenario,
                standard=assessment.standard,
                door_to_door=assessment.door_to_door,
                horizon=assessment.horizon,
                picture=picture,
                picture_words=picture_words,
                language=language(),
            )
            progress(0.0)
            write_packed(order.project, project, PROJECT_CLASSES)
            self._follow(order, progress)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        line, self._line = self._line, None
        if line is not None:
            line.close()  # it ends by itself when nobody can ask any more
        if process is not None:
            process.join(_FAREWELL_S)
            process.kill()
            process.join()
            process.close()

    def _follow(self, order: Order, progress: Progress) -> None:
        line = self._connected()
        try:
            line.send(order)
            found = _heard(line, progress)
        except (EOFError, OSError) as error:
            self.close()
            facts = {"file": order.path.name}
            problem = Problem(
                "report_process_ended", Severity.ERROR, source=order.path.name, facts=facts
            )
            raise LayerError(problem) from error
        except BaseException:  # nobody wants it any more: let it clear up behind itself
            self._stop(line)
            raise
        if found is not None:
            raise LayerError(found)

    def _connected(self) -> Connection[Any, Any]:
        if self._process is not None and self._process.is_alive() and self._line is not None:
            return self._line
        self.close()
        context = multiprocessing.get_context("spawn")  # a copy of a program with threads may hang
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs,), name="renewal-twin-report", daemon=True
        )
        self._process.start()
        theirs.close()
        return self._line

    def _stop(self, line: Connection[Any, Any]) -> None:
        try:
            line.send(_STOP)
            while line.poll(_PATIENCE_S):
                if line.recv()[0] != "at":
                    return
        except (EOFError, OSError):
            pass
        self.close()


def _heard(line: Connection[Any, Any], progress: Progress) -> Problem | None:
    """Wait for the end; return the reason where there is no report."""
    at = 0.0
    while True:
        progress(at)
        if line.poll(_POLL_S):
            word, content = line.recv()
            if word == "at":
                at = content
            elif word == "refused":
                return Problem(**content)
            else:
                return None


class _Unwanted(Exception):  # noqa: N818  # it is no error
    """Raised inside the report by its progress call, when the asking side has lost interest."""


def _serve(line: Connection[Any, Any]) -> None:
    """Write reports as long as somebody asks (in the process)."""
    os.environ["NUMBA_NUM_THREADS"] = "1"
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        if order == _STOP:  # it came when the report was done already
            continue
        try:
            _write(order, line)
            line.send(("done", None))
        except _Unwanted:
            line.send(("stopped", None))
        except LayerError as error:
            problem = error.problem
            parts = {name: getattr(problem, name) for name in problem.__dataclass_fields__}
            line.send(("refused", parts))


def _write(order: Order, line: Connection[Any, Any]) -> None:
    from twin.project_report import write_project_report  # here, for it loads what sets type

    def tell(part: float) -> None:
        if line.poll():
            line.recv()
            raise _Unwanted
        line.send(("at", part))

    set_language(order.language)
    project: Project = read_packed(order.project, PROJECT_CLASSES)
    session = project.session()
    session.switch(order.scenario)
    session.look_at(order.horizon.phase)
    assessment = assess(
        session.district,
        order.standard,
        lambda part: tell(0.4 * part),
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
        progress=lambda part: tell(0.4 + 0.6 * part),
    )
