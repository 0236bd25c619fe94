"""Layers as a file has them, before anything is understood; and how GDAL is asked for them."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors
import pyproj
import shapely
from pyproj.exceptions import CRSError

from layers.files.broken_text import ANY_BYTES, readable
from layers.geodesy.crs import Bounds, bounds_of, horizontal, named_in_china
from layers.problems import Fact, LayerError, Problem, Severity


@dataclass(frozen=True, eq=False)
class ForeignLayer:
    """One layer of a file.

    Parameters
    ----------
    file
        Where it was read from.
    name
        The layer's name inside the file.
    frame
        Columns under their own names; `geometry` may hold None. Its CRS is plan only.
    declared
        Number of features that the file's header promises, or as many as were read where the
        format promises nothing.
    problems
        What reading found, differences between declared and read among it.
    encoding
        In which the text was read; "" where the format knows one alone, or nothing tells it.
    crs_told
        The CRS is a person's word, before which no other is taken.
    stated_crs
        Name of the CRS that the file states ("" for none), once another was settled for it.
    owner, licence
        Whose data it is and on which terms, where the format tells.
    digest
        SHA-256 of the content where there is no file to take it of.
    meets
        The source says itself where its streets meet (by nodes that they share, or by levels).
    covers
        Bounds in degrees (west, south, east, north) of what was mapped, where the source says so.
    datum_by
        The columns of a table that its places were read from, where their names state a datum.
    is_ground
        Its features are triangles of the ground, with heights.
    """

    file: Path
    name: str
    frame: gpd.GeoDataFrame
    declared: int
    problems: tuple[Problem, ...] = ()
    encoding: str = ""
    stated_crs: str | None = None
    owner: str = ""
    licence: str = ""
    digest: str = ""
    meets: bool = False
    covers: Bounds | None = None
    crs_told: bool = False
    datum_by: tuple[str, ...] = ()
    is_ground: bool = False

    @property
    def source(self) -> str:
        """File and layer, as a person would name them."""
        stem = self.file.name.split(".")[0]
        return self.file.name if self.name in ("", stem) else f"{self.file.name} · {self.name}"

    @property
    def crs(self) -> pyproj.CRS | None:
        """CRS as the file states it, or None."""
        crs: pyproj.CRS | None = self.frame.crs
        return crs


def refusal(key: str, path: Path, layer: str = "", **facts: Fact) -> LayerError:
    """Make the error that refuses a file or one of its layers."""
    source = f"{path.name} · {layer}" if layer else path.name
    return LayerError(Problem(key, Severity.ERROR, source=source, facts=facts))


def layer_names(path: Path) -> list[tuple[str, bool]]:
    """Return each layer's name and whether it has a geometry column.

    Raises
    ------
    LayerError
        ``unreadable``: GDAL cannot open the file.
    """
    with _clear_errors(path, ""), _openable(path) as (name, _):
        found = pyogrio.list_layers(name)
    return [(str(layer), kind is not None) for layer, kind in found]


def read_with_gdal(
    path: Path,
    layer: str,
    driver: str,
    *,
    declared: int | None = None,
    encoding: str | None = None,
    text_in: str = "utf-8",
    options: Mapping[str, str] | None = None,
) -> ForeignLayer:
    """Read one layer and compare what came out with what was promised.

    Parameters
    ----------
    path, layer
        The file and the layer in it.
    driver
        GDAL's name of the format that our own look at the content found; that GDAL sees another
        one is a reason to refuse, because then the file pretends.
    declared
        Number of features as counted by other means, where there are some; GDAL's count is
        compared too.
    encoding
        Of the text; else as the file says.
    text_in
        In which single pieces of text may be left, where GDAL does not bring all to UTF-8.
    options
        How the driver shall open the file, by GDAL's names.

    Raises
    ------
    LayerError
        ``unreadable``, ``format_other``.
    """
    problems: list[Problem] = []
    chosen = dict(options or {})
    with _clear_errors(path, layer) as said, _openable(path) as (name, moved):
        # A layer that is called after its file has another name there.
        only = None if moved and driver != "GPKG" else layer

        def _frame(text_in: str | None) -> tuple[pd.DataFrame, list[str], int]:
            info = pyogrio.read_info(
                name, layer=only, encoding=text_in, force_feature_count=True, **chosen
            )
            if info["driver"] != driver:
                raise refusal("format_other", path, found=str(info["driver"]))
            kinds = zip(info["fields"], info["ogr_types"], strict=True)
            lists = [str(n) for n, kind in kinds if kind.endswith("List")]
            plain = [str(n) for n in info["fields"] if n not in lists]
            made = pyogrio.read_dataframe(
                name, layer=only, encoding=text_in, columns=plain, on_invalid="ignore", **chosen
            )
            return made, lists, int(info["features"])

        try:
            frame, lists, counted = _frame(encoding)
        except UnicodeDecodeError:
            # Text that is cut inside a letter: read as mere bytes, and each piece on its own.
            frame, lists, counted = _frame(ANY_BYTES)
            frame, problems = readable(frame, [encoding or "utf-8", encoding or text_in])
    if not isinstance(frame, gpd.GeoDataFrame):
        raise refusal("table_without_geometry", path, layer)
    promised = max(counted, declared or 0)
    read = ForeignLayer(path, layer, _plan_only(frame), promised)
    problems = [replace(problem, source=read.source) for problem in problems]
    if promised != len(frame):
        facts: dict[str, Fact] = {"declared": promised, "read": len(frame)}
        problems.append(Problem("features_lost", Severity.ERROR, source=read.source, facts=facts))
    if lists:
        named: dict[str, Fact] = {"columns": ", ".join(lists)}
        problems.append(Problem("columns_of_lists", Severity.INFO, source=read.source, facts=named))
    for message in said:
        said_by_driver: dict[str, Fact] = {"message": message}
        problems.append(
            Problem("driver_says", Severity.WARNING, source=read.source, facts=said_by_driver)
        )
    return ForeignLayer(path, layer, read.frame, promised, tuple(problems), encoding or "")


def _plan_only(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep only the plan part of the frame's CRS; an engineering CRS says nothing of a place."""
    crs = frame.crs
    if crs is None:
        return frame
    plan = horizontal(crs)
    stated = None if plan.is_engineering or plan.name.startswith("Undefined") else plan
    if stated is not None and (bounds := bounds_of(frame)):
        stated = named_in_china(stated, bounds)
    return frame.set_crs(stated, allow_override=True)


