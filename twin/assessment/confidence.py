"""How sure the figures are: intervals of shares that rest on estimates, and what would narrow them.

Whatever nobody measured is drawn within the bounds of ``twin/data/uncertainty.toml``: residents and
ages that are marked estimated, the walkers' speeds, the doors of homes without a surveyed entrance,
and door to door the storeys. No draw walks the network again: people change the weights of homes,
a speed changes the limit that the time of a walk is held against (so that waits at signals scale
with it too), and an unknown door makes a walk so much longer or shorter.

Every draw has random numbers of its own for each cause, so the causes can be told apart: drawn
alone, each gives a variance, and its part of their sum says how much a survey would help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from twin.arrays import Flags, Floats, Ints
from twin.assessment.alternatives import asked_of
from twin.assessment.assess import Assessment, Result
from twin.assessment.full_circle import asked_columns, people_inside
from twin.assessment.measured import estimated_columns, marked
from twin.language import Language, text
from twin.model.catalogues import in_use, walkers
from twin.model.sources import Words
from twin.streets.costs import INF, PER_UNIT
from twin.walking.demand import PARTITION, PEOPLE, group_people
from twin.walking.storeys import HomeStoreys
from twin.walking.walks import nearest_of_each

Cause = Literal["residents", "ages", "speed", "doors", "storeys"]
"""What is not known for sure."""

CAUSES: tuple[Cause, ...] = get_args(Cause)

_ROUNDING = 1e-18
"""Variance of shares that is none."""


@dataclass(frozen=True)
class Bounds:
    """How far what is not measured may be from the truth; ``data/uncertainty.toml`` says why."""

    draws: int
    alone: int
    seed: int
    level: float
    residents_each: float
    residents_together: float
    ages_each: float
    ages_together: float
    speed_together: float
    doors_each_m: float
    storeys_each: int


@dataclass(frozen=True)
class Interval:
    """Where a share lies in the middle part of the draws; NaN where it is not assessed."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Survey:
    """What a survey of one cause would help.

    Parameters
    ----------
    cause
        What would be surveyed.
    part
        Its part of the variance of all shares, 0 to 1, NaN where nothing varies.
    count
        Buildings (or walkers, for their speed) that a survey would have to look at.
    """

    cause: Cause
    part: float
    count: int


@dataclass(frozen=True, eq=False)
class Confidence:
    """How sure the figures of an assessment are.

    Parameters
    ----------
    requirements
        The interval of each requirement's share, by its id.
    full_circle
        That of the residents in full circle.
    surveys
        What each cause that is unsure here does to the shares, the most important first.
    bounds
        What was drawn from.
    """

    requirements: Mapping[str, Interval]
    full_circle: Interval
    surveys: tuple[Survey, ...]
    bounds: Bounds


def bounds_source(cause: Cause) -> Words:
    """Return where the bounds of a cause come from, by short language name."""
    return in_use().parameters["uncertainty"].sources[cause]


def bound_words(within: Bounds, cause: Cause, in_language: Language | None = None) -> str:
    """Return within which bounds a cause was drawn, in words."""
    names = ("each", "together", "each_m")
    found = {name: getattr(within, f"{cause}_{name}", None) for name in names}
    whole = cause in ("storeys", "doors")
    facts = {name: f"{v:g}" if whole else f"{v:.0%}" for name, v in found.items() if v is not None}
    return text(f"confidence.bound.{cause}", in_language, **facts)


def bounds() -> Bounds:
    """Return the bounds that are in use."""
    found = in_use().parameters["uncertainty"].values
    draws = found["draws"]
    return Bounds(
        draws=draws["count"],
        alone=draws["alone"],
        seed=draws["seed"],
        level=draws["level"],
        residents_each=found["residents"]["each"],
        residents_together=found["residents"]["together"],
        ages_each=found["ages"]["each"],
        ages_together=found["ages"]["together"],
        speed_together=found["speed"]["together"],
        doors_each_m=found["doors"]["each_m"],
        storeys_each=found["storeys"]["each"],
    )


