"""Which layer is what, and which of its columns says what: told by names, in plain score tables."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely

from layers.foreign import ForeignLayer
from layers.schema import ROLES, GeometryKind

_KINDS: tuple[GeometryKind, ...] = ("point", "line", "polygon")
_SHAPEFILE_NAME_LETTERS = 10

_NAME_IS_ROLE = 100
_NAME_IS_KNOWN = 20
_NAME_HAS_KNOWN = 8
_NAME_ENDS_KNOWN = 4
_LETTER = 0.1
_COLUMN_IS_EVIDENCE = 4
_ENOUGH = 4
"""One column that only such layers have, or a telling name, is the least that decides a role."""

IGNORE = "ignore"
"""In a user's choice of roles: leave this layer out."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("layers").joinpath("columns.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    """Return a name as it is compared: NFKC, lower case, without blanks and joining marks."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter not in " _-:·.")


def role_of(layer: ForeignLayer, chosen: Mapping[str, str] | None = None) -> str:
    """Tell a layer's role, or "" where nothing decides it.

    Parameters
    ----------
    layer
        As read.
    chosen
        The user's word: role (or `IGNORE`) by layer name or file name, which overrides all else.
    """
    for name in (layer.name, layer.file.name, layer.file.stem):
        if chosen and name in chosen:
            return chosen[name]
    scores = {role: _score(role, layer) for role in ROLES}
    best = max(scores, key=lambda role: scores[role])
    return best if scores[best] >= _ENOUGH else ""


def _score(role: str, layer: ForeignLayer) -> float:
    """Add up what speaks for a role; a geometry it cannot have rules it out."""
    if not set(ROLES[role].geometry) & set(_geometry_kinds(layer)):
        return 0
    names = set(map(str, layer.frame.columns))
    if layer.name == role and names >= {column.name for column in ROLES[role].columns}:
        return _NAME_IS_ROLE
    table = _tables()["roles"][role]
    known = {plain(name) for name in table["names"]}
    score = 0.0
    for name, worth in ((layer.name, 1.0), (layer.file.stem, 0.9), (layer.file.parent.name, 0.3)):
        score = max(score, _name_score(plain(name), known) * worth)
    evidence = {plain(name) for name in table.get("evidence", ())} & set(map(plain, names))
    return score + _COLUMN_IS_EVIDENCE * len(evidence)


def _name_score(name: str, known: set[str]) -> float:
    """Score a name by the known words in it: what stands last says what it is, as in 社区建筑."""
    if name in known:
        return _NAME_IS_KNOWN
    # Two letters of pinyin lie in too many names to mean anything inside a longer one.
    inside = [w for w in known if w in name and (len(w) > 3 or not w.isascii())]
    if not inside:
        return 0.0
    last = max((name.rindex(word) + len(word), len(word)) for word in inside)
    return _NAME_HAS_KNOWN + _NAME_ENDS_KNOWN * last[0] / len(name) + _LETTER * last[1]


def _geometry_kinds(layer: ForeignLayer) -> list[GeometryKind]:
    """Return the kinds that at least a fifth of the features have; all kinds for none at all."""
    geometries = np.asarray(layer.frame.geometry.array, dtype=object)
    dimension = shapely.get_dimensions(geometries)
    dimension = dimension[dimension >= 0]
    if not len(dimension):
        return list(_KINDS)
    share = np.bincount(dimension, minlength=3) / len(dimension)
    return [kind for kind, part in zip(_KINDS, share, strict=True) if part >= 0.2]


def columns_of(
    role: str, names: Sequence[str], chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Tell which foreign column fills which column of the schema.

    Parameters
    ----------
    role
        One of `layers.schema.ROLES`.
    names
        The file's columns.
    chosen
        The user's word, schema column to foreign column ("" for none), which overrides all else.

    Returns
    -------
    Schema column to foreign column; columns that nothing fills are absent. One foreign column
    serves two schema columns only where both know it by the same word (OSM's ``highway``).
    """
    wanted = ["id", *(column.name for column in ROLES[role].columns)]
    mapping = {name: name for name in wanted if name in names}
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain(name), name)
    own = set(mapping.values())
    for column in wanted:
        if column in mapping:
            continue
        for word in _words(column):
            found = by_plain.get(word)
            if found is not None and found not in own and found != "geometry":
                mapping[column] = found
                break
    mapping.update(chosen or {})
    return {column: found for column, found in mapping.items() if found in names}


def type_columns(names: Sequence[str]) -> list[str]:
    """Return the columns that may say what kind of service a place is, best first."""
    by_plain = {plain(name): name for name in reversed(names)}
    return [by_plain[word] for word in _words("types") if word in by_plain]


@cache
def _words(column: str) -> tuple[str, ...]:
    """Return what a schema column may be called, best first, in the compared form."""
    words: Iterable[str] = _tables()["columns"].get(column, {}).get("any", ())
    own = [column, column[:_SHAPEFILE_NAME_LETTERS]]
    return tuple(dict.fromkeys(plain(word) for word in [*own, *words]))
