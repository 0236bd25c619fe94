"""Text that was cut inside a letter, or is not text at all: read piece by piece, and told.

A dBase table cuts the names of its columns at ten bytes and its values at the width of theirs,
through the middle of a Chinese letter of two or three bytes. MapInfo files of some programs have
names in which all but the first byte of a letter gave way to an underscore.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.problems import Fact, Problem, Severity

ANY_BYTES = "ISO-8859-1"
"""An encoding in which every byte is a letter, so that reading in it loses nothing."""

_LOST = "\ufffd"
_MOST_EXAMPLES = 8


def readable(frame: pd.DataFrame, encodings: Sequence[str]) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table that was read as mere bytes with its text in the encoding that it is in.

    Parameters
    ----------
    frame
        Names and text read in `ANY_BYTES`; not changed.
    encodings
        What a piece of text may be in, likeliest first; by the last one what is cut is read.

    Returns
    -------
    The table, and what was found: names and values cut inside a letter lose the broken part;
    names that are no text are replaced by the column's number.
    """
    problems: list[Problem] = []
    names: list[str] = []
    cut, lost = [], []
    for number, raw in enumerate(map(str, frame.columns), 1):
        name, whole = text_of(raw, encodings)
        if _LOST in name:
            lost.append(name := f"column_{number}")
        elif not whole:
            cut.append(name)
        names.append(_distinct(name, names))
    made = frame.set_axis(names, axis=1)
    shortened = 0
    for name in names:
        if name != "geometry" and pd.api.types.infer_dtype(made[name], skipna=True) == "string":
            texts, row = np.unique(made[name].fillna("").astype(str), return_inverse=True)
            read = [text_of(text, encodings) for text in texts]
            words = np.array([text for text, _ in read], dtype=object)[row]
            shortened += int(np.array([not whole for _, whole in read])[row].sum())
            made[name] = pd.Series(words, index=made.index).where(made[name].notna(), None)
    for key, severity, found in (
        ("column_names_cut", Severity.INFO, cut),
        ("column_names_lost", Severity.WARNING, lost),
    ):
        if found:
            facts: dict[str, Fact] = {"columns": ", ".join(found[:_MOST_EXAMPLES])}
            problems.append(Problem(key, severity, facts=facts | {"count": len(found)}))
    if shortened:
        problems.append(Problem("values_cut", Severity.WARNING, facts={"count": shortened}))
    return made, problems


def text_of(raw: str, encodings: Sequence[str]) -> tuple[str, bool]:
    """Return a text that was read in `ANY_BYTES`, and whether it is whole.

    Parameters
    ----------
    raw
        Its bytes, each as a letter.
    encodings
        As in `readable`. What is cut loses its last letter; bytes that no letter has become the
        replacement character.
    """
    content = raw.encode(ANY_BYTES)
    for encoding in encodings:
        try:
            return content.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return codecs.getincrementaldecoder(encodings[-1])("replace").decode(content), False


def _distinct(name: str, taken: Sequence[str]) -> str:
    """Return a name that is not taken yet; names that were cut may be equal."""
    made, number = name, 2
    while made in taken:
        made, number = f"{name}_{number}", number + 1
    return made
