"""Service types, walkers, groups and parameters of a user's own, beside those that come along.

Files of the same names and form as in ``twin/data`` are read from two folders, the later before the
earlier: ``data`` in the folder of the user's settings, and the one that the environment (or the
option ``--data``) names, for the data that an office shares. An entry adds to the program's own, or
takes the place of the one with its id; a parameter takes that of the one of its section and name.
Standards of one's own lie in ``standards`` of these folders (:mod:`twin.standards.known`). Which
files were used stands wherever the figures do.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from twin.language import Language, reason_of, text
from twin.memo import forget_everything
from twin.model.rows import RowError

FOLDER_VARIABLE = "RENEWAL_TWIN_HOME"
"""Environment variable that names one folder for all that the program keeps."""
DATA_VARIABLE = "RENEWAL_TWIN_DATA"
"""Environment variable that names a folder of data files; processes that begin here inherit it."""
PARAMETER_FILES = ("rules.toml", "indicators.toml", "uncertainty.toml")
"""Files of numbers by section and field (:mod:`twin.model.parameters`)."""
NO_DATA = "-"
"""Value of the variable that keeps a process to what comes along, home folder or not."""
OWN_FILES = ("service_types.toml", "walkers.toml", "groups.toml", *PARAMETER_FILES)
"""The files that may be one's own."""
OWN_STANDARDS = "standards"
"""The folder, within one of data files, of standards of one's own."""
PACKAGE_DATA = Path(__file__).parent.parent / "data"
"""The files that come along."""


@dataclass(frozen=True)
class OwnFile:
    """One file of the user's own that is in use.

    Parameters
    ----------
    name
        The file's name; the folder is no part of what is told, for it differs by machine.
    entries
        Ids of what it adds or replaces, as they stand in it.
    sha256
        Of its content, in hexadecimal.
    path
        Where it lies.
    """

    name: str
    entries: tuple[str, ...]
    sha256: str
    path: Path


def own_paths(folders: Sequence[Path] | None = None) -> tuple[Path, ...]:
    """Return the user's own data files, in the order in which they are read.

    Parameters
    ----------
    folders
        Where they are looked for; where the user has them if None.
    """
    where = own_folders() if folders is None else folders
    paths = [folder / name for name in OWN_FILES for folder in where]
    return tuple(path for path in paths if path.is_file())


def own_files() -> tuple[OwnFile, ...]:
    """Return which of the user's own files are in use.

    Raises
    ------
    RowError
        Where a file cannot be used.
    """
    from twin.model import catalogues  # here, for it reads what this module finds

    return catalogues.in_use().own


def own_digest() -> str:
    """Return what tells the user's own data from any other, "" where there is none."""
    return " ".join(one.sha256 for one in own_files())


def own_data_values() -> list[dict[str, Any]]:
    """Return which own files were used, as the JSON of any result tells of them."""
    return [
        {"name": one.name, "entries": list(one.entries), "sha256": one.sha256}
        for one in own_files()
    ]


def own_data_words(in_language: Language | None = None) -> str:
    """Return which own files were used and what they say, "" where there is none."""
    between = text("own_data.between", in_language)
    told = (
        text(
            "own_data.file",
            in_language,
            file=one.name,
            entries=", ".join(one.entries),
            digest=one.sha256[:12],
        )
        for one in own_files()
    )
    found = between.join(told)
    return text("own_data.used", in_language, files=found) if found else ""


@contextmanager
def using_data(folder: str | Path | None) -> Iterator[None]:
    """Read data files and standards from a folder as well, inside the ``with`` block.

    What districts were worked out to before is forgotten on both ways. Nothing happens where there
    is no folder.

    Raises
    ------
    RowError
        Where there is no such folder, or neither :data:`OWN_FILES` nor standards in it.
    """
    if folder is None:
        yield
        return
    before = os.environ.get(DATA_VARIABLE)
    _use(str(_checked(Path(folder))))
    try:
        yield
    finally:
        _use(before)


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a data file holds.

    Raises
    ------
    RowError
        Where it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RowError("standard_unreadable", file=str(path), reason=reason_of(error)) from error


def home_folder() -> Path:
    """Return the folder of data files that is read always: beside the user's settings."""
    home = os.environ.get(FOLDER_VARIABLE)
    return (Path(home) if home else user_config_path("renewal-twin", appauthor=False)) / "data"


def own_folders() -> tuple[Path, ...]:
    """Return the folders that the user's own files are read from, the later before the earlier.

    Raises
    ------
    RowError
        Where the one that the environment names holds none, or what cannot be one's own.
    """
    named = os.environ.get(DATA_VARIABLE)
    if named == NO_DATA:
        return ()
    return (home_folder(), *((_checked(Path(named)),) if named else ()))


def refuse_fixed(folder: Path) -> None:
    """Refuse a folder in which a file has the name of one that cannot be the user's own.

    Raises
    ------
    RowError
        Naming the file.
    """
    fixed = {path.name for path in PACKAGE_DATA.glob("*.toml")} - set(OWN_FILES)
    if there := {path.name for path in folder.glob("*.toml")} & fixed:
        file = str(folder / min(there))
        raise RowError("own_data_fixed", file=file, files=", ".join(OWN_FILES))


def own_file(path: Path) -> OwnFile:
    """Return what a file of the user's holds.

    Raises
    ------
    RowError
        Where it cannot be read.
    """
    values = read_toml(path)
    parts = {name: part if isinstance(part, dict) else {} for name, part in values.items()}
    if path.name == "service_types.toml":
        entries = (*parts.get("families", ()), *parts.get("types", ()))
    elif path.name in PARAMETER_FILES:
        names = ((section, name) for section, part in parts.items() for name in part)
        entries = tuple(f"{section}.{name}" for section, name in names if name != "source")
    else:
        entries = tuple(values)
    return OwnFile(path.name, entries, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def _checked(folder: Path) -> Path:
    """Return the whole path of a folder that somebody named, if its files can be used."""
    there = {path.name for path in folder.glob("*.toml")} if folder.is_dir() else set()
    if not there & set(OWN_FILES) and not any((folder / OWN_STANDARDS).glob("*.toml")):
        raise RowError("own_data_none", folder=str(folder), files=", ".join(OWN_FILES))
    refuse_fixed(folder)
    return folder.resolve()


def _use(folder: str | None) -> None:
    from twin.model import catalogues  # here, for it reads what this module finds

    if folder is None:
        os.environ.pop(DATA_VARIABLE, None)
    else:
        os.environ[DATA_VARIABLE] = folder
    catalogues.forget()
    forget_everything()
