"""Zip archives, unpacked within bounds: nothing leaves the folder, nothing grows beyond measure."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EINVAL
from pathlib import Path, PurePosixPath

from layers.files.encoding import decoded
from layers.files.foreign import refusal
from layers.limits import limit

MAGIC = b"PK\x03\x04"
_EMPTY_MAGIC = b"PK\x05\x06"
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is a zip archive (KMZ and XLSX are)."""
    return head.startswith((MAGIC, _EMPTY_MAGIC))


@contextmanager
def unpacked(path: Path, wanted: Callable[[str], bool] | None = None) -> Iterator[Path]:
    """Give a temporary folder with what the archive holds.

    Parameters
    ----------
    path
        The archive.
    wanted
        Tells by its name within the archive whether a file is to be unpacked; all by default.

    Raises
    ------
    LayerError
        ``archive_broken``, ``archive_packing``, ``archive_too_large`` (size, ratio or entries),
        ``archive_unsafe`` (a name that leads out, a link), ``archive_encrypted``;
        ``cannot_read`` where the system says no, as of a disk that is full.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        try:
            with zipfile.ZipFile(path, metadata_encoding=_encoding_of_names(path)) as archive:
                for entry in _checked(path, archive):
                    if wanted is not None and not wanted(entry.filename):
                        continue
                    _write(archive, entry, folder / PurePosixPath(entry.filename))
        except NotImplementedError as error:  # zipfile's word for a packing that it does not know
            raise refusal("archive_packing", path) from error
        except OSError as error:
            if error.errno in (None, EINVAL):  # sent to a place that the file does not have
                raise refusal("archive_broken", path) from error
            raise refusal("cannot_read", path, reason=error.strerror or str(error)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise refusal("archive_broken", path) from error
        yield folder


def _encoding_of_names(path: Path) -> str | None:
    """Return the encoding of names that do not say theirs: Windows writes that of its country."""
    with zipfile.ZipFile(path) as archive:
        names = [e.filename for e in archive.infolist() if not e.flag_bits & _NAME_IS_UTF8]
    found = decoded("\n".join(names).encode("cp437"))
    return found[1].codec or None if found else None


def _checked(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive, or refuse it whole."""
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    most = limit("archive", "most_bytes")
    # zipfile reads no more of an entry than its header states, so these sums bound the disk.
    bomb = size > limit("archive", "harmless_bytes") and size / packed > limit(
        "archive", "most_ratio"
    )
    if size > most or bomb or len(entries) > limit("archive", "most_entries"):
        raise refusal("archive_too_large", path, mb=round(size / 1e6), entries=len(entries))
    for entry in entries:
        name = PurePosixPath(entry.filename)
        leads_out = name.is_absolute() or ".." in name.parts or ":" in entry.filename
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if leads_out or is_link or "\\" in entry.filename or "\0" in entry.filename:
            raise refusal("archive_unsafe", path, entry=entry.filename)
        if entry.flag_bits & _ENCRYPTED:
            raise refusal("archive_encrypted", path)
    return [entry for entry in entries if not entry.is_dir()]


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)
