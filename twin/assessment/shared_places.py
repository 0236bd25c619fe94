"""Facilities of several types, whose places nobody shared out among these.

The data gives a facility one number of places. Which part of them is for which type it does not
say, so every requirement counts all of them; that is said wherever figures of capacity stand.
"""

from __future__ import annotations

import numpy as np

from twin.arrays import Flags
from twin.language import Language, text
from twin.model.tables import Table


def shares_places(services: Table) -> Flags:
    """Return which open services state places and serve several types with them, shape (n,)."""
    texts, of_row = np.unique(services["types"].astype(str), return_inverse=True)
    several = np.array(["," in one for one in texts], bool)[of_row]
    flags: Flags = several & np.isfinite(services["capacity"]) & (services["status"] == "open")
    return flags


def shared_places_words(services: Table, in_language: Language | None = None) -> str:
    """Return what figures of capacity leave out because of such services; "" without any."""
    count = int(shares_places(services).sum())
    return text("capacity.shared", in_language, count=count) if count else ""
