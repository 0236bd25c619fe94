"""``update``: newer layers into a project, and what that changes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from twin.cli.columns import Column, set_table
from twin.cli.import_layers import add_source_arguments, read_sources, tell_problems, tell_sources
from twin.cli.opening import add_project
from twin.cli.verb import Console, Status, Verb
from twin.language import text
from twin.telling.findings import needs_a_person, sentence

if TYPE_CHECKING:
    from layers.importing.matching import LayerChange
    from twin.projects.update import Update

_IDS_SHOWN = 8


def _add_arguments(parser: ArgumentParser) -> None:
    add_project(parser)
    add_source_arguments(parser)
    parser.add_argument("--dry-run", action="store_true", help=text("cli.update.dry_run"))


def _run(options: Namespace, console: Console) -> Status:
    from twin.projects.project import open_project, save_project
    from twin.projects.update import update_project

    project = open_project(options.project)
    made = read_sources(options, console, into=project.to_file())
    update = update_project(project, made)
    if not options.dry_run:
        save_project(options.project, update.project)
    tell_sources(console, made.sources)
    tell_problems(console, made.problems)
    console.say()
    tell_changes(console, update)
    if not options.dry_run:
        console.say()
        console.say(text("cli.wrote", file=options.project))
    lost = bool(update.lost) or needs_a_person(made.problems)
    return Status.NEEDS_A_PERSON if lost else Status.DONE


def tell_changes(console: Console, update: Update) -> None:
    """Write what is other than it was, layer by layer, and which edits lost their target."""
    names = ("layer", "added", "removed", "moved", "changed")
    columns = [Column(text(f"cli.update.head_{name}")) for name in names]
    console.say(text("cli.update.changes"))
    for line in set_table(columns, [_row(change) for change in update.changes]):
        console.say(line)
    for name, problems in update.lost.items():
        console.say()
        console.say(text("cli.update.lost", scenario=name, count=len(problems)))
        for problem in problems:
            console.say(f"  {sentence(problem)}")


def _row(change: LayerChange) -> list[str]:
    changed = sorted({one for ids in change.changed.values() for one in ids})
    return [
        text(f"role.{change.role}"),
        *(_listed(ids) for ids in (change.added, change.removed, change.moved, tuple(changed))),
    ]


def _listed(ids: tuple[int, ...]) -> str:
    """Return how many, and the first ids."""
    if not ids:
        return "0"
    shown = ", ".join(str(one) for one in ids[:_IDS_SHOWN])
    return f"{len(ids):,} [{shown}{', …' if len(ids) > _IDS_SHOWN else ''}]"


UPDATE = Verb("update", _add_arguments, _run)
