"""Values kept on the disk between runs, so that what was worked out once is not worked out again.

What is kept is only ever a shortcut: it is found by a key of all that it was made of, the program's
own code included, and where it cannot be read or written it is made as if there were none. Files
hold arrays and JSON (no pickle), belong to the user alone, and the oldest go when there are many.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import shapely
from platformdirs import user_cache_path

from twin.keeping.packing import PackingError, pack, unpack
from twin.model import own_data

LOG = logging.getLogger("renewal_twin")
FOLDER_VARIABLE = own_data.FOLDER_VARIABLE
"""Environment variable that names one folder for all that the program keeps, as in the window."""
LARGEST_KEPT_BYTES = 2 << 30
"""A kind's files are thinned out beyond this."""

T = TypeVar("T")

_keeps: ContextVar[bool] = ContextVar("keeps", default=True)


def kept_folder() -> Path:
    """Return the folder in which values are kept."""
    own = os.environ.get(FOLDER_VARIABLE)
    return Path(own) / "cache" if own else user_cache_path("renewal-twin", appauthor=False)


def keeps() -> bool:
    """Return whether values are kept here at all: not within :func:`nothing_kept`."""
    return _keeps.get()


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Keep nothing meanwhile, as where what is made will never be asked for again."""
    before = _keeps.set(False)
    try:
        yield
    finally:
        _keeps.reset(before)


def kept(kind: str, key: str, make: Callable[[], T], classes: Iterable[type] = ()) -> T:
    """Return the value that was kept under `key`, else make it and keep it.

    Parameters
    ----------
    kind
        Name of a folder for values of one sort.
    key
        From `key_of`, of everything that the value depends on.
    make
        Makes the value; what it raises passes through and nothing is kept.
    classes
        Dataclasses that the value is made of (see `twin.keeping.packing`).
    """
    path = kept_folder() / kind / f"{key}.npz"
    known = tuple(classes)
    try:
        value: T = read_packed(path, known)
        os.utime(path)
        return value
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        if path.exists():
            LOG.warning("kept %s cannot be read: %s", path.name, error)
    value = make()
    _keep(path, value, known)
    return value


def key_of(*parts: Any) -> str:
    """Return a key of values: equal values (arrays and geometries by content) have equal keys.

    Takes arrays, also of geometries or texts, bytes, and whatever ``repr`` tells apart.
    """
    found = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            found.update(f"{part.dtype}{part.shape}".encode())
            found.update(_content(part))
        else:
            found.update(part if isinstance(part, bytes) else repr(part).encode())
        found.update(b"\0")
    return found.hexdigest()


def digest_of_files(paths: Iterable[Path]) -> str:
    """Return a key of files' names and contents; OSError where one cannot be read."""
    found = hashlib.sha256()
    for path in paths:
        found.update(f"{path.name}\0".encode())
        with path.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()


def digest_of_code(*folders: Path) -> str:
    """Return a key of the code and tables in folders of this program, and of the user's in use.

    A program that was changed makes its values anew, without anybody counting versions.
    """
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    ours = sorted(path for path in files if path.suffix in (".py", ".toml"))
    return key_of(digest_of_files(ours), own_data.own_digest())


def _content(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype != object:
        return np.ascontiguousarray(values).tobytes()
    if len(values) and isinstance(values[0], str):
        return json.dumps(values.tolist()).encode()
    return b"\0".join(wkb or b"" for wkb in shapely.to_wkb(values).tolist())


def write_packed(path: Path, value: object, classes: Iterable[type]) -> None:
    """Write a value to a file of arrays; the path's suffix stays as it is.

    Raises
    ------
    PackingError
        It has parts of a sort that is not known.
    OSError
        The disk refuses.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    plain = json.dumps(pack(value, arrays, {cls.__name__: cls for cls in classes})).encode()
    arrays["json"] = np.frombuffer(plain, np.uint8)
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def read_packed(path: Path, classes: Iterable[type]) -> Any:
    """Return the value that `write_packed` wrote.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile
        There is none, or it is damaged.
    """
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        known = {cls.__name__: cls for cls in classes}
        return unpack(json.loads(arrays["json"].tobytes()), arrays, known)


def _keep(path: Path, value: object, known: tuple[type, ...]) -> None:
    """Write a value whole or not at all; a disk that refuses is no reason to stop."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
        os.close(handle)
        try:
            write_packed(Path(draft), value, known)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)
        _thin_out(path.parent)
    except (OSError, PackingError) as error:
        LOG.warning("%s is not kept: %s", path.name, error)


def _thin_out(folder: Path) -> None:
    """Remove the files that were not used for longest, beyond what may be kept."""
    files = [(path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("*.npz")]
    total = 0
    for _, size, path in sorted(files, reverse=True):
        total += size
        if total > LARGEST_KEPT_BYTES:
            path.unlink(missing_ok=True)
