"""What a grid or picture is: heights of the ground, people by cell, or a picture to lie under."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp

from layers.files.raster_files import Raster
from layers.limits import limit
from layers.problems import Fact, Problem, Severity
from layers.rasters.terrain import readable
from layers.schema import RASTER_ROLES
from layers.vocabulary.columns import IGNORE

_SAMPLE_CELLS = 512
_BANDS_OF_PICTURE = 3
_SHORT_LETTERS = 4
_NO_LETTERS = re.compile(r"[^a-z]+")


@cache
def _words() -> Mapping[str, list[str]]:
    text = files("layers.rasters").joinpath("raster_roles.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["names"]  # type: ignore[no-any-return] # TOML has no types


def role_of_raster(
    raster: Raster, chosen: Mapping[str, str] | None = None
) -> tuple[str, tuple[Problem, ...]]:
    """Tell what a raster is: by the user's word, its bands, its name, and last by its values.

    Parameters
    ----------
    raster
        One file.
    chosen
        The user's word: one of `layers.schema.RASTER_ROLES` or `layers.vocabulary.columns.IGNORE`,
        by file name.

    Returns
    -------
    The role, and what a person should know of how it was told.

    Raises
    ------
    LayerError
        As `layers.rasters.terrain.readable`.
    """
    for name in (raster.source, raster.part or raster.path.name, raster.name):
        if chosen and chosen.get(name) in (*RASTER_ROLES, IGNORE):
            return chosen[name], ()
    with readable(raster, "") as file:
        coloured = {ColorInterp.red, ColorInterp.palette} & set(file.colorinterp)
        if coloured or file.count >= _BANDS_OF_PICTURE:
            return "underlay", ()
        for role in ("terrain", "residents"):
            if is_named(raster, role):
                return role, _told(raster, role, "grid_of_people_by_name", Severity.INFO)
        if set(file.dtypes) == {"uint8"}:
            return "underlay", _told(raster, "underlay", "grid_as_picture", Severity.WARNING)
        role = "residents" if _looks_like_counts(file) else "terrain"
    return role, _told(raster, role, "grid_of_people_by_values", Severity.WARNING)


def is_named(raster: Raster, what: str) -> bool:
    """Tell whether a raster's name, or its archive's, has a word for something in it."""
    name = f"{raster.name} {raster.path.stem}".casefold()
    apart = set(_NO_LETTERS.split(name))
    short = {word for word in _words()[what] if word.isascii() and len(word) <= _SHORT_LETTERS}
    return bool(short & apart) or any(word in name for word in set(_words()[what]) - short)


def _told(raster: Raster, role: str, key: str, severity: Severity) -> tuple[Problem, ...]:
    """Say what a grid was taken for; that one is heights needs no word."""
    if role == "terrain":
        return ()
    facts: dict[str, Fact] = {"named": raster.part or raster.path.name}
    return (Problem(key, severity, "", raster.source, facts=facts),)


def _looks_like_counts(file: Any) -> bool:
    """Tell counts from heights: never negative, many empty cells, and rough from cell to cell."""
    height, width = (min(n, _SAMPLE_CELLS) for n in file.shape)
    cells = file.read(1, masked=True, out_shape=(height, width)).astype(np.float64)
    values: NDArray[np.float64] = cells.filled(np.nan)
    known = values[np.isfinite(values)]
    if not known.size or known.min() < 0:
        return False
    empty = np.count_nonzero(known == 0) / known.size
    across = np.diff(values, axis=1)
    spread = float(known.std())
    rough = float(np.nanmean(np.abs(across))) / spread if spread and across.size else 0.0
    return bool(
        empty >= limit("people_grid", "least_empty")
        and rough >= limit("people_grid", "least_roughness")
    )
