"""A city model as layers of our roles, ready to be tidied like those of any other file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.city import citygml, cityjson
from layers.city.footprints import extents, footprints, middles
from layers.city.ground import ground_of_model
from layers.city.model import CityModel, Rows, is_degrees, roots, rules
from layers.city.place import named_crs, stands_north_first
from layers.files.foreign import ForeignLayer, refusal
from layers.limits import plausible
from layers.problems import Problem, Severity
from layers.schema import ROLES, unknown_column
from layers.vocabulary.values import numbers, texts

Found = tuple[list[ForeignLayer], list[Problem]]

_MOST_EXAMPLES = 5
_ID_DIGITS = 12
"""Digits of an id that is made of a model's own name: 100,000 objects share one once in 200."""

_OWN_NUMBER = re.compile(r"(\d{6,15})\D?$")


def read_cityjson(path: Path) -> Found:
    """Read CityJSON, one document or a feature a line.

    Raises
    ------
    LayerError
        As `layers.city.cityjson.parse`; ``city_without_objects``.
    """
    return layers_of(cityjson.parse(path))


def read_citygml(path: Path) -> Found:
    """Read CityGML 1, 2 or 3.

    Raises
    ------
    LayerError
        As `layers.city.citygml.parse`; ``city_without_objects``.
    """
    return layers_of(citygml.parse(path))


def layers_of(model: CityModel) -> Found:
    """Return a model's buildings, water, green, trees and ground; what else it holds is told.

    Raises
    ------
    LayerError
        ``city_without_objects``: none of its objects has a role here.
    """
    account = Account("", model.file.name)
    model, crs = _placed(model, account)
    degrees = is_degrees(crs, model.surfaces.xyz[:, :2])
    surfaces = model.surfaces.sound()
    if len(surfaces.owner) < len(model.surfaces.owner):
        lost = len(model.surfaces.owner) - len(surfaces.owner)
        account.note("city_surfaces_broken", Severity.WARNING, count=lost)
    frames = {}
    for role, kinds in rules()["roles"].items():
        rows, target = _rows_of(model, kinds)
        if not len(rows):
            continue
        if role == "trees":
            shapes = _places(model, rows)
        else:
            shapes = footprints(surfaces, target, len(rows), degrees)
        frames[role] = _frame(role, model, rows, target, shapes, account, crs)
    ground = ground_of_model(model, surfaces, crs, account)
    _tell_unused(model, account)
    if not frames and not ground:
        raise refusal("city_without_objects", model.file, kinds=_kinds(model.objects["kind"]))
    layers = [ForeignLayer(model.file, role, f, len(f)) for role, f in frames.items()]
    return [*layers, *ground], list(account.problems)


def _placed(model: CityModel, account: Account) -> tuple[CityModel, pyproj.CRS | None]:
    """Settle the CRS, and bring x before y."""
    crs = named_crs(model.srs)
    if crs is None and model.srs:
        account.note("city_crs_unknown", Severity.WARNING, crs=model.srs)
    lost = model.objects["lost"].to_numpy(dtype=np.bool_)
    if lost.any():
        named = ", ".join(model.objects["id"][lost][:_MOST_EXAMPLES])
        account.note("city_vertices_missing", Severity.ERROR, count=int(lost.sum()), named=named)
    if stands_north_first(model.surfaces.xyz[:, :2], crs, model.northing_first):
        model.surfaces.xyz[:, :2] = model.surfaces.xyz[:, [1, 0]]
        swapped = {"x": model.objects["y"], "y": model.objects["x"]}
        objects = model.objects.assign(**swapped)
        model = CityModel(
            model.file, objects, model.attributes, model.surfaces, model.srs, model.northing_first
        )
    return model, crs


def _rows_of(model: CityModel, kinds: list[str]) -> tuple[Rows, Rows]:
    """Return the rows of the objects of some kinds, and the position of each object among them.

    Parts count to the object above them; a part without one stands for itself.
    """
    kind = model.objects["kind"].to_numpy(dtype=object)
    parent = model.objects["parent"].to_numpy(dtype=np.int64)
    is_part = np.isin(kind, rules()["parts"]["names"])
    own = np.isin(kind, kinds)
    top = roots(np.where(is_part, parent, -1))
    if "Building" in kinds:
        own |= is_part & (top == np.arange(len(kind)))
    rows = np.flatnonzero(own)
    position = np.full(len(kind), -1, dtype=np.int64)
    position[rows] = np.arange(len(rows))
    return rows, np.where(own | is_part, position[top], -1)


def _places(model: CityModel, rows: Rows) -> NDArray[np.object_]:
    """Return the place that each object states, else the middle of its shape."""
    stated = model.objects[["x", "y"]].to_numpy(dtype=np.float64)
    middle = middles(model.surfaces, len(model.objects))
    xy = np.where(np.isfinite(stated), stated, middle)[rows]
    shapes = np.full(len(rows), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    shapes[known] = shapely.points(xy[known])
    return shapes


def _frame(
    role: str,
    model: CityModel,
    rows: Rows,
    target: Rows,
    shapes: NDArray[np.object_],
    account: Account,
    crs: pyproj.CRS | None,
) -> gpd.GeoDataFrame:
    """Return a frame with all columns of a role."""
    ids = _ids(model.objects["id"].to_numpy(dtype=object)[rows])
    known: dict[str, Any] = {}
    if role == "buildings":
        known = _of_buildings(model, rows, target, account)
    elif role == "trees":
        known = {"height_m": numbers(model.attribute(["height"]))[0][rows]}
    else:
        known = {"name": _texts(model, rows, "name")}
    data = {"id": ids}
    for column in ROLES[role].columns:
        given = known.get(column.name)
        data[column.name] = unknown_column(column, len(rows)) if given is None else given
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=list(shapes), crs=crs)


