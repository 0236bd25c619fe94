"""Where the window stands still: a sitting played by script, and the longest pauses of its thread.

    .venv/bin/python -m benchmarks.stalls [--most 15] [--lines 1]

Run on a screen, or with ``xvfb-run -a -s "-screen 0 1280x800x24"`` before the command, or with
QT_QPA_PLATFORM=offscreen. The sitting opens the sample, turns the view, places a service, drags it,
undoes, searches, opens the table, closes a gate, copies, switches and sets scenarios side by side,
saves, reports, and imports layers by way of the preview.

A timer beats in the window's thread; a pause is the time between two beats. For each stand the
wall's time, the longest single frame drawn in it, what is left without that frame by the wall, and
by the time of a processor that the window's own thread took (which other work on the machine
disturbs least, but which says nothing of waiting for another thread of ours); how long Python
looked for garbage, in whichever thread, while all others waited; then the step, and the lines of
our code seen most often meanwhile. What passes before the window is there, and nobody
could use it, is printed apart.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.window import Window

BEAT_MS = 2
NOTED_S = 0.016
LONG_S = 0.05
LOOK_S = 0.004
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Spell:
    """Seconds that something took by the wall, and of the processor in the window's thread."""

    wall: float = 0.0
    worked: float = 0.0


@dataclass
class Pause:
    """One stretch in which the window's thread took no events.

    All of it, and what the longest picture in it took.
    """

    step: str
    whole: Spell
    frame: Spell
    collecting: float = 0.0
    """Seconds in it that Python looked for garbage, in any thread: all others wait meanwhile."""
    seen: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    """What our other threads were at: one of them may have kept the interpreter to itself."""

    @property
    def beside_drawing(self) -> Spell:
        """What is left but for one frame."""
        whole, frame = self.whole, self.frame
        return Spell(max(whole.wall - frame.wall, 0.0), max(whole.worked - frame.worked, 0.0))


