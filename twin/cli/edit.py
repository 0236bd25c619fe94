"""``edit``: edits from a file into a scenario, all of them or none."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.cli.opening import add_project
from twin.cli.verb import Console, Refused, Status, Verb
from twin.language import text

if TYPE_CHECKING:
    from twin.model.district import District
    from twin.model.edits import Edit
    from twin.projects.session import Session

SCHEMA_VERSION = 1


def read_edits(path: Path) -> tuple[str | None, list[Mapping[str, Any]]]:
    """Read a list of edits as JSON values, or ``{"schema": 1, "scenario": NAME, "edits": [...]}``.

    Returns
    -------
    The scenario that the file names, if it does, and its edits.

    Raises
    ------
    Refused
        Where the file cannot be read, or holds no list of edits.
    """
    content = _read_json(path)
    named: str | None = None
    if isinstance(content, Mapping):
        if content.get("schema", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise Refused("cli.edit.schema", file=path.name, schema=content["schema"])
        named = content.get("scenario")
        if not isinstance(named, str | None):
            raise Refused("cli.edit.scenario_name", file=path.name)
        content = content.get("edits")
    if (
        not isinstance(content, list)
        or not content
        or not all(isinstance(one, Mapping) for one in content)
    ):
        raise Refused("cli.edit.no_list", file=path.name)
    return named, content


def numbered_edits(values: Sequence[Mapping[str, Any]], district: District) -> tuple[Edit, ...]:
    """Return the edits that JSON values describe; what is new and has no id is given a free one.

    Raises
    ------
    Refused
        Where an edit has no meaning.
    """
    from twin.model.edits import NEW_FEATURES

    taken = {
        role: {one["id"] for one in values if isinstance(one.get("id"), int)}
        for role in set(NEW_FEATURES.values())
    }
    edits = []
    for number, one in enumerate(values, 1):
        role = NEW_FEATURES.get(str(one.get("edit")))
        if role is not None and "id" not in one:
            first = district.table(role).next_id()
            free = next(id_ for id_ in count(first) if id_ not in taken[role])
            taken[role].add(free)
            one = {**one, "id": free}
        edits.append(_edit(number, one))
    return tuple(edits)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused("cli.unreadable", file=path, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise Refused("cli.edit.no_json", file=path.name, line=1, reason=error.reason) from error
    except json.JSONDecodeError as error:
        raise Refused(
            "cli.edit.no_json", file=path.name, line=error.lineno, reason=error.msg
        ) from error


def _edit(number: int, values: Mapping[str, Any]) -> Edit:
    from twin.model.edits import EditError, edit_from_json

    try:
        return edit_from_json(values)
    except EditError as error:
        reason = text(f"error.{error.key}", **error.facts)
        raise Refused("cli.edit.refused", number=number, reason=reason) from error


def _refuse_misfits(district: District, edits: Sequence[Edit]) -> None:
    """Refuse edits that do not all fit the district, naming the first that does not."""
    from twin.model.edits import EditError, apply_edit

    for number, edit in enumerate(edits, 1):
        kind = type(edit).__name__
        try:
            district = apply_edit(district, edit)
        except KeyError as error:
            raise Refused(
                "error.edit_target_unknown", number=number, edit=kind, id=edit.id
            ) from error
        except EditError as error:
            reason = text(f"error.{error.key}", **error.facts)
            raise Refused("cli.edit.refused", number=number, reason=reason) from error


def _take_in_hand(session: Session, name: str | None) -> None:
    """Take the scenario `name` in hand, made from the base where there is none yet."""
    from twin.projects.session import ScenarioError

    if name is None:
        return
    if name in session.scenarios:
        session.switch(name)
        return
    try:
        session.copy_scenario(name)
    except ScenarioError as error:
        raise Refused(f"error.{error.key}", **error.facts) from error


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument(
        "--edits", type=Path, required=True, metavar="FILE.json", help=text("cli.edit.edits")
    )
    parser.add_argument("--scenario", metavar="NAME", help=text("cli.edit.scenario"))


def _run(options: Namespace, console: Console) -> Status:
    from twin.projects.project import open_project, save_project

    named, values = read_edits(options.edits)
    project = open_project(options.project)
    session = project.session()
    _take_in_hand(session, options.scenario or named)
    edits = numbered_edits(values, session.district)
    _refuse_misfits(session.district, edits)
    session.do("history.from_file", *edits)
    save_project(options.project, project, session)
    console.say(text("cli.edit.done", count=len(edits), scenario=session.scenario))
    for one, edit in zip(values, edits, strict=True):
        if "id" not in one:
            console.say(text("cli.edit.numbered", edit=type(edit).__name__, id=edit.id))
    console.say(text("cli.wrote", file=options.project))
    lost = _unreachable(session.district, edits)
    for service_id in lost:
        console.warn(text("cli.edit.unreachable", id=service_id))
    return Status.NEEDS_A_PERSON if session.problems or lost else Status.DONE


def _unreachable(district: District, edits: Sequence[Edit]) -> list[int]:
    """Return the services that the edits put where there is nothing to walk on."""
    from twin.model.edits import MoveService, PlaceService
    from twin.walking.facilities import find_facilities

    facilities = find_facilities(district)
    put = {one.id for one in edits if isinstance(one, PlaceService | MoveService)}
    found = [id_ for id_ in sorted(put) if id_ in facilities.ids]
    return [id_ for id_ in found if not facilities.access[facilities.position(id_)].attached]


EDIT = Verb("edit", _add_arguments, _run)
