"""What an indicator found, as tidy tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from twin.arrays import Floats
from twin.indicators.circle import Circle, Scope

if TYPE_CHECKING:
    import pandas as pd

NONE = float("nan")


class Figure(NamedTuple):
    """One number: what, at which level or threshold (NaN where it has none), and its unit."""

    name: str
    at: float
    value: float
    unit: str


class Row(NamedTuple):
    """A figure of some people under one requirement ("" for the whole district's supply)."""

    requirement: str
    scope: str
    of: str
    figure: str
    at: float
    value: float
    unit: str


@dataclass(frozen=True, eq=False)
class Part:
    """What an indicator found under one requirement.

    Parameters
    ----------
    rows
        Figures of district, communities and groups.
    origins
        Values by origin, shape (n,) each.
    services
        Values by service, shape (s,) each; ``service_id`` among them.
    """

    rows: Sequence[Row] = ()
    origins: Mapping[str, Floats] = field(default_factory=dict)
    services: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Finding:
    """What an indicator found.

    Parameters
    ----------
    summary
        A row per figure: ``requirement``, ``scope`` (``district``, ``community`` or ``group``),
        ``of`` (which one), ``figure``, ``at``, ``value``, ``unit``. Figures that nobody stands
        behind are NaN.
    origins
        A row per requirement and origin: ``requirement``, ``building_id``, ``entrance_id``,
        ``people`` (of the requirement's group) and a column per value. Empty where the indicator
        is not about homes.
    services
        A row per requirement and service: ``requirement``, ``service_id`` and a column per value.
        Empty where the indicator is not about services.
    """

    summary: pd.DataFrame
    origins: pd.DataFrame
    services: pd.DataFrame

    def buildings(self) -> pd.DataFrame:
        """Return a row per requirement and building: its people and the mean over them.

        Stair units count by their people of the requirement's group; a value is NaN where the
        building has none of them, inf where one of them is unreached.
        """
        if self.origins.empty:
            return self.origins.drop(columns=["entrance_id"], errors="ignore")
        keys = ["requirement", "building_id"]
        some = self.origins["people"] > 0
        values = self.origins.columns.difference([*keys, "entrance_id", "people"], sort=False)
        weighted = self.origins[values].mul(self.origins["people"], axis=0).where(some, 0.0)
        import pandas as pd  # slow to load

        table = pd.concat([self.origins[[*keys, "people"]], weighted], axis=1)
        summed = table.groupby(keys, sort=False).sum()
        people = summed["people"].where(summed["people"] > 0)
        summed[values] = summed[values].div(people, axis=0)
        return summed.reset_index()


Measure: TypeAlias = Callable[[Circle], Part]


def rows_of(
    circle: Circle, scopes: Iterable[Scope], measure: Callable[[Floats], Iterable[Figure]]
) -> list[Row]:
    """Return the figures that `measure` finds for the people of each scope."""
    requirement = circle.result.requirement.id
    return [
        Row(requirement, scope.kind, scope.of, *figure)
        for scope in scopes
        for figure in measure(scope.people)
    ]


def finding_of(parts: Sequence[tuple[Circle, Part]], whole: Part) -> Finding:
    """Return the tidy tables of an indicator's parts."""
    rows = [row for _, part in parts for row in part.rows] + list(whole.rows)
    homes = [_of_origins(circle, part) for circle, part in parts if part.origins]
    services = [_of_services(circle, part) for circle, part in parts if part.services]
    import pandas as pd

    return Finding(pd.DataFrame(rows, columns=Row._fields), _joined(homes), _joined(services))


def _of_origins(circle: Circle, part: Part) -> pd.DataFrame:
    origins = circle.assessment.origins
    import pandas as pd

    return pd.DataFrame(
        {
            "requirement": circle.result.requirement.id,
            "building_id": origins.building_id,
            "entrance_id": origins.entrance_id,
            "people": circle.people,
            **part.origins,
        }
    )


def _of_services(circle: Circle, part: Part) -> pd.DataFrame:
    table = {"requirement": circle.result.requirement.id, "service_id": circle.service_id}
    import pandas as pd

    return pd.DataFrame({**table, **part.services})


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def safe_share(part: float, whole: float) -> float:
    """Return `part` / `whole`, NaN where there is no whole."""
    return float(part / whole) if whole > 0 else float(np.nan)
