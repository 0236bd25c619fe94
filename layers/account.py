"""The account that a repair keeps: one problem value for each kind of finding in a layer."""

from __future__ import annotations

from collections.abc import Iterable

from layers.problems import Fact, Problem, Severity

MOST_IDS = 1000
"""A problem names at most so many ids; ``facts["count"]`` holds the true number."""


class Account:
    """Collects the problems of one layer.

    Parameters
    ----------
    role, source
        Put into every problem.
    """

    def __init__(self, role: str, source: str = "") -> None:
        self._role = role
        self._source = source
        self._problems: list[Problem] = []

    def add(self, key: str, severity: Severity, ids: Iterable[int] = (), **facts: Fact) -> None:
        """Note a finding about the features `ids`; nothing is noted where there are none."""
        numbers = [int(number) for number in ids]
        if numbers:
            self.note(key, severity, numbers, count=len(numbers), **facts)

    def note(self, key: str, severity: Severity, ids: Iterable[int] = (), **facts: Fact) -> None:
        """Note a finding, whether or not it names features."""
        named = tuple(int(number) for number in ids)[:MOST_IDS]
        self._problems.append(Problem(key, severity, self._role, self._source, named, facts))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All findings, in order."""
        return tuple(self._problems)
