"""Values as JSON beside plain arrays, and back: what a file without pickle can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.tables import Table

Arrays = dict[str, NDArray[Any]]


class PackingError(TypeError):
    """A value of a sort that is not known here: it is better not kept than kept in part."""


def pack(value: Any, arrays: Arrays, known: Mapping[str, type]) -> Any:
    """Return a value as JSON; arrays go into `arrays` under names that the JSON holds.

    Takes plain values, tuples, frozen sets, mappings with text keys, paths, arrays (of numbers,
    texts or geometries), tables, coordinate systems, and the dataclasses and enumerations `known`
    by name.

    Raises
    ------
    PackingError
        For anything else.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray):
        return _packed_array(value, arrays)
    if type(value) in (tuple, frozenset):
        items = sorted(value) if isinstance(value, frozenset) else value
        return {type(value).__name__: [pack(item, arrays, known) for item in items]}
    if isinstance(value, Mapping):
        pairs = [[_text_key(key), pack(item, arrays, known)] for key, item in value.items()]
        return {"mapping": pairs}
    if isinstance(value, list):
        return [pack(item, arrays, known) for item in value]
    return _packed_object(value, arrays, known)


def unpack(plain: Any, arrays: Mapping[str, NDArray[Any]], known: Mapping[str, type]) -> Any:
    """Return the value that `pack` was given.

    Raises
    ------
    ValueError, KeyError, TypeError
        Where it was written by another program or has been damaged.
    """
    if isinstance(plain, list):
        return [unpack(item, arrays, known) for item in plain]
    if not isinstance(plain, dict):
        return plain
    ((sort, content),) = plain.items()
    if sort in ("tuple", "frozenset"):
        items = [unpack(item, arrays, known) for item in content]
        return tuple(items) if sort == "tuple" else frozenset(items)
    if sort == "mapping":
        return {key: unpack(item, arrays, known) for key, item in content}
    if sort in ("array", "texts", "shapes"):
        return _unpacked_array(sort, arrays[content])
    if sort == "path":
        return Path(content)
    if sort == "crs":
        import pyproj

        return pyproj.CRS.from_wkt(content)
    if sort == "table":
        return Table(**unpack(content, arrays, known))
    name, values = content
    return known[name](values) if sort == "enum" else known[name](**unpack(values, arrays, known))


def _packed_object(value: Any, arrays: Arrays, known: Mapping[str, type]) -> Any:
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, Table):
        columns = {name: value[name] for name in value}
        parts = {"role": value.role, "ids": value.ids, "geometry": value.geometry}
        return {"table": pack({**parts, "columns": columns}, arrays, known)}
    name = type(value).__name__
    if known.get(name) is type(value) and isinstance(value, StrEnum):
        return {"enum": [name, value.value]}
    if known.get(name) is type(value) and is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"object": [name, pack(parts, arrays, known)]}
    if hasattr(value, "to_wkt") and type(value).__module__.startswith("pyproj."):
        return {"crs": value.to_wkt()}
    raise PackingError(f"{type(value).__module__}.{name}")


def _packed_array(values: NDArray[Any], arrays: Arrays) -> dict[str, str]:
    name = f"a{len(arrays)}"
    if values.dtype != object:
        arrays[name] = values
        return {"array": name}
    if all(type(value) is str for value in values.flat) and values.ndim == 1:
        content, sort = json.dumps(values.tolist()).encode(), "texts"
    elif values.ndim == 1 and shapely.is_valid_input(values).all() and None not in values:
        content, sort = shapely.to_wkb(shapely.geometrycollections(values)), "shapes"
    else:
        raise PackingError("array of other things than numbers, texts or geometries")
    arrays[name] = np.frombuffer(content, np.uint8)
    return {sort: name}


def _unpacked_array(sort: str, stored: NDArray[Any]) -> NDArray[Any]:
    if sort == "array":
        return stored
    if sort == "shapes":
        return np.asarray(shapely.get_parts(shapely.from_wkb(stored.tobytes())))
    texts = json.loads(stored.tobytes())
    values = np.empty(len(texts), dtype=object)
    values[:] = texts
    return values


def _text_key(key: Any) -> str:
    if type(key) is not str:
        raise PackingError(f"mapping with the key {key!r}")
    return key
