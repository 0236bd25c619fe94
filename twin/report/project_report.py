"""The report of a project's scenario in hand: what the command and the window both hand over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.assessment.assess import Assessment, assess
from twin.projects.project import Project
from twin.projects.session import BASE, Session
from twin.report.writing import write_report


def write_project_report(
    path: Path,
    project: Project,
    session: Session,
    assessment: Assessment,
    picture: bytes | None = None,
    picture_words: str = "",
    public: bool = False,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the report of an assessed scenario, compared with the base where it is another.

    Parameters
    ----------
    path
        ``.pdf`` or ``.html``; the old file stands until the new one is whole.
    project
        Where the data came from and what was found in it.
    session
        Has the scenario in hand, and the phase that is looked at.
    assessment
        Of that scenario.
    picture
        PNG of the 3D view, or None.
    picture_words
        What its colours mean, for its caption.
    public
        Leave out figures about fewer people than the smallest cell of the rules.
    progress
        Is told the part done, 0 to 1; may raise to stop.

    Raises
    ------
    LayerError
        Where the file cannot be written, or has another suffix.
    """
    changed = session.scenario != BASE
    write_report(
        path,
        assessment,
        picture=picture,
        picture_words=picture_words,
        public=public,
        sources=project.sources,
        problems=(*project.problems, *session.problems),
        settings=project.settings,
        scenario=session.scenario if changed else "",
        base_assessment=_of_base(session, assessment) if changed else None,
        edits=session.standing_edits,
        progress=progress,
    )


def _of_base(session: Session, assessment: Assessment) -> Assessment:
    """Return the district as it is, measured as its scenario was: else they do not compare."""
    return assess(
        session.base,
        assessment.standard,
        door_to_door=assessment.door_to_door,
        horizon=assessment.horizon,
    )
