"""The file formats that can be read, found by content and not by name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from layers import osm
from layers.city import citygml, cityjson
from layers.city import reading as city
from layers.files import archive
from layers.files.encoding import named
from layers.files.endings import CITY_MODELS_AS_XML, ENDINGS
from layers.files.foreign import ForeignLayer, refusal
from layers.files.raster_files import PICTURES, driver_of, has_world_file, rasters_in
from layers.files.xml_check import defines_entities, root_in
from layers.formats import exchange, geojson, geopackage, geoparquet, shapefile, tables
from layers.geodesy.crs import Bounds
from layers.problems import Fact, LayerError, Problem, Severity

_HEAD_BYTES = 4096

Read = Callable[[Path], tuple[list[ForeignLayer], list[Problem]]]


@dataclass(frozen=True)
class Format:
    """A file format.

    Parameters
    ----------
    name
        As people call it; how its files end stands under it in `layers.files.endings`.
    looks_like
        Tells from the first bytes whether a file is of this format.
    read
        Returns the vector layers and what was found on the way; None for grids and pictures, which
        need to know the district's CRS first (`layers.files.raster_files`).
    read_as
        Reads with the encoding that a person says; None where the format fixes it.
    """

    name: str
    looks_like: Callable[[bytes], bool]
    read: Read | None
    read_as: Callable[[Path, str], tuple[list[ForeignLayer], list[Problem]]] | None = None

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How files end, to choose them from a folder, never to believe what is inside."""
        return ENDINGS[self.name]


