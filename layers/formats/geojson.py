"""GeoJSON (RFC 7946, and the older form with a ``crs`` member), also one feature a line."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from layers.files.encoding import Encoding, decoded, named, told_of
from layers.files.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
from layers.problems import Problem

_GEOMETRIES = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}


_SEPARATOR = "\x1e"
"""Starts each record of a text sequence (RFC 8142)."""

_NUMBER_TOO_LONG = "number too long"
"""Python refuses to read more than some thousand digits as one whole number."""

_BLANK_OR_SEPARATOR = b" \t\r\n\x1e"


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is a JSON object."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK_OR_SEPARATOR).startswith(b"{")


def read(path: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a file of features.

    The text is parsed here first, to its last bracket: GDAL reads a damaged file as a shorter one.
    It should be UTF-8; where it is not, it is read as what it seems to be, and that is said.

    Parameters
    ----------
    path
        The file.
    told
        The user's word for the encoding.

    Raises
    ------
    LayerError
        ``json_broken``, ``text_not_utf8`` (nor anything else), ``json_other`` (of another kind),
        ``json_no_features``, ``layer_empty``, ``unreadable``.
    """
    text, encoding = _text(path, told)
    problems = [told_of(encoding, path.name)] if encoding.name and told is None else []
    records = _records(text)
    if records:
        layer = _read_sequence(path, records)
    else:
        declared = _count_features(path, text)
        layer = _read_text(path, text, declared) if encoding.name else _read(path, declared)
    return [replace(layer, file=path, encoding=encoding.name)], problems


def _text(path: Path, told: str | None) -> tuple[str, Encoding]:
    """Return the text, and its encoding where that is not UTF-8."""
    content = path.read_bytes()
    if told is not None:
        return content.decode(told, "replace").removeprefix("\ufeff"), named(told)
    try:
        return content.decode("utf-8-sig"), Encoding()
    except UnicodeDecodeError as error:
        found = decoded(content)
        if found is None:
            raise refusal("text_not_utf8", path) from error
        return found


def _read(path: Path, declared: int) -> ForeignLayer:
    [(name, _), *_] = layer_names(path)
    return read_with_gdal(path, name, "GeoJSON", declared=declared)


def _read_text(path: Path, text: str, declared: int) -> ForeignLayer:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"{path.stem}.geojson"
        copy.write_text(text, "utf-8")
        return _read(copy, declared)


def _records(text: str) -> list[str]:
    """Return the records of a sequence of features, a line or more each; none for one document."""
    if text.lstrip().startswith(_SEPARATOR):
        return [record for record in text.split(_SEPARATOR) if record.strip()]
    lines = [line for line in text.splitlines() if line.strip()]
    return lines if len(lines) > 1 and _is_object(lines[0]) else []


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _read_sequence(path: Path, records: list[str]) -> ForeignLayer:
    """Read features that stand one after the other; each is parsed here first."""
    features = []
    for number, record in enumerate(records, 1):
        try:
            content: Any = json.loads(record)
        except json.JSONDecodeError as error:
            raise refusal("json_broken", path, line=number, reason=error.msg) from error
        except RecursionError as error:
            raise refusal("json_broken", path, line=number, reason="nesting") from error
        except ValueError as error:
            raise refusal("json_broken", path, line=number, reason=_NUMBER_TOO_LONG) from error
        kind = content.get("type") if isinstance(content, dict) else None
        if kind not in _GEOMETRIES and kind != "Feature":
            raise refusal("json_other", path, found=str(kind))
        bare = kind in _GEOMETRIES
        features.append(
            f'{{"type": "Feature", "properties": {{}}, "geometry": {record}}}' if bare else record
        )
    # GDAL takes some sequences for one feature; a collection it takes for what it is.
    joined = ",\n".join(features)
    whole = f'{{"type": "FeatureCollection", "features": [{joined}]}}'
    return _read_text(path, whole, len(records))


def _count_features(path: Path, text: str) -> int:
    try:
        content: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise refusal("json_broken", path, line=error.lineno, reason=error.msg) from error
    except RecursionError as error:
        raise refusal("json_broken", path, line=0, reason="nesting") from error
    except ValueError as error:
        raise refusal("json_broken", path, line=0, reason=_NUMBER_TOO_LONG) from error
    kind = content.get("type") if isinstance(content, dict) else None
    if isinstance(content, dict) and "json-fg" in str(content.get("conformsTo", "")).lower():
        raise refusal("json_other", path, found="JSON-FG")
    if kind == "FeatureCollection" and isinstance(content.get("features"), list):
        if not content["features"]:
            raise refusal("layer_empty", path)
        return len(content["features"])
    if kind == "Feature" or kind in _GEOMETRIES:
        return 1
    if isinstance(content, dict) and ("spatialReference" in content or "geometryType" in content):
        kind = "Esri JSON"
    if isinstance(kind, str):
        raise refusal("json_other", path, found=kind)
    raise refusal("json_no_features", path)
