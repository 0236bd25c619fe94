"""Read-only feature tables: the columns, ids and geometry of one layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from layers.schema import DTYPES, ROLES, Role, unknown_column

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

Array = NDArray[Any]

_RING = 2
"""Number by which Shapely tells closed lines."""


class Table:
    """The features of one role, in arrays that nobody can change.

    A table is a value: every change makes another table, which shares the arrays that did not
    change. Caches key on the identity of those arrays, so equality and hash are identity too.

    Parameters
    ----------
    role
        Name of a role of :data:`layers.schema.ROLES`.
    ids
        Unique feature ids, shape (n,). Persistent: an edit names features by them.
    geometry
        Shapely geometries in the district's CRS (metres), shape (n,).
    columns
        One array of shape (n,) for each column of the role; a missing column is filled with its
        "unknown" value.

    Raises
    ------
    ValueError
        Where lengths differ, ids repeat or a column is none of the role's.
    """

    __slots__ = ("__dict__", "_columns", "geometry", "ids", "role")

    def __init__(
        self, role: str, ids: ArrayLike, geometry: Sequence[Any] | Array, columns: Mapping[str, Any]
    ) -> None:
        self.role = role
        self.ids: NDArray[np.int64] = _frozen(np.asarray(ids, dtype=np.int64))
        self.geometry: Array = _frozen(np.asarray(geometry, dtype=object))
        schema = ROLES[role]
        if unknown := set(columns) - {column.name for column in schema.columns_among(columns)}:
            raise ValueError(f"{role} has no column {', '.join(sorted(unknown))}")
        self._columns: dict[str, Array] = {
            column.name: _frozen(np.asarray(columns[column.name], dtype=DTYPES[column.kind]))
            if column.name in columns
            else _frozen(unknown_column(column, len(self.ids)))
            for column in schema.columns_among(columns)
        }
        lengths = {len(self.geometry), *(len(values) for values in self._columns.values())}
        if lengths != {len(self.ids)}:
            raise ValueError(f"{role}: {len(self.ids)} ids, but columns of {sorted(lengths)} rows")
        ascending = bool((self.ids[1:] > self.ids[:-1]).all())  # as most files are: no need to sort
        if not ascending and len(np.unique(self.ids)) != len(self.ids):
            raise ValueError(f"{role}: ids repeat")

    @classmethod
    def empty(cls, role: str) -> Table:
        """Return a table of no features."""
        return cls(role, (), (), {})

    @classmethod
    def from_frame(cls, role: str, frame: gpd.GeoDataFrame) -> Table:
        """Return the table of a tidy frame with ``id``, ``geometry`` and columns of the schema."""
        every = ROLES[role].columns_among(map(str, frame.columns))
        names = [column.name for column in every if column.name in frame.columns]
        columns = {name: frame[name].to_numpy(copy=True) for name in names}
        return cls(
            role, frame["id"].to_numpy(copy=True), frame.geometry.to_numpy(copy=True), columns
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __getitem__(self, column: str) -> Array:
        return self._columns[column]

    def column(self, name: str) -> Array:
        """Return a column, also one of another year that this table lacks: nobody knows it."""
        if name in self._columns:
            return self._columns[name]
        return unknown_column(self.schema.column(name), len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as bytes, all shapes at once: much quicker than one by one."""
        rings = np.flatnonzero(shapely.get_type_id(self.geometry) == _RING)
        packed = shapely.to_wkb(self.geometry, include_srid=True)
        return _unpacked, (self.role, self.ids, packed, rings, self.geometry[rings], self._columns)

    def __repr__(self) -> str:
        return f"<Table {self.role}: {len(self)} features>"

    @property
    def schema(self) -> Role:
        """The role's entry in the schema."""
        return ROLES[self.role]

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index over the geometries; its numbers are row numbers."""
        return shapely.STRtree(self.geometry)

    def rows_of(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Return the row of each id, -1 where the table has no such feature."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self):
            return np.full(wanted.shape, -1, dtype=np.int64)
        place = np.searchsorted(self.ids, wanted, sorter=self._order)
        rows = self._order[np.minimum(place, len(self) - 1)]
        return np.where(self.ids[rows] == wanted, rows, -1)

    def row_of(self, feature_id: int) -> int:
        """Return the row of one id; KeyError where the table has no such feature."""
        row = int(self.rows_of([feature_id])[0])
        if row < 0:
            raise KeyError(f"{self.role} {feature_id}")
        return row

    def record(self, row: int) -> dict[str, Any]:
        """Return one feature's id, geometry and columns as plain Python values."""
        values = {name: values[row] for name, values in self._columns.items()}
        plain = {name: v.item() if isinstance(v, np.generic) else v for name, v in values.items()}
        return {"id": int(self.ids[row]), "geometry": self.geometry[row], **plain}

    def next_id(self) -> int:
        """Return an id that no feature has yet."""
        return int(self.ids.max()) + 1 if len(self) else 1

    def with_columns(self, columns: Mapping[str, Array]) -> Table:
        """Return the same features with other values in some columns."""
        return self._replace(columns={**self._columns, **columns})

    def with_values(
        self, rows: ArrayLike, values: Mapping[str, Any], geometry: Any = None
    ) -> Table:
        """Return the table with `values` (and `geometry`, where given) written into `rows`."""
        at = np.asarray(rows)
        changed = dict(self._columns)
        for name, value in values.items():
            changed[name] = self.column(name).copy()
            changed[name][at] = value
        shapes = self.geometry
        if geometry is not None:
            shapes = shapes.copy()
            shapes[at] = geometry
        return self._replace(columns=changed, geometry=shapes)

    def with_rows(self, added: Table) -> Table:
        """Return the features of this table followed by those of `added`."""
        columns = {name: np.concatenate([self[name], added.column(name)]) for name in self}
        return Table(
            self.role,
            np.concatenate([self.ids, added.ids]),
            np.concatenate([self.geometry, added.geometry]),
            columns,
        )

    def without(self, ids: ArrayLike) -> Table:
        """Return the table without the features of these ids."""
        return self.take(~np.isin(self.ids, np.asarray(ids, dtype=np.int64)))

    def take(self, rows: Array) -> Table:
        """Return the features of these rows (a mask or row numbers)."""
        columns = {name: values[rows] for name, values in self._columns.items()}
        return Table(self.role, self.ids[rows], self.geometry[rows], columns)

    def frame(self, crs: CRS | None = None) -> gpd.GeoDataFrame:
        """Return a copy as a GeoDataFrame with an ``id`` column."""
        import geopandas as gpd

        columns = {name: values.copy() for name, values in self._columns.items()}
        return gpd.GeoDataFrame(
            {"id": self.ids.copy(), **columns}, geometry=self.geometry.copy(), crs=crs
        )

    def _replace(self, columns: Mapping[str, Array], geometry: Array | None = None) -> Table:
        return Table(self.role, self.ids, self.geometry if geometry is None else geometry, columns)


def _unpacked(
    role: str, ids: Array, packed: Array, rings: Array, ring: Array, columns: dict[str, Array]
) -> Table:
    """Return a table as it was before it went to another process.

    Parameters
    ----------
    packed
        All shapes as bytes, which tell closed lines like others: rows `rings` are `ring`.
    """
    geometry = shapely.from_wkb(packed)
    geometry[rings] = ring
    return Table(role, ids, geometry, columns)


def _frozen(values: Array) -> Array:
    """Return `values` read-only; a view of the caller's array is copied first."""
    if values.flags.writeable:
        values = values.copy() if values.base is not None else values
        values.flags.writeable = False
    return values
