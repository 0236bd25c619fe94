"""Layers as the schema has them: columns renamed, places in metres, geometry mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from layers.account import Account
from layers.files.foreign import ForeignLayer
from layers.importing.gathering import Draft, Progress
from layers.importing.ledger import source_of_layer
from layers.importing.matching import same_as_before
from layers.mending.tidy import tidy
from layers.placing.datum_test import DATUM_TAKEN_OFF
from layers.placing.settling import crs_name
from layers.problems import Problem, Severity
from layers.project import is_project
from layers.understanding.decisions import Decisions
from layers.understanding.guessing import guess_columns
from layers.understanding.mapping import name_columns, unused_columns

_MOST_EXAMPLES = 5


_MOST_COLUMNS = 12


def _crs_read(draft: Draft, layer: ForeignLayer, crs: pyproj.CRS) -> str:
    """Return in which CRS coordinates were read, and which shifted datum was taken off them."""
    shifted = [
        str(problem.facts["datum"])
        for problem in draft.problems
        if problem.key in DATUM_TAKEN_OFF and problem.source == layer.source
    ]
    return ", ".join([crs_name(crs), *shifted[:1]])


def tidy_all(
    placed: Sequence[tuple[str, ForeignLayer, pyproj.CRS]],
    metric: pyproj.CRS,
    columns: Mapping[str, Mapping[str, str]] | None,
    told: Decisions,
    draft: Draft,
    report: Progress,
) -> dict[str, gpd.GeoDataFrame]:
    """Rename, reproject and tidy each layer, and put those of one role together."""
    gathered: dict[str, list[gpd.GeoDataFrame]] = {}
    numbered: dict[str, bool] = {}
    for number, (role, layer, crs) in enumerate(placed):
        report(0.4 + 0.4 * number / len(placed), "import.repairing")
        decided = told.of_layer(layer)
        word = {**decided.columns, **(columns or {}).get(role, {})}
        mapping, doubted = guess_columns(role, layer.frame, word)
        draft.problems += _doubts(role, layer, doubted)
        named, problems = name_columns(role, layer.frame, mapping, layer.source, decided.values)
        unused = unused_columns(role, layer.frame, mapping)
        draft.problems += [*problems, *_not_used(role, layer, unused)]
        local = named.set_crs(crs, allow_override=True).to_crs(metric)
        raised = role == "streets"
        frame, problems = tidy(role, local, layer.source, keep_heights=raised)
        if raised:
            frame["meets"] = layer.meets or is_project(layer.file)
        draft.problems += problems
        sure = draft.roles[layer.source].confidence
        made = source_of_layer(role, layer, len(frame), mapping, _crs_read(draft, layer, crs), sure)
        draft.sources.append(replace(made, unused=unused))
        gathered.setdefault(role, []).append(frame)
        numbered[role] = numbered.get(role, True) and any(p.key == "ids_numbered" for p in problems)
    return {
        role: _together(role, frames, draft, numbered[role]) for role, frames in gathered.items()
    }


def _doubts(role: str, layer: ForeignLayer, doubted: Mapping[str, str]) -> tuple[Problem, ...]:
    """Say which columns are called like one of ours and hold something else."""
    account = Account(role, layer.source)
    for column, name in doubted.items():
        said = layer.frame[name].dropna().astype(str).unique()[:_MOST_EXAMPLES]
        account.note(
            "column_not_believed",
            Severity.INFO,
            column=column,
            found=name,
            examples=", ".join(said),
        )
    return account.problems


def _not_used(role: str, layer: ForeignLayer, unused: Sequence[str]) -> tuple[Problem, ...]:
    """Say which columns of a file nothing was made of."""
    account = Account(role, layer.source)
    if unused:
        named = ", ".join(unused[:_MOST_COLUMNS]) + ("…" if len(unused) > _MOST_COLUMNS else "")
        account.note("columns_not_used", Severity.INFO, columns=named, count=len(unused))
    return account.problems


def _together(
    role: str, frames: list[gpd.GeoDataFrame], draft: Draft, numbered: bool
) -> gpd.GeoDataFrame:
    """Join layers of one role; what an earlier layer has already is left out.

    Other features with ids that are taken are numbered anew, which is a finding unless all were
    numbered here and have no ids to lose.
    """
    if len(frames) == 1:
        return frames[0]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    joined = pd.concat(filled, ignore_index=True)
    twice = same_as_before(joined)
    if twice.any():
        account = Account(role)
        account.add("features_twice", Severity.REPAIRED, joined["id"].to_numpy()[twice])
        draft.problems += account.problems
        joined = joined.loc[~twice].reset_index(drop=True)
    again = joined["id"].duplicated().to_numpy()
    if again.any():
        account = Account(role)
        ids = joined["id"].to_numpy().copy()
        ids[again] = ids.max() + 1 + np.arange(again.sum())
        joined["id"] = ids
        if not numbered:
            account.add("ids_renumbered", Severity.REPAIRED, ids[again])
        draft.problems += account.problems
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=frames[0].crs)
