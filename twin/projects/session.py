"""A sitting: the scenarios of one project, what is undone and redone, and who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import compress

from layers.problems import Problem
from twin.language import catalogue
from twin.model.district import District
from twin.model.edits import Edit, EditError, apply_edit, apply_edits
from twin.model.phases import holding, phase_years

BASE = "base"
"""Name of the scenario that has no edits and takes none."""


@dataclass(frozen=True)
class Step:
    """One thing the user did: its edits, and the label that history shows."""

    label: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Change:
    """What the district was, what it is, why, and which roles' tables differ."""

    before: District
    after: District
    label: str
    touched: frozenset[str]


class ScenarioError(ValueError):
    """A scenario that cannot be made, named or removed; `key` and `facts` name the text."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


@dataclass
class Track:
    """One scenario's districts, one more than its done steps, and what may be redone.

    Others only carry one from :meth:`Session.remove_scenario` to
    :meth:`Session.put_back_scenario`.
    """

    districts: list[District]
    done: list[Step] = field(default_factory=list)
    undone: list[tuple[Step, District]] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


class Session:
    """The scenarios over one base district.

    Every step keeps the district that it led to, so undo and redo exchange values and compute
    nothing. Listeners are called in the thread that called, after the change.
    """

    def __init__(
        self, base: District, scenarios: Iterable[tuple[str, tuple[Edit, ...]]] = ()
    ) -> None:
        self.base = base
        self._tracks: dict[str, Track] = {BASE: Track([base])}
        self._current = BASE
        self._phase: int | None = None
        self._listeners: list[Callable[[Change], None]] = []
        self._saved: object = None
        for name, edits in scenarios:
            district, problems = apply_edits(base, edits)
            steps = [Step("history.opened", edits)] if edits else []
            track = Track([base, district] if edits else [base], steps, problems=problems)
            self._tracks[name] = track
        self.mark_saved()

    @property
    def district(self) -> District:
        """The district of the scenario in hand."""
        return self._track.districts[-1]

    @property
    def scenario(self) -> str:
        """Name of the scenario in hand."""
        return self._current

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of all scenarios, base first."""
        return tuple(self._tracks)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Edits of the scenario in hand that found no target."""
        return self._track.problems

    @property
    def phase(self) -> int | None:
        """The year whose phase is shown; None: every scenario with all of its edits."""
        return self._phase

    def takes_edits(self, year: int = 0) -> bool:
        """Whether the scenario in hand takes edits that hold from a year on.

        Not while a phase is shown that leaves something out: an edit made there could not know
        what later phases hold. Nor an edit that itself is of a later year.
        """
        if self._phase is None:
            return True
        return year <= self._phase and all(holding(self.edits_of(self._current), self._phase))

    def look_at(self, phase: int | None) -> None:
        """Show every scenario as it is in a year, without what holds from later years on.

        The steps stay as they are, and so does what is saved.
        """
        if phase == self._phase:
            return
        before, self._phase = self.district, phase
        for track in self._tracks.values():
            self._fold(track)
        self._tell(before, "history.phase")

    def district_of(self, scenario: str) -> District:
        """Return the district of any scenario; KeyError where there is none of that name."""
        return self._tracks[scenario].districts[-1]

    def edits_of(self, scenario: str) -> tuple[Edit, ...]:
        """Return every edit of a scenario, in order."""
        return tuple(edit for step in self._tracks[scenario].done for edit in step.edits)

    @property
    def standing_edits(self) -> tuple[Edit, ...]:
        """The edits of the scenario in hand that hold in the phase that is shown."""
        edits = self.edits_of(self._current)
        return tuple(compress(edits, holding(edits, self._phase)))

    @property
    def history(self) -> tuple[Step, ...]:
        """The steps done in the scenario in hand, oldest first."""
        return tuple(self._track.done)

    @property
    def undone(self) -> tuple[Step, ...]:
        """The steps that were taken back and can be done again, the next one first."""
        return tuple(step for step, _ in reversed(self._track.undone))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._track.done) and self._current != BASE

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._track.undone)

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what was last saved."""
        return self._state() != self._saved

    def mark_saved(self) -> None:
        """Note that what stands now is saved."""
        self._saved = self._state()

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` after every change of the district in hand."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Change], None]) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    def do(self, label: str, *edits: Edit) -> District:
        """Apply edits as one step; in the base, a scenario is made first to hold them.

        Raises
        ------
        KeyError, EditError
            As :func:`twin.model.edits.apply_edit`; ``edit_in_phase`` where :meth:`takes_edits` says
            no. Then nothing has changed.
        """
        if self._phase is not None and not self.takes_edits(
            max((e.year for e in edits), default=0)
        ):
            raise EditError("edit_in_phase", year=self._phase)
        before = after = self.district
        for edit in edits:
            after = apply_edit(after, edit)
        if self._current == BASE:
            name = self._free_name()
            self._tracks[name] = Track([self.base])
            self._current = name
        track = self._track
        track.done.append(Step(label, edits))
        track.districts.append(after)
        track.undone.clear()
        self._tell(before, label)
        return after

    def undo(self) -> None:
        """Take the last step back; nothing where there is none."""
        if not self.can_undo:
            return
        track, before = self._track, self.district
        step = track.done.pop()
        track.undone.append((step, track.districts.pop()))
        self._tell(before, step.label)

    def redo(self) -> None:
        """Do the step last undone again; nothing where there is none."""
        if not self.can_redo:
            return
        track, before = self._track, self.district
        step, district = track.undone.pop()
        track.done.append(step)
        track.districts.append(district)
        self._tell(before, step.label)

    def go_to(self, done: int) -> None:
        """Take back or do again until `done` steps stand, as one change.

        Raises
        ------
        IndexError
            Where there are not so many steps, done and undone together.
        """
        track, before = self._track, self.district
        if not 0 <= done <= len(track.done) + len(track.undone):
            raise IndexError(done)
        if done == len(track.done) or self._current == BASE:
            return
        label = (track.done[-1] if done < len(track.done) else track.undone[-1][0]).label
        while len(track.done) > done:
            track.undone.append((track.done.pop(), track.districts.pop()))
        while len(track.done) < done:
            step, district = track.undone.pop()
            track.done.append(step)
            track.districts.append(district)
        self._tell(before, label)

    def switch(self, scenario: str) -> None:
        """Take another scenario in hand; KeyError where there is none of that name."""
        before = self.district
        self.district_of(scenario)  # KeyError before anything changes
        self._current = scenario
        self._tell(before, "history.switched")

    def copy_scenario(self, name: str) -> None:
        """Copy the scenario in hand under a new name and take the copy in hand."""
        self._check_name(name)
        track = self._track
        copied = Track(list(track.districts), list(track.done), problems=track.problems)
        self._tracks[name] = copied
        self.switch(name)

    def rename_scenario(self, name: str, new: str) -> None:
        """Give a scenario another name."""
        self._check_not_base(name)
        self._check_name(new)
        self._tracks = {new if k == name else k: v for k, v in self._tracks.items()}
        if self._current == name:
            self._current = new
        self._tell(self.district, "history.switched")

    def remove_scenario(self, name: str) -> Track:
        """Remove a scenario; the base comes in hand where it was the one in hand.

        Returns what :meth:`put_back_scenario` takes.
        """
        self._check_not_base(name)
        before = self.district
        track = self._tracks.pop(name)
        if self._current == name:
            self._current = BASE
        self._tell(before, "history.switched")
        return track

    def put_back_scenario(self, name: str, track: Track) -> None:
        """Bring a removed scenario back, with its steps, and take it in hand."""
        self._check_name(name)
        self._fold(track)  # another phase may be looked at by now
        self._tracks[name] = track
        self.switch(name)

    @property
    def _track(self) -> Track:
        return self._tracks[self._current]

    def _fold(self, track: Track) -> None:
        """Make a scenario's districts anew for the phase, where any of its edits has a year."""
        steps = [*track.done, *(step for step, _ in reversed(track.undone))]
        edits = [edit for step in steps for edit in step.edits]
        if not phase_years(edits):
            return
        holds, count = iter(holding(edits, self._phase)), len(track.done)
        districts, problems = [self.base], list[Problem]()
        for number, step in enumerate(steps):
            standing = compress(step.edits, holds)
            district, found = apply_edits(districts[-1], standing)
            districts.append(district)
            problems += found if number < count else ()
        track.districts, track.problems = districts[: count + 1], tuple(problems)
        track.undone = list(zip(steps[count:], districts[count + 1 :], strict=True))[::-1]

    def _tell(self, before: District, label: str) -> None:
        after = self.district
        change = Change(before, after, label, after.touched(before))
        for listener in tuple(self._listeners):
            listener(change)

    def _state(self) -> object:
        return tuple((name, self.edits_of(name)) for name in self._tracks)

    def _free_name(self) -> str:
        number = 1
        while f"plan {number}" in self._tracks:
            number += 1
        return f"plan {number}"

    def _check_name(self, name: str) -> None:
        if not name.strip():
            raise ScenarioError("scenario_without_name")
        if name in self._tracks or name.strip().casefold() in _names_of_base():
            raise ScenarioError("scenario_name_taken", name=name)

    def _check_not_base(self, name: str) -> None:
        if name == BASE:
            raise ScenarioError("scenario_is_base")


def _names_of_base() -> set[str]:
    """Return what the base is called, in any language: a list would show two of that name."""
    return {name.casefold() for name in (BASE, *catalogue()["scenario.base"].values())}
