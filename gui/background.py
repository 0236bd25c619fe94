"""The one place that owns threads: long work by slot, with progress and cancelling.

Work is a function of one argument, `progress`. It calls ``progress(fraction)`` now and then; that
call is where it stops when nobody wants its result any more. A newer job for a slot takes the
place of the older.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from twin.aside import Aside

ASIDE = Aside("renewal-twin-aside")
"""The process for work that would hold the interpreter, and with it the window, for long; all
windows share it, it starts with its first work, and it ends with this one."""
TOLD_S = 0.05
"""How far work is, is told no oftener: each word wakes the GUI thread."""

BREATH_MS = 1
"""Wait before the next part of work in the GUI thread, so that what the hand did comes between: Qt
handles what is due after 0 ms in the same go."""

Progress = Callable[[float], None]
Work = Callable[[Progress], Any]


class Stopped(CancelledError):  # noqa: N818  # it is no error
    """Raised inside work, by its progress call, when its result is no longer wanted."""


@dataclass(eq=False)
class _Job:
    slot: str
    work: Work
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    stop: Event = field(default_factory=Event)


class Jobs(QObject):
    """Runs work in the background and hands results to the GUI thread.

    Signals
    -------
    begun(slot), advanced(slot, fraction 0..1), ended(slot)
        In the GUI thread. A slot that is taken over by a newer job ends once, with the last.
    """

    begun = Signal(str)
    advanced = Signal(str, float)
    ended = Signal(str)
    _finished = Signal(object, object)
    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="renewal-twin")
        self._running: dict[str, _Job] = {}
        self._waiting: dict[str, _Job] = {}
        self._closed = False
        self._results: deque[tuple[_Job, Future[Any]]] = deque()
        self._breath = QTimer(self, interval=BREATH_MS, singleShot=True)
        self._breath.timeout.connect(self._take_next)
        self._finished.connect(self._queue)
        self._answered.connect(self._hear)

    def start(
        self,
        slot: str,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        *,
        let_finish: bool = False,
    ) -> None:
        """Run `work` in `slot`; then call `done` with its result, or `failed` with its error.

        The slot's running job is stopped and its result dropped. With `let_finish` it runs to its
        end and is shown, and only jobs still waiting are dropped: what a preview under a moving
        hand needs, for it would otherwise never come to show anything.
        """
        if self._closed:
            return
        job = _Job(slot, work, done, failed)
        running = self._running.get(slot)
        if running is None:
            self._run(job)
            self.begun.emit(slot)
            return
        self._waiting[slot] = job
        if not let_finish:
            running.stop.set()

    def cancel(self, slot: str) -> None:
        """Stop what runs or waits in a slot; nothing is called any more."""
        self._waiting.pop(slot, None)
        if slot in self._running:
            self._running[slot].stop.set()

    def busy(self, slot: str) -> bool:
        """Whether a slot has work whose result is still wanted."""
        running = self._running.get(slot)
        return slot in self._waiting or (running is not None and not running.stop.is_set())

    @property
    def slots(self) -> tuple[str, ...]:
        """Slots with work under way, oldest first."""
        return tuple(self._running)

    def ask(self, question: Callable[[], Any], answer: Callable[[Any], None]) -> None:
        """Put a short question to what may never answer, as a drive that is gone; then `answer`.

        It has a thread of its own, which takes no other work its place and which no end waits for.
        """

        def hear() -> None:
            answered = partial(answer, question())
            if not self._closed:
                self._answered.emit(answered)

        Thread(target=hear, name="renewal-twin-asks", daemon=True).start()

    def shut_down(self) -> None:
        """Stop everything and wait for the threads; no callback is called after this."""
        self._closed = True
        self._waiting.clear()
        for job in self._running.values():
            job.stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._running.clear()
        self._results.clear()

    def _run(self, job: _Job) -> None:
        self._running[job.slot] = job

        told = 0.0

        def progress(fraction: float) -> None:
            nonlocal told
            if job.stop.is_set():
                raise Stopped
            now = time.monotonic()
            if now - told >= TOLD_S:
                told = now
                self.advanced.emit(job.slot, fraction)

        def report(future: Future[Any]) -> None:
            if not self._closed:
                self._finished.emit(job, future)

        self._pool.submit(job.work, progress).add_done_callback(report)

    def _hear(self, answered: Callable[[], None]) -> None:
        if not self._closed:
            answered()

    def _queue(self, job: _Job, future: Future[Any]) -> None:
        """Keep a result for its turn: two in one go would let the hand wait for both."""
        self._results.append((job, future))
        if not self._breath.isActive():
            self._breath.start()

    def _take_next(self) -> None:
        if self._closed:
            return
        job, future = self._results.popleft()
        if self._results:
            self._breath.start()
        del self._running[job.slot]
        following = self._waiting.pop(job.slot, None)
        if following is not None:
            self._run(following)
        else:
            self.ended.emit(job.slot)
        if job.stop.is_set() or future.cancelled():
            return
        error = future.exception()
        if error is None:
            job.done(future.result())
        elif not isinstance(error, Stopped):
            job.failed(error)
