"""What a comparison says in one sentence: what was done, who gains, who loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twin.assessment.compare import Comparison, RequirementChange
from twin.figures import people, walk
from twin.language import Language, name_of, text
from twin.model.catalogues import groups
from twin.model.differences import Difference, differences, listed
from twin.model.own_data import own_data_values
from twin.model.sources import legend
from twin.telling.horizon_words import horizon_values

SCHEMA_VERSION = 1
_MOST_TOLD = 3
"""Gains that one sentence holds; more are counted."""

_LEAST = 0.5
"""People below this many are nobody: figures are told in whole people."""


def sentence(
    comparison: Comparison, in_language: Language | None = None, *, marked: bool = False
) -> str:
    """Return a comparison in a sentence that needs no other: measures, gain, loss.

    The gain told is that of the requirement that brings most people within its limit (ties to the
    standard's order) and, where services of several types were placed or changed, the largest for
    each of these types, with how many requirements gain besides; the loss likewise. Where `marked`,
    the services named bear the mark of how their limits were checked (:func:`marks_of`).
    """
    found = done(comparison)
    types = tuple(dict.fromkeys(type_ for one in found for type_ in one.service_types))
    facts = {
        "done": listed(found, in_language) or text("comparison.nothing_done", in_language),
        "gain": _told(comparison, "gained", types, in_language, marked),
        "loss": _told(comparison, "lost", types, in_language, marked),
    }
    words = text("comparison.sentence", in_language, **facts)
    return words[:1].upper() + words[1:]


def done(comparison: Comparison) -> tuple[Difference, ...]:
    """Return what was done between the two districts, whatever hour or year is looked at."""
    before, after = comparison.before, comparison.after
    return differences(before.asked or before.district, after.asked or after.district)


def marks_of(comparison: Comparison, in_language: Language | None = None) -> tuple[str, ...]:
    """Return what the marks of the limits that are compared mean, a sentence each."""
    return legend((c.after.requirement.standing for c in comparison.changes), in_language)


def _told(
    comparison: Comparison,
    what: str,
    types: tuple[str, ...],
    in_language: Language | None,
    marked: bool,
) -> str:
    """Return the largest gains or losses in words, and how many requirements have one besides."""
    changes = [c for c in comparison.changes if getattr(c, what) >= _LEAST]
    if not changes:
        return text(f"comparison.nobody_{what}", in_language)
    told = _worth_telling(changes, what, types)
    words = [
        text(f"comparison.{what}", in_language, **_facts(change, what, in_language, marked))
        for change in told
    ]
    phrase = text("comparison.comma", in_language).join(words)
    if len(changes) == len(told):
        return phrase
    return phrase + text(f"comparison.{what}_more", in_language, count=len(changes) - len(told))


def _worth_telling(
    changes: Sequence[RequirementChange], what: str, types: Sequence[str]
) -> list[RequirementChange]:
    """Return the largest change of all, and the largest for each type, largest first."""
    ranked = sorted(changes, key=lambda change: -getattr(change, what))
    told = ranked[:1]
    for type_ in types:
        best = next((c for c in ranked if type_ in c.after.requirement.service_types), None)
        if best is not None and best not in told and len(told) < _MOST_TOLD:
            told.append(best)
    return sorted(told, key=ranked.index)


def _facts(
    change: RequirementChange, what: str, in_language: Language | None, marked: bool
) -> dict[str, Any]:
    wanted = change.after.requirement
    service = wanted.marked_name(in_language) if marked else name_of(wanted.name, in_language)
    name = name_of(groups()[wanted.group].names, in_language)
    name = name.removeprefix("All ").removeprefix("全体")
    return {
        "count": people(getattr(change, what)),
        "group": name[:1].lower() + name[1:],
        "limit": walk(wanted.limit, wanted.unit, in_language),
        "service": service[:1].lower() + service[1:],
    }


def comparison_values(comparison: Comparison, names: tuple[str, str]) -> dict[str, Any]:
    """Return a comparison as JSON values.

    Parameters
    ----------
    names
        Of the two scenarios.
    """
    after = comparison.after
    return {
        "schema": SCHEMA_VERSION,
        "kind": "comparison",
        "district": after.district.name,
        "standard": after.standard.id,
        "own_data": own_data_values(),
        "before": names[0],
        "after": names[1],
        "looked_at": horizon_values(after.horizon),
        "sentence": sentence(comparison),
        "differences": [
            {
                "kind": one.kind,
                "count": one.count,
                "service_type": one.service_type,
                "service_types": list(one.service_types),
            }
            for one in done(comparison)
        ],
        "requirements": [_values(change, comparison) for change in comparison.changes],
        "communities": _people_by_community(comparison),
        "full_circle": {
            group: {
                "before": was,
                "after": now,
                "gained": comparison.circle_moved[group][0],
                "lost": comparison.circle_moved[group][1],
                "lower_bound": {
                    "before": comparison.before.full_circle.at_least(group),
                    "after": comparison.after.full_circle.at_least(group),
                },
            }
            for group, (was, now) in comparison.full_circle.items()
        },
    }


def _values(change: RequirementChange, comparison: Comparison) -> dict[str, Any]:
    wanted = change.after.requirement
    table = comparison.after.district.communities
    ids: list[int | None] = [*table.ids.tolist(), None]
    pairs = zip(
        ids,
        change.gained_by_community.tolist(),
        change.lost_by_community.tolist(),
        strict=True,
    )
    return {
        "id": wanted.id,
        "name": dict(wanted.name),
        "standing": wanted.standing,
        "covered": {"before": change.before.covered, "after": change.after.covered},
        "share": {"before": _known(change.before.share), "after": _known(change.after.share)},
        "lower_bound": {
            "before": change.before.at_least,
            "after": change.after.at_least,
        },
        "gained": change.gained,
        "lost": change.lost,
        "groups": _by_group(change.gained_by_group, change.lost_by_group),
        "communities": [{"id": id_, "gained": won, "lost": lost} for id_, won, lost in pairs],
    }


def _people_by_community(comparison: Comparison) -> list[dict[str, Any]]:
    """Return people who gain or lose any requirement, each counted once."""
    table = comparison.after.district.communities
    ids: list[int | None] = [*table.ids.tolist(), None]
    gained, lost = (counts.tolist() for counts in comparison.people_by_community)
    return [
        {"id": id_, "gained": won, "lost": gone}
        for id_, won, gone in zip(ids, gained, lost, strict=True)
    ]


def _by_group(gained: Mapping[str, float], lost: Mapping[str, float]) -> dict[str, Any]:
    return {group: {"gained": gained[group], "lost": lost[group]} for group in gained}


def _known(share: float) -> float | None:
    return None if share != share else share
