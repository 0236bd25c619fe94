"""PostGIS tables as layers, from a real server that the test starts and ends by itself."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest

from layers.formats import postgis
from layers.formats.postgis import parse_address, read_database
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from layers.project import read_project, write_project
from twin.cli import main
from twin.telling.findings import sentence

SECRET = "geheim-42"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refused(words: str) -> str:
    with pytest.raises(LayerError) as error:
        read_database(parse_address(words))
    said = sentence(error.value.problem)
    assert SECRET not in said + str(error.value) + repr(error.value.problem)
    assert len(said.splitlines()) == 1
    return error.value.problem.key


def test_an_address_is_taken_apart_and_shown_without_its_secrets():
    address = parse_address(
        f"postgresql://anna:{SECRET}@10.0.0.5:5433/stadt?schema=gis&table=a&table=b"
    )
    assert (address.host, address.port, address.database) == ("10.0.0.5", 5433, "stadt")
    assert (address.user, address.password) == ("anna", SECRET)
    assert (address.schema, address.tables) == ("gis", ("a", "b"))
    assert address.public == "postgresql://10.0.0.5:5433/stadt"
    assert SECRET not in repr(address)


def test_letters_that_an_address_cannot_hold_are_written_with_percent_signs():
    address = parse_address("postgresql://a%40b:p%2Fw@h/%E5%9F%8E%E5%B8%82")
    assert (address.user, address.password, address.database) == ("a@b", "p/w", "城市")


@pytest.mark.parametrize(
    "words",
    [
        f"postgresql://anna:{SECRET}@/stadt",
        f"postgresql://anna:{SECRET}@host",
        f"postgresql://anna:{SECRET}@host:port/stadt",
        f"postgresql://anna:{SECRET}@host/stadt?service=other",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(words):
    with pytest.raises(LayerError) as error:
        parse_address(words)
    assert error.value.problem.key == "database_address"
    assert SECRET not in sentence(error.value.problem) + str(error.value)


def test_nobody_there_is_one_line():
    assert (
        refused(f"postgresql://anna:{SECRET}@127.0.0.1:{free_port()}/stadt") == "database_refused"
    )


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(postgis, "limit", lambda *_: 2)  # libpq waits two seconds at least
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        assert refused(f"postgresql://anna:{SECRET}@127.0.0.1:{port}/stadt") == "database_timeout"


def test_the_environment_names_no_other_server(monkeypatch):
    """libpq would go to PGHOSTADDR, whatever host it is told."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.5)
        monkeypatch.setenv("PGHOSTADDR", "127.0.0.1")
        monkeypatch.setenv("PGPORT", str(other.getsockname()[1]))
        monkeypatch.setenv("PGHOST", "127.0.0.1")
        refused(f"postgresql://anna:{SECRET}@127.0.0.1:{free_port()}/stadt")
        with pytest.raises(TimeoutError):
            other.accept()


def test_without_the_driver_it_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert refused(f"postgresql://anna:{SECRET}@127.0.0.1/stadt") == "database_no_driver"


def test_the_command_refuses_in_one_line(tmp_path, capsys):
    address = f"postgresql://anna:{SECRET}@127.0.0.1:{free_port()}/stadt"
    assert main(["import", str(tmp_path / "a.twin.gpkg"), address, "--language", "en"]) == 2
    said = capsys.readouterr()
    assert len(said.err.strip().splitlines()) == 1
    assert SECRET not in said.err + said.out
    assert not list(tmp_path.iterdir())


