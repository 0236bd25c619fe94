"""Findings about data or a plan, as values that a caller can count, show and translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding matters to the person who reads it."""

    INFO = "info"
    """Understood or chosen for the user, who may want to know (a CRS, a column mapping)."""
    REPAIRED = "repaired"
    """Changed so that it can be used; nothing is needed from the user."""
    WARNING = "warning"
    """Used as it is, but figures that rest on it are weaker."""
    ERROR = "error"
    """Could not be used; a person must mend the data."""


Fact = str | int | float | bool


@dataclass(frozen=True)
class Problem:
    """One finding: what, where and which features.

    Parameters
    ----------
    key
        Names the text, as in ``problem.<key>`` of both language catalogues (``layer_without_crs``).
    severity
        See :class:`Severity`.
    role
        The layer's role (``buildings``), or "" where no layer is concerned.
    source
        File name (not the whole path) and layer, as a person would name it, or "".
    ids
        Ids of the features concerned, in the layer's own numbering; possibly only the first
        thousand, `facts["count"]` holding the true count.
    facts
        Values for the placeholders of the text; JSON scalars only.
    """

    key: str
    severity: Severity
    role: str = ""
    source: str = ""
    ids: tuple[int, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as a JSON object."""
    return {
        "key": problem.key,
        "severity": str(problem.severity),
        "role": problem.role,
        "source": problem.source,
        "ids": list(problem.ids),
        "facts": dict(problem.facts),
    }


def problem_from_json(record: Mapping[str, Any]) -> Problem:
    """Return the problem that `problem_to_json` wrote; KeyError or ValueError where it did not."""
    return Problem(
        key=record["key"],
        severity=Severity(record["severity"]),
        role=record["role"],
        source=record["source"],
        ids=tuple(record["ids"]),
        facts=record["facts"],
    )


class LayerError(Exception):
    """A file or layer that cannot be used at all; carries the one finding that says why.

    The message is for logs; what a user reads is the text of `problem.key`.
    """

    def __init__(self, problem: Problem, others: tuple[Problem, ...] = ()) -> None:
        super().__init__(f"{problem.key} {problem.source} {dict(problem.facts)}")
        self.problem = problem
        self.others = others
        """Findings of other files that were named with it and cannot be used either."""
