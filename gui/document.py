"""The project that is open: its sitting, its figures, and what a moving hand would change.

Qt's thread owns it. Figures are computed in the background; the document always says whether what
it shows is up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.background import Jobs, Progress
from gui.files import SAMPLE
from gui.noted import Noted, noted_in, unread_in
from gui.views import KeptView, views_from_json, views_to_json
from gui.workshop import Poll, polls_from_json, polls_to_json
from layers.problems import Problem
from twin.ahead.preparing import prepare
from twin.assessment.assess import Assessment, assess
from twin.assessment.explain import farthest_origin
from twin.language import text
from twin.model.edits import (
    Edit,
    EditError,
    RemoveService,
    apply_edit,
    edit_from_json,
    edit_to_json,
)
from twin.model.horizon import NOW, Horizon
from twin.projects.project import Project
from twin.projects.session import BASE, Change, Session, Track
from twin.standards import DEFAULT_STANDARD, Standard, load_standard, standard_ids
from twin.streets.costs import Measure
from twin.walking.routes import Route, reach_streets, route
from twin.walking.walks import nearest_of_each

if TYPE_CHECKING:
    from gui.journal import Unsaved
    from layers.project_file import Source
    from twin.model.district import District


@dataclass(frozen=True, eq=False)
class Preview:
    """What an edit under the hand would lead to."""

    edit: Edit
    district: District
    assessment: Assessment


@dataclass(frozen=True, eq=False)
class _Question:
    """What is asked of any district, so that answers compare: the same standard, the same view."""

    standard: Standard
    door_to_door: bool
    horizon: Horizon

    def ask(self, district: District, progress: Progress) -> Assessment:
        stairs, horizon = self.door_to_door, self.horizon
        return assess(district, self.standard, progress, door_to_door=stairs, horizon=horizon)

    def is_answered_by(self, one: Assessment | None, district: District) -> TypeGuard[Assessment]:
        return (
            one is not None
            and one.asked is district
            and one.standard is self.standard
            and one.door_to_door == self.door_to_door
            and one.horizon == self.horizon
        )


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return `name`, numbered where a scenario has it already."""
    number, wanted = 2, name
    while name in taken:
        name, number = text("header.numbered", name=wanted, number=number), number + 1
    return name


SLOTS = (
    "assess",
    "prepare",
    "preview",
    "ready",
    "route",
    "minutes",
    "catchment",
    "field",
    "account",
    "comparison",
    "indicators",
)
"""Slots of the work that goes on for one document."""


