"""The side that asks: starts the reading process, watches it, and outlives it."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psutil

from layers.limits import limit
from layers.problems import Fact, LayerError, Problem, Severity, problem_from_json
from layers.understanding.decisions import Decisions, decisions_to_json

if TYPE_CHECKING:
    import pyproj

    from layers.importing.gathering import Progress
    from layers.importing.preview import Preview
    from layers.project_file import ProjectFile
    from layers.reader.wire import Message

_COMMAND = (sys.executable, "-P", "-m", "layers.reader.child")


class Reader:
    """Reads files in a process of its own, which is kept between tasks.

    Whatever a file does to that process (a crash, endless memory, endless time), the caller gets
    one `LayerError`; the next task has a new process. A task is cancelled by what `progress`
    raises: the process is ended at once, so that nobody waits for a driver to notice.

    One task at a time; a second caller waits for the first.

    Parameters
    ----------
    most_memory
        Bytes that the process may hold; by default a share of the machine's memory.
    most_silent_s
        Seconds without a word of progress after which it is given up.
    """

    def __init__(
        self, most_memory: float | None = None, most_silent_s: float | None = None
    ) -> None:
        share = limit("reader", "most_memory_share")
        self._most_memory = most_memory or share * psutil.virtual_memory().total
        self._most_silent_s = most_silent_s or limit("reader", "most_silent_s")
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._listener: threading.Thread | None = None
        self._turn = threading.Lock()
        self._ready = False

    @property
    def process_id(self) -> int | None:
        """The reading process's id, None where none runs."""
        return None if self._process is None else self._process.pid

    def preview(
        self,
        paths: Sequence[Path],
        told: Decisions,
        *,
        crs: pyproj.CRS | None = None,
        progress: Progress | None = None,
    ) -> Preview:
        """Do `layers.importing.preview.preview` in the process.

        Raises
        ------
        LayerError
            As there; ``reader_ended``, ``reader_memory``, ``reader_silent``.
        """
        from layers.importing.preview import preview_from_json

        header, _ = self._ask(_task("preview", paths, told, crs), [], paths, progress)
        return preview_from_json(header)

    def import_layers(
        self,
        paths: Sequence[Path],
        told: Decisions,
        *,
        name: str | None = None,
        crs: pyproj.CRS | None = None,
        into: ProjectFile | None = None,
        progress: Progress | None = None,
    ) -> ProjectFile:
        """Do `layers.importing.from_files.import_layers` in the process.

        Raises
        ------
        LayerError
            As there; ``reader_ended``, ``reader_memory``, ``reader_silent``.
        """
        from layers.reader.wire import project_from_wire, project_to_wire

        asked = _task("import", paths, told, crs)
        buffers: list[bytes] = []
        if into is not None:
            asked["into"], buffers = project_to_wire(into)
        if name is not None:
            asked["name"] = name
        header, found = self._ask(asked, buffers, paths, progress)
        return project_from_wire(header, found)

    def open_project(self, path: Path) -> ProjectFile:
        """Do `layers.project.read_project` in the process; a project may come from anybody.

        Raises
        ------
        LayerError
            As there; ``reader_ended``, ``reader_memory``, ``reader_silent``.
        """
        from layers.reader.wire import project_from_wire

        header, found = self._ask({"task": "project", "path": str(path)}, [], [path], None)
        return project_from_wire(header, found)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._listener is not None:
            self._listener.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def _ask(
        self,
        asked: Mapping[str, Any],
        buffers: Sequence[bytes],
        paths: Sequence[Path],
        progress: Progress | None,
    ) -> Message:
        """Hand over a task and return what it came to."""
        with self._turn, ExitStack() as if_broken_off:
            if_broken_off.callback(self.close)  # half an answer may be under way
            header, found = self._listen(asked, buffers, paths, progress or _silent)
            if_broken_off.pop_all()
        if header["kind"] == "refused":
            others = tuple(map(problem_from_json, header["others"]))
            raise LayerError(problem_from_json(header["problem"]), others)
        if header["kind"] == "memory":
            raise _lost("reader_memory", _names(paths), limit_gb=round(self._most_memory / 1e9, 1))
        result: dict[str, Any] = header["result"]
        return result, found

    def _listen(
        self,
        asked: Mapping[str, Any],
        buffers: Sequence[bytes],
        paths: Sequence[Path],
        progress: Progress,
    ) -> Message:
        """Follow a task to its end, looking after the process all the while."""
        from layers.reader.wire import send

        process = self._running()
        assert process.stdin is not None
        watched = psutil.Process(process.pid)
        heard, last, file = time.monotonic(), (0.0, "import.reading"), _names(paths)
        if self._ready:
            _send_to(process.stdin, send, asked, buffers, file)
        while True:
            message = self._next()
            self._look_after(watched, heard, file)
            if message is None:
                progress(*last)
                continue
            heard = time.monotonic()
            kind = message[0]["kind"]
            if kind == "ready":
                self._ready = True
                _send_to(process.stdin, send, asked, buffers, file)
            elif kind == "file":
                file = str(message[0]["name"])
            elif kind == "progress":
                last = (float(message[0]["done"]), str(message[0]["key"]))
                progress(*last)
            elif kind == "gone":
                raise _lost("reader_ended", file, status=process.wait())
            else:
                return message

    def _next(self) -> Message | None:
        """Return the next word of the process, None where it says nothing for a while."""
        try:
            return self._answers.get(timeout=limit("reader", "look_s"))
        except queue.Empty:
            return None

    def _look_after(self, watched: psutil.Process, heard: float, file: str) -> None:
        try:
            held = watched.memory_info().rss
        except psutil.Error:
            return  # it is gone, which the listener tells
        if held > self._most_memory:
            raise _lost("reader_memory", file, limit_gb=round(self._most_memory / 1e9, 1))
        if time.monotonic() - heard > self._most_silent_s:
            raise _lost("reader_silent", file, seconds=round(self._most_silent_s))

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process, started where none runs."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._answers = queue.SimpleQueue()
            self._ready = False
            self._process = _start()
            self._listener = threading.Thread(
                target=_pass_on,
                args=(self._process.stdout, self._answers),
                name="renewal-twin reader",
                daemon=True,
            )
            self._listener.start()
        return self._process


