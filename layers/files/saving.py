"""Writing a file so that the disk holds the old one or the new one, and never half of either."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path

from layers.problems import LayerError, Problem, Severity

_PREFIX = ".saving-"
_ABANDONED_AFTER_S = 3600.0
"""A workshop folder of a save that was killed is swept away by a later save once it is this old."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path to write to; on leaving without an exception it takes the place of `target`.

    The new file grows in a hidden folder beside `target` (same disk, so that the rename is one
    step), is flushed to the disk, renamed over `target`, and the folder's entry is flushed. On an
    exception, Ctrl+C included, `target` is as it was and nothing is left behind.

    Raises
    ------
    LayerError
        ``cannot_write`` where the folder does not exist or the disk refuses, ``file_in_use`` where
        another program holds `target` open as a database.
    """
    target = Path(os.path.realpath(target))
    _refuse_open_database(target)
    workshop: Path | None = None
    try:
        _sweep(target.parent)
        workshop = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target.parent))
        draft = workshop / target.name
        yield draft
        _flush_file(draft)
        draft.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Give a folder to write files to; on leaving without an exception they move into `folder`.

    Files there with the same names are replaced, others stay. Nothing moves before everything is
    written and flushed, so that a full disk or Ctrl+C leaves `folder` as it was.

    Raises
    ------
    LayerError
        ``cannot_write`` where the disk refuses.
    """
    folder = Path(os.path.realpath(folder))
    workshop: Path | None = None
    try:
        there = next(one for one in (folder, *folder.parents) if one.exists())
        _sweep(there)
        workshop = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=there))
        yield workshop
        drafts = sorted(workshop.iterdir())
        for draft in drafts:
            _flush_file(draft)
        folder.mkdir(parents=True, exist_ok=True)
        for draft in drafts:
            draft.replace(folder / draft.name)
        _flush_folder(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


def check_writable(target: Path) -> None:
    """Refuse a file that could not be written in the end, before work that takes long begins.

    Raises
    ------
    LayerError
        As :func:`replacing`; also where `target` is a folder.
    """
    target = Path(os.path.realpath(target))
    _refuse_open_database(target)
    try:
        if target.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target.parent)).rmdir()
    except OSError as error:
        raise cannot_write(target, error) from error


def cannot_write(target: Path, error: OSError) -> LayerError:
    """Say that `target` could not be written, with the system's own reason."""
    reason = error.strerror or str(error)
    facts = {"folder": str(target.parent), "reason": reason}
    return LayerError(Problem("cannot_write", Severity.ERROR, source=target.name, facts=facts))


def _refuse_open_database(target: Path) -> None:
    """Refuse to replace an SQLite file beside which another program keeps unfinished pages.

    SQLite would apply such a leftover log to the new file and so destroy it.
    """
    for suffix in ("-wal", "-journal"):
        log = target.with_name(target.name + suffix)
        if log.exists() and log.stat().st_size > 0:
            facts = {"log": log.name}
            raise LayerError(
                Problem("file_in_use", Severity.ERROR, source=target.name, facts=facts)
            )


def _sweep(folder: Path) -> None:
    now = time.time()
    for leftover in folder.glob(_PREFIX + "*"):
        if now - leftover.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(leftover, ignore_errors=True)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """Flush the folder's entry; Windows has no such call and renames durably by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
