"""What the names of layers and columns speak for, by plain tables; the guesser decides."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely

from layers.files.foreign import ForeignLayer
from layers.schema import ROLES, GeometryKind
from layers.years import column_of_year, year_in

_KINDS: tuple[GeometryKind, ...] = ("point", "line", "polygon")
_SHAPEFILE_NAME_BYTES = 10
_CUT_IN = ("utf-8", "gb18030")
"""Encodings in which names are cut: ten bytes are three Chinese letters in one, else five."""

_NAME_IS_ROLE = 100
NAME_IS_KNOWN = 20
_NAME_HAS_KNOWN = 8
_NAME_ENDS_KNOWN = 4
_LETTER = 0.1
_COLUMN_IS_EVIDENCE = 4
ENOUGH = 4
"""One column that only such layers have, or a telling name, is the least that decides a role."""

IGNORE = "ignore"
"""In a user's choice of roles: leave this layer out."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(
        files("layers.vocabulary").joinpath("columns.toml").read_text(encoding="utf-8")
    )


def plain(name: str) -> str:
    """Return a name as it is compared: NFKC, lower case, without blanks and joining marks."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter not in " _-:·.")


def chosen_role(layer: ForeignLayer, chosen: Mapping[str, str] | None) -> str | None:
    """Return the user's word for a layer, by its name or its file's; None where there is none."""
    names = (layer.name, layer.file.name, layer.file.stem)
    return next((chosen[name] for name in names if chosen and name in chosen), None)


def role_scores(layer: ForeignLayer) -> dict[str, float]:
    """Return what a layer's names and geometry say for each role; `ENOUGH` decides."""
    return {role: _score(role, layer) for role in ROLES}


def _score(role: str, layer: ForeignLayer) -> float:
    """Add up what speaks for a role; a geometry it cannot have rules it out."""
    if not set(ROLES[role].geometry) & set(geometry_kinds(layer)):
        return 0
    names = set(map(str, layer.frame.columns))
    if layer.name == role and names >= {column.name for column in ROLES[role].columns}:
        return _NAME_IS_ROLE
    table = _tables()["roles"][role]
    known = {plain(name) for name in table["names"]}
    alone = {plain(name) for name in table.get("names_alone", ())}
    score = 0.0
    for name, worth in ((layer.name, 1.0), (layer.file.stem, 0.9), (layer.file.parent.name, 0.3)):
        own = NAME_IS_KNOWN if plain(name) in alone else _name_score(plain(name), known)
        score = max(score, own * worth)
    evidence = {plain(name) for name in table.get("evidence", ())} & set(map(plain, names))
    return score + _COLUMN_IS_EVIDENCE * len(evidence)


def _name_score(name: str, known: set[str]) -> float:
    """Score a name by the known words in it: what stands last says what it is, as in 社区建筑."""
    if name in known:
        return NAME_IS_KNOWN
    # Two letters of pinyin lie in too many names to mean anything inside a longer one.
    inside = [w for w in known if w in name and (len(w) > 3 or not w.isascii())]
    if not inside:
        return 0.0
    last = max((name.rindex(word) + len(word), len(word)) for word in inside)
    return _NAME_HAS_KNOWN + _NAME_ENDS_KNOWN * last[0] / len(name) + _LETTER * last[1]


def geometry_kinds(layer: ForeignLayer) -> list[GeometryKind]:
    """Return the kinds that at least a fifth of the features have; all kinds for none at all.

    Parameters
    ----------
    layer
        As read.
    """
    geometries = np.asarray(layer.frame.geometry.array, dtype=object)
    dimension = shapely.get_dimensions(geometries)
    dimension = dimension[dimension >= 0]
    if not len(dimension):
        return list(_KINDS)
    share = np.bincount(dimension, minlength=3) / len(dimension)
    return [kind for kind, part in zip(_KINDS, share, strict=True) if part >= 0.2]


