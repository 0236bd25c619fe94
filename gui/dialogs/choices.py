"""What a person chose in the preview of an import; no widget in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from layers.importing.preview import LayerView, Preview
from layers.importing.preview_tables import TableView
from layers.problems import Problem, Severity
from layers.schema import ROLES
from layers.understanding.decisions import Decisions, LayerDecision, pattern_of, with_encodings
from layers.understanding.guessing import Guess
from layers.vocabulary.columns import IGNORE

UNSURE = 0.6
"""A guess below this confidence wants a look."""


@dataclass(frozen=True)
class Choices:
    """Decisions by layer, over those of a mapping file.

    Parameters
    ----------
    base
        What a mapping file says.
    layers
        What was chosen in the dialog, by the layer's source.
    surveyed
        Service type to whether it was surveyed, where a person said so.
    """

    base: Decisions = field(default_factory=Decisions)
    layers: Mapping[str, LayerDecision] = field(default_factory=dict)
    surveyed: Mapping[str, bool] = field(default_factory=dict)

    def of_layer(self, source: str) -> LayerDecision:
        """Return what was decided of a layer."""
        return self.layers.get(source) or self.base.of_names(source, *_names(source))

    def choose(self, source: str, **values: Any) -> Choices:
        """Return the choices with other values of one layer's decision."""
        decided = replace(self.of_layer(source), layer=pattern_of(source), **values)
        return replace(self, layers={**self.layers, source: decided})

    def choose_role(self, source: str, role: str) -> Choices:
        """Take a layer for something else: what was said of its columns no longer holds."""
        return self.choose(source, role=role, columns={}, values={})

    def choose_encoding(self, view: LayerView | TableView, name: str) -> Choices:
        """Have a file read in an encoding, or ("") in what it seems to be in.

        It goes by the file: a drawing's layers have other names in another encoding.
        """
        file = Path(view.file).name
        layers = {
            source: replace(one, encoding="") if source.partition(" · ")[0] == file else one
            for source, one in self.layers.items()
        }
        path = Path(view.file)
        base = tuple(
            replace(one, encoding="") if Decisions((one,)).encoding_of(path) else one
            for one in self.base.layers
        )
        cleared = replace(self, base=replace(self.base, layers=base), layers=layers)
        return cleared.choose(view.source, encoding=name)

    def encoding_of(self, view: LayerView | TableView) -> str:
        """Return the encoding that a person chose for a layer's file, "" for none."""
        return self.decisions().encoding_of(Path(view.file))

    def choose_column(self, source: str, column: str, name: str) -> Choices:
        """Have a schema column filled by a column of the file, or by none ("")."""
        columns = {**self.of_layer(source).columns, column: name}
        return self.choose(source, columns=columns)

    def choose_words(self, source: str, column: str, meant: Mapping[str, str]) -> Choices:
        """Say what words of a column mean; words that are not named are understood as ever."""
        values = {**self.of_layer(source).values, column: dict(meant)}
        return self.choose(source, values={c: words for c, words in values.items() if words})

    def choose_boundary(self, source: str, found: Preview) -> Choices:
        """Make one layer the study boundary, or none (""), and leave others out of that role."""
        chosen = self
        for view in found.layers:
            if view.source == source:
                chosen = chosen.choose_role(source, "boundary")
            elif view.role.value == "boundary":
                chosen = chosen.choose_role(view.source, IGNORE)
        return chosen

    def choose_surveyed(self, type_id: str, surveyed: bool) -> Choices:
        """Say whether anybody looked for services of a type."""
        return replace(self, surveyed={**self.surveyed, type_id: surveyed})

    def decisions(self) -> Decisions:
        """Return all of it as an import takes it: the dialog's word goes first."""
        return replace(
            self.base,
            layers=(*self.layers.values(), *self.base.layers),
            surveyed=self._said(self.base.surveyed, True),
            not_surveyed=self._said(self.base.not_surveyed, False),
        )

    def _said(self, before: tuple[str, ...], surveyed: bool) -> tuple[str, ...]:
        kept = [one for one in before if one not in self.surveyed]
        return (*kept, *(one for one, said in self.surveyed.items() if said is surveyed))

    def is_surveyed(self, type_id: str, found: Preview) -> bool:
        """Tell whether a type counts as surveyed: by a person's word, or because it occurs."""
        if type_id in self.surveyed:
            return self.surveyed[type_id]
        if type_id in self.base.surveyed:
            return True
        occurs = any(type_id in view.types for view in found.layers)
        return occurs and type_id not in self.base.not_surveyed

    def columns_of(self, view: LayerView) -> Mapping[str, Guess]:
        """Return the guesses of a layer's columns with a person's word over them."""
        said = self.of_layer(view.source).columns
        guesses = {column: g for column, g in view.columns.items() if said.get(column) != ""}
        return guesses | {column: Guess(name) for column, name in said.items() if name}

    def to_keep(self, found: Preview) -> Decisions:
        """Return what a mapping file for the next district should hold: all that was confirmed."""
        kept = []
        for view in found.layers:
            decided = self.of_layer(view.source)
            columns = {c: guess.value for c, guess in self.columns_of(view).items()}
            role = view.role.value if view.role.value in (*ROLES, IGNORE) else ""
            if role:
                none = {c: "" for c, name in decided.columns.items() if not name}
                pattern = pattern_of(view.layer or _names(view.source)[0])
                kept.append(replace(decided, layer=pattern, role=role, columns={**none, **columns}))
        for raster in found.rasters:
            said = self.layers.get(raster.source)
            if said is not None and said.role:
                kept.append(said)
        known = {one.layer for one in kept}
        rest = [one for one in self.base.layers if one.layer not in known]
        made = replace(self.decisions(), layers=(*kept, *rest))
        views: list[LayerView | TableView] = [*found.layers, *found.tables]
        chosen = {Path(v.file).name: name for v in views if (name := self.encoding_of(v))}
        return with_encodings(made, chosen)


def wants_a_look(view: LayerView) -> bool:
    """Tell whether something of a layer should be looked at before it is imported."""
    from layers.importing.preview import suspicions

    if view.role.value == IGNORE:
        return False
    unsure = [view.role, *view.columns.values()]
    unplaced = bool(view.count) and not view.crs_used
    guessed = any(guess.confidence < UNSURE for guess in unsure)
    return unplaced or guessed or bool(view.datum or suspicions(view))


def said_of_files(found: Preview) -> dict[str, list[Problem]]:
    """Return what wants a look of files that give no layer, by file: refused ones above all."""
    said: dict[str, list[Problem]] = {}
    for problem in sorted(found.problems, key=lambda p: p.severity is not Severity.ERROR):
        if problem.severity in (Severity.ERROR, Severity.WARNING):
            said.setdefault(problem.source, []).append(problem)
    return said


def needing_a_person(found: Preview) -> int:
    """Count the findings that only a person can settle, of layers and of files."""
    views: list[LayerView | TableView] = [*found.layers, *found.tables]
    every = [*found.problems, *(p for view in views for p in view.problems)]
    return sum(problem.severity is Severity.ERROR for problem in every)


def _names(source: str) -> tuple[str, ...]:
    """Return the names that a pattern may fit: the file's and the layer's."""
    file, _, layer = source.partition(" · ")
    return (layer, file, file.split(".")[0]) if layer else (file, file.split(".")[0])
