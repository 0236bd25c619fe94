"""Service types, walkers and groups of a user's own, in files beside those that come along.

Files of the same names and form as in ``twin/data`` are read from two folders, the later before the
earlier: ``data`` in the folder of the user's settings, and the one that the environment (or the
option ``--data``) names, for the data that an office shares. An entry adds to the program's own, or
takes the place of the one with its id. Which files were used stands wherever the figures do.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from twin.language import Language, text
from twin.memo import forget_everything
from twin.model.rows import RowError

FOLDER_VARIABLE = "RENEWAL_TWIN_HOME"
"""Environment variable that names one folder for all that the program keeps."""
DATA_VARIABLE = "RENEWAL_TWIN_DATA"
"""Environment variable that names a folder of data files; processes that begin here inherit it."""
OWN_FILES = ("service_types.toml", "walkers.toml", "groups.toml")
"""The files that may be one's own."""
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
    """

    name: str
    entries: tuple[str, ...]
    sha256: str


def own_paths(name: str | None = None) -> tuple[Path, ...]:
    """Return the user's own files (only those of a name), in the order in which they are read."""
    wanted = OWN_FILES if name is None else (name,)
    paths = [folder / one for one in wanted for folder in _folders()]
    return tuple(path for path in paths if path.is_file())


def own_files() -> tuple[OwnFile, ...]:
    """Return what the user's own files hold.

    Raises
    ------
    RowError
        Where a file cannot be read.
    """
    return tuple(_own_file(path) for path in own_paths())


def own_digest() -> str:
    """Return what tells the user's own data from any other, "" where there is none."""
    return " ".join(one.sha256 for one in own_files())


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
    """Read service types, walkers and groups from a folder as well, inside the ``with`` block.

    What districts were worked out to before is forgotten on both ways. Nothing happens where there
    is no folder.

    Raises
    ------
    RowError
        Where there is no such folder, or none of :data:`OWN_FILES` in it.
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
        detail = str(error).splitlines()[0]
        raise RowError("standard_unreadable", file=str(path), detail=detail) from error


def _folders() -> tuple[Path, ...]:
    home = os.environ.get(FOLDER_VARIABLE)
    kept = Path(home) if home else user_config_path("renewal-twin", appauthor=False)
    named = os.environ.get(DATA_VARIABLE)
    return (kept / "data", *((_checked(Path(named)),) if named else ()))


def _checked(folder: Path) -> Path:
    """Return the whole path of a folder that somebody named, if its files can be used."""
    there = {path.name for path in folder.glob("*.toml")} if folder.is_dir() else set()
    if not there & set(OWN_FILES):
        raise RowError("own_data_none", folder=str(folder), files=", ".join(OWN_FILES))
    fixed = {path.name for path in PACKAGE_DATA.glob("*.toml")} - set(OWN_FILES)
    if there & fixed:
        file = str(folder / min(there & fixed))
        raise RowError("own_data_fixed", file=file, files=", ".join(OWN_FILES))
    return folder.resolve()


def _own_file(path: Path) -> OwnFile:
    values = read_toml(path)
    if path.name == "service_types.toml":
        parts = (values.get("families", {}), values.get("types", {}))
        entries = tuple(id_ for part in parts if isinstance(part, dict) for id_ in part)
    else:
        entries = tuple(values)
    return OwnFile(path.name, entries, hashlib.sha256(path.read_bytes()).hexdigest())


def _use(folder: str | None) -> None:
    from twin.model import catalogues  # here, for it reads what this module finds

    if folder is None:
        os.environ.pop(DATA_VARIABLE, None)
    else:
        os.environ[DATA_VARIABLE] = folder
    catalogues.forget()
    forget_everything()
