"""The district: all tables of one area in one metric CRS, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layers.schema import ROLES
from twin.model.tables import Table

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from layers.rasters.elevation import Terrain
    from layers.rasters.underlay import Underlay


_EMPTY = {role: Table.empty(role) for role in ROLES}


@dataclass(frozen=True, eq=False)
class District:
    """Everything known of one area.

    Coordinates are metres in `crs`, x east and y north. A layer that is missing is an empty table.
    `surveyed` names the service types that somebody looked for, so that none found means none
    exists; a type outside it is "not assessed". `mapped` is the area that the sources of the
    streets say they cover, as WKT ("" where none says); `surveyed_streets` the streets before an
    edit drew others, None where none did (:attr:`as_surveyed` has them either way).
    """

    name: str
    crs: CRS
    boundary: Table = _EMPTY["boundary"]
    communities: Table = _EMPTY["communities"]
    buildings: Table = _EMPTY["buildings"]
    entrances: Table = _EMPTY["entrances"]
    streets: Table = _EMPTY["streets"]
    services: Table = _EMPTY["services"]
    sites: Table = _EMPTY["sites"]
    roads: Table = _EMPTY["roads"]
    barriers: Table = _EMPTY["barriers"]
    water: Table = _EMPTY["water"]
    green: Table = _EMPTY["green"]
    trees: Table = _EMPTY["trees"]
    terrain: Terrain | None = None
    surveyed: frozenset[str] = frozenset()
    underlay: Underlay | None = None
    mapped: str = ""
    surveyed_streets: Table | None = None

    @classmethod
    def from_frames(
        cls,
        name: str,
        crs: CRS,
        layers: Mapping[str, gpd.GeoDataFrame],
        terrain: Terrain | None = None,
        surveyed: frozenset[str] = frozenset(),
        underlay: Underlay | None = None,
        mapped: str = "",
    ) -> District:
        """Return the district of tidy frames by role."""
        tables = {role: Table.from_frame(role, frame) for role, frame in layers.items()}
        return cls(
            name=name,
            crs=crs,
            terrain=terrain,
            surveyed=surveyed,
            underlay=underlay,
            mapped=mapped,
            **tables,
        )

    @property
    def as_surveyed(self) -> Table:
        """The streets that the data holds, which tell where it ends: without what edits drew."""
        return self.streets if self.surveyed_streets is None else self.surveyed_streets

    def table(self, role: str) -> Table:
        """Return the table of a role; KeyError where there is no such role."""
        if role not in ROLES:
            raise KeyError(role)
        found: Table = getattr(self, role)
        return found

    def tables(self) -> dict[str, Table]:
        """Return every table by its role."""
        return {role: self.table(role) for role in ROLES}

    def with_table(self, table: Table) -> District:
        """Return the district with the table of one role exchanged."""
        return replace(self, **{table.role: table})  # type: ignore[arg-type]  # role names a field

    def touched(self, other: District) -> frozenset[str]:
        """Return the roles whose table differs from `other`'s, by identity."""
        return frozenset(r for r in ROLES if self.table(r) is not other.table(r))
