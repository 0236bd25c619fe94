"""Older people counted as one: 老年人口 holds those of 60 and more, which are two of our bands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from layers.account import Account
from layers.problems import Severity
from layers.residents.people import age_shares
from layers.schema import ROLES
from layers.vocabulary.columns import first_named
from layers.vocabulary.values import numbers

if TYPE_CHECKING:
    import geopandas as gpd

_YOUNGER, _OLDEST = "age_60_79", "age_80_up"


def older_column(role: str, names: Sequence[str], used: Collection[str]) -> str | None:
    """Return the column of a file that counts older people as one, None where there is none.

    Parameters
    ----------
    role
        The layer's; others than those with people have none.
    names, used
        All columns of the file, and those that fill something already.
    """
    if not any(column.name == _YOUNGER for column in ROLES[role].columns):
        return None
    return first_named("age_60_up", [name for name in names if name not in used])


def split_older(
    role: str,
    frame: gpd.GeoDataFrame,
    named: gpd.GeoDataFrame,
    used: Collection[str],
    account: Account,
) -> gpd.GeoDataFrame:
    """Fill the two bands of older people from a column that counts both together.

    Where those of 80 and more are counted too, the rest is exact; else the two are parted as in the
    whole country (``people.toml``) and marked as estimated. Bands that the file has stay as they
    are.

    Parameters
    ----------
    role
        The layer's; others than those with people are left alone.
    frame, named
        As the file has it, and under the schema's names; not changed.
    used
        Columns of the file that fill something already.
    account
        Takes what was done.
    """
    columns = {column.name for column in ROLES[role].columns}
    found = older_column(role, [str(name) for name in frame.columns], used)
    if found is None or _YOUNGER in named.columns:
        return named
    older, _ = numbers(frame[found])
    known = np.isfinite(older) & (older >= 0)
    if not known.any():
        return named
    made = named.copy()
    if _OLDEST in named.columns:
        oldest, _ = numbers(named[_OLDEST])
        made[_YOUNGER] = np.where(oldest <= older, older - oldest, np.nan)
        account.note("older_parted", Severity.INFO, column=found)
        return made
    shares = age_shares()
    part = shares[_OLDEST] / (shares[_YOUNGER] + shares[_OLDEST])
    made[_OLDEST], made[_YOUNGER] = older * part, older * (1 - part)
    if "estimated" in columns:
        made["estimated"] = np.where(known, f"{_YOUNGER},{_OLDEST}", "")
    account.note("older_estimated", Severity.WARNING, column=found, percent=round(100 * part, 1))
    return made
