"""What a layer is and what its columns say, guessed from names and values, each with a confidence.

Names propose, values decide: a column called ``DT`` fills "lift" only where it does not hold dates,
and a column called ``f3`` fills "use" where its words are uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.files.foreign import ForeignLayer
from layers.limits import limit, plausible
from layers.schema import ROLES, Column
from layers.vocabulary.columns import (
    ENOUGH,
    NAME_IS_KNOWN,
    candidates,
    chosen_role,
    geometry_kinds,
    role_scores,
)
from layers.vocabulary.values import is_storey_words, says_nothing, service_types, texts, understand

Ground = Literal["chosen", "schema", "name", "values", "nothing"]
"""What a guess rests on; ``chosen`` is the user's word, ``schema`` our own name for it."""

_VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "services": ("types",),
    "buildings": ("use", "storeys"),
    "streets": ("road_class", "kind"),
    "sites": ("kind",),
}
"""Columns of a role whose words give it away, whatever the column and the layer are called."""

_METRES_PER_DEGREE = 111_320.0
"""Of latitude, near enough to tell a house from a quarter."""

_SHORT_ASCII = 2
"""Names of two Latin letters (``LC``, ``DT``) are abbreviations of many things."""


@dataclass(frozen=True)
class Guess:
    """One thing that was told of a layer.

    Parameters
    ----------
    value
        A role, or the name of a foreign column; "" where nothing was found.
    confidence
        From 0 to 1; 1 is what was stated, by the user or by our own names.
    ground
        What it rests on.
    """

    value: str
    confidence: float = 1.0
    ground: Ground = "chosen"


def guess_role(layer: ForeignLayer, chosen: Mapping[str, str] | None = None) -> Guess:
    """Tell a layer's role from the user's word, else from names, geometry and values.

    Parameters
    ----------
    layer
        As read.
    chosen
        The user's word: role (or ``ignore``) by layer name or file name.

    Returns
    -------
    A role's name; "" where nothing decides it. The confidence grows with what speaks for the role
    and shrinks with what speaks for another.
    """
    word = chosen_role(layer, chosen)
    if word is not None:
        return Guess(word)
    named = role_scores(layer)
    said = _value_scores(layer, [role for role, columns in _VOCABULARIES.items() if columns])
    scores = {role: named[role] + said.get(role, 0.0) for role in ROLES}
    other = (role for role in _of_other_size(layer) if named[role] < NAME_IS_KNOWN)
    scores |= dict.fromkeys(other, 0.0)
    best, second = sorted(scores, key=lambda role: scores[role], reverse=True)[:2]
    if scores[best] < ENOUGH:
        return Guess("", 0.0, "nothing")
    sure = 1 - 0.5 ** (scores[best] / ENOUGH)
    sure *= 1 - 0.5 * scores[second] / scores[best]
    return Guess(best, round(sure, 2), "name" if named[best] >= said.get(best, 0.0) else "values")


def _of_other_size(layer: ForeignLayer) -> tuple[str, ...]:
    """Return the roles that a layer's areas are too small or too large for, by their median."""
    area = _typical_area_m2(layer)
    if area is None:
        return ()
    small = ("communities", "boundary") if area < limit("guess", "least_community_m2") else ()
    large = ("buildings",) if area > limit("guess", "most_building_m2") else ()
    return small + large


def _typical_area_m2(layer: ForeignLayer) -> float | None:
    """Return the median area of a layer's polygons, None where nothing tells its unit."""
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    shapes = shapes[shapely.get_dimensions(shapes) == 2]
    crs = layer.crs
    if crs is None or not len(shapes) or not (crs.is_geographic or crs.is_projected):
        return None
    area = float(np.median(shapely.area(_sample(pd.Series(shapes)).to_numpy())))
    if crs.is_projected:
        return area
    latitude = float(shapely.get_y(shapely.centroid(shapes[0])))
    return float(area * _METRES_PER_DEGREE**2 * np.cos(np.radians(latitude)))


def _value_scores(layer: ForeignLayer, roles: Sequence[str]) -> dict[str, float]:
    """Return what the words in a layer's cells say for each role that its geometry can be."""
    possible = set(role_geometry(layer))
    worth = limit("guess", "words_worth")
    scores: dict[str, float] = {}
    for role in roles:
        if role in possible:
            found = _columns_by_values(role, layer.frame, list(_VOCABULARIES[role]), ())
            scores[role] = worth * sum(guess.confidence for guess in found.values())
    return scores


def role_geometry(layer: ForeignLayer) -> tuple[str, ...]:
    """Return the roles whose geometry a layer can have."""
    kinds = set(geometry_kinds(layer))
    return tuple(role for role, shape in ROLES.items() if kinds & set(shape.geometry))


