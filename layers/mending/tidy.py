"""Making a layer tidy: exactly the schema's columns and kinds, mended geometry, unique ids."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import plausible
from layers.mending.repair import repair_geometry
from layers.problems import Problem, Severity
from layers.schema import ROLES, Role, unknown_column
from layers.vocabulary.values import identifiers, says_nothing, understand

_MOST_EXAMPLES = 5


def tidy(
    role: str, frame: gpd.GeoDataFrame, source: str = "", *, keep_heights: bool = False
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Return a layer in the schema's form, and everything that had to be done to it.

    The result has a fresh index and the columns ``id``, the role's columns in the schema's order,
    and ``geometry``. Tidying a tidy layer changes nothing and finds nothing.

    Parameters
    ----------
    role
        One of `layers.schema.ROLES`.
    frame
        Columns already named as in the schema (others are left out); in a metric CRS.
    source
        File and layer, for the problems.
    keep_heights
        Leave heights in the coordinates; noding tells by them what passes over what.
    """
    shape = ROLES[role]
    account = Account(role, source)
    made = _with_kinds(shape, frame.reset_index(drop=True), account)
    made = repair_geometry(shape, made, account, keep_heights=keep_heights)
    made = _without_duplicates(made, account)
    made = _plausible(role, made, account)
    words = {column.name: object for column in shape.columns if column.kind == "text"}
    return made.astype(words), account.problems


def _with_kinds(role: Role, frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Bring every column to the schema's kind; report what was not understood."""
    ids = _identifiers(frame, account)
    columns: dict[str, NDArray[np.generic]] = {"id": ids}
    for column in role.columns_among(map(str, frame.columns)):
        if column.name not in frame.columns:
            columns[column.name] = unknown_column(column, len(frame))
            continue
        columns[column.name], odd = understand(column, frame[column.name])
        if odd.any():
            said = frame[column.name][odd].astype(str).unique()[:_MOST_EXAMPLES]
            facts = {"column": column.name, "examples": ", ".join(said)}
            account.add("values_not_understood", Severity.WARNING, ids[odd], **facts)
    if role.name == "buildings":
        _report_assumed_use(frame, ids, account)
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.array, crs=frame.crs)


def _report_assumed_use(frame: gpd.GeoDataFrame, ids: NDArray[np.int64], account: Account) -> None:
    """Say where a building counts as residential only because nothing says otherwise."""
    silent = np.ones(len(frame), dtype=np.bool_)
    if "use" in frame.columns:
        silent = says_nothing(ROLES["buildings"].column("use"), frame["use"])
    account.add("use_assumed", Severity.INFO, ids[silent])


def _identifiers(frame: gpd.GeoDataFrame, account: Account) -> NDArray[np.int64]:
    """Keep the file's ids where they are unique whole numbers; number the other features.

    Features without an id, and all but the first of those that share one, get the numbers after
    the highest. Where most ids would fall away, the column is no id and all are numbered from 1.
    """
    count = len(frame)
    counted = np.arange(1, count + 1, dtype=np.int64)
    if "id" not in frame.columns:
        account.note("ids_numbered", Severity.INFO, count=count)
        return counted
    exact, _ = identifiers(frame["id"])
    good = exact >= 0
    good &= ~pd.Series(np.where(good, exact, -1 - counted)).duplicated().to_numpy()
    if good.all():
        return exact
    if good.sum() * 2 < count:
        account.note("ids_numbered", Severity.INFO, count=count)
        return counted
    ids: NDArray[np.int64] = np.where(good, exact, 0)
    ids[~good] = ids.max() + 1 + np.arange((~good).sum())
    account.add("ids_renumbered", Severity.REPAIRED, ids[~good])
    return np.asarray(ids)


def _without_duplicates(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Drop features that equal an earlier one in geometry and every column."""
    if len(frame) < 2:
        return frame
    attributes = frame.drop(columns=["id", "geometry"])
    shape = shapely.to_wkb(shapely.normalize(np.asarray(frame.geometry.array)))
    again = attributes.assign(_shape=shape).duplicated().to_numpy()
    account.add("duplicates_dropped", Severity.REPAIRED, frame["id"].to_numpy()[again])
    return frame.loc[~again].reset_index(drop=True) if again.any() else frame


def _plausible(role: str, frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Set values that cannot be to "unknown"."""
    bounds = plausible(role)
    for column in ROLES[role].columns_among(map(str, frame.columns)):
        name = column.name
        if (column.of or name) not in bounds:
            continue
        low, high = bounds[column.of or name]
        values = frame[name].to_numpy()
        absurd = (values < low) | (values > high)
        if absurd.any():
            worst = float(values[absurd][np.argmax(np.abs(values[absurd]))])
            ids = frame["id"].to_numpy()[absurd]
            account.add("values_absurd", Severity.REPAIRED, ids, column=name, example=worst)
            frame = frame.assign(**{name: np.where(absurd, np.nan, values)})
    return frame
