"""Layers from a PostGIS database, read as they are in one read-only transaction.

Only the server that the address names is asked, and nothing of the address but host, port and
database is kept: a password reaches no project, no message and no log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import geopandas as gpd
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from layers.files.foreign import ForeignLayer
from layers.geodesy.crs import Bounds, horizontal
from layers.limits import limit
from layers.problems import Fact, LayerError, Problem, Severity

if TYPE_CHECKING:
    import psycopg

_OPTIONS = ("schema", "table", "sslmode")
_LISTS = ("json", "jsonb", "bytea", "hstore", "tsvector", "raster")
"""Types of columns that a table of features cannot hold; arrays are left out as well."""


@dataclass(frozen=True)
class Address:
    """Where a database is and what of it is wanted.

    Parameters
    ----------
    host, port, database
        Of the server.
    user, password
        None where the user's own settings (``PGUSER``, ``.pgpass``) shall say.
    sslmode
        As libpq names it; "" for its default.
    schema, tables
        Only these; "" and () for all that PostGIS knows.
    """

    host: str
    port: int
    database: str
    user: str | None = None
    password: str | None = None
    sslmode: str = ""
    schema: str = ""
    tables: tuple[str, ...] = ()

    @property
    def public(self) -> str:
        """The address without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{host}:{self.port}/{self.database}"

    def __repr__(self) -> str:
        return self.public


def parse_address(words: str) -> Address:
    """Return the address in ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=S&table=T``.

    Raises
    ------
    LayerError
        ``database_address``: no host or database, or an option that is none (``schema``, ``table``,
        which may be repeated, and ``sslmode`` are).
    """
    try:
        parts = urlsplit(words)
        host, port = parts.hostname, parts.port or 5432
        given = parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise _refusal("database_address", "postgresql://…", reason=str(error)) from error
    database = unquote(parts.path.lstrip("/"))
    unknown = sorted(set(given) - set(_OPTIONS))
    if not host or not database or "/" in database or unknown:
        reason = ", ".join(unknown)
        raise _refusal("database_address", f"postgresql://{host or '…'}", reason=reason)
    return Address(
        host=unquote(host),
        port=port,
        database=database,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sslmode=given.get("sslmode", [""])[-1],
        schema=given.get("schema", [""])[-1],
        tables=tuple(given.get("table", ())),
    )


def read_database(
    address: Address, around: Bounds | None = None
) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read the tables of a PostGIS database.

    Parameters
    ----------
    around
        Degrees; of tables whose CRS is known, what lies outside is left out.

    Raises
    ------
    LayerError
        ``database_no_driver``, ``database_refused``, ``database_timeout``, ``database_failed``,
        ``database_without_postgis``, ``database_no_table``: each names the address without user
        and password.
    """
    with _connection(address) as connection:
        found = _tables(connection, address)
        missing = [name for name in address.tables if name not in {t.name for t in found}]
        if missing or not found:
            named = ", ".join(missing) or address.schema or "*"
            raise _refusal("database_no_table", address.public, tables=named)
        layers = [_read(connection, address, table, around) for table in found]
    return layers, []


def _refusal(key: str, source: str, **facts: Fact) -> LayerError:
    return LayerError(Problem(key, Severity.ERROR, source=source, facts=facts))


@contextmanager
def _connection(address: Address) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Open a read-only connection, and turn what the driver raises into one clear refusal."""
    try:
        import psycopg
    except ImportError as error:
        raise _refusal("database_no_driver", address.public) from error
    wait = round(limit("database", "connect_timeout_s"))
    statement = round(1000 * limit("database", "statement_timeout_s"))
    try:
        with psycopg.connect(
            host=address.host,
            hostaddr="",  # else the environment could name another server
            port=address.port,
            dbname=address.database,
            user=address.user,
            password=address.password,
            sslmode=address.sslmode or None,
            connect_timeout=wait,
            application_name="renewal-twin",
            options=f"-c statement_timeout={statement} -c client_encoding=UTF8",
        ) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield connection
    except psycopg.errors.ConnectionTimeout as error:
        raise _refusal("database_timeout", address.public, seconds=wait) from error
    except psycopg.errors.QueryCanceled as error:
        seconds = round(limit("database", "statement_timeout_s"))
        raise _refusal("database_timeout", address.public, seconds=seconds) from error
    except psycopg.OperationalError as error:
        raise _refusal("database_refused", address.public, reason=_said(error, address)) from error
    except psycopg.Error as error:
        raise _refusal("database_failed", address.public, reason=_said(error, address)) from error


