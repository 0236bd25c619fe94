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
import pyogrio

from layers.city.reading import read_citygml
from layers.files.encoding import (
    Encoding,
    gdal_name,
    judged,
    mapinfo_name,
    named,
    named_by_mapinfo,
    proves_nothing,
    text_beyond_ascii,
    text_of_table,
    told_of,
)
from layers.files.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
from layers.files.xml_check import check_whole, defines_entities, in_utf8, root_in
from layers.formats.drawing_texts import with_storeys
from layers.problems import Fact, LayerError, Problem, Severity

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
_MAPINFO_CHARSET = re.compile(rb"(\bcharset\s+\"?)([\w-]+)", re.I)
_MAPINFO_FIELD = re.compile(rb"^ {4}\S+ +([A-Za-z]+)", re.M)
_DXF_HEAD = re.compile(rb"\$(ACADVER|DWGCODEPAGE)\s+\d+\s+(\S+)")
_DXF_UTF_8 = "AC1021"
"""From this version on (AutoCAD 2007) a drawing's text is UTF-8, whatever code page it names."""
_MIF_COLLECTION = re.compile(rb"^\s*collection\s+(\d{1,9})", re.I | re.M)
_KML_ROOTS = ("kml", "Document", "Folder", "Placemark")
_GML_ROOTS = ("FeatureCollection", "CityModel")
_KML_OF_OTHERS = (("NetworkLink", "kml_links"), ("GroundOverlay", "kml_pictures"))
"""What a KML without places may hold instead, and what to say of it."""


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
    text_in: str = "utf-8",
) -> Found:
    """Read every layer of the copy under the name of the original."""
    layers: list[ForeignLayer] = []
    problems: list[Problem] = []
    for name, _ in dict.fromkeys(layer_names(copy)):
        try:
            layer = read_with_gdal(copy, name, driver, options=options, text_in=text_in)
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
        ``xml_broken``, ``xml_entities``, ``xml_nested``, ``layer_empty``, ``kml_links``,
        ``kml_pictures``, ``unreadable``; for a
        city model that says late that it is one, as `layers.city.reading.read_citygml`.
    """
    content = in_utf8(path)
    contents = check_whole(path, content)
    if contents.root == "CityModel":
        return read_citygml(path)
    is_kml = contents.root in _KML_ROOTS
    declared = contents.elements["Placemark"] if is_kml else contents.members
    if is_kml and not declared:
        for element, key in _KML_OF_OTHERS:
            if contents.elements[element]:
                raise refusal(key, path)
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


def read_tab(path: Path, told: str | None = None) -> Found:
    """Read a MapInfo table with its parts.

    Parameters
    ----------
    path
        The .tab.
    told
        The user's word for the encoding, which overrides what the text seems to be in.

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
        [table, *_] = (p for p in copy.parent.iterdir() if p.suffix.lower() in (".dat", ".dbf"))
        kinds = _MAPINFO_FIELD.findall(copy.read_bytes().partition(b"Fields")[2])
        char = [number for number, kind in enumerate(kinds) if kind.lower() == b"char"]
        text = text_of_table(table, char)
        if text.isascii():
            text = text_beyond_ascii(copy.read_bytes()) + b"\n" + text_of_table(table)
        layers, problems = _read_mapinfo(path, copy, text, told)
    _refuse_if_short(path, (layers, problems), 0)
    return layers, problems


def _read_mapinfo(path: Path, copy: Path, text: bytes, told: str | None) -> Found:
    """Read a copy whose header is made to say the encoding that its text is in."""
    header = copy.read_bytes()
    said = _MAPINFO_CHARSET.search(header)
    claimed = named_by_mapinfo(said[2].decode("ascii", "replace")) if said else Encoding()
    found, surprising = (named(told), False) if told else judged(text, claimed)
    surprising = surprising and not (claimed.name == "" and found.name == "UTF-8")  # "Neutral"
    charset = mapinfo_name(found)
    if told and (not charset or said is None):
        raise refusal("encoding_not_here", path, encoding=told)
    if charset and said is not None:
        made = _MAPINFO_CHARSET.sub(lambda one: one[1] + charset.encode(), header, count=2)
        copy.write_bytes(made)
    layers, problems = _read_all(path, copy, "MapInfo File", text_in=found.codec or "utf-8")
    layers = [replace(layer, encoding=found.name) for layer in layers]
    return layers, [*problems, *([told_of(found, path.name)] if surprising else [])]


def looks_like_mif(head: bytes) -> bool:
    """Tell whether a file that starts so is MapInfo's interchange format."""
    return bool(_MIF_START.match(head))


