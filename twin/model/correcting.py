"""What follows from a corrected figure: the columns that have to change with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.schema import AGE_BANDS

_PARTS = (*AGE_BANDS, "disabled")


def with_residents(record: Mapping[str, Any], residents: float) -> dict[str, float]:
    """Return the columns of a building that was found to have another number of residents.

    The age bands and people with disabilities keep their shares; what is not known stays unknown.

    Parameters
    ----------
    record
        The building as it is (:meth:`twin.model.tables.Table.record`).
    residents
        People; NaN for unknown, which the bands then are too.
    """
    before = float(record["residents"])
    values = {"residents": residents}
    known = {name: float(record[name]) for name in _PARTS if record[name] == record[name]}
    if before > 0:
        values |= {name: count * residents / before for name, count in known.items()}
    return values
