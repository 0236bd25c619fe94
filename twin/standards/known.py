"""Which standards there are: those that come along, and those of the user's own folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from twin.memo import forget_everything
from twin.model import catalogues
from twin.model.catalogues import Catalogues, read_catalogues, trying
from twin.model.own_data import DATA_VARIABLE, NO_DATA, OWN_STANDARDS, home_folder, refuse_fixed
from twin.standards.reading import StandardError, read_standard
from twin.standards.standard import Standard

DEFAULT_STANDARD = "gb50180-2018"

STANDARDS_FOLDER = Path(__file__).parent
"""The standards that come along."""


@dataclass(frozen=True, eq=False)
class OwnStandard:
    """A standard's file in a folder of the user's.

    Parameters
    ----------
    path
        The file.
    standard
        What it says, None where it cannot be used.
    error
        Why it cannot.
    """

    path: Path
    standard: Standard | None = None
    error: StandardError | None = None


@dataclass(frozen=True, eq=False)
class Tables:
    """Everything that data files and standards say, read together."""

    catalogues: Catalogues
    standards: tuple[OwnStandard, ...]
    """The user's own."""


_in_use: list[Tables] = []


def read_tables(named: Path | None) -> Tables:
    """Return what the tables say; nothing that is in use changes.

    Parameters
    ----------
    named
        A folder of data files beside the one that is read always; it may hold none yet.

    Raises
    ------
    StandardError
        Where a data file cannot be used. What is wrong with a standard stands with it.
    """
    folders = (home_folder(), *((named,) if named is not None and named.is_dir() else ()))
    for folder in folders[1:]:
        refuse_fixed(folder)
    return _with_standards(read_catalogues(folders))


def plain_tables() -> Tables:
    """Return the tables that come along alone."""
    return Tables(read_catalogues(()), ())


def take_up(tables: Tables, named: Path | None) -> None:
    """Score by these tables from now on, in this process and those that it starts.

    What was worked out by others is forgotten. A folder that holds nothing yet is not handed on.
    """
    files = [one.path for one in tables.catalogues.own]
    files += [one.path for one in tables.standards]
    if not tables.catalogues.folders:
        os.environ[DATA_VARIABLE] = NO_DATA
    elif named is not None and any(path.is_relative_to(named) for path in files):
        os.environ[DATA_VARIABLE] = str(named.resolve())
    else:
        os.environ.pop(DATA_VARIABLE, None)
    catalogues.use(tables.catalogues)
    _in_use[:] = [tables]
    forget_everything()


def own_standards() -> tuple[OwnStandard, ...]:
    """Return the standards of the user's own folders, those that cannot be used too."""
    found = catalogues.in_use()
    if not _in_use or _in_use[0].catalogues is not found:
        _in_use[:] = [_with_standards(found)]
    return _in_use[0].standards


def standard_ids() -> tuple[str, ...]:
    """Return the ids of the standards: those that come along, the default first, then one's own."""
    return (*_shipped(), *(one.id for one in _usable()))


def load_standard(id_or_path: str | Path) -> Standard:
    """Return a standard by its id, or read from a file of the user's.

    Raises
    ------
    StandardError
        Where there is no such standard or file, it is no TOML, or a value is missing, unknown, of
        the wrong type or outside its set.
    """
    wanted = str(id_or_path)
    if wanted in _shipped():
        return _load_shipped(wanted)
    for one in own_standards():
        if one.standard is not None and one.standard.id == wanted:
            return one.standard
        if one.error is not None and one.path.stem == wanted:
            raise one.error
    if not Path(id_or_path).is_file() and not Path(id_or_path).is_dir():
        known = ", ".join(standard_ids())
        raise StandardError("standard_unknown", name=wanted, known=known)
    return read_standard(Path(id_or_path))


@cache
def _shipped() -> tuple[str, ...]:
    found = sorted(path.stem for path in STANDARDS_FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT_STANDARD))


@cache
def _load_shipped(standard_id: str) -> Standard:
    return read_standard(STANDARDS_FOLDER / f"{standard_id}.toml")


def _usable() -> list[Standard]:
    return [one.standard for one in own_standards() if one.standard is not None]


def _with_standards(found: Catalogues) -> Tables:
    """Return the tables of catalogues, with the standards that lie beside their files."""
    paths = [
        path for folder in found.folders for path in sorted((folder / OWN_STANDARDS).glob("*.toml"))
    ]
    with trying(found):
        return Tables(found, _read(paths))


def _read(paths: Sequence[Path]) -> tuple[OwnStandard, ...]:
    made: list[OwnStandard] = []
    taken = set(_shipped())
    for path in paths:
        try:
            standard = read_standard(path)
            if standard.id in taken:
                facts = {"file": path.name, "row": "standard", "field": "id"}
                raise StandardError("standard_taken", **facts, value=standard.id)
        except StandardError as error:
            made.append(OwnStandard(path, error=error))
        else:
            taken.add(standard.id)
            made.append(OwnStandard(path, standard))
    return tuple(made)
