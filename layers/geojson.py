"""GeoJSON (RFC 7946, and the older form with a ``crs`` member)."""

from __future__ import annotations

import json
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


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is a JSON object."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a file of features.

    The text is parsed here first, to its last bracket: GDAL reads a damaged file as a shorter one.

    Raises
    ------
    LayerError
        ``json_broken``, ``text_not_utf8``, ``json_other`` (of another kind),
        ``json_no_features``, ``layer_empty``, ``unreadable``.
    """
    declared = _count_features(path)
    [(name, _), *_] = layer_names(path)
    return [read_with_gdal(path, name, "GeoJSON", declared=declared)], []


def _count_features(path: Path) -> int:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refusal("text_not_utf8", path) from error
    except json.JSONDecodeError as error:
        raise refusal("json_broken", path, line=error.lineno, reason=error.msg) from error
    except RecursionError as error:
        raise refusal("json_broken", path, line=0, reason="nesting") from error
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