def _ids(names: NDArray[np.object_]) -> Rows:
    """Return a number for each name that stays the same when the file is read again.

    The name's own number where all have one and all differ, else one made of the whole name.
    """
    own = [_OWN_NUMBER.search(name) for name in names]
    found = [int(match[1]) for match in own if match]
    if len(set(found)) == len(names):
        return np.array(found, dtype=np.int64)
    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    made = [int.from_bytes(digest) % 10**_ID_DIGITS for digest in digests]
    return np.array(made, dtype=np.int64)


def _texts(model: CityModel, rows: Rows, column: str) -> NDArray[np.object_]:
    said = texts(model.attribute(rules()["attributes"][column]))
    return np.asarray(said[rows], dtype=object)


def _of_buildings(
    model: CityModel, rows: Rows, target: Rows, account: Account
) -> dict[str, NDArray[Any]]:
    """Return what buildings and their parts say: the greatest of heights and storeys counts."""
    joined = int(((target >= 0).sum()) - len(rows))
    if joined:
        account.note("city_parts_joined", Severity.INFO, count=joined)
    stated = _greatest(model, target, len(rows), "height_m", account)
    low, high = extents(model.surfaces, target, len(rows))
    measured = np.isnan(stated) & (high > low)
    if measured.any():
        account.note("city_height_from_shape", Severity.INFO, count=int(measured.sum()))
    said = np.array(
        [_year_or_text(v) for v in model.attribute(rules()["attributes"]["built_year"])]
    )
    year = pd.to_numeric(pd.Series(said), errors="coerce").to_numpy(dtype=np.float64)
    return {
        "name": _texts(model, rows, "name"),
        "address": _texts(model, rows, "address"),
        "use": _use(model, rows, account),
        "storeys": _greatest(model, target, len(rows), "storeys", account),
        "height_m": np.where(measured, high - low, stated),
        "built_year": year[rows],
    }


def _year_or_text(value: object) -> str:
    """Return the first four digits of a year or date; "" for year 1, which stands for unknown."""
    found = re.search(r"\d{4}", str(value)) if value is not None else None
    return found[0] if found and int(found[0]) > 1 else ""


def _greatest(
    model: CityModel, target: Rows, count: int, column: str, account: Account
) -> NDArray[np.float64]:
    """Return the greatest plausible number that a building or a part of it states, else NaN."""
    said = numbers(model.attribute(rules()["attributes"][column]))[0]
    low, high = plausible("buildings")[column]
    believed = (said >= low) & (said <= high) & (target >= 0)
    odd = ~believed & ~np.isnan(said) & (target >= 0)
    if odd.any():
        # Zero, 9999 and -9999 stand for unknown in many models.
        example = float(said[odd][0])
        account.note(
            "values_absurd",
            Severity.REPAIRED,
            count=int(odd.sum()),
            column=column,
            example=example,
        )
    found = np.full(count, np.nan)
    np.fmax.at(found, target[believed], said[believed])
    return found


def _use(model: CityModel, rows: Rows, account: Account) -> NDArray[np.object_]:
    """Return the use that codes or words mean, of the class where the use itself says nothing."""
    own = _meant(model, rows, "use", "use_codes", account)
    coarse = _meant(model, rows, "class", "class_codes", account)
    return np.asarray(np.where(own == "", coarse, own), dtype=object)


def _meant(
    model: CityModel, rows: Rows, column: str, schemes: str, account: Account
) -> NDArray[np.object_]:
    """Return what a column means; words that are not known stay, unknown codes are told."""
    said = pd.Series(texts(model.attribute(rules()["attributes"][column]))[rows], dtype=object)
    words = {word: use for use, listed in rules()["use_words"].items() for word in listed}
    meant: dict[str, str] = {"": ""}
    unknown: list[str] = []
    for word in said.unique():
        known = words.get(word.casefold()) or _coded(word, rules()[schemes])
        meant[word] = word if known is None and column == "use" else known or ""
        if known is None and word[:1].isdigit():
            meant[word] = ""
            unknown.append(word)
    if unknown:
        count = int(said.isin(unknown).sum())
        examples = ", ".join(unknown[:_MOST_EXAMPLES])
        account.note("city_use_codes", Severity.WARNING, count=count, examples=examples)
    return said.map(meant).to_numpy(dtype=object)


def _coded(code: str, schemes: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the use of a code, "" where it stands for unknown, None where nobody knows it."""
    for scheme in schemes:
        found = re.match(scheme["pattern"], code)
        if not found:
            continue
        number = int(found[1])
        for use, ranges in scheme.items():
            if use != "pattern" and any(low <= number <= high for low, high in ranges):
                return "" if use == "unknown" else str(use)
    return None


def _tell_unused(model: CityModel, account: Account) -> None:
    """Count the objects of kinds that no role takes."""
    rule = rules()
    taken = {kind for kinds in rule["roles"].values() for kind in kinds}
    taken |= {*rule["parts"]["names"], *rule["pieces"]["names"]}
    used = model.objects["kind"].isin(taken)
    ground = model.objects["kind"].isin(rule["ground"]["names"])
    drawn = np.isin(np.arange(len(used)), model.surfaces.owner)  # others are points and lines
    rest = model.objects["kind"][~(used | (ground & drawn))]
    if len(rest):
        account.note("city_objects_unused", Severity.INFO, count=len(rest), kinds=_kinds(rest))


def _kinds(kinds: pd.Series) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in kinds.value_counts().items())