# With a real server.


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or not (found[-1] / "initdb").exists():
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql-15-postgis-3)")
    return found[-1]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[int]:
    """A server on a free port, owned by nobody special, with its data in a folder of the test."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="twin-"))  # sockets lie in it: a short name
    # PostgreSQL does not run as root.
    user = "nobody" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    secret = folder / "secret"
    secret.write_text(SECRET)
    if user:
        shutil.chown(secret, user)
    data, port = folder / "data", free_port()
    make = [
        programs / "initdb",
        "-D",
        data,
        "-A",
        "scram-sha-256",
        "--pwfile",
        secret,
        "-U",
        "boss",
    ]
    subprocess.run(make, user=user, check=True, capture_output=True, cwd=folder)
    run = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1"]
    quiet = ["-c", "fsync=off", "-c", "logging_collector=off", "-c", "log_statement=all"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*run, *quiet], user=user, stdout=log, stderr=log, cwd=folder)
        try:
            _wait(port)
            yield port
        finally:
            process.terminate()
            process.wait(30)
            shutil.rmtree(folder)


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            psycopg.connect(_words(port, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not start")


def _words(port: int, database: str) -> str:
    return f"postgresql://boss:{SECRET}@127.0.0.1:{port}/{database}"


@pytest.fixture(scope="module")
def city(server: int) -> str:
    """The address of a database with PostGIS in a schema of its own, and nothing in it."""
    with psycopg.connect(_words(server, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE stadt ENCODING 'UTF8' TEMPLATE template0")
    with psycopg.connect(_words(server, "stadt"), autocommit=True) as connection:
        if (
            connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"
            ).fetchone()
            is None
        ):
            pytest.skip("PostGIS is not installed (apt-get install postgresql-15-postgis-3)")
        connection.execute("CREATE SCHEMA tools; CREATE EXTENSION postgis SCHEMA tools")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'weak'")
    return _words(server, "stadt")


def fill(
    words: str, name: str, frame: gpd.GeoDataFrame, columns: dict[str, str], srid: int
) -> None:
    """Make a table of a frame; `columns` are its SQL types."""
    kinds = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    marks = ", ".join(["%s"] * len(columns))
    with psycopg.connect(words, autocommit=True) as connection:
        connection.execute("SET search_path TO public, tools")
        kinds += f", form geometry(Geometry, {srid})"
        connection.execute(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({kinds})")
        for row in frame.itertuples():
            connection.execute(
                f"INSERT INTO {name} VALUES ({marks}, ST_SetSRID(ST_GeomFromWKB(%s), {srid}))",
                (*(getattr(row, column) for column in columns), row.geometry.wkb),
            )


@pytest.fixture
def filled(city, buildings, streets, services):
    kinds = {"id": "integer", "name": "text", "storeys": "integer", "residents": "numeric(8,1)"}
    fill(city, "buildings", buildings, kinds, 4547)
    fill(city, "streets", streets, {"id": "bigint", "kind": "varchar(9)"}, 4547)
    fill(city, "services", services.to_crs(4326), {"id": "integer", "types": "text"}, 4326)
    return city


@pytest.mark.long
def test_a_database_is_a_district(filled, buildings, keys, tmp_path):
    project = import_layers([], databases=[parse_address(filled)])
    assert project.name == "stadt"
    assert {role: len(frame) for role, frame in project.layers.items()} == {
        "boundary": 1,
        "buildings": 12,
        "streets": 12,
        "services": 2,
    }
    layer = project.layers["buildings"].set_index("id")
    assert layer["name"][1] == "1号楼"
    assert layer["residents"].tolist() == [40] * 12
    assert layer.geometry[1].equals(buildings.geometry[0])
    keys(project.problems)
    path = tmp_path / "stadt.twin.gpkg"
    write_project(path, project)
    assert SECRET.encode() not in path.read_bytes()
    [source] = [one for one in read_project(path).sources if one.role == "buildings"]
    assert (source.features_declared, source.features_read, source.crs) == (12, 12, "EPSG:4547")
    assert source.encoding == "UTF-8"
    assert len(source.sha256) == 64


@pytest.mark.long
def test_the_same_content_has_the_same_digest(filled):
    def digests():
        return [layer.digest for layer in read_database(parse_address(filled))[0]]

    assert digests() == digests()


@pytest.mark.long
def test_the_figures_are_those_of_the_same_layers_in_files(filled, district_files):
    by_file = import_layers([district_files])
    by_table = import_layers([], databases=[parse_address(filled)])
    for role in ("buildings", "streets"):
        # Shapefiles turn rings the other way round.
        one = by_file.layers[role].set_index("id").geometry.normalize()
        other = by_table.layers[role].set_index("id").geometry.normalize()
        assert one.geom_equals_exact(other, 1e-6).all()


@pytest.mark.long
def test_a_clip_is_asked_of_the_server(filled):
    """A rectangle around the first three houses: the others never leave the database."""
    address = parse_address(filled + "?table=buildings")
    west, south, east, north = (114.0485, 22.50, 114.0507, 22.52)
    layers, _ = read_database(address, (west, south, east, north))
    assert 0 < layers[0].declared < 12


@pytest.mark.long
def test_only_the_tables_that_are_named_are_read(filled):
    layers, _ = read_database(parse_address(filled + "?table=streets&schema=public"))
    assert [layer.name for layer in layers] == ["streets"]
    assert refused(filled + "?table=none") == "database_no_table"
    assert refused(filled + "?schema=none") == "database_no_table"


@pytest.mark.long
def test_nothing_is_written(filled):
    with pytest.raises(LayerError), postgis._connection(parse_address(filled)) as connection:
        connection.execute("DELETE FROM public.buildings")
    assert len(read_database(parse_address(filled + "?table=buildings"))[0][0].frame) == 12


@pytest.mark.long
def test_geography_curves_missing_shapes_and_odd_columns(city):
    with psycopg.connect(city, autocommit=True) as connection:
        connection.execute("SET search_path TO public, tools")
        connection.execute(
            "DROP TABLE IF EXISTS buildings, streets, services, mixed;"
            "CREATE TABLE mixed"
            " (id int, day date, tags text[], extra jsonb, form geography(Geometry));"
            "INSERT INTO mixed VALUES (1, '2026-11-22', '{a}', '{}', 'POINT(114 22)'),"
            " (2, NULL, NULL, NULL, NULL);"
            "CREATE TABLE curved (form geometry);"
            "INSERT INTO curved VALUES ('CIRCULARSTRING(0 0, 1 1, 2 0)')"
        )
    layers = {one.name: one for one in read_database(parse_address(city))[0]}
    mixed = layers["mixed"]
    assert mixed.crs.to_epsg() == 4326
    assert list(mixed.frame.columns) == ["id", "day", "geometry"]
    assert mixed.frame["day"][0] == "2026-11-22"
    assert mixed.frame.geometry[1] is None
    assert not mixed.problems
    curved = layers["curved"]
    assert curved.crs is None
    # A half circle of radius 1.
    assert curved.frame.geometry[0].length == pytest.approx(3.1416, abs=1e-3)
    with psycopg.connect(city, autocommit=True) as connection:
        connection.execute("DROP TABLE mixed, curved")


@pytest.mark.long
def test_a_wrong_password_and_a_forbidden_table_are_one_line(filled):
    wrong = filled.replace("boss:", "reader:")
    assert refused(wrong) == "database_refused"
    assert refused(filled.replace(f"boss:{SECRET}", "reader:weak")) == "database_failed"
    assert refused(filled.replace("/stadt", "/none")) == "database_refused"


@pytest.mark.long
def test_a_database_without_postgis_says_so(server):
    assert refused(_words(server, "postgres")) == "database_without_postgis"


@pytest.mark.long
def test_a_column_that_changes_the_server_is_refused_by_it(filled):
    """Names are quoted: one that holds SQL is a name."""
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute("SET search_path TO public, tools")
        connection.execute(
            'CREATE TABLE "x""; DROP TABLE buildings; --" (id int, form geometry(Point, 4326));'
        )
    layers, _ = read_database(parse_address(filled))
    assert 'x"; DROP TABLE buildings; --' in {layer.name for layer in layers}
    assert "buildings" in {layer.name for layer in layers}
    with psycopg.connect(filled, autocommit=True) as connection:
        connection.execute('DROP TABLE "x""; DROP TABLE buildings; --"')


@pytest.mark.long
def test_the_command_makes_a_project_and_keeps_the_secret(filled, tmp_path, capsys):
    path = tmp_path / "stadt.twin.gpkg"
    words = ["import", str(path), filled, "--boundary=114.04,22.5,114.07,22.53"]
    assert main([*words, "--language", "en"]) < 2
    said = capsys.readouterr()
    assert "stadt@127.0.0.1" in said.out
    assert SECRET not in said.out + said.err
    assert SECRET.encode() not in path.read_bytes()
    assert len(read_project(path).layers["buildings"]) == 12