def _start() -> subprocess.Popen[bytes]:
    """Start the reading process with our own code, and nothing from the folder we are in."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(  # noqa: S603 - our own module
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if sys.stderr is not None else subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,  # Ctrl+C in a terminal is for us, who then end the process
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _pass_on(stream: IO[bytes], answers: queue.SimpleQueue[Message]) -> None:
    """Put every message of the process into a queue; pipes alone know no time limit on Windows."""
    from layers.reader.wire import receive

    while (message := receive(stream)) is not None:
        answers.put(message)
    answers.put(({"kind": "gone"}, []))


def _send_to(
    stream: IO[bytes],
    send: Callable[[IO[bytes], Mapping[str, Any], Sequence[bytes]], None],
    asked: Mapping[str, Any],
    buffers: Sequence[bytes],
    file: str,
) -> None:
    try:
        send(stream, asked, buffers)
    except OSError as error:
        raise _lost("reader_ended", file, status=-1) from error


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return  # what was still to be written has nobody to read it


def _task(
    name: str, paths: Sequence[Path], told: Decisions, crs: pyproj.CRS | None
) -> dict[str, Any]:
    return {
        "task": name,
        "paths": [str(path) for path in paths],
        "decisions": decisions_to_json(told),
        "crs": None if crs is None else crs.to_wkt(),
    }


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths[:3]) + (", …" if len(paths) > 3 else "")


def _lost(key: str, source: str, **facts: Fact) -> LayerError:
    return LayerError(Problem(key, Severity.ERROR, source=source, facts=facts))


def _silent(_done: float, _key: str) -> None:
    """Take no notice of progress."""
