"""When gates are open: `opening_hours`, or a condition of access that is about the hour alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.osm.tags import rules
from layers.vocabulary.hours import hours_beside, week

_CONDITION = re.compile(r"(?P<value>\w+)\s*@\s*(?:\((?P<within>[^@()]*)\)|(?P<bare>[^@();]*))")
"""One condition: ``no @ (22:00-06:00)``, ``no @ 22:00-06:00``."""


@dataclass(frozen=True, eq=False)
class GateHours:
    """Status and hours of gates, as of the schema, and which say something that is not read."""

    status: NDArray[np.object_]
    hours: NDArray[np.object_]
    unread: NDArray[np.bool_]


def gate_hours(tags: pd.DataFrame, status: NDArray[np.object_]) -> GateHours:
    """Return when gates are open.

    Opening hours go before a condition of access. Hours that cannot be read are kept as they are
    written, for a person to mend, and a gate that has them keeps its status at any hour.

    Parameters
    ----------
    tags
        Of the gates.
    status
        Of the gates, by what they say without regard to the hour.
    """
    hours = tags["opening_hours"].to_numpy(dtype=object).copy()
    kinds, of_row = np.unique(hours.astype(str), return_inverse=True)
    known = np.array([said == "" or week(said) is not None for said in kinds.tolist()], np.bool_)
    unread = ~known[of_row]
    status = status.copy()
    asked = pd.DataFrame({"condition": _conditions(tags), "status": status})
    asked = asked[(asked["condition"] != "") & (hours == "")]
    for (condition, was), rows in asked.groupby(["condition", "status"]).groups.items():
        read = _conditional(str(condition), str(was))
        unread[rows] = read is None
        if read is not None:
            status[rows], hours[rows] = read
    return GateHours(status, hours, unread)


def _conditions(tags: pd.DataFrame) -> NDArray[np.object_]:
    """Return the condition on walkers: ``foot`` says more of them than ``access``."""
    on_foot = tags["foot:conditional"].to_numpy(dtype=object)
    of_all = np.where(tags["foot"] == "", tags["access:conditional"], "")
    return np.asarray(np.where(on_foot == "", of_all, on_foot), dtype=object)


def _conditional(condition: str, status: str) -> tuple[str, str] | None:
    """Return status and hours under a condition; None where they cannot say it.

    A gate of residents that opens to all at some hours is one that no status and hours can say;
    nor is one that is left to residents at some.
    """
    found = _CONDITION.fullmatch(condition.strip())
    holds = week(found["within"] or found["bare"] or "") if found else None
    if found is None or holds is None:
        return None
    rule = rules("walking")["gates"]["conditions"]
    if found["value"] in rule["shuts"]:
        return status, "" if status == "closed" else hours_beside(holds)
    if found["value"] in rule["opens"] and status != "residents":
        return "open", (found["within"] or found["bare"]).strip()
    return None
