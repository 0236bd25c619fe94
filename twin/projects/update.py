"""A project lives on: newer layers take the place of older ones, and edits stay where they can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layers.account import Account
from layers.importing.matching import LayerChange, compare
from layers.problems import Problem, Severity
from twin.model.edits import apply_edits
from twin.projects.project import Project

if TYPE_CHECKING:
    from layers.project_file import ProjectFile


@dataclass(frozen=True, eq=False)
class Update:
    """A project after newer layers came in, and what that changed.

    Parameters
    ----------
    project
        With the newer layers; its scenarios hold the same edits.
    changes
        For each layer that came, what is other in it.
    lost
        By scenario, the edits that found their target before and find it no longer.
    """

    project: Project
    changes: tuple[LayerChange, ...]
    lost: Mapping[str, tuple[Problem, ...]]


def update_project(project: Project, made: ProjectFile) -> Update:
    """Put the layers of an import into a project in the place of those of the same roles.

    Parameters
    ----------
    project
        As it stands.
    made
        What `layers.importing.from_files.import_layers` made with ``into`` this project: features
        that are the same have their old ids.

    Returns
    -------
    The project after it, and the account of it. Nothing is written.
    """
    before = project.to_file()
    came = {source.role for source in made.sources if source.role}
    changes = tuple(
        compare(role, before.layers[role], frame)
        if role in before.layers
        else LayerChange(role, 0, len(frame), added=tuple(int(i) for i in frame["id"]))
        for role, frame in made.layers.items()
        if role in came
    )
    file = replace(
        made,
        name=before.name,
        settings={**before.settings, **made.settings},
        scenarios=before.scenarios,
        sources=tuple(s for s in before.sources if s.role not in came) + made.sources,
        problems=(*_problems(before, made, came), *as_problems(changes)),
    )
    after = Project.from_file(file, project.path)
    return Update(after, changes, _lost(project, after))


def as_problems(changes: tuple[LayerChange, ...]) -> tuple[Problem, ...]:
    """Return the account of an update as findings, so that each can be looked at."""
    found: list[Problem] = []
    for change in changes:
        account = Account(change.role)
        for key in ("added", "removed", "moved"):
            account.add(f"update_{key}", Severity.INFO, getattr(change, key))
        for column, ids in change.changed.items():
            account.add("update_changed", Severity.INFO, ids, column=column)
        if not account.problems:
            account.note("update_same", Severity.INFO, count=change.after)
        found += account.problems
    return tuple(found)


def _problems(before: ProjectFile, made: ProjectFile, came: set[str]) -> tuple[Problem, ...]:
    """Return what holds now: what was found anew, and what was found of layers that stay."""
    anew = {(p.key, p.role, p.source) for p in made.problems}
    stay = (p for p in before.problems if p.role not in came)
    return (*(p for p in stay if (p.key, p.role, p.source) not in anew), *made.problems)


def _lost(project: Project, after: Project) -> dict[str, tuple[Problem, ...]]:
    """Return by scenario the edits that have lost their target."""
    lost: dict[str, tuple[Problem, ...]] = {}
    for name, edits in project.scenarios:
        _, found_before = apply_edits(project.district, edits)
        _, found_after = apply_edits(after.district, edits)
        known = {problem.facts["number"] for problem in found_before}
        gone = tuple(p for p in found_after if p.facts["number"] not in known)
        if gone:
            lost[name] = gone
    return lost
