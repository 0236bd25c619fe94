"""A bounded cache keyed by the identity of the arrays that a result was computed from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")


_every: WeakSet[Memo[Any]] = WeakSet()


def forget_everything() -> None:
    """Forget what every memo of this process holds, as a worker does between two districts."""
    for memo in tuple(_every):
        memo.clear()


class Memo(Generic[T]):
    """Remember the latest `size` results of a function of immutable inputs.

    Two callers that ask for the same key at the same time compute it once (single flight). An
    exception is handed to everyone who waits for it and is not remembered.

    Inputs that are compared by identity (arrays, tables) are kept alive with the result, so that
    an ``id`` is never used again while the entry stands.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, tuple[tuple[Any, ...], Future[T]]] = OrderedDict()
        self._lock = Lock()
        _every.add(self)

    def get(self, identities: tuple[Any, ...], compute: Callable[[], T], *values: Hashable) -> T:
        """Return the result for `identities` (by ``id``) and `values` (by equality)."""
        key = (tuple(id(part) for part in identities), values)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                future: Future[T] = Future()
                self._entries[key] = (identities, future)
                while len(self._entries) > self._size:
                    self._entries.popitem(last=False)
            else:
                self._entries.move_to_end(key)
        if entry is not None:
            return entry[1].result()
        try:
            result = compute()
        except BaseException as error:
            with self._lock:
                self._entries.pop(key, None)
            future.set_exception(error)
            raise
        future.set_result(result)
        return result

    def known(self, identities: tuple[Any, ...], *values: Hashable) -> T | None:
        """Return the result for `identities` and `values` if it is there, None where it is not.

        A computation that needs another of the same memo looks here first and finds it before it
        begins: it must not wait for one that may wait for it.
        """
        key = (tuple(id(part) for part in identities), values)
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
        future = entry[1] if entry is not None else None
        there = future is not None and future.done() and future.exception() is None
        return future.result() if future is not None and there else None

    def known_results(self) -> list[tuple[tuple[Any, ...], T]]:
        """Return what is there, the latest first: the identities of each result, and the result.

        For a computation that can go on from another's result; see :meth:`known`, which also keeps
        the one that was gone on from among the latest.
        """
        with self._lock:
            entries = list(self._entries.values())
        done = [(identities, future) for identities, future in entries[::-1] if future.done()]
        return [(one, future.result()) for one, future in done if future.exception() is None]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
