"""What went wrong, in words for the person in front of the window."""

from __future__ import annotations

import logging

from twin.language import catalogue, text

LOG = logging.getLogger("renewal_twin")


def in_words(error: BaseException) -> tuple[str, bool]:
    """Return the sentence for an error, and whether it is one that was foreseen.

    Errors of the product carry a key and facts; the operating system's say what they are.
    """
    from layers.problems import LayerError
    from twin.telling.findings import sentence

    if isinstance(error, LayerError):
        every = (error.problem, *error.others)
        return "\n".join(sentence(one, in_window=True) for one in every), True
    key, facts = getattr(error, "key", None), getattr(error, "facts", None)
    if isinstance(key, str) and isinstance(facts, dict):
        for full in (f"error.{key}", key):
            if full in catalogue():
                return text(full, **facts), True
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        return text("error.file", file=str(error.filename or ""), reason=reason), True
    return text("error.unforeseen", kind=type(error).__name__, reason=str(error)), False
