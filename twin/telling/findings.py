"""Problems in words: the sentence a person reads for each, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable

from layers.problems import Problem, Severity
from twin.language import Language, catalogue, language, text


def sentence(
    problem: Problem, in_language: Language | None = None, *, in_window: bool = False
) -> str:
    """Return the sentence for a problem, in a language or else in the one in use.

    The text ``problem.<key>`` may name any of the problem's facts, and ``source``, ``role`` (its
    name in words) and ``count`` (of the features concerned); ``when`` is a minute of the week,
    ``sides`` are directions (``n,ne``). A
    fact in two languages stands there twice, as ``fact_en`` and ``fact_zh``. In the window a text
    ``problem_in_window.<key>`` goes before it, which names the window's means, not the command's.
    """
    role = text(f"role.{problem.role}", in_language) if problem.role else ""
    facts: dict[str, object] = {
        "source": problem.source,
        "count": len(problem.ids),
        **problem.facts,
        "role": role,
    }
    mine = f"_{(in_language or language())[:2]}"
    facts |= {k.removesuffix(mine): v for k, v in problem.facts.items() if k.endswith(mine)}
    if "sides" in problem.facts:
        sides = str(problem.facts["sides"]).split(",")
        facts["sides"] = text("compass.joined", in_language).join(
            text(f"compass.{side}", in_language) for side in sides if side
        )
    if "when" in problem.facts:
        from twin.model.hours import When
        from twin.telling.horizon_words import moment_words  # rarely asked, and slow to load

        facts["when"] = moment_words(When.parse(str(problem.facts["when"])), in_language)
    of_window = f"problem_in_window.{problem.key}"
    key = of_window if in_window and of_window in catalogue() else f"problem.{problem.key}"
    return text(key, in_language, **facts)


def of_severity(problems: Iterable[Problem], severity: Severity) -> tuple[Problem, ...]:
    """Return the problems of one severity, in order."""
    return tuple(problem for problem in problems if problem.severity is severity)


def needs_a_person(*problems: Iterable[Problem]) -> bool:
    """Return whether any problem is one that only a person can settle."""
    return any(one.severity is Severity.ERROR for several in problems for one in several)