def candidates(role: str, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the foreign columns that may fill each schema column by their names, best first.

    A column that has the schema's own name stands alone, and fills nothing else. Where nothing but
    columns with a year speak for one of today, the latest whose year has come does, unless a word
    says that it was foreseen.
    """
    wanted = ["id", *(column.name for column in ROLES[role].columns_among(names))]
    own = {name for name in wanted if name in names}
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain(name), name)
    found: dict[str, tuple[str, ...]] = {column: (column,) for column in wanted if column in own}
    whole = {word for column in wanted for word in _words(column)}
    cut = Counter(word for column in wanted if column != "id" for word in _cut_words(column))
    for column in wanted:
        if column in own:
            continue
        # What is left of a long name may be left of the name of something else as well.
        short = [word for word in _cut_words(column) if word not in whole and cut[word] < 2]
        named = [by_plain[word] for word in (*_words(column), *short) if word in by_plain]
        free = tuple(name for name in named if name not in own and name != "geometry")
        if free:
            found[column] = free
    for column in ROLES[role].of_years:
        of_years, counted = _named_with_years(column, [name for name in names if name not in own])
        found |= {name: these for name, these in of_years.items() if name not in own}
        if column not in found and counted:
            found[column] = counted
    return found


def _named_with_years(
    column: str, names: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return which columns may stand for another year, and the latest of today or before.

    ``2035年规划人口`` is called like the residents but for a year and a word that says "planned".
    """
    words, foreseen = set(_words(column)), [plain(word) for word in _tables()["years"]["foreseen"]]
    found: dict[str, tuple[str, ...]] = {}
    counted: dict[int, str] = {}
    for name in names:
        rest, year = year_in(name) or ("", 0)
        left = plain(rest)
        cores = {left.removeprefix(word) for word in foreseen}
        cores |= {left.removesuffix(word) for word in foreseen}
        if left in words:
            counted.setdefault(year, name)
        elif not cores & words:
            continue
        key = column_of_year(column, year)
        found[key] = (*found.get(key, ()), name)
    today = datetime.now(UTC).year
    past = [year for year in counted if year <= today]
    return found, (counted[max(past)],) if past else ()


def first_named(column: str, names: Sequence[str]) -> str | None:
    """Return the first of the names by which something is called, None where none is there."""
    by_plain = {plain(name): name for name in reversed(names)}
    words = (*_words(column), *_cut_words(column))
    return next((by_plain[word] for word in words if word in by_plain), None)


def type_columns(names: Sequence[str]) -> list[str]:
    """Return the columns that may say what kind of service a place is, best first."""
    by_plain = {plain(name): name for name in reversed(names)}
    words = (*_words("types"), *_cut_words("types"))
    return [by_plain[word] for word in words if word in by_plain]


def key_columns(names: Sequence[str]) -> list[str]:
    """Return the columns that may say which feature is meant: its number, its name, its address."""
    words = {word for column in ("id", "building_id", "name", "address") for word in _words(column)}
    words -= {plain(word) for word in _tables()["of_programs"]["running"]}
    return [name for name in names if plain(name) in words and not is_of_programs(name)]


def may_be_key(name: str) -> bool:
    """Tell whether a column may say which feature is meant: not if it only counts rows."""
    counting = {plain(word) for word in _tables()["of_programs"]["running"]}
    return plain(name) not in counting and not is_of_programs(name)


def is_of_programs(name: str) -> bool:
    """Tell whether a column is one that programs add for themselves."""
    return plain(name) in {plain(word) for word in _tables()["of_programs"]["any"]}


@cache
def _words(column: str) -> tuple[str, ...]:
    """Return what a schema column may be called, best first, in the compared form."""
    words: Iterable[str] = _tables()["columns"].get(column, {}).get("any", ())
    return tuple(dict.fromkeys(plain(word) for word in [column, *words]))


@cache
def _cut_words(column: str) -> tuple[str, ...]:
    """Return what shapefiles leave of the longer names of a schema column, in the compared form."""
    words = [column, *_tables()["columns"].get(column, {}).get("any", ())]
    made = [
        word.encode(codec)[:_SHAPEFILE_NAME_BYTES].decode(codec, "ignore")
        for word in words
        for codec in _CUT_IN
        if len(word.encode(codec)) > _SHAPEFILE_NAME_BYTES
    ]
    return tuple(dict.fromkeys(plain(word) for word in made))
