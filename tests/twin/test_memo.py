import threading

import numpy as np
import pytest

from twin.memo import Memo


def test_the_same_arrays_are_computed_once():
    memo: Memo[float] = Memo(4)
    array = np.arange(3.0)
    calls = []

    def total() -> float:
        calls.append(1)
        return float(array.sum())

    assert memo.get((array,), total) == 3.0
    assert memo.get((array,), total) == 3.0
    assert memo.get((array.copy(),), total) == 3.0  # equal, but another array
    assert memo.get((array,), total, "walker") == 3.0  # same array, other value
    assert len(calls) == 3


def test_the_oldest_entry_goes_first():
    memo: Memo[int] = Memo(2)
    keys = [np.zeros(1) for _ in range(3)]
    for number, key in enumerate(keys):
        memo.get((key,), lambda n=number: n)
    assert memo.get((keys[2],), lambda: -1) == 2
    assert memo.get((keys[0],), lambda: -1) == -1


def test_a_failure_is_raised_and_forgotten():
    memo: Memo[int] = Memo(2)
    key = np.zeros(1)

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        memo.get((key,), fail)
    assert memo.get((key,), lambda: 5) == 5


def test_two_threads_that_ask_at_once_share_one_computation():
    memo: Memo[int] = Memo(2)
    key = np.zeros(1)
    started, go_on = threading.Event(), threading.Event()
    calls: list[int] = []

    def slow() -> int:
        calls.append(1)
        started.set()
        go_on.wait(10)
        return 7

    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(memo.get((key,), slow))) for _ in range(2)
    ]
    threads[0].start()
    assert started.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert results == [7, 7]
    assert calls == [1]


def test_what_is_not_there_yet_is_not_known():
    memo, key = Memo(2), np.zeros(1)
    assert memo.known((key,), "a") is None
    memo.get((key,), lambda: memo.known((key,), "a") or "made", "a")  # unfinished is not known
    assert memo.known((key,), "a") == "made"
    with pytest.raises(ZeroDivisionError):
        memo.get((key,), lambda: 1 / 0, "b")
    assert memo.known((key,), "b") is None