def read_json(path: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read GeoJSON, or CityJSON that says what it is only after its first lines.

    `told` is the user's word for the encoding.

    Raises
    ------
    LayerError
        As `layers.formats.geojson.read` or `layers.city.reading.read_cityjson`.
    """
    try:
        return geojson.read(path, told)
    except LayerError as error:
        if error.problem.key not in ("json_other", "json_no_features"):
            raise
        try:
            return city.read_cityjson(path)
        except LayerError as other:
            raise error if other.problem.key == "json_other" else other from other


def read_archive(path: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read every layer in a zip archive, in whatever subfolder it lies.

    `told` is the user's word for the encoding of its files.

    Raises
    ------
    LayerError
        As `layers.files.archive.unpacked`; ``archive_without_layers``, ``archive_without_shp``; or,
        where it holds one file, that file's own reason.
    """
    layers: list[ForeignLayer] = []
    problems: list[Problem] = []
    grids = {raster.part for raster in rasters_in(path)}
    with archive.unpacked(path) as folder:
        if (folder / "xl" / "workbook.xml").is_file():
            return tables.read_xlsx(path)
        try:
            files = files_in(folder)
        except LayerError as error:
            if grids:
                return [], []
            alone = any(part.suffix.lower() == ".dbf" for part in folder.rglob("*"))
            key = "archive_without_shp" if alone else "archive_without_layers"
            raise refusal(key, path) from error
        problems += [replace(one, source=path.name) for one in passed_over(folder, files)]
        for file in files:
            if file.relative_to(folder).as_posix() in grids:
                continue
            source = f"{path.name} · {file.relative_to(folder).as_posix()}"
            try:
                read, found = _read_member(file, told)
            except LayerError as error:
                if len(files) == 1:
                    raise LayerError(replace(error.problem, source=source)) from error
                problems.append(replace(error.problem, source=source))
                continue
            problems += [replace(p, source=_within(p.source, file, source)) for p in found]
            layers += [_of_archive(layer, path, source) for layer in read]
    return layers, problems


def _read_member(file: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a file out of an archive; of archives in archives only workbooks are opened."""
    if format_of(file).read is not read_archive:
        return read_vector(file, encoding=told)
    if not tables.is_workbook(file):
        raise refusal("archive_member_alone", file)
    with archive.unpacked(file):  # only to see that it keeps within bounds
        return tables.read_xlsx(file)


def _within(told: str, file: Path, source: str) -> str:
    """Name what was told of a file's sheet by the archive that it is in, else by the file there."""
    sheet = told.removeprefix(f"{file.name} · ")
    return source if sheet == told else f"{source} · {sheet}"


def tables_in(path: Path, told: str | None = None) -> list[tables.PlainTable]:
    """Return the tables without places of a file, also of those in an archive.

    Parameters
    ----------
    path
        A table, a workbook, or an archive; others hold none.
    told
        The user's word for the encoding.

    Raises
    ------
    LayerError
        As `layers.formats.tables.plain_tables`, and `layers.files.archive.unpacked`. Of a file in
        an archive that cannot be read, reading the archive has told.
    """
    if not zipfile.is_zipfile(path) or tables.is_workbook(path):
        return tables.plain_tables(path, told)
    found = []
    with archive.unpacked(path, lambda name: name.lower().endswith(_TABLES_IN_ARCHIVES)) as folder:
        for file in (path for path in _seen_in(folder) if path.is_file()):
            source = f"{path.name} · {file.relative_to(folder).as_posix()}"
            try:
                if format_of(file).name in _OF_TABLES:
                    read = tables.plain_tables(file, told)
                    found += [
                        one._replace(source=_within(one.source, file, source)) for one in read
                    ]
            except LayerError:
                continue
    return found


def _of_archive(layer: ForeignLayer, path: Path, source: str) -> ForeignLayer:
    """Name the archive, which outlives its unpacked files, as where a layer comes from."""
    problems = tuple(replace(problem, source=source) for problem in layer.problems)
    name = layer.name or layer.file.stem
    return replace(layer, file=path, name=name, problems=problems)


FILE_GEODATABASE = Format("FileGDB", lambda _head: False, exchange.read_file_geodatabase)
"""A folder, known by what lies in it and not by a head."""

RASTER = Format("GeoTIFF/ASCII grid/SRTM/JPG/PNG", lambda _head: False, None)
"""Grids and pictures, one of which only its name and size give away."""

_TABLES = (".csv", ".tsv")
_TABLES_IN_ARCHIVES = (*_TABLES, ".xlsx")
_OF_TABLES = ("CSV", "Zip/KMZ/XLSX")

_ASKED_FOR_OTHERWISE = (
    (b"AC10", "dwg"),
    (b"7z\xbc\xaf", "archive_other"),
    (b"Rar!", "archive_other"),
    (b"\x1f\x8b", "archive_other"),
    (b"\xd0\xcf\x11\xe0", "office_old"),
    (b"\x00\x01\x00\x00Standard ", "access_database"),
)
"""First bytes of formats that are not read, and what to say of them."""

_REFUSED_SUFFIXES = (".dwg", ".xls", ".mdb", ".accdb", ".rar", ".7z", ".gpx")
"""What may hold features in a form that is not read: also in a folder it is refused by name."""

_LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini")

_CITY_SUFFIXES = (".gml", CITY_MODELS_AS_XML, ".city.json", ".city.jsonl")
_CITY_COMPANIONS = (".xml", ".xsd")
"""How files of city models end, and what they are delivered with by the hundred."""

_MOST_NAMED = 12

FORMATS: tuple[Format, ...] = (
    Format("GeoPackage", geopackage.looks_like, geopackage.read),
    Format("Shapefile", shapefile.looks_like, shapefile.read, shapefile.read),
    Format("CityJSON", cityjson.looks_like, city.read_cityjson),
    Format(
        "GeoJSON",
        geojson.looks_like,
        read_json,
        read_json,
    ),
    Format(
        "OpenStreetMap",
        osm.looks_like,
        osm.read,
    ),
    Format("FlatGeobuf", exchange.looks_like_flatgeobuf, exchange.read_flatgeobuf),
    Format("CityGML", citygml.looks_like, city.read_citygml),
    Format("KML/GML", exchange.looks_like_xml, exchange.read_xml),
    Format("MapInfo TAB", exchange.looks_like_tab, exchange.read_tab, exchange.read_tab),
    Format("MapInfo MIF", exchange.looks_like_mif, exchange.read_mif, exchange.read_mif),
    Format("DXF", exchange.looks_like_dxf, exchange.read_dxf, exchange.read_dxf),
    Format("GeoParquet", geoparquet.looks_like, geoparquet.read),
    Format("Zip/KMZ/XLSX", archive.looks_like, read_archive, read_archive),
    FILE_GEODATABASE,
    RASTER,
    # Text in columns could be much else: asked last.
    Format("CSV", tables.looks_like, tables.read_csv, tables.read_csv),
)


def format_of(path: Path) -> Format:
    """Find a file's format by its content.

    Raises
    ------
    LayerError
        ``file_missing``, ``not_a_file``, ``cannot_read``, ``file_empty``, ``xml_entities``,
        ``table_without_header``, ``not_gis``, or what is to be done with a format that is not read.
    """
    if exchange.is_file_geodatabase(path):
        return FILE_GEODATABASE
    head = _head(path)
    if driver_of(path, head):
        return RASTER
    if defines_entities(head):
        raise refusal("xml_entities", path)
    for format_ in FORMATS:
        if format_.looks_like(head):
            return format_
    if root_in(head) == "gpx":
        raise refusal("gpx", path)
    if path.suffix.lower() == ".dbf":
        raise refusal("dbf_alone", path)
    for magic, key in _ASKED_FOR_OTHERWISE:
        if head.startswith(magic):
            raise refusal(key, path)
    if path.suffix.lower() in _TABLES:
        raise refusal("table_without_header", path)
    raise refusal("not_gis", path, known=", ".join(f.name for f in FORMATS))


def _head(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        # A pipe or device would be waited for.
        raise refusal("not_a_file", path)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise refusal("file_missing", path) from error
    except OSError as error:
        raise refusal("cannot_read", path, reason=error.strerror or str(error)) from error
    if not head.strip():
        raise refusal("file_empty", path)
    return head


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and its subfolders that an import reads or refuses, by path.

    Hidden files and folders, and links that lead out of the folder, are passed over; `passed_over`
    names what else is there.

    Raises
    ------
    LayerError
        ``folder_without_layers``.
    """
    suffixes = (*(suffix for format_ in FORMATS for suffix in format_.suffixes), *_REFUSED_SUFFIXES)
    root = folder.resolve()
    found = [
        path
        for path in _seen_in(folder)
        if (path.name.lower().endswith(suffixes) or _is_city_as_xml(path))
        and (path.is_file() or exchange.is_file_geodatabase(path))
        and (path.suffix.lower() not in PICTURES or has_world_file(path))
        and path.resolve().is_relative_to(root)
    ]
    if not found:
        raise refusal("folder_without_layers", folder)
    return found


def passed_over(folder: Path, read: Collection[Path]) -> list[Problem]:
    """Return what of a folder was not looked at, so that nobody waits for it in vain.

    Parameters
    ----------
    folder
        A folder.
    read
        The files that `files_in` found in it. What lies beside one under its name (an index, a
        style, a projection) belongs to it, and so do the schemas, lists of codes and metadata of a
        city model, and the pictures of its walls in folders below it.

    Returns
    -------
    ``files_passed_over`` with their names, and ``links_passed_over`` with those of links that lead
    out of the folder.
    """
    root = folder.resolve()
    whole = {(path.parent, path.name.split(".")[0].lower()) for path in read}
    models = {path.parent for path in read if path.name.lower().endswith(_CITY_SUFFIXES)}
    others = [
        path
        for path in _seen_in(folder)
        if (path.is_file() or path.is_symlink())
        and path not in read
        and (path.parent, path.name.split(".")[0].lower()) not in whole
        and path.name.lower() not in _LEFT_BY_SYSTEMS
        and not _of_city_model(path, models)
    ]
    links = [path for path in others if not path.resolve().is_relative_to(root)]
    plain = [path for path in others if path not in links]
    kinds = (
        ("files_passed_over", Severity.INFO, plain),
        ("links_passed_over", Severity.WARNING, links),
    )
    return [
        Problem(key, severity, source=folder.name, facts=_named(paths, folder))
        for key, severity, paths in kinds
        if paths
    ]


def _of_city_model(path: Path, models: Set[Path]) -> bool:
    """Tell whether a file only accompanies city models, which lie in the folders `models`."""
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return not models.isdisjoint(path.parents[1:])
    return bool(models) and suffix in _CITY_COMPANIONS


def _seen_in(folder: Path) -> list[Path]:
    """Return what a folder and its subfolders hold but for what is hidden or inside a database."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not exchange.is_file_geodatabase(path.parent)
    ]


def _named(paths: Sequence[Path], folder: Path) -> dict[str, Fact]:
    names = [path.relative_to(folder).as_posix() for path in paths[:_MOST_NAMED]]
    more = ["…"] if len(paths) > _MOST_NAMED else []
    return {"count": len(paths), "names": ", ".join([*names, *more])}


def _is_city_as_xml(path: Path) -> bool:
    """Tell whether an .xml, which is metadata as a rule, is a city model."""
    if path.suffix.lower() != CITY_MODELS_AS_XML or not path.is_file():
        return False
    with path.open("rb") as stream:
        return citygml.looks_like(stream.read(_HEAD_BYTES))


def read_vector(
    path: Path, around: Bounds | None = None, encoding: str | None = None
) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read the layers of a vector file, whatever its format.

    Parameters
    ----------
    path
        The file.
    around
        Degrees; a hint that nothing outside is wanted, which formats of whole cities follow.
    encoding
        The user's word for the encoding of the text, in formats that do not fix it themselves.

    Raises
    ------
    LayerError
        The file cannot be used at all.
    """
    format_ = format_of(path)
    if format_.read is None:
        raise LayerError(refusal("not_vector", path).problem)
    if encoding and format_.read_as is not None:
        return format_.read_as(path, named(encoding).codec or encoding)
    return osm.read(path, around) if format_.read is osm.read else format_.read(path)


def is_table(path: Path) -> bool:
    """Tell by its name whether a file is text in columns."""
    return path.name.lower().endswith(_TABLES)


def takes_encoding(layer: ForeignLayer) -> bool:
    """Tell whether the text of a layer may be in any encoding, so that a person can choose it.

    A format that ought to be UTF-8 (GeoJSON), or holds what has none (an archive), is open to it
    only where the text was found to be in something.
    """
    name = layer.file.name.lower()
    if name.endswith((".shp", *_TABLES, ".tab", ".mif", ".dxf")):
        return True
    open_to = (suffix for one in FORMATS if one.read_as for suffix in one.suffixes)
    return bool(layer.encoding) and name.endswith(tuple(open_to))
