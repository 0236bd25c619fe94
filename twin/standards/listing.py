"""Which files of standards and tables there are, whose each is, and copies of them to change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from layers.files.saving import replacing
from twin.language import LANGUAGES, text
from twin.model.catalogues import in_use
from twin.model.own_data import OWN_FILES, OWN_STANDARDS, PACKAGE_DATA
from twin.model.rows import RowError
from twin.standards.known import STANDARDS_FOLDER, load_standard, own_standards, standard_ids
from twin.standards.standard import Standard

Sort = Literal["standard", "table"]
Whose = Literal["shipped", "own", "fixed"]


@dataclass(frozen=True)
class Listed:
    """One file of a standard or a table.

    Parameters
    ----------
    sort
        Which of the two.
    id
        The standard's id (the file's name where it cannot be used), or the table's name.
    path
        The file.
    whose
        Comes along and can be made one's own, is one's own, or cannot be.
    standard
        What the file of a standard says, None where it cannot be used.
    entries
        Of a table of one's own, what it adds or says otherwise.
    error
        Why a file of one's own cannot be used.
    """

    sort: Sort
    id: str
    path: Path
    whose: Whose
    standard: Standard | None = None
    entries: tuple[str, ...] = ()
    error: RowError | None = None


def list_tables(refused: RowError | None = None) -> tuple[Listed, ...]:
    """Return the files that are in use or could be, each of one's own behind what it stands over.

    Parameters
    ----------
    refused
        Why the files as they lie there now were not taken up; it names one of them.
    """
    standards = [
        Listed("standard", id_, path, "shipped", load_standard(id_))
        for id_ in standard_ids()
        if (path := STANDARDS_FOLDER / f"{id_}.toml").is_file()
    ]
    standards += [
        Listed(
            "standard",
            one.standard.id if one.standard else one.path.stem,
            one.path,
            "own",
            one.standard,
            error=one.error,
        )
        for one in own_standards()
    ]
    names = (*OWN_FILES, *sorted({p.name for p in PACKAGE_DATA.glob("*.toml")} - set(OWN_FILES)))
    tables = [row for name in names for row in _files_of(name)]
    return tuple(_with_refused([*standards, *tables], refused))


def copy_to_change(listed: Listed, folder: Path) -> Path:
    """Copy a standard or a table into a folder of data files of one's own; return where it lies.

    A copied standard gets an id and a name of its own, for both stand in the chooser.

    Raises
    ------
    RowError
        Where there is such a table of one's own in the folder already, or the file cannot be read.
    OSError
        Where the folder cannot be written.
    """
    content = listed.path.read_text(encoding="utf-8-sig")
    if listed.sort == "table":
        target = folder / listed.path.name
        if target.exists():
            raise RowError("own_data_there", file=str(target))
    else:
        target, content = _own_standard(content, listed.id, folder / OWN_STANDARDS)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as draft:
        draft.write_text(content, encoding="utf-8")
    return target


def _files_of(name: str) -> Iterable[Listed]:
    """Return the file of a name that comes along, and those of one's own."""
    stem = Path(name).stem
    yield Listed("table", stem, PACKAGE_DATA / name, "shipped" if name in OWN_FILES else "fixed")
    for one in in_use().own:
        if one.name == name:
            yield Listed("table", stem, one.path, "own", entries=one.entries)


def _with_refused(rows: list[Listed], refused: RowError | None) -> list[Listed]:
    """Return the rows, with why a file was refused at that file."""
    file = "" if refused is None else str(refused.facts.get("file", ""))
    if not file:
        return rows
    if any(str(row.path) == file for row in rows):
        return [replace(row, error=refused) if str(row.path) == file else row for row in rows]
    stem = Path(file).stem
    behind = max((n for n, row in enumerate(rows, 1) if row.id == stem), default=len(rows))
    return [*rows[:behind], Listed("table", stem, Path(file), "own", error=refused), *rows[behind:]]


def _own_standard(content: str, standard_id: str, folder: Path) -> tuple[Path, str]:
    """Return where a copy of a standard may lie, and what it says under an id of its own."""
    taken, number = set(standard_ids()), 1
    while (new := f"{standard_id}-own{number if number > 1 else ''}") in taken or (
        folder / f"{new}.toml"
    ).exists():
        number += 1
    names = load_standard(standard_id).name
    called = ", ".join(
        f"{one[:2]} = {_quoted(text('own_data.copy_of', one, name=names[one[:2]], number=number))}"
        for one in sorted(LANGUAGES)
    )
    head = re.split(r"(?m)^(?=\[)", content, maxsplit=1)[0]  # what stands before the first table
    rest = content[len(head) :]
    head = re.sub(r"(?m)^id\s*=.*$", lambda _: f"id = {_quoted(new)}", head, count=1)
    head = re.sub(r"(?m)^name\s*=.*$", lambda _: f"name = {{ {called} }}", head, count=1)
    made = head + rest
    if tomllib.loads(made).get("id") != new:  # its id does not stand on a line of its own
        raise RowError("own_data_id_line", file=standard_id)
    return folder / f"{new}.toml", made


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
