"""An OSM file as layers of our roles, ready to be tidied like those of any other file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from layers.account import Account
from layers.files.foreign import ForeignLayer, refusal
from layers.geodesy.crs import Bounds
from layers.osm.bounds import covered
from layers.osm.buildings import buildings_of
from layers.osm.entrances import entrances_of
from layers.osm.polygons import polygons_of
from layers.osm.reading import read_extract
from layers.osm.services import services_of
from layers.osm.streets import streets_of
from layers.osm.surroundings import (
    barriers_of,
    communities_of,
    green_of,
    roads_of,
    trees_of,
    water_of,
)
from layers.problems import Problem, Severity

OWNER, LICENCE = "© OpenStreetMap contributors", "ODbL 1.0"
"""As openstreetmap.org/copyright asks to name them."""


def read(path: Path, around: Bounds | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read an OSM file as layers named after roles, in their columns, in degrees.

    Parameters
    ----------
    path
        XML, plain or packed by gzip or bzip2, or PBF.
    around
        Degrees; what lies outside is left out. None for everything.

    Raises
    ------
    LayerError
        See `layers.osm.reading.read_extract`; ``osm_nothing_used``.
    """
    extract = read_extract(path, around)
    accounts = {role: Account(role, path.name) for role in ("streets", "buildings", "services", "")}
    if extract.end_unproven:
        accounts[""].note("osm_end_unproven", Severity.WARNING)
    polygons = polygons_of(extract, accounts[""])
    buildings, outlines = buildings_of(polygons, accounts["buildings"])
    streets = streets_of(extract, accounts["streets"])
    services = services_of(extract.nodes, polygons, outlines, accounts["services"])
    entrances = entrances_of(extract.nodes, buildings, services, accounts["buildings"])
    frames = {
        "communities": communities_of(polygons, outlines, accounts[""]),
        "buildings": buildings,
        "entrances": entrances,
        "streets": streets,
        "services": services,
        "roads": roads_of(extract.ways),
        "barriers": barriers_of(extract.ways),
        "water": water_of(polygons),
        "green": green_of(polygons),
        "trees": trees_of(extract),
    }
    said: dict[str, Any] = {"owner": OWNER, "licence": LICENCE, "meets": True}
    said["covers"] = covered(extract.bounds, around, streets)
    problems = [problem for account in accounts.values() for problem in account.problems]
    layers = [
        ForeignLayer(path, role, frame, len(frame), **said)
        for role, frame in frames.items()
        if len(frame)
    ]
    if not layers and around is None:
        raise refusal(
            "osm_nothing_used",
            path,
            nodes=len(extract.nodes.ids),
            ways=len(extract.ways.ids),
            areas=len(extract.areas.ids),
        )
    return layers, problems
