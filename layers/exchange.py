"""Formats that programs exchange: FlatGeobuf, KML, GML, FileGDB, MapInfo and DXF, through GDAL.

GDAL reads several of them short without a word when they are cut off, writes files beside some and
follows references in others. So each is proven whole here first, and read from a copy that lies
alone in a temporary folder.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.city.reading import read_citygml
from layers.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
from layers.problems import LayerError, Problem, Severity
from layers.xml_check import check_whole, defines_entities, in_utf8, root_in

Found = tuple[list[ForeignLayer], list[Problem]]

_FLATGEOBUF_MAGIC = b"fgb\x03fgb"
_DXF_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
_DXF_START = re.compile(rb"\A\s*(?:999[^\n]*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION")
_DXF_TAIL_BYTES = 4096
_MIF_START = re.compile(rb"\A\s*version\s+\d+", re.I)
_MIF_OBJECT = re.compile(
    rb"^\s*(?:point|line|pline|region|arc|text|rect|roundrect|ellipse|multipoint|collection|none)\b",
    re.I | re.M,
)
_KML_ROOTS = ("kml", "Document", "Folder", "Placemark")
_GML_ROOTS = ("FeatureCollection", "CityModel")


@contextmanager
def _alone(
    path: Path, suffixes: Sequence[str] = (), content: bytes | None = None
) -> Iterator[Path]:
    """Give a copy of a file in a folder of its own, with the parts that belong to it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name.replace("!", "_")
        if content is None:
            shutil.copyfile(path, copy)
        else:
            copy.write_bytes(content)
        for part in path.parent.iterdir() if suffixes else ():
            if part.stem == path.stem and part.suffix.lower() in suffixes and part.is_file():
                shutil.copyfile(part, copy.with_suffix(part.suffix))
        yield copy


