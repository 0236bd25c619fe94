"""GeoJSON (RFC 7946, and the older form with a ``crs`` member), also one feature a line."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from layers.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
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


def read(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a file of features.

    The text is parsed here first, to its last bracket: GDAL reads a damaged file as a shorter one.

    Raises
    ------
    LayerError
        ``json_broken``, ``text_not_utf8``, ``json_other`` (of another kind),
        ``json_no_features``, ``layer_empty``, ``unreadable``.
    """
    records = _records(path)
    if records:
        return _read_sequence(path, records)
    declared = _count_features(path)
    [(name, _), *_] = layer_names(path)
    return [read_with_gdal(path, name, "GeoJSON", declared=declared)], []


def _records(path: Path) -> list[str]:
    """Return the records of a sequence of features, a line or more each; none for one document."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("text_not_utf8", path) from error
    if text.lstrip().startswith(_SEPARATOR):
        return [record for record in text.split(_SEPARATOR) if record.strip()]
    lines = [line for line in text.splitlines() if line.strip()]
    return lines if len(lines) > 1 and _is_object(lines[0]) else []


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _read_sequence(path: Path, records: list[str]) -> tuple[list[ForeignLayer], list[Problem]]:
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
    with tempfile.TemporaryDirectory() as folder:
        # GDAL takes some sequences for one feature; a collection it takes for what it is.
        whole = Path(folder) / f"{path.stem}.geojson"
        joined = ",\n".join(features)
        whole.write_text(f'{{"type": "FeatureCollection", "features": [{joined}]}}', "utf-8")
        [(name, _), *_] = layer_names(whole)
        layer = read_with_gdal(whole, name, "GeoJSON", declared=len(records))
    return [replace(layer, file=path)], []


def _count_features(path: Path) -> int:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refusal("text_not_utf8", path) from error
    except json.JSONDecodeError as error:
        raise refusal("json_broken", path, line=error.lineno, reason=error.msg) from error
    except RecursionError as error:
        raise refusal("json_broken", path, line=0, reason="nesting") from error
    except ValueError as error:
        raise refusal("json_broken", path, line=0, reason=_NUMBER_TOO_LONG) from error
    kind = content.get("type") if isinstance(content, dict) else None
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
