"""GeoParquet (and plain Parquet, which is refused): columns with geometry as WKB."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj.exceptions import CRSError

from layers.files.foreign import ForeignLayer, refusal
from layers.problems import Fact, Problem, Severity

MAGIC = b"PAR1"


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is Parquet."""
    return head.startswith(MAGIC)


def read(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a GeoParquet file; its footer counts the rows, and lies at the very end.

    Raises
    ------
    LayerError
        ``table_cut``, ``table_without_geometry``, ``unreadable``.
    """
    with path.open("rb") as stream:
        stream.seek(-min(len(MAGIC), path.stat().st_size), 2)
        if stream.read() != MAGIC:
            raise refusal("table_cut", path)
    try:
        footer = pq.read_metadata(path)
        if b"geo" not in (footer.metadata or {}):
            raise refusal("table_without_geometry", path)
        frame = gpd.read_parquet(path)
    except (
        pa.ArrowException,
        json.JSONDecodeError,
        shapely.errors.GEOSException,
        CRSError,
        KeyError,
        TypeError,
        ValueError,
        OSError,
    ) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise refusal("unreadable", path, reason=reason) from error
    declared = int(footer.num_rows)
    layer = ForeignLayer(path, path.stem, frame, declared)
    if len(frame) != declared:
        facts: dict[str, Fact] = {"declared": declared, "read": len(frame)}
        return [layer], [Problem("features_lost", Severity.ERROR, source=path.name, facts=facts)]
    return [layer], []
