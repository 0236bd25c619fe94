"""The reading process: takes one task after another until nobody asks any more."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import pyproj

from layers.files.foreign import ForeignLayer
from layers.formats.recognising import read_vector
from layers.geodesy.crs import Bounds
from layers.importing.from_files import import_layers
from layers.importing.gathering import Progress
from layers.importing.preview import preview, preview_to_json
from layers.problems import LayerError, Problem, problem_to_json
from layers.project import read_project
from layers.reader.wire import Message, project_from_wire, project_to_wire, receive, send
from layers.understanding.decisions import Decisions, decisions_from_json


class Shelf:
    """Layers as read, kept from one task to the next: a correction does not read files again."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._read: dict[object, tuple[list[ForeignLayer], list[Problem]]] = {}
        self._wanted: set[object] = set()

    def read(
        self, path: Path, around: Bounds | None, encoding: str | None
    ) -> tuple[list[ForeignLayer], list[Problem]]:
        """Read a file as `layers.formats.recognising.read_vector` does, or hand out what it was."""
        key = (path, around, encoding, _state_of(path))
        if key not in self._read:
            self._tell(path.name)
            self._read[key] = read_vector(path, around, encoding)
        self._wanted.add(key)
        layers, problems = self._read[key]
        return list(layers), list(problems)

    def tidy_up(self) -> None:
        """Let go of what the last task did not ask for."""
        self._read = {key: self._read[key] for key in self._wanted}
        self._wanted = set()


def _state_of(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return names, times and sizes of a file and those that belong to it."""
    own = path.name.split(".")[0]
    beside = sorted(p for p in path.parent.glob(f"{_plain(own)}.*") if p.is_file())
    stats = [(part.name, part.stat()) for part in beside[:100]]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _plain(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer tasks until the questions end."""
    shelf = Shelf(lambda name: send(answers, {"kind": "file", "name": name}))
    send(answers, {"kind": "ready"})
    while (message := receive(questions)) is not None:

        def report(done: float, key: str) -> None:
            send(answers, {"kind": "progress", "done": done, "key": key})

        try:
            header, buffers = _TASKS[message[0]["task"]](message, shelf, report)
            send(answers, {"kind": "done", "result": header}, buffers)
        except LayerError as error:
            others = [problem_to_json(one) for one in error.others]
            told = problem_to_json(error.problem)
            send(answers, {"kind": "refused", "problem": told, "others": others})
        except MemoryError:
            send(answers, {"kind": "memory"})
        shelf.tidy_up()


def _preview(message: Message, shelf: Shelf, report: Progress) -> Message:
    asked = message[0]
    found = preview(
        [Path(path) for path in asked["paths"]],
        _told(asked),
        crs=_crs(asked),
        progress=report,
        read=shelf.read,
    )
    return preview_to_json(found), []


def _import(message: Message, shelf: Shelf, report: Progress) -> Message:
    asked, buffers = message
    into = project_from_wire(asked["into"], buffers) if asked.get("into") else None
    project = import_layers(
        [Path(path) for path in asked["paths"]],
        name=asked.get("name"),
        crs=_crs(asked),
        decisions=_told(asked),
        into=into,
        progress=report,
        read=shelf.read,
    )
    return project_to_wire(project)


def _project(message: Message, _shelf: Shelf, _report: Progress) -> Message:
    return project_to_wire(read_project(Path(message[0]["path"])))


def _told(asked: Mapping[str, Any]) -> Decisions:
    return decisions_from_json(asked["decisions"])


def _crs(asked: Mapping[str, Any]) -> pyproj.CRS | None:
    return pyproj.CRS.from_user_input(asked["crs"]) if asked.get("crs") else None


_TASKS: Mapping[str, Callable[[Message, Shelf, Progress], Message]] = {
    "preview": _preview,
    "import": _import,
    "project": _project,
}


def main() -> None:
    """Serve on the standard streams; what drivers print goes where errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:
        return  # who asked is gone


if __name__ == "__main__":
    main()
