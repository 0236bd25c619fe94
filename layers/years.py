"""Columns that stand for another year, such as ``residents_2035``.

Offices name the people that they foresee ``pop_2030``, ``人口2035`` or ``2035年规划人口``; what may
stand beside the year is in ``columns.toml``.
"""

from __future__ import annotations

import re
import unicodedata

_YEAR = re.compile(r"\(?(?<!\d)((?:19|20|21)\d\d)(?!\d)\s*(?:年[末底]?)?\)?")
_OF_YEAR = re.compile(r"(.+)_((?:19|20|21)\d\d)")


def year_in(name: str) -> tuple[str, int] | None:
    """Return what is left of a foreign column's name without the one year in it, and the year."""
    folded = unicodedata.normalize("NFKC", name)
    years = _YEAR.findall(folded)
    return (_YEAR.sub("", folded), int(years[0])) if len(years) == 1 else None


def column_of_year(column: str, year: int) -> str:
    """Return what a schema column of another year is called."""
    return f"{column}_{year}"


def of_year(name: str) -> tuple[str, int] | None:
    """Return the schema column and the year of which `name` is, None where it is of no year."""
    found = _OF_YEAR.fullmatch(name)
    return (found[1], int(found[2])) if found else None
