"""A project: the base district, its scenarios and where its data came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from layers.problems import LayerError, Problem, Severity
from layers.project_file import ProjectFile, Scenario, Source
from twin.model.district import District
from twin.model.edits import Edit, EditError, edit_from_json, edit_to_json
from twin.projects.session import BASE, Session


@dataclass(frozen=True, eq=False)
class Project:
    """What a project file holds, as values.

    `scenarios` pairs names with edits over `district`; `sources` is the ledger of the layers,
    `problems` what importing them found. `path` is None until the project is saved.
    """

    district: District
    scenarios: tuple[tuple[str, tuple[Edit, ...]], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    path: Path | None = None

    @property
    def name(self) -> str:
        """The district's name."""
        return self.district.name

    def session(self) -> Session:
        """Return a new sitting over this project's scenarios."""
        return Session(self.district, self.scenarios)

    @classmethod
    def from_file(cls, file: ProjectFile, path: Path | None = None) -> Project:
        """Return the project of what was read or imported.

        Raises
        ------
        LayerError
            Where a stored edit has no meaning to this version.
        """
        district = District.from_frames(
            file.name,
            file.crs,
            file.layers,
            file.terrain,
            frozenset(file.surveyed),
            file.underlay,
            file.mapped,
        )
        scenarios = tuple((s.name, _edits(s, path)) for s in file.scenarios)
        return cls(district, scenarios, dict(file.settings), file.sources, file.problems, path)

    def to_file(self, session: Session | None = None) -> ProjectFile:
        """Return what is to be written: this project with the scenarios of `session`."""
        scenarios = self.scenarios
        if session is not None:
            names = (name for name in session.scenarios if name != BASE)
            scenarios = tuple((name, session.edits_of(name)) for name in names)
        base = self.district
        return ProjectFile(
            name=base.name,
            crs=base.crs,
            layers={role: t.frame(base.crs) for role, t in base.tables().items() if len(t)},
            terrain=base.terrain,
            underlay=base.underlay,
            surveyed=tuple(sorted(base.surveyed)),
            mapped=base.mapped,
            settings=dict(self.settings),
            scenarios=tuple(
                Scenario(name, tuple(edit_to_json(edit) for edit in edits))
                for name, edits in scenarios
            ),
            sources=self.sources,
            problems=self.problems,
        )


def open_project(path: str | Path) -> Project:
    """Read a project file.

    Raises
    ------
    LayerError
        Where the file is missing, is no project or cannot be read whole.
    """
    from layers.project import read_project  # here, for it loads GDAL

    return Project.from_file(read_project(Path(path)), Path(path))


def import_project(*paths: str | Path, name: str = "") -> Project:
    """Make a project of layers, as the verb ``import`` does; nothing is written.

    Parameters
    ----------
    paths
        Files and folders of layers.
    name
        The district's name; that of the first file where "".

    Raises
    ------
    LayerError
        Where the layers cannot be used.
    """
    from layers.importing.from_files import import_layers

    imported = import_layers([Path(one) for one in paths])
    return Project.from_file(replace(imported, name=name) if name else imported)


def save_project(path: str | Path, project: Project, session: Session | None = None) -> None:
    """Write a project, old or new but never half; with the scenarios of `session` if given."""
    from layers.project import write_project

    write_project(Path(path), project.to_file(session))


def _edits(scenario: Scenario, path: Path | None) -> tuple[Edit, ...]:
    try:
        return tuple(edit_from_json(values) for values in scenario.edits)
    except EditError as error:
        facts = {"scenario": scenario.name, "reason": str(error)}
        source = path.name if path else ""
        raise LayerError(
            Problem("scenario_unreadable", Severity.ERROR, source=source, facts=facts)
        ) from error
