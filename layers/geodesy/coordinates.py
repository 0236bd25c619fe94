"""Coordinates as people write them in tables: degrees and minutes, commas, both in one cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SIDE = "[NSEWnsew东南西北]"
_DEGREES = (
    rf"^(?P<before>{_SIDE})?[经纬:\s]*(?P<d>[-+]?\d{{1,3}})\s*(?:[°度]|\s)\s*"
    r"(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:['′’‘´`分]|\s|$)\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\"″”“秒]|['′’´]{2})?)?\s*"
    rf"(?P<after>{_SIDE})?[经纬]?$"
)
_DECIMAL = (
    rf"^(?P<before>{_SIDE})?[经纬:\s]*(?P<d>[-+]?\d+(?:\.\d+)?)\s*[°度]?\s*(?P<after>{_SIDE})?$"
)
_NEGATIVE = r"[SsWw南西]"
_THOUSANDS = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_COMMA = r"[-+]?\d+,\d+"
_TWO = (
    r"^[\[(（]?\s*(?P<one>[-+]?\d+(?:\.\d+)?)\s*[,，;；、\s]"
    r"\s*(?P<two>[-+]?\d+(?:\.\d+)?)\s*[\])）]?$"
)
_MOST_PARTS = 60.0


def coordinates(written: pd.Series, *, degrees: bool) -> Floats:
    """Return coordinates that are numbers, or written as people do; NaN for anything else.

    Understood are ``114°18′30″``, ``114度18分30秒E``, ``N30 35 12``, ``114.3°``, a comma in place
    of the point and commas between thousands. Where a comma could be either, it parts thousands
    unless the column holds degrees.

    Parameters
    ----------
    written
        One of the two columns, of any dtype.
    degrees
        The column's name says longitude or latitude.
    """
    said = written.fillna("").astype(str).str.strip()
    made = pd.to_numeric(said, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    odd = np.isnan(made) & (said != "").to_numpy()
    if odd.any():
        made[odd] = _as_written(said[odd], degrees=degrees)
    return np.asarray(np.where(np.isfinite(made), made, np.nan))


def _as_written(said: pd.Series, *, degrees: bool) -> Floats:
    # NFKC makes two primes of the sign for seconds and a letter of one for degrees.
    words = said.str.replace("º", "°").str.normalize("NFKC").str.strip()
    grouped = words.str.fullmatch(_THOUSANDS).to_numpy(dtype=np.bool_)
    comma = words.str.fullmatch(_COMMA).to_numpy(dtype=np.bool_)
    thousands = grouped & ~(comma & degrees)
    words = words.where(~thousands, words.str.replace(",", ""))
    words = words.where(~(comma & ~thousands), words.str.replace(",", "."))
    parts = words.str.extract(_DEGREES)
    whole, minutes, seconds = (
        pd.to_numeric(parts[name], errors="coerce").to_numpy(dtype=np.float64) for name in "dms"
    )
    seconds = np.nan_to_num(seconds)
    value = np.abs(whole) + minutes / 60 + seconds / 3600
    value = np.where((minutes < _MOST_PARTS) & (seconds < _MOST_PARTS), value, np.nan)
    value *= _sign(parts["before"], parts["after"], parts["d"])
    plain = words.str.extract(_DECIMAL)
    number = pd.to_numeric(plain["d"], errors="coerce").to_numpy(dtype=np.float64)
    number = np.abs(number) * _sign(plain["before"], plain["after"], plain["d"])
    return np.asarray(np.where(np.isnan(value), number, value), dtype=np.float64)


def _sign(before: pd.Series, after: pd.Series, number: pd.Series) -> Floats:
    """Return -1 for south, west and a minus sign, else 1."""
    side = before.fillna("") + after.fillna("")
    below = side.str.contains(_NEGATIVE) | number.fillna("").str.startswith("-")
    return np.where(below.to_numpy(dtype=np.bool_), -1.0, 1.0)


def both_in_one(written: pd.Series) -> tuple[Floats, Floats]:
    """Return the two numbers of cells that hold both (``114.3,30.6``), as they are written.

    Returns
    -------
    The first and the second, NaN where a cell is not two numbers.
    """
    said = written.fillna("").astype(str).str.strip().str.extract(_TWO)
    one, two = (
        pd.to_numeric(said[name], errors="coerce").to_numpy(dtype=np.float64)
        for name in ("one", "two")
    )
    return one, two