def _read_all(
    path: Path,
    copy: Path,
    driver: str,
    options: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Found:
    """Read every layer of the copy under the name of the original."""
    layers: list[ForeignLayer] = []
    problems: list[Problem] = []
    for name, _ in dict.fromkeys(layer_names(copy)):
        try:
            layer = read_with_gdal(copy, name, driver, options=options, encoding=encoding)
        except LayerError as error:
            source = error.problem.source.replace(copy.name, path.name)
            severe = error.problem.key != "table_without_geometry"
            severity = Severity.ERROR if severe else Severity.INFO
            problems.append(replace(error.problem, source=source, severity=severity))
            continue
        layers.append(_as_from(path, layer))
    return layers, problems


def _as_from(path: Path, layer: ForeignLayer) -> ForeignLayer:
    made = replace(layer, file=path)
    return replace(made, problems=tuple(replace(p, source=made.source) for p in layer.problems))


def _refuse_if_short(path: Path, found: Found, declared: int) -> None:
    """Refuse a file that gives fewer features than are counted in it."""
    layers, problems = found
    if not layers and problems and problems[0].severity is Severity.ERROR:
        raise LayerError(problems[0])
    read = sum(len(layer.frame) for layer in layers)
    if layers and read < declared:
        raise refusal("features_cut", path, declared=declared, read=read)


def looks_like_flatgeobuf(head: bytes) -> bool:
    """Tell whether a file that starts so is FlatGeobuf of version 3."""
    return head.startswith(_FLATGEOBUF_MAGIC)


def read_flatgeobuf(path: Path) -> Found:
    """Read a FlatGeobuf; its header counts the features.

    Raises
    ------
    LayerError
        ``features_cut``, ``unreadable``.
    """
    with _alone(path) as copy:
        found = _read_all(path, copy, "FlatGeobuf")
    _refuse_if_short(path, found, sum(layer.declared for layer in found[0]))
    return found


def looks_like_xml(head: bytes) -> bool:
    """Tell whether a file that starts so is KML or GML, or XML that sets a trap."""
    root = root_in(head)
    named = root in (*_KML_ROOTS, *_GML_ROOTS)
    return named or (root != "" and b"opengis.net/gml" in head) or defines_entities(head)


def read_xml(path: Path) -> Found:
    """Read KML or GML.

    Raises
    ------
    LayerError
        ``xml_broken``, ``xml_entities``, ``xml_nested``, ``layer_empty``, ``unreadable``; for a
        city model that says late that it is one, as `layers.city.reading.read_citygml`.
    """
    content = in_utf8(path)
    contents = check_whole(path, content)
    if contents.root == "CityModel":
        return read_citygml(path)
    is_kml = contents.root in _KML_ROOTS
    declared = contents.elements["Placemark"] if is_kml else contents.members
    if is_kml and not declared:
        raise refusal("layer_empty", path)
    with _alone(path, content=content) as copy:
        if is_kml:
            found = _read_all(path, copy, "LIBKML")
        else:
            # A schema that is not there keeps GDAL from following the one that the file names.
            options = {"XSD": str(copy.parent / "none.xsd"), "WRITE_GFS": "NO"}
            found = _read_all(path, copy, "GML", options)
    if not found[0] and not found[1]:
        raise refusal("layer_empty", path)
    return found[0], [*found[1], *_lost(path, found[0], declared)]


def _lost(path: Path, layers: Sequence[ForeignLayer], declared: int) -> list[Problem]:
    read = sum(len(layer.frame) for layer in layers)
    if read >= declared:
        return []
    facts: dict[str, int | str | float | bool] = {"declared": declared, "read": read}
    return [Problem("features_lost", Severity.ERROR, source=path.name, facts=facts)]


def is_file_geodatabase(path: Path) -> bool:
    """Tell whether a folder is an Esri file geodatabase."""
    return path.is_dir() and any(path.glob("a00000001.gdbtable"))


def read_file_geodatabase(path: Path) -> Found:
    """Read every layer of an Esri file geodatabase, a folder.

    Raises
    ------
    LayerError
        ``unreadable``.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"{path.stem}.gdb"
        copy.mkdir()
        for part in path.iterdir():
            if part.is_file() and not part.is_symlink():
                shutil.copyfile(part, copy / part.name)
        return _read_all(path, copy, "OpenFileGDB")


def looks_like_tab(head: bytes) -> bool:
    """Tell whether a file that starts so is a MapInfo table."""
    return head.lstrip().lower().startswith(b"!table")


def read_tab(path: Path) -> Found:
    """Read a MapInfo table with its parts.

    Raises
    ------
    LayerError
        ``tab_of_others`` (it only points to other tables), ``tab_without_parts``, ``features_cut``,
        ``unreadable``.
    """
    words = path.read_bytes().lower()
    if b"seamless" in words or b"type linked" in words or b"type raster" in words:
        raise refusal("tab_of_others", path)
    with _alone(path, (".dat", ".map", ".id", ".ind", ".dbf")) as copy:
        parts = {part.suffix.lower() for part in copy.parent.iterdir()}
        if not parts & {".dat", ".dbf"}:
            raise refusal("tab_without_parts", path)
        found = _read_all(path, copy, "MapInfo File")
    _refuse_if_short(path, found, 0)
    return found


def looks_like_mif(head: bytes) -> bool:
    """Tell whether a file that starts so is MapInfo's interchange format."""
    return bool(_MIF_START.match(head))


def read_mif(path: Path) -> Found:
    """Read a MapInfo interchange file; its attribute file counts the features.

    Raises
    ------
    LayerError
        ``features_cut``, ``unreadable``.
    """
    with _alone(path, (".mid",)) as copy:
        declared = _count_mif(copy)
        found = _read_all(path, copy, "MapInfo File")
    _refuse_if_short(path, found, declared)
    return found


def _count_mif(copy: Path) -> int:
    """Count the rows of the attribute file or, without one, the objects of the geometry."""
    for table in copy.parent.iterdir():
        if table.suffix.lower() == ".mid":
            return sum(bool(row.strip()) for row in table.read_bytes().splitlines())
    objects = re.split(rb"(?im)^\s*data\s*$", copy.read_bytes())[-1]
    # A collection repeats the names of objects inside it.
    return 0 if b"collection" in objects.lower() else len(_MIF_OBJECT.findall(objects))


def looks_like_dxf(head: bytes) -> bool:
    """Tell whether a file that starts so is an AutoCAD exchange drawing."""
    return head.startswith(_DXF_BINARY) or bool(_DXF_START.match(head))


def read_dxf(path: Path) -> Found:
    """Read a drawing; each of its layers becomes one of ours, closed lines become areas.

    Raises
    ------
    LayerError
        ``drawing_cut`` (no end mark), ``layer_empty``, ``unreadable``.
    """
    content = path.read_bytes()
    if not content[-_DXF_TAIL_BYTES:].rstrip(b"\0\x1a \t\r\n").endswith(b"EOF"):
        raise refusal("drawing_cut", path)
    if b"ENTITIES" not in content:
        raise refusal("layer_empty", path)
    with _alone(path) as copy:
        layers, problems = _read_all(path, copy, "DXF", {"CLOSED_LINE_AS_POLYGON": "YES"})
    if problems:
        raise LayerError(problems[0])
    [whole] = layers
    if not len(whole.frame):
        raise refusal("layer_empty", path)
    return [_of_drawing(whole, str(name), rows) for name, rows in _by_layer(whole)], problems


def _by_layer(whole: ForeignLayer) -> Iterator[tuple[object, pd.DataFrame]]:
    names = whole.frame["Layer"].fillna("")
    return iter(whole.frame.groupby(names, sort=True))


def _of_drawing(whole: ForeignLayer, name: str, rows: pd.DataFrame) -> ForeignLayer:
    frame = rows.reset_index(drop=True)
    return replace(whole, name=name, frame=frame, declared=len(frame))
