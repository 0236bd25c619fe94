"""CityGML 1, 2 and 3 into arrays, element by element, so that a file of any size fits.

Only what a footprint, a height and a few attributes need is kept. References (``xlink``) are not
followed: what they point at stands in the same building in its own right.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from layers.city.model import GROUND, OTHER, CityModel, Surfaces
from layers.city.place import EPSG
from layers.files.foreign import refusal
from layers.files.xml_check import read_elements, root_in

_ROOT = "CityModel"
_MEMBERS = ("cityObjectMember", "featureMember", "featureMembers", "member", "groupMember")
_NESTED = ("Building", "BuildingPart", "WaterBody", "PlantCover", "SolitaryVegetationObject")
"""Objects that are known wherever they stand; others only right inside a member."""

_GROUPS = ("CityObjectGroup",)
_LOD = re.compile(r"^lod(\d)")
_GENERIC = re.compile(r"^(?:string|int|double|date|uri|measure|code)Attribute$", re.I)
_GROUND_SURFACE = "tin"
_SURFACES = ("Polygon", "Triangle", "Rectangle")
_COORDINATES = ("posList", "pos", "coordinates")
_OUTSIDE = (
    "outerBuildingInstallation",
    "interiorBuildingInstallation",
    "buildingInstallation",
    "interiorRoom",
    "buildingRoom",
    "buildingFurniture",
    "appearance",
    "appearanceMember",
    "relativeGMLGeometry",
    "relativeGeometry",
    "lod4Geometry",
)
"""What stands in an object and says nothing of its outline: pieces, rooms, images, templates."""


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is CityGML."""
    return root_in(head) == _ROOT


def parse(path: Path) -> CityModel:
    """Read a city model.

    Raises
    ------
    LayerError
        ``xml_broken`` (cut off among it), ``xml_entities``, ``xml_nested``, ``citygml_broken``
        (coordinates that are no numbers), ``city_of_systems`` (several coordinate systems),
        ``city_without_objects``.
    """
    handler = _Elements(path)
    read_elements(path, handler.start, handler.end, handler.text)
    if handler.root != _ROOT:
        raise refusal("city_without_objects", path, kinds=handler.root)
    return handler.model()


