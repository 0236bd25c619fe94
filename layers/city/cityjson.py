"""CityJSON 0.8 to 2.0, one document or a feature a line, into arrays.

The one loop over objects is here, because JSON hands them out as lists of lists; all that follows
is arrays. What it costs is measured in ``benchmarks/city_models.py``.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from layers.city.model import GROUND, OTHER, CityModel, Floats, Rows, Surfaces
from layers.files.foreign import refusal

_DEPTH = {
    "MultiSurface": 0,
    "CompositeSurface": 0,
    "Solid": 1,
    "MultiSolid": 2,
    "CompositeSolid": 2,
}
"""Levels of lists above the surfaces, by the geometry's type. Points and lines have none."""

_KINDS = ("CityJSON", "CityJSONFeature")
_NUMBER_TOO_LONG = "number too long"
_NOT_AS_SPECIFIED = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is CityJSON; one that says so later is told by JSON."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"CityJSON' in head


def is_city(content: object) -> bool:
    """Tell whether a JSON value is a city model (early versions do not call themselves so)."""
    if not isinstance(content, dict):
        return False
    return content.get("type") in _KINDS or content.keys() >= {"CityObjects", "vertices"}


def parse(path: Path) -> CityModel:
    """Read a city model.

    Raises
    ------
    LayerError
        ``text_not_utf8``, ``json_broken``, ``json_other`` (no city model), ``cityjson_broken`` (not
        built as the specification says).
    """
    documents = _documents(path)
    gathered = _Gathering(path)
    head = documents[0]
    for number, document in enumerate(documents):
        if not is_city(document):
            raise refusal("json_other", path, found=_kind(document))
        try:
            gathered.add(document, head.get("transform") if number else document.get("transform"))
        except _NOT_AS_SPECIFIED as error:
            reason = f"{gathered.at} ({type(error).__name__})"
            raise refusal("cityjson_broken", path, where=reason) from error
    try:
        return gathered.model(_srs(head))
    except _NOT_AS_SPECIFIED as error:
        raise refusal("cityjson_broken", path, where=type(error).__name__) from error


def _kind(document: object) -> str:
    return str(document.get("type")) if isinstance(document, dict) else type(document).__name__


def _documents(path: Path) -> list[dict[str, Any]]:
    """Return the one document of a file, or the head and the features of a sequence."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("text_not_utf8", path) from error
    try:
        return [json.loads(text, object_pairs_hook=_once)]
    except _TwiceError as error:
        raise refusal("json_broken", path, line=0, reason=f"{error} twice") from error
    except RecursionError as error:
        raise refusal("json_broken", path, line=0, reason="nesting") from error
    except ValueError as error:
        if not isinstance(error, json.JSONDecodeError):
            raise refusal("json_broken", path, line=0, reason=_NUMBER_TOO_LONG) from error
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or "Extra data" not in error.msg:
            raise refusal("json_broken", path, line=error.lineno, reason=error.msg) from error
    return [_line(path, number, line) for number, line in enumerate(lines, 1)]


class _TwiceError(Exception):
    """A name that stands twice in one JSON object, of which a parser would lose one in silence."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _TwiceError(counts.most_common(1)[0][0][:80])
    return made


