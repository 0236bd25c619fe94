"""What the two processes tell each other: JSON and arrays in frames of known length, no pickle.

A message is its header's length (8 bytes), the header (JSON, with the lengths of what follows under
``buffers``), and the buffers. A process that an evil file has taken over can thus at worst send
wrong data, which the other side checks for its form.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import IO, Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyproj
import shapely

from layers.problems import problem_from_json, problem_to_json
from layers.project_file import ProjectFile, Scenario, source_from_json
from layers.rasters.elevation import Terrain
from layers.rasters.underlay import Underlay
from layers.schema import DTYPES, ROLES

Message = tuple[dict[str, Any], list[bytes]]
_LENGTH_BYTES = 8
_MOST_HEADER = 256 * 2**20


def send(stream: IO[bytes], header: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
    """Write one message; OSError where nobody listens any more."""
    listed = {**header, "buffers": [len(buffer) for buffer in buffers]}
    words = json.dumps(listed, ensure_ascii=False).encode()
    stream.write(len(words).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(words)
    for buffer in buffers:
        stream.write(buffer)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read one message; None where the other side is gone, also in the middle of one."""
    length = int.from_bytes(_exactly(stream, _LENGTH_BYTES), "big")
    if not 0 < length <= _MOST_HEADER:
        return None
    words = _exactly(stream, length)
    try:
        header = json.loads(words) if words else None
    except ValueError:
        return None
    if not isinstance(header, dict):
        return None
    buffers = [_exactly(stream, size) for size in header.pop("buffers")]
    return header, buffers


def _exactly(stream: IO[bytes], count: int) -> bytes:
    """Read so many bytes; fewer only where the stream ends."""
    pieces = io.BytesIO()
    while pieces.tell() < count:
        piece = stream.read(min(count - pieces.tell(), 2**24))
        if not piece:
            return b""
        pieces.write(piece)
    return pieces.getvalue()


def project_to_wire(project: ProjectFile) -> Message:
    """Return a project as header and buffers."""
    terrain = project.terrain
    header: dict[str, Any] = {
        "name": project.name,
        "crs": project.crs.to_wkt(),
        "roles": list(project.layers),
        "surveyed": list(project.surveyed),
        "mapped": project.mapped,
        "settings": dict(project.settings),
        "scenarios": [asdict(scenario) for scenario in project.scenarios],
        "sources": [asdict(source) for source in project.sources],
        "problems": [problem_to_json(problem) for problem in project.problems],
        "terrain": None,
        "underlay": None,
    }
    buffers = [_frame_to_bytes(frame) for frame in project.layers.values()]
    if terrain is not None:
        heights = np.ascontiguousarray(terrain.values)
        place = {name: float(getattr(terrain, name)) for name in _PLACE}
        header["terrain"] = {**place, "shape": heights.shape}
        buffers.append(heights.tobytes())
    if project.underlay is not None:
        pixels = np.ascontiguousarray(project.underlay.pixels)
        place = {name: float(getattr(project.underlay, name)) for name in _PLACE}
        header["underlay"] = {**place, "shape": pixels.shape}
        buffers.append(pixels.tobytes())
    return header, buffers


_PLACE = ("origin_x", "origin_y", "step_x", "step_y")


def project_from_wire(header: Mapping[str, Any], buffers: Sequence[bytes]) -> ProjectFile:
    """Return the project that `project_to_wire` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is not of that form.
    """
    crs = pyproj.CRS.from_wkt(header["crs"])
    layers = {
        role: _frame_from_bytes(role, buffer, crs)
        for role, buffer in zip(header["roles"], buffers, strict=False)
    }
    grids = iter(buffers[len(layers) :])
    terrain = underlay = None
    if header["terrain"]:
        place = dict(header["terrain"])
        heights = np.frombuffer(next(grids, b""), dtype=np.float32).reshape(place.pop("shape"))
        terrain = Terrain(values=heights, **place)
    if header["underlay"]:
        place = dict(header["underlay"])
        pixels = np.frombuffer(next(grids, b""), dtype=np.uint8).reshape(place.pop("shape"))
        underlay = Underlay(pixels=pixels, **place)
    return ProjectFile(
        name=header["name"],
        crs=crs,
        layers=layers,
        terrain=terrain,
        surveyed=tuple(header["surveyed"]),
        settings=header["settings"],
        scenarios=tuple(Scenario(s["name"], tuple(s["edits"])) for s in header["scenarios"]),
        sources=tuple(source_from_json(record) for record in header["sources"]),
        problems=tuple(problem_from_json(record) for record in header["problems"]),
        underlay=underlay,
        mapped=str(header["mapped"]),
    )


def _frame_to_bytes(frame: gpd.GeoDataFrame) -> bytes:
    columns = {name: frame[name].to_numpy() for name in frame.columns if name != "geometry"}
    columns["geometry"] = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object))
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _frame_from_bytes(role: str, buffer: bytes, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    table = pa.ipc.open_stream(buffer).read_all()
    columns = ROLES[role].columns_among(table.column_names)
    kinds: dict[str, Any] = {column.name: DTYPES[column.kind] for column in columns}
    arrays = {
        name: table.column(name).to_numpy(zero_copy_only=False).astype(kind)
        for name, kind in {"id": np.int64, **kinds}.items()
    }
    geometry = shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))
    return gpd.GeoDataFrame(arrays, geometry=geometry, crs=crs).astype(
        {name: object for name, kind in kinds.items() if kind is object}
    )