class Watchdog:
    """Listens to the beats of the window's thread and looks at what it does between them."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        from gui.scene.scene import Scene

        Scene.render = self._timed(Scene.render)  # the time for a picture is counted apart
        self.step, self.pauses, self.beats = "start", [], 0
        self._thread = threading.get_ident()
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._frame, self._seen, self._others = Spell(), Counter[str](), Counter[str]()
        self._collecting, self._collects_since = 0.0, 0.0
        gc.callbacks.append(self._on_collection)
        self._stop = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Listen no more."""
        self._timer.stop()
        self._stop.set()
        self._watcher.join()
        gc.callbacks.remove(self._on_collection)

    def _on_collection(self, phase: str, _facts: dict[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._collects_since = now
        else:
            self._collecting += now - self._collects_since

    def _timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            began, worked = time.perf_counter(), time.thread_time()
            made = work(*arguments)
            took = Spell(time.perf_counter() - began, time.thread_time() - worked)
            if took.wall > self._frame.wall:
                self._frame = took
            return made

        return timed

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        took = now - self._last - BEAT_MS / 1000
        if took > NOTED_S:
            spent = Spell(took, worked - self._worked)
            pause = Pause(self.step, spent, self._frame, self._collecting, self._seen, self._others)
            self.pauses.append(pause)
        self._last, self._worked, self._frame = now, worked, Spell()
        self.beats += 1
        self._seen, self._others = Counter(), Counter()
        self._collecting = 0.0

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_S):
            if time.perf_counter() - self._last > NOTED_S:
                # No name for the frame here: it would keep alive what its call has finished with.
                self._seen[_ours(sys._current_frames().get(self._thread))] += 1
                own = (self._thread, self._watcher.ident)
                others = [t for t in threading.enumerate() if t.ident not in own]
                self._others.update(
                    at
                    for thread in others
                    if (at := _ours(sys._current_frames().get(thread.ident or 0))) != "Qt"
                )


def _ours(frame: FrameType | None) -> str:
    """Return the innermost line of our own code on a stack."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        inside = path.is_relative_to(ROOT) and ".venv" not in path.parts
        if inside and path.name != "stalls.py":
            return f"{path.relative_to(ROOT)}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return "Qt"


class Sitting:
    """The window, and the hand that works it."""

    def __init__(self, app: QApplication, window: Window, dog: Watchdog) -> None:
        self.app, self.window, self.dog = app, window, dog

    def play(self, folder: Path) -> None:
        """Do everything, one step after the other."""
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("open", self._open),
            ("turn", self._turn),
            ("place", self._place),
            ("drag", self._drag),
            ("undo", lambda: self._press("undo")),
            ("redo", lambda: self._press("redo")),
            ("find", self._find),
            ("table", self._table),
            ("gate", self._gate),
            ("compare", self._compare),
            ("beside", self._beside),
            ("save", lambda: self.window.filing.save_to(folder / "sitting.twin.gpkg")),
            ("report", lambda: self.window.handing_over.write_report(folder / "report.pdf")),
            ("import", lambda: self._import(folder / "layers")),
        )
        for name, step in steps:
            self.dog.step = name
            step()
            self.settle()

    def settle(self, quiet_s: float = 0.4) -> None:
        """Let the window work until nothing is under way."""
        since = time.perf_counter()
        while time.perf_counter() - since < quiet_s:
            self.app.processEvents()
            time.sleep(0.0005)
            document = self.window.document
            if self.window.jobs.slots or document is None or not document.current:
                since = time.perf_counter()

    def _open(self) -> None:
        self.window.begin(None)
        self.settle()

    def _turn(self) -> None:
        self._move("right", [(500 + 8 * i, 300 + 3 * i) for i in range(20)])
        self._move("left", [(600 - 6 * i, 360 - 2 * i) for i in range(20)])

    def _place(self) -> None:
        self.window.hand.arm("canteen")
        self._move("", [(300 + 5 * i, 300) for i in range(20)])
        self._click(400, 300)

    def _drag(self) -> None:
        chosen = self.window.state.seen.selected
        view = self.window.stage.viewport
        assert chosen is not None
        assert view is not None
        pins = view.scene.pins
        pixel = view.scene.project(pins.head[pins.ids == chosen[1]])[0][0]
        x, y = int(pixel[0]), int(pixel[1])
        self._move("left", [(x + 3 * i, y + 2 * i) for i in range(25)])

    def _find(self) -> None:
        self._press("find")
        self.settle(0.1)
        self.window.finder.chooser.field.setText("xf")
        self.settle(0.1)
        self.window.finder.chooser.hide()

    def _table(self) -> None:
        self._press("table")
        self.settle(0.1)
        panel = self.window.tabling.panel
        assert panel is not None
        panel.field.setText("storeys > 6")
        self.settle(0.3)
        self._press("table")

    def _gate(self) -> None:
        from twin.model.edits import SetStreetStatus

        document = self.window.document
        assert document is not None
        streets = document.session.district.streets
        gate = int(streets.ids[streets["kind"] == "gate"][0])
        document.do("history.street", SetStreetStatus(gate, "closed"))

    def _compare(self) -> None:
        document = self.window.document
        assert document is not None
        document.session.copy_scenario("B")
        self.settle(0.1)
        document.session.switch("base")
        self.settle(0.1)
        document.session.switch("B")

    def _beside(self) -> None:
        self._press("side_by_side")
        self.settle(0.3)
        self._press("side_by_side")

    def _import(self, folder: Path) -> None:
        from gui import files

        folder.mkdir()
        for path in files.SAMPLE:
            shutil.copy(path, folder)
        self.window.filing.give_up()
        self.window.filing.open_paths([folder])
        self.settle(0.1)
        preview = self.window.filing.preview
        assert preview is not None
        preview.go.click()

    def _press(self, action: str) -> None:
        self.window.actions_.by_name[action].trigger()

    def _click(self, x: int, y: int) -> None:
        self._move("left", [(x, y)])

    def _move(self, button: str, places: list[tuple[int, int]]) -> None:
        """Move the pointer along places, a frame's time apart, with a button held or none.

        No two moves come between two beats: in the application's own loop they would not either.
        """
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        view = self.window.stage.viewport
        held = {"left": Qt.MouseButton.LeftButton, "right": Qt.MouseButton.RightButton}.get(button)
        none = Qt.KeyboardModifier.NoModifier
        if held is not None:
            QTest.mousePress(view, held, none, QPoint(*places[0]))
        for place in places:
            QTest.mouseMove(view, QPoint(*place))
            until, beats = time.perf_counter() + 0.016, self.dog.beats
            while time.perf_counter() < until or self.dog.beats == beats:
                self.app.processEvents()
                time.sleep(0.0005)
        if held is not None:
            QTest.mouseRelease(view, held, none, QPoint(*places[-1]))


def main() -> None:
    """Play the sitting and print the longest pauses."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=15, help="how many pauses are printed")
    parser.add_argument("--lines", type=int, default=1, help="lines of code printed of each")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ.setdefault("RENEWAL_TWIN_HOME", str(folder / "home"))
    from gui import app as application
    from gui.garbage import OneThread
    from gui.settings import Settings
    from gui.window import Window

    sys.setswitchinterval(application.HANDOVER_S)
    app = application.application()
    settings = Settings()
    settings.toured = True
    application.dress(app, settings)
    OneThread(app)
    began = time.perf_counter()
    window = Window(settings)
    window.resize(1280, 800)
    window.show()
    app.processEvents()
    print(f"the window is made and shown in {1000 * (time.perf_counter() - began):.0f} ms")
    dog = Watchdog()
    Sitting(app, window, dog).play(folder)
    dog.stop()
    tell(dog.pauses, options.most, options.lines)
    window.filing.give_up()
    window.close()
    sys.stdout.flush()
    os._exit(0)


def tell(pauses: list[Pause], most: int, lines: int) -> None:
    """Print the longest pauses, what they did, and how many were longer than 50 ms."""
    print(" wall  frame   rest  worked  garbage     step      seen most")
    for pause in sorted(pauses, key=lambda p: -p.beside_drawing.wall)[:most]:
        rest = pause.beside_drawing
        spans = (pause.whole.wall, pause.frame.wall, rest.wall, rest.worked)
        wall, frame, beside, worked = (round(1000 * span) for span in spans)
        garbage = round(1000 * pause.collecting)
        seen = pause.seen.most_common(lines) or [("", 0)]
        figures = f"{wall:5}  {frame:5}  {beside:5}  {worked:6}  {garbage:7}"
        print(f"{figures} ms  {pause.step:8}  {seen[0][0]}")
        for where, count in seen[1:]:
            print(f"{'':51}{where} ({count})")
        for where, count in pause.others.most_common(lines - 1):
            print(f"{'':51}beside: {where} ({count})")
    walls, worked_ = (
        sum(getattr(pause.beside_drawing, clock) > LONG_S for pause in pauses)
        for clock in ("wall", "worked")
    )
    print(
        f"of {len(pauses)} pauses noted were longer than {1000 * LONG_S:.0f} ms beyond the drawing"
        f" of a frame: {walls} by the wall, {worked_} by the thread's own processor time"
    )


if __name__ == "__main__":
    main()