def _said(error: Exception, address: Address) -> str:
    """Return what the driver says in one line, without the password."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words.replace(address.password, "***") if address.password else words


@dataclass(frozen=True)
class _Table:
    schema: str
    name: str
    column: str
    srid: int
    geography: bool


def _tables(connection: psycopg.Connection[tuple[Any, ...]], address: Address) -> list[_Table]:
    """Return the tables that PostGIS knows, as far as they are wanted, by schema and name."""
    from psycopg import sql

    home = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'postgis'"
    ).fetchone()
    if home is None:
        raise _refusal("database_without_postgis", address.public)
    own = sql.Identifier(home[0])
    # PostGIS's functions and operators are found wherever it is installed.
    connection.execute(sql.SQL("SET search_path TO {}, public, pg_catalog").format(own))
    query = sql.SQL(
        "SELECT f_table_schema, f_table_name, f_geometry_column, srid, false "
        "FROM {home}.geometry_columns UNION ALL "
        "SELECT f_table_schema, f_table_name, f_geography_column, srid, true "
        "FROM {home}.geography_columns ORDER BY 1, 2, 3"
    ).format(home=own)
    known = [
        _Table(str(schema), str(name), str(column), int(srid), bool(geography))
        for schema, name, column, srid, geography in connection.execute(query)
    ]
    wanted = [one for one in known if not address.schema or one.schema == address.schema]
    return [one for one in wanted if not address.tables or one.name in address.tables]


def _read(
    connection: psycopg.Connection[tuple[Any, ...]],
    address: Address,
    table: _Table,
    around: Bounds | None,
) -> ForeignLayer:
    from psycopg import sql

    names = _columns(connection, table)
    shape = sql.Identifier(table.column)
    plain = sql.SQL("{}::geometry").format(shape)
    where, values = _window(table, plain, around)
    source = sql.Identifier(table.schema, table.name)
    query = sql.SQL("SELECT {columns} FROM {table} {where}").format(
        columns=sql.SQL(", ").join(
            [*map(sql.Identifier, names), sql.SQL("ST_AsBinary(ST_CurveToLine({}))").format(plain)]
        ),
        table=source,
        where=where,
    )
    count = connection.execute(
        sql.SQL("SELECT count(*) FROM {} {}").format(source, where), values
    ).fetchone()
    rows = connection.execute(query, values).fetchall()
    declared = int(count[0]) if count else len(rows)
    crs = _crs(connection, table.srid)
    frame = _frame(names, rows, crs)
    layer = table.name if table.schema == "public" else f"{table.schema}.{table.name}"
    path = Path(f"{address.database}@{address.host}-{address.port}")
    lost = int(sum(row[-1] is not None for row in rows) - frame.geometry.notna().sum())
    problems: tuple[Problem, ...] = ()
    if lost or declared != len(rows):
        facts: dict[str, Fact] = {"declared": declared, "read": len(rows) - lost}
        problems = (Problem("features_lost", Severity.ERROR, source=layer, facts=facts),)
    return ForeignLayer(
        path, layer, frame, declared, problems, "UTF-8", digest=_digest(names, rows)
    )


def _columns(connection: psycopg.Connection[tuple[Any, ...]], table: _Table) -> list[str]:
    """Return the columns that a table of features can hold."""
    found = connection.execute(
        "SELECT column_name, udt_name, data_type FROM information_schema.columns "
        "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
        (table.schema, table.name),
    )
    return [
        str(name)
        for name, kind, declared in found
        if kind not in ("geometry", "geography", *_LISTS) and declared != "ARRAY"
    ]


def _window(table: _Table, shape: Any, around: Bounds | None) -> tuple[Any, Sequence[float]]:
    """Return the condition that features touch a rectangle, and its values."""
    from psycopg import sql

    if around is None or table.srid == 0:
        return sql.SQL(""), ()
    box = sql.SQL("WHERE {} && ST_Transform(ST_MakeEnvelope(%s, %s, %s, %s, 4326), {})")
    return box.format(shape, sql.Literal(table.srid)), around


def _crs(connection: psycopg.Connection[tuple[Any, ...]], srid: int) -> pyproj.CRS | None:
    """Return what PostGIS means by a number of a CRS, None where it says nothing."""
    query = "SELECT auth_name, auth_srid, srtext FROM spatial_ref_sys WHERE srid = %s"
    row = connection.execute(query, (srid,)).fetchone()
    if row is None:
        return None
    for words in (f"{row[0]}:{row[1]}" if row[0] else "", row[2] or ""):
        try:
            return horizontal(pyproj.CRS.from_user_input(words)) if words else None
        except CRSError:
            continue
    return None


def _frame(
    names: Sequence[str], rows: Sequence[tuple[Any, ...]], crs: pyproj.CRS | None
) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=[*names, "\0shape"])
    shapes = shapely.from_wkb(table.pop("\0shape").to_numpy(dtype=object), on_invalid="ignore")
    made = {name: _simple(table[name]) for name in names if name != "geometry"}
    return gpd.GeoDataFrame(made, geometry=shapes, crs=crs)


def _simple(column: pd.Series) -> pd.Series:
    """Return a column with decimals as numbers, and dates and the like as text."""
    if column.dtype != object:
        return column
    exact = column.map(lambda value: float(value) if isinstance(value, Decimal) else value)
    odd = exact.map(lambda value: not isinstance(value, (str, int, float, bool, type(None))))
    return exact.where(~odd, exact.astype(str))


def _digest(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """Return a digest of the content, whatever order the server gives it in."""
    found = hashlib.sha256(repr(list(names)).encode())
    for one in sorted(repr(row) for row in rows):
        found.update(one.encode())
    return found.hexdigest()
