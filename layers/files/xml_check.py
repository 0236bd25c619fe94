"""XML files before GDAL sees them: whole to the last tag, no entities that expand, not too deep."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from layers.files.foreign import refusal
from layers.limits import limit

_MEMBERS = ("featureMember", "featureMembers", "member")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")
_ROOT = re.compile(rb"\A\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<([\w:.-]+)", re.S)
_WITH_SUBSET = re.compile(rb"<!DOCTYPE[^>]*\[")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass
class Contents:
    """What a pass over an XML file found."""

    root: str = ""
    elements: Counter[str] = field(default_factory=Counter)
    """How often each element occurs, by its name without prefix."""
    members: int = 0
    """Elements directly inside ``featureMember``, ``featureMembers`` or ``member``."""


def root_in(head: bytes) -> str:
    """Return the name of the root element without its prefix, or "" where `head` shows none."""
    text = head
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            text = head.decode(encoding, "ignore").encode()
    found = _ROOT.match(text)
    return found[1].decode("ascii", "replace").rpartition(":")[2] if found else ""


def defines_entities(head: bytes) -> bool:
    """Tell whether a file starts as XML that declares entities of its own."""
    return head.lstrip().startswith(b"<") and bool(_WITH_SUBSET.search(head))


def in_utf8(path: Path) -> bytes:
    """Return a file's XML in UTF-8, whatever encoding it declares.

    Raises
    ------
    LayerError
        ``xml_broken``: the text is not in the encoding that it declares.
    """
    content = path.read_bytes()
    declared = _DECLARATION.match(content[:1024])
    encoding = declared[1].decode() if declared else "utf-8"
    encoding = "gb18030" if encoding.lower() in ("gb2312", "gbk", "cp936") else encoding
    for mark, marked in _BYTE_ORDER_MARKS.items():
        encoding = marked if content.startswith(mark) else encoding
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise refusal("xml_broken", path, line=0, reason=encoding) from error
    made = text.encode()
    again = _DECLARATION.match(made[:1024])
    return made if again is None else made.replace(again[0], b'<?xml version="1.0"?>', 1)


def check_whole(path: Path, content: bytes) -> Contents:
    """Read XML to its last tag.

    Raises
    ------
    LayerError
        ``xml_broken`` (cut off among it), ``xml_entities``, ``xml_nested``.
    """
    found = Contents()
    open_elements: list[str] = []
    deepest = int(limit("xml", "most_depth"))

    def _start(name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        if not open_elements:
            found.root = local
        elif open_elements[-1] in _MEMBERS and local != "FeatureCollection":
            found.members += 1
        found.elements[local] += 1
        open_elements.append(local)
        if len(open_elements) > deepest:
            raise refusal("xml_nested", path, depth=deepest)

    def _end(_name: str) -> None:
        open_elements.pop()

    def _doctype(_name: str, _system: str | None, _public: str | None, subset: int) -> None:
        if subset:
            raise refusal("xml_entities", path)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = _start
    parser.EndElementHandler = _end
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "")
        raise refusal("xml_broken", path, line=error.lineno, reason=reason) from error
    return found


_CHUNK_BYTES = 1 << 18


def read_elements(
    path: Path,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Hand out the elements of an XML file one by one, in little memory whatever its size.

    Parameters
    ----------
    path
        The file.
    start, end
        Called with each element's name without prefix, `start` also with its attributes, whose
        names are as they stand.
    text
        Called with each piece of text between them.

    Raises
    ------
    LayerError
        ``xml_broken`` (cut off among it), ``xml_entities``, ``xml_nested``; what `start`, `end`
        and `text` raise.
    """
    depth, deepest = 0, int(limit("xml", "most_depth"))

    def _start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise refusal("xml_nested", path, depth=deepest)
        start(name.rpartition(":")[2], attributes)

    def _end(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def _doctype(_name: str, _system: str | None, _public: str | None, subset: int) -> None:
        if subset:
            raise refusal("xml_entities", path)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = _start
    parser.EndElementHandler = _end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _doctype
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "")
        raise refusal("xml_broken", path, line=error.lineno, reason=reason) from error
    except (LookupError, ValueError) as error:
        raise refusal("xml_broken", path, line=0, reason=str(error)) from error
