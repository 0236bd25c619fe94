"""Parts of a city scored by Dask: a cluster on this machine, or one that is there already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.files.saving import replacing
from layers.problems import LayerError, Problem, Severity
from twin.city.cutting import MOST_HOMES, cut
from twin.city.scoring import score_homes
from twin.keeping.kept import nothing_kept
from twin.memo import forget_everything
from twin.model.district import District
from twin.model.own_data import own_digest
from twin.model.tables import Table
from twin.standards import Standard
from twin.walking import moving

if TYPE_CHECKING:
    from distributed import Client

_AHEAD = 2
"""So many parts for each worker are on their way at once; the others are not made yet."""

_UNWATCHED = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""Nobody looks at a profile of the workers or at Dask's own pulse, which cost time all along."""

_FORMAT = "1"
"""Raised when a part scored by another version would no longer be the same."""

Progress = Callable[[float], None]


def score_city(
    city: District,
    standard: Standard,
    folder: Path,
    client: Client | None,
    most_homes: int = MOST_HOMES,
    progress: Progress = lambda _done: None,
) -> gpd.GeoDataFrame:
    """Return the rows of :func:`twin.city.scoring.score_homes` for a whole city.

    Parameters
    ----------
    folder
        Where parts are kept as soon as they are scored. A later call with the same city and
        standard goes on from there.
    client
        A connection to Dask's scheduler; None scores the parts one after the other, here.
    most_homes
        Inhabited buildings that a part has at most.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = cut(city, standard, most_homes)
    files: list[Path] = []

    def missing() -> Iterator[tuple[District, Path]]:
        for part in parts:
            name = f"part-{part.number:05d}-{digest(part.district, standard)}.parquet"
            files.append(folder / name)
            if not files[-1].exists():
                yield part.district, files[-1]

    for number, (found, file) in enumerate(_scored(missing(), standard, client), start=1):
        with replacing(file) as draft:
            found.to_parquet(draft)
        progress(min(number / len(parts), 1.0))
    if not files:
        raise LayerError(Problem("city_without_homes", Severity.ERROR, "buildings"))
    return _together(files)


def _scored(
    missing: Iterator[tuple[District, Path]], standard: Standard, client: Client | None
) -> Iterator[tuple[gpd.GeoDataFrame, Path]]:
    """Yield what comes of the parts as it comes; few are made before they are wanted."""
    if client is None:
        for district, file in missing:
            yield _score(district, standard), file
        return
    from distributed import as_completed

    running = as_completed()
    files: dict[Any, Path] = {}

    def submit() -> None:
        for district, file in missing:
            # Spread beforehand: a part inside the task itself would pass through the scheduler.
            there = client.scatter(district, hash=False)  # no part is another: nothing to find
            future = client.submit(_score, there, standard, pure=False)
            files[future] = file
            running.add(future)
            return

    for _ in range(_AHEAD * max(1, len(client.scheduler_info()["workers"]))):
        submit()
    for future in running:
        yield future.result(), files.pop(future)
        future.release()
        submit()


def _score(district: District, standard: Standard) -> gpd.GeoDataFrame:
    """Score one part in a worker, and leave nothing of it in its memory or among what is kept.

    What was found of a part is in its file; kept besides, a city would push out what opens the
    projects of whoever works on this machine.
    """
    try:
        with nothing_kept():
            return score_homes(district, standard)
    finally:
        moving.forget()
        forget_everything()


def _together(files: list[Path]) -> gpd.GeoDataFrame:
    parts = [gpd.read_parquet(file) for file in files]
    whole = pd.concat(parts, ignore_index=True)
    flags = [name for name in whole if name.endswith("_straight")]
    whole[flags] = whole[flags].fillna(value=False).astype(bool)
    order = whole.sort_values(["building_id", "entrance_id"], ignore_index=True)
    return gpd.GeoDataFrame(order, geometry="geometry", crs=parts[0].crs)


def digest(district: District, standard: Standard) -> str:
    """Return what tells a part and its standard from any other, by content."""
    found = hashlib.blake2b(own_digest().encode(), digest_size=10)
    found.update(f"{_FORMAT} {standard!r} {sorted(district.surveyed)} {district.crs}".encode())
    for role, table in sorted(district.tables().items()):
        found.update(role.encode())
        for values in _bytes_of(table):
            found.update(values)
    if district.terrain is not None:
        terrain = district.terrain
        found.update(np.asarray(terrain.values).tobytes())  # no pandas object
        found.update(
            repr((terrain.origin_x, terrain.origin_y, terrain.step_x, terrain.step_y)).encode()
        )
    return found.hexdigest()


def _bytes_of(table: Table) -> Iterator[bytes]:
    yield table.ids.tobytes()
    yield b"".join(shapely.to_wkb(table.geometry))
    for name in table:
        values = table[name]
        yield "\x1f".join(map(str, values)).encode() if values.dtype == object else values.tobytes()


@contextmanager
def cluster(address: str | None, workers: int | None = None) -> Iterator[Client]:
    """Connect to the scheduler at `address`, or to a cluster of processes made on this machine.

    Raises
    ------
    LayerError
        Where Dask is not installed, nobody answers at the address, or its workers have other data
        files of their own (:mod:`twin.model.own_data`), who would give other figures.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise LayerError(Problem("dask_missing", Severity.ERROR)) from error
    if address:
        try:
            with Client(address, timeout="10s") as client:
                _check_data(client, address)
                yield client
        except (OSError, TimeoutError, ValueError) as error:
            facts = {"address": address}
            raise LayerError(Problem("scheduler_silent", Severity.ERROR, facts=facts)) from error
        return
    count = workers or os.cpu_count() or 1
    with dask.config.set(_UNWATCHED):
        made = LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
        )
    with made, Client(made) as client:
        yield client


def _check_data(client: Client, address: str) -> None:
    """Refuse workers who would read other service types, walkers or groups than this process."""
    if any(theirs != own_digest() for theirs in client.run(own_digest).values()):
        raise LayerError(Problem("workers_data", Severity.ERROR, facts={"address": address}))
