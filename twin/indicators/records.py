"""Findings as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.indicators.finding import Finding

if TYPE_CHECKING:
    import pandas as pd


def records(found: Mapping[str, Finding]) -> dict[str, Any]:
    """Return the figures of each indicator, and those by service, as JSON values.

    None stands for a figure that nobody or nothing stands behind, the text ``"inf"`` for one that
    is without bound (a time in which not enough people have the service). Values by home are left
    out; :class:`~twin.indicators.finding.Finding` has them.
    """
    return {
        name: {"summary": _rows(one.summary), "services": _rows(one.services)}
        for name, one in found.items()
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [str(name) for name in table.columns]
    values = (table[name].tolist() for name in columns)
    return [
        {name: _plain(value) for name, value in zip(columns, row, strict=True)}
        for row in zip(*values, strict=True)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return "inf" if isinstance(value, float) and math.isinf(value) else value