def confidence(
    assessment: Assessment,
    within: Bounds | None = None,
    progress: Callable[[float], None] | None = None,
    only: str | None = None,
) -> Confidence:
    """Return how sure the shares of an assessment are.

    The same assessment and bounds give the same intervals.

    Parameters
    ----------
    within
        Other bounds than those that come along.
    progress
        Is told the part done.
    only
        Look at one requirement alone, by its id; the others and the full circle are left unknown.
    """
    limits = within or bounds()
    world = _World.of(assessment, only)
    tell = progress or (lambda _done: None)
    unsure = tuple(cause for cause in CAUSES if world.count(cause))
    draws = limits.draws if unsure else 1
    whole = draws + len(unsure) * limits.alone
    done = 0

    def draw(causes: Sequence[Cause], count: int) -> Floats:
        nonlocal done
        shares = []
        for number in range(count):
            shares.append(world.shares(_Draw(world, limits, number, frozenset(causes))))
            done += 1
            tell(done / whole)
        return np.array(shares).reshape(count, -1)

    every = draw(unsure, draws)
    spread = {cause: float(np.nansum(draw((cause,), limits.alone).var(axis=0))) for cause in unsure}
    tails = (1 - limits.level) / 2
    low, high = np.quantile(every, [tails, 1 - tails], axis=0)
    now = [r.share for r in world.results] + [assessment.full_circle.share if not only else np.nan]
    intervals = [Interval(*map(float, one)) for one in zip(now, low, high, strict=True)]
    named = {r.requirement.id: one for r, one in zip(world.results, intervals, strict=False)}
    unknown = Interval(np.nan, np.nan, np.nan)
    return Confidence(
        {r.requirement.id: named.get(r.requirement.id, unknown) for r in assessment.results},
        intervals[-1],
        _surveys(spread, world),
        limits,
    )


def _surveys(spread: Mapping[Cause, float], world: _World) -> tuple[Survey, ...]:
    total = sum(spread.values())
    part = {c: one / total if total > _ROUNDING else float("nan") for c, one in spread.items()}
    found = [Survey(cause, part[cause], world.count(cause)) for cause in spread]
    return tuple(sorted(found, key=lambda one: -spread[one.cause]))


@dataclass(frozen=True, eq=False)
class _World:
    """What draws are made of, by origin: who is estimated, and the walks as they were found."""

    assessment: Assessment
    results: tuple[Result, ...]
    cost: tuple[Ints, ...]
    whole: Flags
    banded: Flags
    doorless: Flags
    storeys_known: Floats
    storeys_guessed: Flags
    whole_circle: bool

    @classmethod
    def of(cls, assessment: Assessment, only: str | None) -> _World:
        district, origins = assessment.district, assessment.origins
        wanted = [r for r in assessment.results if only in (None, r.requirement.id)]
        results = tuple(r for r in wanted if r.status == "assessed")
        found = [
            nearest_of_each(district, r.service_types, r.measure, r.at_least).cost
            for r in (result.requirement for result in results)
        ]
        row, buildings = origins.building_row, district.buildings
        whole, banded = estimated_columns(district, origins)
        storeys = buildings["storeys"][row]
        return cls(
            assessment,
            results,
            tuple(found),
            whole[row],
            banded[row],
            origins.entrance_id < 0,
            storeys,
            marked(buildings, "storeys")[row],
            only is None,
        )

    def count(self, cause: Cause) -> int:
        """Return how many buildings (or walkers) a survey would have to look at."""
        if cause == "speed":
            timed = {r.requirement.walker for r in self.results if r.requirement.unit == "min"}
            return len(timed)
        concerned = {
            "residents": self.whole,
            "ages": self.banded.any(axis=1) & ~self.whole,
            "doors": self.doorless,
            "storeys": self._unsure_storeys(),
        }[cause]
        if cause == "storeys" and self.assessment.homes is None:
            return 0
        return len(np.unique(self.assessment.origins.building_row[concerned]))

    def _unsure_storeys(self) -> Flags:
        return self.storeys_guessed | ~(self.storeys_known >= 1)

    def shares(self, draw: _Draw) -> Floats:
        """Return the share of every assessed requirement, and of the full circle."""
        people = draw.people()
        parts = [self._part(at, draw) for at in range(len(self.results))]
        shares = []
        for result, part in zip(self.results, parts, strict=True):
            group = group_people(people, result.requirement.group)
            total = group.sum()
            shares.append(float((group * part).sum() / total) if total > 0 else np.nan)
        return np.array([*shares, self._circle(people, parts)])

    def _circle(self, people: Floats, parts: list[Floats]) -> float:
        """Return the share of residents in full circle, NaN where it is not looked at."""
        wanted = [result.requirement for result in self.results]
        asks = asked_of(self.assessment.standard, zip(wanted, parts, strict=True))
        asked = [(one.group, one.part) for one in asks]
        columns = asked_columns([one.group for one in asks])[:PARTITION]
        everyone = people[:, :PARTITION][:, columns].sum()
        if not (self.whole_circle and asked and everyone > 0):
            return float("nan")
        inside = people_inside(people, asked)
        return float(inside[:, :PARTITION][:, columns].sum() / everyone)

    def _part(self, at: int, draw: _Draw) -> Floats:
        """Return the part of each origin's people within the limit of one requirement."""
        wanted = self.results[at].requirement
        limit = round(wanted.limit * PER_UNIT[wanted.unit] * draw.speed(wanted.walker, wanted.unit))
        leg = draw.doors_m * PER_UNIT["m"]
        if wanted.unit == "min":
            leg = draw.doors_m / walkers()[wanted.walker].lasting_mps * PER_UNIT["min"] / 60
        known = self.cost[at]
        cost = np.where(known < INF, np.maximum(known + np.rint(leg).astype(np.int64), 0), INF)
        homes = draw.homes()
        if homes is None:
            return (cost <= limit).astype(float)
        return homes.part_within(cost, wanted.measure, limit)


