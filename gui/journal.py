"""Unsaved work on disk, so that a crash loses nothing: what each sitting has not saved yet.

Every sitting has one small file in the user's state folder, written anew (a temporary file, then
renamed) after each change and removed when the work is saved or given up. A file whose sitting is
gone, which its lock tells, is work to be offered back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

VERSION = 1
LAYERS_SUFFIX = ".twin.gpkg"


@dataclass(frozen=True)
class Unsaved:
    """Work that was not saved.

    Parameters
    ----------
    files
        What was open: one project file, or the files that were imported.
    scenarios
        Names and edits as JSON values (:func:`twin.model.edits.edit_to_json`).
    current
        Name of the scenario that was in hand.
    told
        What was decided of imported files
        (:func:`layers.understanding.decisions.decisions_to_json`).
    owned
        Role, file, layer, owner and licence of each layer, where a person changed any.
    newer
        Files of newer layers that had taken the place of the project's.
    held
        Those of them whose layers stand in the project beside the journal (`Journal.layers`); the
        others have to be read again.
    views, polls
        What was kept beside the edits (:func:`gui.views.views_to_json`,
        :func:`gui.workshop.polls_to_json`); None: as in the project file.
    """

    files: tuple[str, ...]
    scenarios: tuple[tuple[str, tuple[dict[str, Any], ...]], ...]
    current: str
    told: Mapping[str, Any] = field(default_factory=dict)
    owned: tuple[tuple[str, ...], ...] = ()
    newer: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    views: tuple[dict[str, Any], ...] | None = None
    polls: tuple[dict[str, Any], ...] | None = None

    @property
    def edits(self) -> int:
        """How many edits there are in all scenarios."""
        return sum(len(edits) for _, edits in self.scenarios)


class Journal:
    """The file of one sitting, and a look at those that crashed sittings left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._free_lock()
        self._path = Path(self._lock.fileName()).with_suffix(".json")

    @property
    def layers(self) -> Path:
        """The project of this sitting for newer layers that are in no other file yet."""
        return self.layers_of(self._path)

    @staticmethod
    def layers_of(path: Path) -> Path:
        """Return the project for newer layers that belongs to a sitting's file."""
        return path.with_suffix(LAYERS_SUFFIX)

    def write(self, work: Unsaved) -> None:
        """Write what stands now, whole or not at all."""
        values = {
            "version": VERSION,
            "files": work.files,
            "scenarios": [{"name": n, "edits": edits} for n, edits in work.scenarios],
            "current": work.current,
            "told": dict(work.told),
            "owned": work.owned,
            "newer": work.newer,
            "held": work.held,
            "views": work.views,
            "polls": work.polls,
        }
        beside = self._path.with_suffix(".part")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    def clear(self) -> None:
        """Forget this sitting's work: it is saved, or given up."""
        self.remove(self._path)

    def remove(self, path: Path) -> None:
        """Remove a sitting's file, with the layers that belong to it."""
        path.unlink(missing_ok=True)
        self.layers_of(path).unlink(missing_ok=True)

    def forget_layers(self) -> None:
        """Forget the layers alone: they are saved, or given up."""
        self.layers.unlink(missing_ok=True)

    def take_layers(self, left: Path) -> None:
        """Make the layers of a sitting that crashed those of this one."""
        self.layers_of(left).replace(self.layers)

    def left_behind(self) -> Sequence[tuple[Path, Unsaved]]:
        """Return the work of sittings that ended without saving, latest first."""
        found: list[tuple[float, Path, Unsaved]] = []
        for layers in self._folder.glob(f"*{LAYERS_SUFFIX}"):
            path = layers.with_name(layers.name.removesuffix(LAYERS_SUFFIX) + ".json")
            if path != self._path and not path.exists() and _is_orphan(path):
                layers.unlink()
        for path in self._folder.glob("*.json"):
            if path == self._path or not _is_orphan(path):
                continue
            work = _read(path)
            if work is not None and not self.layers_of(path).is_file():
                work = replace(work, held=())
            if work is None:
                self.remove(path)
            else:
                found.append((path.stat().st_mtime, path, work))
        return [(path, work) for _, path, work in sorted(found, key=lambda f: f[0], reverse=True)]

    def close(self) -> None:
        """Let go of the sitting's file, which stays for the next start if there is work in it."""
        self._lock.unlock()

    def _free_lock(self) -> QLockFile:
        number = 1
        while True:
            path = self._folder / f"sitting-{number}.lock"
            lock = QLockFile(str(path))
            lock.setStaleLockTime(0)
            if not path.with_suffix(".json").exists() and lock.tryLock(0):
                return lock
            number += 1


def _is_orphan(path: Path) -> bool:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    free = lock.tryLock(0)
    if free:
        lock.unlock()
    return free


def _read(path: Path) -> Unsaved | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["version"] != VERSION:
            return None
        scenarios = tuple((s["name"], tuple(s["edits"])) for s in values["scenarios"])
        told = values.get("told", {})
        owned = tuple(tuple(map(str, one)) for one in values.get("owned", ()))
        if not all(len(one) == 5 for one in owned):  # role, file, layer, owner, licence
            return None
        newer, held = (tuple(map(str, values.get(key, ()))) for key in ("newer", "held"))
        files, current = tuple(values["files"]), values["current"]
        views, polls = (_records(values.get(key)) for key in ("views", "polls"))
        return Unsaved(files, scenarios, current, told, owned, newer, held, views, polls)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _records(values: Any) -> tuple[dict[str, Any], ...] | None:
    return None if values is None else tuple(map(dict, values))
