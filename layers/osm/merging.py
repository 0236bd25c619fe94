"""Several extracts of OpenStreetMap as one: what they share is there once.

Neighbouring extracts share the streets and buildings across their border, and only together do
streets meet at the nodes they share. So files are put together by the ids of their elements before
anything is made of them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import osmium

from layers.files.foreign import ForeignLayer, refusal
from layers.limits import limit
from layers.osm.reading import BEYOND_ALL_IDS, NEGATIVE
from layers.osm.soundness import check_whole, kind_of
from layers.problems import Fact, LayerError, Problem, Severity

_HEAD_BYTES = 512
_PACKED = 10
"""How many times as large packed files are as plain XML."""


def is_extract(path: Path) -> bool:
    """Tell whether a file is OpenStreetMap data."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return kind_of(stream.read(_HEAD_BYTES)) is not None


@contextmanager
def merged(paths: Sequence[Path]) -> Iterator[Path]:
    """Give one file with the elements of several, each once, in the newest version there is.

    Parameters
    ----------
    paths
        Two or more extracts, of whatever kinds.

    Raises
    ------
    LayerError
        ``osm_too_much_to_merge``; as `layers.osm.reading.read_extract`, for the first file that is
        not whole.
    """
    size = sum(path.stat().st_size * (1 if _is_plain(path) else _PACKED) for path in paths)
    if size > limit("osm", "most_merged_bytes"):
        names = ", ".join(path.name for path in paths)
        raise refusal("osm_too_much_to_merge", paths[0], names=names)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "merged.osm.pbf"
        reader = osmium.MergeInputReader()
        for number, path in enumerate(paths):
            _add(reader, path, number)
        writer = osmium.SimpleWriter(str(target))
        try:
            reader.apply(writer)
        except (RuntimeError, ValueError, OverflowError) as error:
            reason = str(error).splitlines()[0] if str(error) else ""
            raise refusal("osm_unreadable", paths[0], reason=reason) from error
        finally:
            writer.close()
        yield target


def _is_plain(path: Path) -> bool:
    with path.open("rb") as stream:
        return kind_of(stream.read(_HEAD_BYTES)) == "xml"


def _add(reader: osmium.MergeInputReader, path: Path, number: int) -> None:
    with path.open("rb") as stream:
        kind = kind_of(stream.read(_HEAD_BYTES))
    if kind is None:
        raise refusal("osm_not_inside", path)
    check_whole(path, kind)
    content = path.read_bytes()
    if kind == "xml":
        # Ids that an editor invented mean another element in each file.
        begin = BEYOND_ALL_IDS * (number + 1)
        content = NEGATIVE.sub(lambda found: _positive(found, begin), content)
    try:
        reader.add_buffer(content, kind)
    except (RuntimeError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0] if str(error) else ""
        raise refusal("osm_unreadable", path, reason=reason) from error


def _positive(found: re.Match[bytes], begin: int) -> bytes:
    return found[1] + b"%d" % (begin + int(found[2]))


Found = tuple[list[ForeignLayer], list[Problem]]


def extracts_among(files: Mapping[Path, bool]) -> list[Path]:
    """Return the extracts among files that are to be read as one; none where there is only one.

    Parameters
    ----------
    files
        Each with whether a person named it; others that are not whole are left to be told alone.
    """
    found = [path for path in files if is_extract(path)]
    whole = [path for path in found if files[path] or _is_whole(path)]
    return whole if len(whole) > 1 else []


def _is_whole(path: Path) -> bool:
    with path.open("rb") as stream:
        kind = kind_of(stream.read(_HEAD_BYTES))
    try:
        check_whole(path, kind or "pbf")
    except LayerError:
        return False
    return True


def read_as_one(paths: Sequence[Path], read: Callable[[Path], Found]) -> Found:
    """Read several extracts as if they were one, called after the first.

    Parameters
    ----------
    paths
        Two or more extracts.
    read
        Reads one.

    Raises
    ------
    LayerError
        As `merged` and `read`.
    """
    with merged(paths) as whole:
        layers, problems = read(whole)
    first, name = paths[0], whole.name
    names = ", ".join(path.name for path in paths)
    facts: dict[str, Fact] = {"count": len(paths), "names": names}
    told = Problem("osm_merged", Severity.INFO, source=first.name, facts=facts)
    packed = any(path.suffix == ".pbf" for path in paths)
    # Only where a part is PBF can it have been cut between two blocks without a trace.
    kept = [p for p in problems if packed or p.key != "osm_end_unproven"]
    named = [replace(p, source=p.source.replace(name, first.name)) for p in kept]
    return [replace(layer, file=first) for layer in layers], [told, *named]