class _Draw:
    """One way that things may be, as far as some causes go."""

    def __init__(
        self, world: _World, limits: Bounds, number: int, causes: frozenset[Cause]
    ) -> None:
        self._world, self._limits, self._number, self._causes = world, limits, number, causes
        count = len(world.assessment.origins)
        self.doors_m = np.zeros(count)
        if "doors" in causes:
            moved = self._random("doors").uniform(-1, 1, count) * limits.doors_each_m
            self.doors_m = np.where(world.doorless, moved, 0.0)

    def _random(self, cause: Cause) -> np.random.Generator:
        return np.random.default_rng([self._limits.seed, CAUSES.index(cause), self._number])

    def people(self) -> Floats:
        """Return the people of each origin, by the columns of `twin.walking.demand.PEOPLE`."""
        world, limits = self._world, self._limits
        people = world.assessment.origins.people
        row, buildings = (
            world.assessment.origins.building_row,
            len(world.assessment.district.buildings),
        )
        if "residents" in self._causes and world.whole.any():
            random = self._random("residents")
            together = random.uniform(-1, 1) * limits.residents_together
            each = random.uniform(-1, 1, buildings)[row] * limits.residents_each
            factor = np.where(world.whole, (1 + together) * (1 + each), 1.0)
            people = people * factor[:, None]
        if "ages" in self._causes and world.banded.any():
            people = self._other_ages(people, row, buildings)
        return people

    def _other_ages(self, people: Floats, row: Ints, buildings: int) -> Floats:
        """Return the people with other parts of them in each age band; their sum stays."""
        random, limits = self._random("ages"), self._limits
        together = random.uniform(-1, 1, len(PEOPLE)) * limits.ages_together
        each = random.uniform(-1, 1, (buildings, len(PEOPLE)))[row] * limits.ages_each
        factor = np.where(self._world.banded, (1 + together) * (1 + each), 1.0)
        varied = people * factor
        before = people[:, :PARTITION].sum(axis=1, keepdims=True)
        after = varied[:, :PARTITION].sum(axis=1, keepdims=True)
        scale = np.divide(before, after, out=np.ones_like(before), where=after > 0)
        varied[:, :PARTITION] *= scale
        return varied

    def speed(self, walker: str, unit: str) -> float:
        """Return how fast a walker is, 1 for what the data say; in metres it plays no part."""
        if unit != "min" or "speed" not in self._causes:
            return 1.0
        # One random number for each walker, whichever requirements there are.
        at = tuple(walkers()).index(walker)
        drawn = self._random("speed").uniform(-1, 1, at + 1)[at]
        return 1.0 + float(drawn) * self._limits.speed_together

    def homes(self) -> HomeStoreys | None:
        """Return the storeys above each origin, None where stairs are not counted."""
        homes = self._world.assessment.homes
        if homes is None or "storeys" not in self._causes:
            return homes
        world, random = self._world, self._random("storeys")
        step = self._limits.storeys_each
        known = world.storeys_known[world.storeys_known >= 1]
        row = world.assessment.origins.building_row
        buildings = len(world.assessment.district.buildings)
        moved = random.integers(-step, step + 1, buildings)[row]
        count = np.where(world.storeys_guessed, np.maximum(homes.count + moved, 1), homes.count)
        if len(known):
            drawn = random.choice(known, buildings).astype(np.int64)[row]
            count = np.where(homes.known, count, np.maximum(drawn - homes.below, 1))
        return replace(homes, count=count)


def confidence_values(found: Confidence) -> dict[str, Any]:
    """Return intervals and surveys as JSON values."""
    return {
        "level": found.bounds.level,
        "draws": found.bounds.draws,
        "seed": found.bounds.seed,
        "requirements": {id_: _plain(one) for id_, one in found.requirements.items()},
        "full_circle": _plain(found.full_circle),
        "surveys": [
            {
                "cause": one.cause,
                "part_of_variance": None if np.isnan(one.part) else round(one.part, 4),
                "count": one.count,
            }
            for one in found.surveys
        ],
    }


def _plain(found: Interval) -> dict[str, float] | None:
    if np.isnan(found.low):
        return None
    return {"low": round(found.low, 6), "high": round(found.high, 6)}
