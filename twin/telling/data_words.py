"""The data catalogue in words, the same in the window, the report and the command."""

from __future__ import annotations

from collections.abc import Sequence

from layers.project_file import Source
from twin.figures import percent
from twin.language import Language, catalogue, text
from twin.projects.data_catalogue import Reason, State


def role_name(role: str, in_language: Language | None = None) -> str:
    """Return a role's name."""
    return text(f"role.{role}", in_language)


def source_name(source: Source) -> str:
    """Return a source's file, and its layer where the file has several."""
    plain = source.layer in ("", source.file, source.file.split(".")[0])
    return source.file if plain else f"{source.file} · {source.layer}"


def column_name(column: str, in_language: Language | None = None) -> str:
    """Return a column's name; its own where no text has one."""
    key = f"data.column_{column}"
    return text(key, in_language) if key in catalogue() else column


def state_name(state: State, in_language: Language | None = None) -> str:
    """Return whether an analysis is ready, weaker or impossible."""
    return text(f"data.state_{state}", in_language)


def reasons_words(reasons: Sequence[Reason], in_language: Language | None = None) -> str:
    """Return all reasons as one line."""
    said = (reason_words(reason, in_language) for reason in reasons)
    return text("data.semicolon", in_language).join(said)


def reason_words(reason: Reason, in_language: Language | None = None) -> str:
    """Return why an analysis is weaker or impossible."""
    role, _, column = reason.subject.partition(".")
    named = "" if reason.key == "problem" else role_name(role, in_language)
    facts = {
        "role": named,
        "column": column_name(column, in_language),
        "part": percent(reason.part),
    }
    if reason.key == "problem":
        return text(f"data.because_{reason.subject}", in_language)
    return text(f"data.reason_{reason.key}", in_language, **facts)