def guess_columns(
    role: str, frame: pd.DataFrame, chosen: Mapping[str, str] | None = None
) -> tuple[dict[str, Guess], dict[str, str]]:
    """Tell which foreign column fills which column of the schema.

    Parameters
    ----------
    role
        One of `layers.schema.ROLES`.
    frame
        As the file has it; columns other than ``geometry``.
    chosen
        The user's word, schema column to foreign column ("" for none), which overrides all else.

    Returns
    -------
    The guesses by schema column; and, also by schema column, foreign columns with a telling name
    whose values say that they are something else.
    """
    names = [str(name) for name in frame.columns if str(name) != "geometry"]
    told = {column: name for column, name in (chosen or {}).items() if name == "" or name in names}
    guesses: dict[str, Guess] = {}
    doubted: dict[str, str] = {}
    for column, found in candidates(role, names).items():
        if column in told:
            continue
        rated = [_rated(role, column, name, frame) for name in found]
        believed = [one for one in rated if one[0].confidence > 0]
        if believed:
            guesses[column], _ = max(believed, key=lambda one: one[1])
        else:
            doubted[column] = rated[0][0].value
    guesses |= {column: Guess(name) for column, name in told.items() if name}
    named = {guess.value for column, guess in guesses.items() if column != "id"}
    if "id" in guesses and "id" not in told and guesses["id"].value in named:
        del guesses["id"]  # the number of what a door belongs to is not the door's own
    taken = [guess.value for guess in guesses.values()]
    free = [c for c in _VOCABULARIES.get(role, ()) if c not in guesses and c not in told]
    guesses |= _columns_by_values(role, frame, free, taken)
    order = ["id", *(column.name for column in ROLES[role].columns_among(guesses))]
    return {column: guesses[column] for column in order if column in guesses}, doubted


def _rated(role: str, column: str, name: str, frame: pd.DataFrame) -> tuple[Guess, float]:
    """Rate one candidate by its name and by how much of it can be what it is taken for.

    Returns
    -------
    The guess, and in tenths the share of features of which it says something that fits: of several
    columns with telling names the one that says most is taken, the first among equals.
    """
    if name == column:
        return Guess(name, 1.0, "schema"), 1.0
    sure = limit("guess", "named")
    if name.isascii() and len(name) <= _SHORT_ASCII:
        sure = limit("guess", "abbreviated")
    values = _sample(frame[name])
    fits, filled = _fit(role, column, values)
    if filled == 0:
        return Guess(name, round(sure / 2, 2), "name"), 0.0  # neither speaks for it nor against
    if fits < limit("guess", "least_fit") and _kind(role, column) in ("number", "flag"):
        return Guess(name, 0.0, "name"), 0.0  # words may be unknown to us; numbers cannot be
    sure *= 0.3 + 0.6 * fits + 0.1 * filled
    return Guess(name, round(sure, 2), "name"), round(fits * filled, 1)


def _fit(role: str, column: str, values: pd.Series) -> tuple[float, float]:
    """Return which share of what is said can be the column's, and which share says anything."""
    if not len(values):
        return 1.0, 0.0
    if column == "id":
        said = texts(values) != ""
        return 1.0, float(said.mean())
    schema = ROLES[role].column(column)
    said = ~says_nothing(schema, values)
    if not said.any():
        return 1.0, 0.0
    return float((_understood(role, schema, values) & said).sum() / said.sum()), float(said.mean())


def _kind(role: str, column: str) -> str:
    return "id" if column == "id" else ROLES[role].column(column).kind


def _understood(role: str, column: Column, values: pd.Series) -> NDArray[np.bool_]:
    """Tell which values are what the column wants: of its kind, and possible."""
    if column.name == "types":
        types, _ = service_types(values, coded=False)
        return np.asarray(types != "")
    made, odd = understand(column, values)
    good = ~odd
    if column.kind == "number":
        low, high = plausible(role).get(column.of or column.name, (-np.inf, np.inf))
        with np.errstate(invalid="ignore"):
            good &= (made >= low) & (made <= high)
        good &= ~_dates(values)
    elif column.kind == "text" and not column.choices:
        good &= texts(values) != ""
    return np.asarray(good, dtype=np.bool_)


def _dates(values: pd.Series) -> NDArray[np.bool_]:
    """Tell which values are dates written out, whose first number is a year by chance alone."""
    if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
        return np.zeros(len(values), dtype=np.bool_)
    written = pd.Series(texts(values)).str.fullmatch(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}.*)?")
    return written.fillna(False).to_numpy(dtype=np.bool_)


def _columns_by_values(
    role: str, frame: pd.DataFrame, wanted: Sequence[str], taken: Sequence[str]
) -> dict[str, Guess]:
    """Find columns whose words belong to a schema column, whatever they are called."""
    found: dict[str, Guess] = {}
    free = [str(n) for n in frame.columns if str(n) not in ("geometry", *taken)]
    worded = {name: _sample(frame[name]) for name in free if _is_text(frame[name])}
    for column in wanted:
        rates = {name: _words_share(role, column, values) for name, values in worded.items()}
        name = max(rates, key=lambda one: rates[one], default="")
        if name and rates[name] >= limit("guess", "least_words"):
            sure = limit("guess", "worded") * rates[name]
            found[column] = Guess(name, round(sure, 2), "values")
            del worded[name]
    return found


def _words_share(role: str, column: str, values: pd.Series) -> float:
    """Return which share of a column's words is of the schema column's vocabulary."""
    said = texts(values) != ""
    if not said.any():
        return 0.0
    if column == "storeys":
        known = is_storey_words(values)
    else:
        known = _understood(role, ROLES[role].column(column), values)
        known &= ~says_nothing(ROLES[role].column(column), values)
    return float((known & said).sum() / said.sum())


def _is_text(series: pd.Series) -> bool:
    return bool(pd.api.types.is_object_dtype(series) or pd.api.types.is_string_dtype(series))


def _sample(series: pd.Series) -> pd.Series:
    """Return values from all over a column: enough to judge it by."""
    most = int(limit("guess", "sample"))
    step = max(1, len(series) // most)
    return series.iloc[::step].reset_index(drop=True)
