"""A district as it will be: which statuses of services count as there."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from layers.schema import SERVICE_STATUSES
from twin.district import District
from twin.memo import Memo
from twin.tables import Table

TODAY: frozenset[str] = frozenset({"open"})
"""What counts unless somebody asks for another horizon."""

_services: Memo[Table] = Memo(16)


def at_horizon(district: District, statuses: Set[str] = TODAY) -> District:
    """Return the district with services of these statuses open and all others closed.

    Everything that reads a district then agrees on what is there, with no further switch.

    Parameters
    ----------
    statuses
        Of :data:`layers.schema.SERVICE_STATUSES`; ``{"open", "planned"}`` is a district after
        what is planned has been built.

    Raises
    ------
    ValueError
        Where a status is none of these.
    """
    if unknown := set(statuses) - set(SERVICE_STATUSES):
        raise ValueError(f"no status of a service: {', '.join(sorted(unknown))}")
    if statuses == TODAY:
        return district
    services, key = district.services, tuple(sorted(statuses))
    return district.with_table(_services.get((services,), lambda: _open(services, key), key))


def _open(services: Table, statuses: tuple[str, ...]) -> Table:
    there = np.isin(services["status"].astype(str), statuses)
    return services.with_columns({"status": np.where(there, "open", "closed").astype(object)})
