"""Work in the background: newest first, stopped when told, errors handed on."""

from __future__ import annotations

import threading

import pytest

from gui.background import Jobs


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
