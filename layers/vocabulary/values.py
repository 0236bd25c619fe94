"""Understanding single columns: numbers in text, words for yes and no, words of a closed set."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.schema import Column, unknown_column

Understood = tuple[NDArray[Any], NDArray[np.bool_]]
"""Values, and a mask of those that said something that was not understood."""

_NUMBER = r"([-+]?\d+(?:\.\d+)?)"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(
        files("layers.vocabulary").joinpath("values.toml").read_text(encoding="utf-8")
    )


def understand(column: Column, foreign: pd.Series) -> Understood:
    """Bring a foreign column to the kind that the schema wants.

    Parameters
    ----------
    column
        The schema's column.
    foreign
        Values as the file has them, of any dtype.

    Returns
    -------
    Values of the column's dtype (unknown where nothing was said), and the mask of rows that hold
    something which was not understood.
    """
    if column.kind == "number":
        return numbers(foreign)
    if column.kind == "id":
        return identifiers(foreign)
    if column.kind == "flag":
        return _flags(foreign)
    if column.choices:
        return _choices(column, foreign)
    if column.name == "types":
        return service_types(foreign, coded=True)
    return texts(foreign), np.zeros(len(foreign), dtype=np.bool_)


def texts(foreign: pd.Series) -> NDArray[Any]:
    """Return stripped strings, "" for nothing; whole numbers are written without a point."""
    if pd.api.types.is_float_dtype(foreign.dtype):
        whole = np.isfinite(foreign) & (foreign == foreign.round())
        written = foreign.astype(object).where(~whole, foreign.where(whole, 0).astype("int64"))
        return _strings(written)
    return _strings(foreign)


def _strings(foreign: pd.Series) -> NDArray[Any]:
    present = foreign.notna().to_numpy(dtype=np.bool_)
    if pd.api.types.infer_dtype(foreign, skipna=True) == "bytes":
        return np.full(len(foreign), "", dtype=object)  # pictures and the like are no words
    written = foreign.astype(object).astype(str).str.strip().to_numpy(dtype=object)
    return np.asarray(np.where(present, written, "").astype(object))


def numbers(foreign: pd.Series) -> Understood:
    """Return float64; in text the first number counts, as in ``12层`` or ``约 18.5 m``."""
    if pd.api.types.is_datetime64_any_dtype(foreign.dtype):
        return foreign.dt.year.to_numpy(dtype=np.float64, na_value=np.nan), _none(foreign)
    if pd.api.types.is_numeric_dtype(foreign.dtype):
        values = foreign.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan), np.isinf(values)
    said = pd.Series(_strings(foreign)).str.normalize("NFKC")
    plain = said.str.replace(r"(?<=\d),(?=\d{3}(?:\D|$))", "", regex=True)
    plain = plain.str.replace(r"(?<=\d),(?=\d)", ".", regex=True)
    found = plain.str.extract(_NUMBER, expand=False)
    values = pd.to_numeric(found, errors="coerce").to_numpy(dtype=np.float64)
    empty = said.str.lower().isin([*_words()["nothing"], ""]).to_numpy()
    return values, np.isnan(values) & ~empty


def identifiers(foreign: pd.Series) -> Understood:
    """Return whole numbers as int64, -1 for none; text must be a whole number and nothing else."""
    if pd.api.types.is_integer_dtype(foreign.dtype) and not foreign.hasnans:
        return foreign.to_numpy(dtype=np.int64), _none(foreign)
    if pd.api.types.is_numeric_dtype(foreign.dtype):
        values = foreign.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        written = pd.Series(texts(foreign))
        plain = written.where(written.str.fullmatch(r"\d{1,15}"))
        values = pd.to_numeric(plain).to_numpy(dtype=np.float64, na_value=np.nan)
    whole = np.isfinite(values) & (values == np.round(values)) & (np.abs(values) < 2**53)
    made = np.where(whole, np.nan_to_num(values), -1).astype(np.int64)
    said = foreign.notna().to_numpy() & (texts(foreign) != "")
    return made, said & ~whole


def _flags(foreign: pd.Series) -> Understood:
    if pd.api.types.is_bool_dtype(foreign.dtype):
        return foreign.to_numpy(dtype=np.bool_, na_value=False), _none(foreign)
    if pd.api.types.is_numeric_dtype(foreign.dtype):
        return foreign.fillna(0).to_numpy(dtype=np.float64) > 0, _none(foreign)
    said = pd.Series(texts(foreign)).str.lower()
    yes = said.isin(_words()["yes"]).to_numpy()
    no = said.isin([*_words()["no"], *_words()["nothing"], ""]).to_numpy()
    return yes, ~yes & ~no


def _choices(column: Column, foreign: pd.Series) -> Understood:
    said = pd.Series(texts(foreign)).str.lower()
    words: Mapping[str, str] = _words().get(column.name, {})
    known = {**words, **{choice: choice for choice in column.choices}}
    known = {word: choice for word, choice in known.items() if choice in column.choices}
    meant = said.map(known)
    understood = meant.notna().to_numpy()
    values = np.where(understood, meant.to_numpy(), unknown_column(column, len(foreign)))
    return np.asarray(values.astype(object)), ~understood & ~says_nothing(column, foreign)


def says_nothing(column: Column, foreign: pd.Series) -> NDArray[np.bool_]:
    """Tell which rows are empty, or hold a word that means "unknown"."""
    words = [*_words()["nothing"], *_words().get(f"unsaid_{column.name}", ()), ""]
    said = pd.Series(texts(foreign)).str.lower()
    return np.asarray(said.isin(words), dtype=np.bool_)


def service_types(foreign: pd.Series, *, coded: bool) -> Understood:
    """Bring each word of a list joined by commas to the id of a service type.

    Parameters
    ----------
    foreign
        Words, several joined by commas or the like.
    coded
        The column holds ids of types, not words: an unknown word that has the form of an id stays
        (new types need no code here). Elsewhere it would be any word (OSM's ``bench``).
    """
    said = pd.Series(texts(foreign))
    words = said.str.split(r"[,;，；、|]").explode().str.strip()
    meant = words.str.lower().map(_words()["service_type"])
    ids = set(_words()["service_type"].values())
    stays = words.str.fullmatch(r"[a-z][a-z0-9_]*").fillna(False) if coded else words.isin(ids)
    listed = meant.where(meant.notna(), words.where(stays.astype(bool)))
    odd = (listed.isna() & words.fillna("").ne("")).groupby(level=0).any().to_numpy()
    joined = listed.dropna().groupby(level=0).agg(",".join).reindex(said.index, fill_value="")
    return joined.to_numpy(dtype=object), odd


def meanings(
    column: Column, foreign: pd.Series, decided: Mapping[str, object]
) -> list[tuple[str, int, str]]:
    """Return the words of a column that holds one of a closed set, or types of service.

    Parameters
    ----------
    column
        The schema's column.
    foreign
        Values as the file has them.
    decided
        What the user says that words mean.

    Returns
    -------
    Word, in how many rows it stands, and what it is taken for ("" where it is not understood); the
    most frequent first.
    """
    counts = pd.Series(texts(foreign)).replace("", np.nan).dropna().value_counts()
    said = pd.Series(counts.index, dtype=object)
    if column.name == "types":
        values, odd = service_types(said, coded=foreign.name == "types")
    else:
        values, odd = understand(column, said)
    known = {word.strip().casefold(): str(value) for word, value in decided.items()}
    return [
        (str(word), int(count), known.get(str(word).casefold(), "" if wrong else str(value)))
        for word, count, value, wrong in zip(said, counts, values, odd, strict=True)
    ]


def is_storey_words(foreign: pd.Series) -> NDArray[np.bool_]:
    """Tell which words say a number of storeys by themselves: ``6层``, ``18F``, ``地上6层``."""
    said = pd.Series(texts(foreign)).str.normalize("NFKC")
    found = said.str.fullmatch(r"(地上|共|总)?\d{1,3}\s*(层|[Ff])")
    return np.asarray(found.fillna(False), dtype=np.bool_)


def _none(foreign: pd.Series) -> NDArray[np.bool_]:
    return np.zeros(len(foreign), dtype=np.bool_)