class Document(QObject):
    """One open project.

    Parameters
    ----------
    scenario
        The one to take in hand; the base where the project has none of that name.

    Signals
    -------
    edited(change)
        The district in hand is another one, or the scenarios are (a `Change`).
    figured()
        `assessment`, `base_assessment`, `preview` or `current` changed.
    refused(error)
        Figures could not be computed.
    noted()
        Views, polls or sources are others.
    """

    edited = Signal(object)
    figured = Signal()
    refused = Signal(object)
    noted = Signal()

    def __init__(
        self,
        jobs: Jobs,
        project: Project,
        inputs: tuple[Path, ...],
        standard: str,
        scenario: str = BASE,
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self.project = project
        self.inputs = inputs
        self.session = project.session()
        if scenario in self.session.scenarios:
            self.session.switch(scenario)
        self.standard = load_standard(standard if standard in standard_ids() else DEFAULT_STANDARD)
        self.base_assessment: Assessment | None = None
        self.door_to_door = False
        """Walks begin at the homes on each storey, not at the street door."""
        self.horizon = NOW
        """The hour, year and status of services that are looked at."""
        self.edit_year = 0
        """The year from when on new edits hold, 0 from the start."""
        self.beside: Assessment | None = None
        self.beside_scenario = BASE
        """Whose assessment `beside` is, or the base's where that is none."""
        """What differences are the difference from, where that is not the base."""
        self.preview: Preview | None = None
        self._assessment: Assessment | None = None
        self._hand: Edit | None = None
        self._restored = False
        self._said_phase = False
        self._noted = noted_in(project)
        self._unread = unread_in(project)
        self.newer: tuple[str, ...] = ()
        """Files of newer layers that took the place of the project's and are in no file yet."""
        self.held: tuple[str, ...] = ()
        """Those of them whose layers stand beside the journal, safe from a crash."""
        self.begun = ""
        """Name of the scenario that the last edit began, "" where it went into the one in hand."""
        self.session.listen(self._on_change)

    @property
    def name(self) -> str:
        """The project's name; that of the sample, which nobody named, is in the language in use."""
        unnamed = self.inputs == SAMPLE and self.project.path is None
        return text("stage.sample") if unnamed else self.project.name

    @property
    def district(self) -> District:
        """The district to show: with the edit under the hand, where there is one."""
        return self.preview.district if self.preview else self.session.district

    @property
    def assessment(self) -> Assessment | None:
        """The figures to show, None before the first are there."""
        return self.preview.assessment if self.preview else self._assessment

    @property
    def standing(self) -> Assessment | None:
        """The figures without the edit under the hand."""
        return self._assessment

    @property
    def current(self) -> bool:
        """Whether the figures are those of the district and standard that are shown."""
        return self.answered and (self.preview is None or self.preview.edit == self._hand)

    @property
    def answered(self) -> bool:
        """Whether the figures are of the district that is shown, though the hand may be farther."""
        return self._question.is_answered_by(self.assessment, self.district)

    @property
    def scenarios(self) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
        """Names and edits of the scenarios, without the base."""
        names = (name for name in self.session.scenarios if name != BASE)
        return tuple((name, self.session.edits_of(name)) for name in names)

    @property
    def dirty(self) -> bool:
        """Whether there is work that no file holds."""
        beside = bool(self.newer) or self._noted != noted_in(self.project)
        return self.session.dirty or self._restored or beside

    @property
    def views(self) -> tuple[KeptView, ...]:
        """Camera places that the project keeps."""
        return self._noted.views

    @property
    def polls(self) -> tuple[Poll, ...]:
        """What was asked of rooms, and their answers."""
        return self._noted.polls

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the layers are from; a person may say whose they are and on which terms."""
        return self._noted.sources

    def note(
        self,
        views: tuple[KeptView, ...] | None = None,
        polls: tuple[Poll, ...] | None = None,
        sources: tuple[Source, ...] | None = None,
    ) -> None:
        """Keep other views, polls or sources; None leaves what there is."""
        self._noted = Noted(
            self.views if views is None else views,
            self.polls if polls is None else polls,
            self.sources if sources is None else sources,
        )
        self.noted.emit()

    def saved_as(self, project: Project) -> None:
        """Note that the scenarios of `project` stand in its file now."""
        self.project = project
        self._unread = unread_in(project)
        self._restored = False
        self.newer = self.held = ()
        if self.scenarios == project.scenarios:  # else the hand was faster than the disk
            self.session.mark_saved()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What importing, the scenario in hand and the assessment found."""
        own = self._assessment.notes if self._assessment else ()
        return (*self.project.problems, *self._unread, *self.session.problems, *own)

    def figure(self) -> None:
        """Compute the figures of the scenario in hand, and of the base beside it."""
        district, base = self.session.district, self.session.base
        known, question = self.base_assessment, self._question

        def work(progress: Progress) -> tuple[Assessment, Assessment]:
            first = known
            if not question.is_answered_by(first, base):
                first = question.ask(base, progress)
            if district is base:
                return first, first
            return first, question.ask(district, progress)

        self._jobs.start("assess", work, self._take_figures, self.refused.emit)
        self.figured.emit()

    def begin_anew(self, standard: Standard) -> None:
        """Work all figures out again: the tables that they rest on are others."""
        self.stop()
        self.preview = self._hand = None
        self.base_assessment = self._assessment = self.beside = None
        self.beside_scenario = BASE
        self.set_standard(standard)

    def set_standard(self, standard: Standard) -> None:
        """Score by another standard."""
        self.standard = standard
        self.figure()

    def count_stairs(self, on: bool) -> None:
        """Let walks begin at the homes on each storey, or at the street door."""
        self.door_to_door = on
        self.figure()

    def look_at(self, horizon: Horizon) -> None:
        """Score another hour, year or status of services; the view shows the phase of that year."""
        if horizon == self.horizon:
            return
        self.horizon = horizon
        if horizon.phase != self.session.phase:
            self.session.look_at(horizon.phase)  # which asks for figures
        else:
            self.figure()

    def assessing(self, scenario: str) -> Callable[[Progress], Assessment]:
        """Return the work that assesses any scenario as the one in hand is assessed."""
        district, question = self.session.district_of(scenario), self._question
        known = self.base_assessment, self._assessment

        def work(progress: Progress) -> Assessment:
            for one in known:
                if question.is_answered_by(one, district):
                    return one
            return question.ask(district, progress)

        return work

    def try_out(self, edit: Edit | None) -> None:
        """Show what `edit` would lead to, without doing it; None lets go."""
        self._hand = edit
        if edit is None:
            self._said_phase = False
            self._jobs.cancel("preview")
            if self.preview is not None:
                self.preview = None
                self.figured.emit()
            return
        if not self._takes_edits:
            self._refuse_in_phase()
            return
        district, question = self.session.district, self._question

        def work(progress: Progress) -> Preview:
            moved = apply_edit(district, edit)
            return Preview(edit, moved, question.ask(moved, progress))

        self._jobs.start("preview", work, self._take_preview, self._refuse, let_finish=True)

    def make_ready(self, service_id: int) -> None:
        """Find what every step of a service in the hand rests on, before the first one asks."""
        district, question = self.session.district, self._question
        if not self._takes_edits:
            return

        def work(progress: Progress) -> Assessment:
            return question.ask(apply_edit(district, RemoveService(service_id)), progress)

        self._jobs.start("ready", work, lambda _found: None, self.refused.emit)

    def keep(self, label: str) -> bool:
        """Do the edit under the hand; return whether it was done."""
        edit, shown, before = self._hand, self.preview, self._assessment
        self._hand = self.preview = None
        self._jobs.cancel("preview")
        if edit is None:
            return False
        if shown is not None:  # the last figures stay on screen until the exact ones are there
            self._assessment = shown.assessment
        try:
            return self.do(label, edit)
        except (KeyError, EditError) as error:  # everything goes back to where it stood
            self._assessment = before
            self.figured.emit()
            self.refused.emit(error)
        return False

    def do(self, label: str, *edits: Edit) -> bool:
        """Apply edits as one step; return whether it was done.

        While a phase is looked at that leaves edits out nothing is, and `refused` says so.

        Raises
        ------
        KeyError, EditError
            As :meth:`twin.projects.session.Session.do`.
        """
        if not self._takes_edits:
            self._said_phase = False
            self._refuse_in_phase()
            return False
        if self.edit_year:
            edits = tuple(
                edit if edit.year else replace(edit, year=self.edit_year) for edit in edits
            )
        after = self.session.district
        for edit in edits:
            after = apply_edit(after, edit)  # nothing is begun for an edit that is refused
        self._leave_base()
        self.session.do(label, *edits)
        return True

    def restore(self, work: Unsaved) -> None:
        """Put the scenarios of unsaved work in the place of the project's own."""
        said = {one[:3]: one[3:] for one in work.owned}
        sources = tuple(
            replace(one, owner=said[key][0], licence=said[key][1])
            if (key := (one.role, one.file, one.layer)) in said
            else one
            for one in self.sources
        )
        views = None if work.views is None else views_from_json(list(work.views))
        polls = None if work.polls is None else polls_from_json(list(work.polls))
        self.note(views, polls, sources)
        scenarios = tuple(
            (name, tuple(edit_from_json(edit) for edit in edits)) for name, edits in work.scenarios
        )
        self.session.unlisten(self._on_change)
        self.session = Session(self.project.district, scenarios)
        self._restored = True
        self.session.look_at(self.horizon.phase)
        self.session.listen(self._on_change)
        if work.current in self.session.scenarios:
            self.session.switch(work.current)
        self.figure()

    def unsaved(self) -> Unsaved:
        """Return the work as the journal keeps it."""
        from gui.journal import Unsaved

        path = self.project.path
        files = (path,) if path is not None else self.inputs
        scenarios = tuple(
            (name, tuple(edit_to_json(edit) for edit in edits)) for name, edits in self.scenarios
        )
        changed = bool(self.newer) or self.sources != self.project.sources
        owned = tuple((s.role, s.file, s.layer, s.owner, s.licence) for s in self.sources)
        return Unsaved(
            tuple(str(f) for f in files),
            scenarios,
            self.session.scenario,
            owned=owned if changed else (),
            newer=self.newer,
            held=self.held,
            views=tuple(views_to_json(self.views)),
            polls=tuple(polls_to_json(self.polls)),
        )

    def put_back_scenario(self, name: str, track: Track) -> None:
        """Bring a removed scenario back and take it in hand; under a free name if its is taken."""
        self.session.put_back_scenario(free_name(name, self.session.scenarios), track)

    def route_work(
        self, building_id: int, requirement_id: str
    ) -> Callable[[Progress], Route | None]:
        """Return the work that finds the way from a building to what serves a requirement.

        The way starts at the stair unit that has it farthest; None where there is no way.
        """
        assessment = self.assessment

        def work(progress: Progress) -> Route | None:
            progress(0.0)
            if assessment is None:
                return None
            district = assessment.district
            origin = farthest_origin(assessment, building_id, requirement_id)
            result = assessment.result(requirement_id)
            service = int(result.service_id[origin])
            if service < 0:
                return None
            return route(district, origin, service, result.requirement.measure)

        return work

    def find_minutes(self, building_id: int, done: Callable[[Mapping[str, float]], None]) -> None:
        """Find the walking times from a building in the background and hand them to `done`.

        They are minutes by requirement, of its own walker, to the nearest in time of its services;
        from the stair unit that has it farthest, inf where there is no way.
        """
        assessment = self.assessment
        if assessment is None:
            return
        origins = assessment.origins.building_id == building_id

        def work(progress: Progress) -> Mapping[str, float]:
            minutes: dict[str, float] = {}
            for number, result in enumerate(assessment.results):
                progress(number / len(assessment.results))
                wanted = result.requirement
                if result.status != "not_assessed" and wanted.unit == "m" and origins.any():
                    by_time: Measure = (wanted.walker, "min")
                    found = nearest_of_each(
                        assessment.district, wanted.service_types, by_time, wanted.at_least
                    )
                    minutes[wanted.id] = float(found.public[origins].max())
            return minutes

        self._jobs.start("minutes", work, done, self.refused.emit)

    def catchment_work(
        self, service_id: int
    ) -> Callable[[Progress], tuple[NDArray[np.float64], ...]]:
        """Return the work that finds the streets from which a service is within its limit.

        The limit is that of the standard's first requirement which the service serves; there are
        none where it serves none.
        """
        asked, standard, horizon = self.session.district, self.standard, self.horizon

        def work(progress: Progress) -> tuple[NDArray[np.float64], ...]:
            progress(0.0)
            district = horizon.of(asked)
            services = district.services
            types = set(services["types"][services.row_of(service_id)].split(","))
            for wanted in standard.requirements:
                if types & set(wanted.service_types):
                    found = reach_streets(district, service_id, wanted.measure, wanted.limit)
                    return tuple(shapely.get_coordinates(line) for line in found.line)
            return ()

        return work

    def close(self) -> None:
        """Stop the work that goes on for this document."""
        self.session.unlisten(self._on_change)
        self.stop()

    def stop(self) -> None:
        """Stop the work that is under way, of which nobody wants the result any more."""
        for slot in SLOTS:
            self._jobs.cancel(slot)

    @property
    def _question(self) -> _Question:
        return _Question(self.standard, self.door_to_door, self.horizon)

    @property
    def _takes_edits(self) -> bool:
        return self.session.takes_edits(self.edit_year)

    def _refuse_in_phase(self) -> None:
        """Say why nothing can be edited, once for each thing that the hand takes up."""
        if self.session.phase is not None and not self._said_phase:
            self._said_phase = True
            self.refused.emit(EditError("edit_in_phase", year=self.session.phase))

    def _leave_base(self) -> None:
        """Take a scenario in hand that can hold edits, with a name in the user's language."""
        self.begun = ""
        if self.session.scenario == BASE:
            self.begun = self.next_plan()
            self.session.copy_scenario(self.begun)

    def next_plan(self) -> str:
        """Return the next name of the kind that scenarios are given: "Plan 2"."""
        names = (text("header.plan", number=number) for number in count(1))
        return next(name for name in names if name not in self.session.scenarios)

    def _on_change(self, change: Change) -> None:
        self.preview = self._hand = None
        self._jobs.cancel("preview")
        self.edited.emit(change)
        self.figure()

    def _take_figures(self, both: tuple[Assessment, Assessment]) -> None:
        self.base_assessment, self._assessment = both
        self.figured.emit()
        self._prepare(both[1])

    def _prepare(self, standing: Assessment) -> None:
        """Make the network ready for the hand while the figures are read."""

        def work(progress: Progress) -> bool:
            return prepare(standing.district, standing.standard, progress)

        self._jobs.start("prepare", work, lambda _ready: None, self.refused.emit)

    def _refuse(self, error: BaseException) -> None:
        """Show what stands again, for what the hand holds cannot be done."""
        self._hand = self.preview = None
        self.figured.emit()
        self.refused.emit(error)

    def _take_preview(self, preview: Preview) -> None:
        if self._hand is not None:
            self.preview = preview
            self.figured.emit()
