"""What the standard asks that no walk scores, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.cli.columns import Column, set_table
from twin.language import name_of, text

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.telling.unscored import TierFound


def brief_lines(assessment: Assessment) -> list[str]:
    """Return how many facilities no walk is scored to, none where the standard lists none."""
    from twin.telling.unscored import find_unscored

    states = [one.state for one in find_unscored(assessment)]
    if not states:
        return []
    there, none = states.count("there"), states.count("none")
    facts = {"there": there, "none": none, "unknown": len(states) - there - none}
    return [text("cli.unscored.brief", total=len(states), **facts)]


def unscored_lines(assessment: Assessment) -> list[str]:
    """Return the lines of two tables: facilities, and sizes of residential areas."""
    blocks = [block for block in (_facilities(assessment), _tiers(assessment)) if block]
    return [line for block in blocks for line in ("", *block)][1:]


def _facilities(assessment: Assessment) -> list[str]:
    from twin.telling.unscored import find_unscored
    from twin.telling.unscored_words import sizes_asked, sizes_found, state_words

    rows = []
    for one in find_unscored(assessment):
        level = "" if one.facility.level == "shall" else " °"
        found = "; ".join((state_words(one), *sizes_found(one)))
        asked = "; ".join(sizes_asked(one.facility)) or "–"
        rows.append(
            [name_of(one.facility.name) + level, asked, found, name_of(one.facility.not_scored)]
        )
    heads = ("facility", "asked", "found", "why")
    columns = [Column(text(f"cli.unscored.head_{head}")) for head in heads]
    return set_table(columns, rows) if rows else []


def _tiers(assessment: Assessment) -> list[str]:
    from twin.telling.unscored import find_tiers

    rows = [_tier_row(one) for one in find_tiers(assessment)]
    heads = ("tier", "walk", "residents", "dwellings", "green", "largest")
    columns = [Column(text(f"cli.unscored.head_{head}")) for head in heads]
    return set_table(columns, rows) if rows else []


def _tier_row(found: TierFound) -> list[str]:
    from twin.telling.unscored_words import band_words, tier_words

    one = found.tier
    cells = [asked + (f" / {here}" if here else "") for asked, here in tier_words(found)]
    return [name_of(one.name), band_words(one.min_walk_m, one.max_walk_m, "m"), *cells]