@contextmanager
def _openable(path: Path) -> Iterator[tuple[Path, bool]]:
    """Give a path that pyogrio can open, and whether it is another one.

    pyogrio takes what follows a "!" in a path for a file inside an archive; such a file is copied,
    with the files that belong to it.
    """
    if "!" not in str(path):
        yield path, False
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.iterdir():
            if part.stem == path.stem and part.is_file():
                shutil.copyfile(part, Path(folder) / f"copy{part.suffix}")
        yield Path(folder) / f"copy{path.suffix}", True


_OF_NO_CONCERN = (
    "Several features with id = ",
    "Could not parse column",
    "Could not decode error message",
)
"""Warnings about what is settled elsewhere (ids, in `layers.mending.tidy`; text stays text; names
that are no text, in `layers.files.broken_text`)."""

_WARNINGS = RLock()
"""`warnings.catch_warnings` changes a list of the whole process: one reader at a time."""


@contextmanager
def _clear_errors(path: Path, layer: str) -> Iterator[list[str]]:
    """Collect what GDAL warns of, and turn each of its errors into one clear refusal."""
    said: list[str] = []
    try:
        with _WARNINGS, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield said
            messages = {_without_folder(str(w.message), path) for w in caught}
            said += sorted(m for m in messages if not m.startswith(_OF_NO_CONCERN))
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        pyogrio.errors.CRSError,
        shapely.errors.GEOSException,
        CRSError,
        UnicodeError,
        ValueError,
        RuntimeError,
        OverflowError,
        UnboundLocalError,  # pyogrio's own slip where a damaged CRS cannot be written as WKT
    ) as error:
        reason = _without_folder(str(error) or type(error).__name__, path)
        raise refusal("unreadable", path, layer, reason=reason) from error


def _without_folder(message: str, path: Path) -> str:
    """Return the first line of a driver's message, files named without their folder."""
    return message.splitlines()[0].replace(f"{path.parent}/", "").replace(f"{path.parent}\\", "")
