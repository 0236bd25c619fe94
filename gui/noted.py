"""What a project keeps beside its edits: views, polls, and whose its data are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.views import KeptView, views_from_json
from gui.workshop import Poll, polls_from_json
from layers.problems import Problem, Severity

if TYPE_CHECKING:
    from layers.project_file import Source
    from twin.projects.project import Project

_READERS = {"views": views_from_json, "polls": polls_from_json}


@dataclass(frozen=True)
class Noted:
    """What a person noted in a project.

    Parameters
    ----------
    views
        Camera places, in the order of the story.
    polls
        What was asked of rooms, and their answers.
    sources
        Where the layers are from, whose they are and on which terms.
    """

    views: tuple[KeptView, ...]
    polls: tuple[Poll, ...]
    sources: tuple[Source, ...]


def noted_in(project: Project) -> Noted:
    """Return what stands in a project; what cannot be read is told by `unread_in`."""
    settings = project.settings
    views, polls = views_from_json(settings.get("views")), polls_from_json(settings.get("polls"))
    return Noted(views, polls, project.sources)


def unread_in(project: Project) -> tuple[Problem, ...]:
    """Return ``views_unread`` and ``polls_unread`` with how many of a project cannot be read."""
    found = []
    for name, read in _READERS.items():
        values = project.settings.get(name, [])
        count = len(values) - len(read(values)) if isinstance(values, list) else 1
        if count:
            found.append(Problem(f"{name}_unread", Severity.WARNING, facts={"count": count}))
    return tuple(found)