class _Elements:
    """Notes what the elements of one file say, as they begin and end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.root = ""
        self._open: list[str] = []
        self._dimensions: list[int] = []
        self._skipped = 0
        self._objects: list[tuple[int, int]] = []
        """Rows of the objects that are open, and the depth at which each began."""
        self._ids: list[str] = []
        self._kinds: list[str] = []
        self._parents: list[int] = []
        self._attributes: list[dict[str, Any]] = []
        self._places: dict[int, list[float]] = {}
        self._xyz = array("d")
        self._sizes, self._surface_of = array("q"), array("q")
        self._owner, self._lods, self._meaning = array("q"), array("d"), array("b")
        self._lod: list[tuple[float, int]] = []
        self._ground: list[int] = []
        self._surface: int | None = None
        self._ring: list[float] = []
        self._words: list[str] | None = None
        self._generic = ""
        self._systems: dict[str, int] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take note of an element that begins."""
        depth = len(self._open)
        above = self._open[-1] if depth else ""
        if not depth:
            self.root = name
        self._open.append(name)
        stated = attributes.get("srsDimension", "")
        inherited = self._dimensions[-1] if depth else 3
        self._dimensions.append(int(stated) if stated in ("2", "3") else inherited)
        if self._skipped or name in _OUTSIDE:
            self._skipped = self._skipped or depth + 1
            return
        if "srsName" in attributes:
            self._note_system(attributes["srsName"])
        if (above in _MEMBERS and name not in _GROUPS) or name in _NESTED:
            self._begin_object(name, attributes, depth)
        elif self._objects:
            self._start_inside(name, above, attributes, depth)

    def _note_system(self, name: str) -> None:
        self._systems[name] = self._systems.get(name, 0) + 1

    def _begin_object(self, kind: str, attributes: Mapping[str, str], depth: int) -> None:
        self._parents.append(self._objects[-1][0] if self._objects else -1)
        self._objects.append((len(self._ids), depth))
        self._ids.append(attributes.get("gml:id") or attributes.get("id") or f"{len(self._ids)}")
        self._kinds.append(kind)
        self._attributes.append({})

    def _start_inside(
        self, name: str, above: str, attributes: Mapping[str, str], depth: int
    ) -> None:
        found = _LOD.match(name)
        if found or name == _GROUND_SURFACE:
            self._lod.append((float(found[1]) if found else 1.0, depth))
        elif name == "GroundSurface":
            self._ground.append(depth)
        elif name in _SURFACES and self._lod:
            self._begin_surface()
        elif name == "LinearRing":
            self._ring = []
        elif _GENERIC.match(name):
            self._generic = attributes.get("name", "")
        self._words = [] if name in _COORDINATES or self._says(name, above, depth) else None

    def _says(self, name: str, above: str, depth: int) -> bool:
        """Tell whether the text of an element may be worth noting as an attribute."""
        at = self._objects[-1][1]
        return depth == at + 1 or (name == "value" and bool(self._generic)) or above == "Height"

    def _begin_surface(self) -> None:
        self._surface = len(self._owner)
        self._owner.append(self._objects[-1][0])
        self._lods.append(self._lod[-1][0])
        self._meaning.append(GROUND if self._ground else OTHER)

    def text(self, words: str) -> None:
        """Take a piece of an element's text."""
        if self._words is not None:
            self._words.append(words)

    def end(self, name: str) -> None:
        """Take note of an element that ends."""
        self._open.pop()
        dimension = self._dimensions.pop()
        depth = len(self._open)
        if self._skipped:
            self._skipped = 0 if depth + 1 == self._skipped else self._skipped
            return
        if not self._objects:
            return
        words = "".join(self._words).strip() if self._words else ""
        self._words = None
        if name in _COORDINATES:
            self._coordinates(words, dimension)
        elif name == "LinearRing":
            self._end_ring()
        elif name in _SURFACES:
            self._surface = None
        elif words:
            self._attribute(name, words)
        if _GENERIC.match(name):
            self._generic = ""
        if self._lod and self._lod[-1][1] == depth:
            self._lod.pop()
        if self._ground and self._ground[-1] == depth:
            self._ground.pop()
        if self._objects[-1][1] == depth:
            self._objects.pop()

    def _coordinates(self, words: str, dimension: int) -> None:
        try:
            found = list(map(float, words.replace(",", " ").split()))
        except ValueError as error:
            where = self._ids[self._objects[-1][0]]
            raise refusal("citygml_broken", self._path, where=where) from error
        if self._surface is None:
            if "referencePoint" in self._open and len(found) >= 2:
                self._places.setdefault(self._objects[-1][0], found[:2])
            return
        if len(found) % dimension:
            where = self._ids[self._objects[-1][0]]
            raise refusal("citygml_broken", self._path, where=where)
        if dimension == 2:
            found = [
                value for i in range(0, len(found), 2) for value in (*found[i : i + 2], np.nan)
            ]
        self._ring += found

    def _end_ring(self) -> None:
        if self._surface is None:
            return
        self._xyz.extend(self._ring)
        self._sizes.append(len(self._ring) // 3)
        self._surface_of.append(self._surface)

    def _attribute(self, name: str, words: str) -> None:
        said = self._attributes[self._objects[-1][0]]
        if name == "value":
            # A generic attribute, or a height of CityGML 3.
            name = self._generic or "measuredHeight"
        if name == "measuredHeight":
            words = max(words, said.get(name, words), key=_number)
        said[name] = words if name == "measuredHeight" else said.get(name, words)

    def model(self) -> CityModel:
        """Return what was noted."""
        if len({_code(name) for name in self._systems}) > 1:
            names = ", ".join(sorted(self._systems))
            raise refusal("city_of_systems", self._path, names=names)
        count = len(self._ids)
        places = np.full((count, 2), np.nan)
        for row, place in self._places.items():
            places[row] = place
        objects = pd.DataFrame(
            {
                "id": pd.Series(self._ids, dtype=object),
                "kind": pd.Series(self._kinds, dtype=object),
                "parent": np.array(self._parents, dtype=np.int64),
                "x": places[:, 0],
                "y": places[:, 1],
                "lost": np.zeros(count, dtype=np.bool_),
            }
        )
        surfaces = Surfaces(
            np.array(self._xyz, dtype=np.float64).reshape(-1, 3),
            np.array(self._sizes, dtype=np.int64),
            np.array(self._surface_of, dtype=np.int64),
            np.array(self._owner, dtype=np.int64),
            np.array(self._lods, dtype=np.float64),
            np.array(self._meaning, dtype=np.int8),
        )
        attributes = pd.DataFrame(self._attributes, index=range(count), dtype=object)
        srs = next(iter(self._systems), "")
        # Only the newer names of systems stand for the order of axes that they define.
        defined = srs.startswith("urn:") or "/def/crs" in srs
        return CityModel(self._path, objects, attributes, surfaces, srs, northing_first=defined)


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return -np.inf


def _code(name: str) -> str:
    """Return what tells one coordinate system from another: the first number, else the name."""
    found = EPSG.search(name)
    return found[1] if found else name
