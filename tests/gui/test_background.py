"""Work in the background: newest first, stopped when told, errors handed on."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest

import gui
from gui.background import Jobs
from gui.panels.footer import SILENT
from twin.language import add_catalogue, text


@pytest.fixture
def jobs(qtbot):
    made = Jobs()
    yield made
    made.shut_down()


def fail(error):
    raise AssertionError(error)


def test_a_result_reaches_the_gui_thread(qtbot, jobs):
    seen = []
    jobs.start("a", lambda _: 42, lambda r: seen.append((r, threading.current_thread())), fail)
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert seen == [(42, threading.main_thread())]


def test_a_newer_job_takes_the_place_of_the_older(qtbot, jobs):
    running, seen = threading.Event(), []

    def slow(progress):
        running.set()
        while True:
            progress(0.5)

    jobs.start("a", slow, seen.append, fail)
    assert running.wait(5)
    jobs.start("a", lambda _: "newer", seen.append, fail)
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    assert seen == ["newer"]


def test_under_a_moving_hand_the_running_job_is_shown_and_only_the_newest_follows(qtbot, jobs):
    gate, seen = threading.Event(), []

    def first(_progress):
        gate.wait(5)
        return "first"

    jobs.start("a", first, seen.append, fail, let_finish=True)
    for number in range(5):
        jobs.start("a", lambda _, n=number: n, seen.append, fail, let_finish=True)
    gate.set()
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=5000)
    assert seen == ["first", 4]


def test_an_error_is_handed_on(qtbot, jobs):
    errors = []

    def bad(_progress):
        raise ValueError("no")

    jobs.start("a", bad, fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=5000)
    assert isinstance(errors[0], ValueError)


def test_cancelled_work_calls_nobody(qtbot, jobs):
    running, seen = threading.Event(), []

    def slow(progress):
        running.set()
        while True:
            progress(0.1)

    with qtbot.waitSignal(jobs.ended, timeout=5000):
        jobs.start("a", slow, seen.append, seen.append)
        assert running.wait(5)
        jobs.cancel("a")
        assert not jobs.busy("a")
    assert seen == []


def test_shutting_down_waits_for_the_threads(qtbot):
    jobs, running, stopped = Jobs(), threading.Event(), []

    def slow(progress):
        running.set()
        try:
            while True:
                progress(0.1)
        finally:
            stopped.append(True)

    jobs.start("a", slow, fail, fail)
    assert running.wait(5)
    jobs.shut_down()
    assert stopped == [True]
    jobs.start("a", fail, fail, fail)  # nothing begins any more


def slots_of(module: Path) -> set[str]:
    """The slots in which a module starts work, constants of the module read as what they hold."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    slots = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "start" or not ast.unparse(node.func.value).endswith("jobs"):
            continue
        slot = node.args[0]
        name = slot.value if isinstance(slot, ast.Subscript) else slot
        held = constants[name.id] if isinstance(name, ast.Name) else slot
        slots |= {
            one.value
            for one in ast.walk(held)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
    return slots


def test_all_work_that_may_take_long_has_words_for_the_foot_of_the_window():
    folder = Path(gui.__path__[0])
    add_catalogue(folder / "texts")
    modules = folder.rglob("*.py")
    slots = set().union(*(slots_of(module) for module in modules))
    assert {"assess", "catalogue", "outline", "beside", "indicators", "journal"} <= slots
    assert [slot for slot in sorted(slots - set(SILENT)) if not text(f"work.{slot}")] == []