def _line(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        content: Any = json.loads(line, object_pairs_hook=_once)
    except _TwiceError as error:
        raise refusal("json_broken", path, line=number, reason=f"{error} twice") from error
    except json.JSONDecodeError as error:
        raise refusal("json_broken", path, line=number, reason=error.msg) from error
    except RecursionError as error:
        raise refusal("json_broken", path, line=number, reason="nesting") from error
    except ValueError as error:
        raise refusal("json_broken", path, line=number, reason=_NUMBER_TOO_LONG) from error
    if not isinstance(content, dict):
        raise refusal("json_other", path, found=type(content).__name__)
    return content


def _srs(head: Mapping[str, Any]) -> str:
    """Return the name of the coordinate system; before 1.0 a bare EPSG number."""
    metadata = head.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    early = metadata.get("crs")
    code = early.get("epsg") if isinstance(early, dict) else None
    return f"EPSG:{code}" if code else str(metadata.get("referenceSystem") or "")


class _Gathering:
    """Gathers the objects of one file, document after document."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.at = ""
        """The object in hand, for the message where it is not built as it should be."""
        self._ids: list[str] = []
        self._kinds: list[str] = []
        self._parents: list[str] = []
        self._attributes: list[dict[str, Any]] = []
        self._points: list[Floats] = []
        self._count = 0
        self._refs, self._sizes, self._surface_of = array("q"), array("q"), array("q")
        self._owner, self._lod, self._meaning = array("q"), array("d"), array("b")
        self._places: dict[int, tuple[float, float]] = {}
        self._lost: list[tuple[int, int]] = []

    def add(self, document: Mapping[str, Any], transform: Mapping[str, Any] | None) -> None:
        """Take in the objects of a document; what it lacks of the specification is raised."""
        self.at = "vertices"
        vertices = _vertices(document["vertices"], transform)
        self._templates = document.get("geometry-templates") or {}
        self._vertices, self._base = vertices, self._count
        self._append(vertices)
        listed = document["CityObjects"]
        for name, found in listed.items():
            self.at = str(name)
            self._object(str(name), found, _above(name, found, listed))

    def _append(self, points: Floats) -> int:
        begin = self._count
        self._points.append(points)
        self._count += len(points)
        return begin

    def _object(self, name: str, found: Mapping[str, Any], parent: str) -> None:
        row = len(self._ids)
        self._ids.append(name)
        self._kinds.append(str(found["type"]))
        self._parents.append(parent)
        self._attributes.append(_plain(found))
        for geometry in found.get("geometry") or ():
            kind = geometry["type"]
            if kind == "GeometryInstance":
                self._instance(row, geometry)
            elif kind in _DEPTH:
                self._surfaces(row, geometry, self._base, len(self._vertices))
            elif kind == "MultiPoint" and geometry["boundaries"]:
                self._place(row, self._vertices[int(geometry["boundaries"][0])])

    def _place(self, row: int, point: Floats) -> None:
        self._places.setdefault(row, (float(point[0]), float(point[1])))

    def _surfaces(self, row: int, geometry: Mapping[str, Any], base: int, count: int) -> None:
        """Note the surfaces of a geometry; those that name vertices that are not there are lost."""
        depth = _DEPTH[geometry["type"]]
        surfaces = _flat(geometry["boundaries"], depth)
        meanings = _meanings(geometry.get("semantics"), depth, len(surfaces))
        lod = _lod(geometry.get("lod"))
        for surface, meaning in zip(surfaces, meanings, strict=True):
            number = len(self._owner)
            self._owner.append(row)
            self._lod.append(lod)
            self._meaning.append(meaning)
            for ring in surface:
                refs = array("q", ring)
                if len(refs) and (min(refs) < 0 or max(refs) >= count):
                    self._lost.append((row, number))
                    continue
                self._refs.extend(array("q", (base + ref for ref in refs)))
                self._sizes.append(len(refs))
                self._surface_of.append(number)

    def _instance(self, row: int, geometry: Mapping[str, Any]) -> None:
        """Set a template at its place: rotated and scaled by the matrix, then moved."""
        anchor = self._vertices[int(geometry["boundaries"][0])]
        self._place(row, anchor)
        templates = self._templates.get("templates") or ()
        template = templates[int(geometry["template"])]
        if template["type"] not in _DEPTH:
            return
        shape = np.asarray(self._templates["vertices-templates"], dtype=np.float64).reshape(-1, 3)
        matrix = np.asarray(geometry.get("transformationMatrix", np.eye(4)), dtype=np.float64)
        matrix = matrix.reshape(4, 4)
        moved = shape @ matrix[:3, :3].T + matrix[:3, 3] + anchor
        self._surfaces(row, template, self._append(moved), len(moved))

    def model(self, srs: str) -> CityModel:
        """Return what was gathered."""
        ids = pd.Index(self._ids)
        first = {name: row for row, name in reversed(list(enumerate(self._ids)))}
        places = np.full((len(ids), 2), np.nan)
        for row, place in self._places.items():
            places[row] = place
        objects = pd.DataFrame(
            {
                "id": pd.Series(self._ids, dtype=object),
                "kind": pd.Series(self._kinds, dtype=object),
                "parent": np.array([first.get(name, -1) for name in self._parents], dtype=np.int64),
                "x": places[:, 0],
                "y": places[:, 1],
                "lost": np.bincount([row for row, _ in self._lost], minlength=len(ids)).astype(bool)
                if self._lost
                else np.zeros(len(ids), dtype=np.bool_),
            }
        )
        attributes = pd.DataFrame(self._attributes, index=range(len(ids)), dtype=object)
        points = np.concatenate(self._points) if self._points else np.empty((0, 3))
        surfaces = Surfaces(
            points[_whole(self._refs)],
            _whole(self._sizes),
            _whole(self._surface_of),
            _whole(self._owner),
            np.array(self._lod, dtype=np.float64),
            np.array(self._meaning, dtype=np.int8),
        )
        bad = np.zeros(len(self._owner), dtype=np.bool_)
        bad[[number for _, number in self._lost]] = True
        return CityModel(self._path, objects, attributes, surfaces.without(bad), srs, False)


def _whole(numbers: Iterable[int]) -> Rows:
    return np.array(numbers, dtype=np.int64)


def _vertices(listed: Any, transform: Mapping[str, Any] | None) -> Floats:
    points = np.asarray(listed, dtype=np.float64)
    if not points.size:
        return np.empty((0, 3))
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError("vertices")
    if transform is None:
        return points
    scale = np.asarray(transform["scale"], dtype=np.float64)
    translate = np.asarray(transform["translate"], dtype=np.float64)
    if scale.shape != (3,) or translate.shape != (3,):
        raise ValueError("transform")
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(points * scale + translate)


def _above(name: object, found: Mapping[str, Any], listed: Mapping[str, Any]) -> str:
    """Return the id of the object above; before 1.0 it stood under another name."""
    parents = found.get("parents") or [found.get("parent")]
    above = parents[0]
    return str(above) if above in listed and above != name else ""


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that are no lists or objects."""
    listed = found.get("attributes") or {}
    return {str(k): v for k, v in listed.items() if isinstance(v, str | int | float | bool)}


def _flat(boundaries: Any, depth: int) -> list[Any]:
    """Take away levels of lists; raise TypeError where there is none."""
    found: Iterator[Any] = iter(boundaries)
    for _ in range(depth):
        found = chain.from_iterable(list(found))
    return list(found)


def _meanings(semantics: Any, depth: int, count: int) -> list[int]:
    """Return what each surface means; `OTHER` for all where the file says it in another form."""
    other = [OTHER] * count
    if not isinstance(semantics, dict):
        return other
    try:
        values = _flat(semantics["values"], depth)
        grounds = [s["type"] == "GroundSurface" for s in semantics["surfaces"]]
        found = [GROUND if v is not None and grounds[v] else OTHER for v in values]
    except _NOT_AS_SPECIFIED:
        # Some leave a shell's values out; the shape then tells the outline.
        return other
    return found if len(found) == count else other


def _lod(said: Any) -> float:
    """Return the level of detail; 1 where the file does not say it."""
    try:
        found = float(said)
    except (TypeError, ValueError):
        return 1.0
    return found if 0 <= found < 10 else 1.0
