"""A process beside this one, kept between pieces of work: what holds the interpreter for long.

The process that asks keeps answering its user meanwhile. Both are this program: what they hand each
other needs no guard, unlike what `layers.reader` reads.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from layers.problems import LayerError, Problem
from twin.language import Language, language, set_language

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_POLL_S = 0.05
_PATIENCE_S = 5.0
"""How long work may take to notice that nobody wants it; then its process is ended."""
_FAREWELL_S = 0.5
"""How long an idle process may take to end by itself."""
_STOP = "stop"

T = TypeVar("T")
Progress = Callable[[float], None]


class AsideError(Exception):
    """The process ended before its work was done."""


class Aside:
    """Does work in a process of its own, one piece at a time; it starts with the first.

    Parameters
    ----------
    name
        What the process is called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._line: Connection[Any, Any] | None = None

    def do(self, work: Callable[[Progress], T], progress: Progress) -> T:
        """Return what `work` makes in the process.

        Parameters
        ----------
        work
            Takes a progress function, which it calls now and then with the part done (that is
            where it can be cancelled). A function of a module, or a `functools.partial` of one:
            it goes over as its name, and its arguments and result as copies.
        progress
            Is called at least every 50 ms; what it raises cancels the work.

        Raises
        ------
        LayerError
            As `work` does.
        AsideError
            The process ended, by whatever it met.
        """
        with self._turn, ExitStack() as if_cancelled:
            if_cancelled.callback(self._stop)
            try:
                line = self._connected()
                line.send((work, language()))
                made: T = _heard(line, progress)
            except (EOFError, OSError) as error:
                self.close()
                raise AsideError(self._name) from error
            except LayerError:
                if_cancelled.pop_all()  # the process goes on: it answered
                raise
            if_cancelled.pop_all()
            return made

    def renew(self) -> None:
        """End the process once its work is done; the next work begins another."""
        with self._turn:
            self.close()

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

    def _connected(self) -> Connection[Any, Any]:
        if self._process is not None and self._process.is_alive() and self._line is not None:
            return self._line
        import multiprocessing  # here: most runs of the program never need it

        self.close()
        context = multiprocessing.get_context("spawn")  # a copy of a program with threads may hang
        line, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), name=self._name, daemon=True)
        process.start()
        theirs.close()
        self._process, self._line = process, line
        return line

    def _stop(self) -> None:
        line = self._line
        try:
            if line is not None:
                line.send(_STOP)
            while line is not None and line.poll(_PATIENCE_S):
                if line.recv()[0] != "at":
                    return
        except (EOFError, OSError):
            pass
        self.close()


def _heard(line: Connection[Any, Any], progress: Progress) -> Any:
    """Wait for the end; return what was made."""
    at = 0.0
    while True:
        progress(at)
        if line.poll(_POLL_S):
            word, content = line.recv()
            if word == "at":
                at = content
            elif word == "refused":
                raise LayerError(Problem(**content))
            else:
                return content


class _UnwantedError(Exception):
    """Raised inside work by its progress call, when the asking side has lost interest."""


def _serve(line: Connection[Any, Any]) -> None:
    """Work as long as somebody asks (in the process)."""
    os.environ["NUMBA_NUM_THREADS"] = "1"

    def tell(part: float) -> None:
        if line.poll():
            line.recv()
            raise _UnwantedError
        line.send(("at", part))

    while True:
        try:
            asked: tuple[Callable[[Progress], Any], Language] | str = line.recv()
        except EOFError:
            return
        if isinstance(asked, str):  # a stop that came when the work was done already
            continue
        work, spoken = asked
        set_language(spoken)
        try:
            line.send(("done", work(tell)))
        except _UnwantedError:
            line.send(("stopped", None))
        except LayerError as error:
            problem = error.problem
            parts = {name: getattr(problem, name) for name in problem.__dataclass_fields__}
            line.send(("refused", parts))