def read_mif(path: Path, told: str | None = None) -> Found:
    """Read a MapInfo interchange file; its attribute file counts the features.

    Parameters
    ----------
    path
        The .mif.
    told
        The user's word for the encoding, which overrides what the text seems to be in.

    Raises
    ------
    LayerError
        ``features_cut``, ``unreadable``.
    """
    with _alone(path, (".mid",)) as copy:
        declared = _count_mif(copy)
        tables = [part for part in copy.parent.iterdir() if part.suffix.lower() == ".mid"]
        text = b"".join(text_beyond_ascii(table.read_bytes()) for table in tables)
        text = text or text_beyond_ascii(copy.read_bytes())
        layers, problems = _read_mapinfo(path, copy, text, told)
    found = [_as_counted(layer, declared) for layer in layers], problems
    _refuse_if_short(path, found, declared)
    return found


def _as_counted(layer: ForeignLayer, declared: int) -> ForeignLayer:
    """Believe our own count: GDAL's takes the parts of a collection for features."""
    if len(layer.frame) != declared:
        return layer
    told = tuple(p for p in layer.problems if p.key != "features_lost")
    return replace(layer, declared=declared, problems=told)


def _count_mif(copy: Path) -> int:
    """Count the rows of the attribute file or, without one, the objects of the geometry."""
    for table in copy.parent.iterdir():
        if table.suffix.lower() == ".mid":
            return sum(bool(row.strip()) for row in table.read_bytes().splitlines())
    objects = re.split(rb"(?im)^\s*data\s*$", copy.read_bytes())[-1]
    # A collection says how many of the objects that follow are its parts.
    parts = sum(int(count) for count in _MIF_COLLECTION.findall(objects))
    return len(_MIF_OBJECT.findall(objects)) - parts


def looks_like_dxf(head: bytes) -> bool:
    """Tell whether a file that starts so is an AutoCAD exchange drawing."""
    return head.startswith(_DXF_BINARY) or bool(_DXF_START.match(head))


def read_dxf(path: Path, told: str | None = None) -> Found:
    """Read a drawing; each of its layers becomes one of ours, closed lines become areas.

    Parameters
    ----------
    path
        The drawing.
    told
        The user's word for the encoding, which overrides what the text seems to be in.

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
    found, surprising = _encoding_of_drawing(content) if told is None else (named(told), False)
    # What nothing tells is left to GDAL, which goes by the header.
    pyogrio.set_gdal_config_options({"DXF_ENCODING": gdal_name(found) or None})
    try:
        with _alone(path) as copy:
            layers, problems = _read_all(path, copy, "DXF", {"CLOSED_LINE_AS_POLYGON": "YES"})
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": None})
    if problems:
        raise LayerError(problems[0])
    whole = replace(layers[0], encoding=found.name)
    if not len(whole.frame):
        raise refusal("layer_empty", path)
    if surprising:
        problems.append(told_of(found, path.name))
    whole, noted = with_storeys(whole)
    if noted:
        facts: dict[str, Fact] = {"count": noted}
        problems.append(Problem("storeys_from_texts", Severity.INFO, source=path.name, facts=facts))
    return [_of_drawing(whole, str(name), rows) for name, rows in _by_layer(whole)], problems


def _encoding_of_drawing(content: bytes) -> tuple[Encoding, bool]:
    """Tell a drawing's encoding by its text and, where that does not tell, by its header."""
    if content.startswith(_DXF_BINARY):
        return Encoding(), False
    header = {name: value.decode("ascii", "replace") for name, value in _DXF_HEAD.findall(content)}
    words = header.get(b"DWGCODEPAGE", "").upper().removeprefix("ANSI_")
    claimed = named("utf-8" if header.get(b"ACADVER", "") >= _DXF_UTF_8 else words)
    text = text_beyond_ascii(content)
    found, surprising = judged(text, claimed)
    # A sign of a degree or a diameter is no Chinese character, whatever byte follows it.
    thin = bool(claimed.name and found.rivals) and proves_nothing(text)
    return (claimed, False) if thin else (found, surprising)


def _by_layer(whole: ForeignLayer) -> Iterator[tuple[object, pd.DataFrame]]:
    names = whole.frame["Layer"].fillna("")
    return iter(whole.frame.groupby(names, sort=True))


def _of_drawing(whole: ForeignLayer, name: str, rows: pd.DataFrame) -> ForeignLayer:
    frame = rows.reset_index(drop=True)
    return replace(whole, name=name, frame=frame, declared=len(frame))
