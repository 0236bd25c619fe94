"""What no walk scores in words: what is asked, what is there, what a tier is like."""

from __future__ import annotations

import math

from twin.figures import people
from twin.language import Language, text
from twin.standards import Facility, Requirement
from twin.telling.unscored import Sizes, TierFound, Unscored


def band_words(
    least: float, most: float, unit: str = "", in_language: Language | None = None
) -> str:
    """Return a band with its unit, "–" where neither end is given."""
    ends = [f"{end:,.12g}" + (f"\u00a0{unit}" if unit else "") for end in (least, most)]
    if math.isnan(least) and math.isnan(most):
        return "–"
    if math.isnan(most):
        return text("unscored.from", in_language, least=ends[0])
    if math.isnan(least):
        return text("unscored.up_to", in_language, most=ends[1])
    return ends[1] if least == most else f"{least:,.12g}–{ends[1]}"


def sizes_asked(
    one: Facility | Requirement, in_language: Language | None = None
) -> tuple[str, ...]:
    """Return the floor and the site area that a row asks for, none where it asks for neither."""
    bands = {
        "floor": (one.min_floor_area_m2, one.max_floor_area_m2),
        "site": (one.min_site_area_m2, one.max_site_area_m2),
    }
    return tuple(
        text(f"unscored.{name}", in_language, band=band_words(*ends, "m²", in_language))
        for name, ends in bands.items()
        if not all(map(math.isnan, ends))
    )


def state_words(found: Unscored, in_language: Language | None = None) -> str:
    """Return whether a facility is there."""
    return text(f"unscored.state.{found.state}", in_language, count=found.count)


def sizes_found(found: Unscored, in_language: Language | None = None) -> tuple[str, ...]:
    """Return how many of a facility's services are large enough, where there are any."""
    if not found.count:
        return ()
    return tuple(
        _counted(name, sizes, in_language)
        for name, sizes in (("floor", found.floor), ("site", found.site))
        if sizes is not None
    )


def _counted(name: str, sizes: Sizes, in_language: Language | None) -> str:
    facts = {
        "adequate": sizes.adequate,
        "too_small": sizes.too_small,
        "unknown": sizes.unknown,
    }
    return text(f"unscored.{name}_sizes", in_language, **facts)


def tier_words(
    found: TierFound, in_language: Language | None = None
) -> tuple[tuple[str, str], ...]:
    """Return what a tier asks and what is here: residents, dwellings, park a head, largest park.

    "" for what is here where the tier asks nothing.
    """
    one = found.tier
    bound = "≥\u2009" if found.at_least else ""
    unknown = text("unscored.parks_unknown" if found.parks else "unscored.state.none", in_language)
    if not found.parks_surveyed:
        unknown = text("unscored.state.not_surveyed", in_language)
    green, park = found.park_m2_per_person, found.largest_park_ha
    rows = (
        (band_words(one.min_population, one.max_population), people(found.residents)),
        (band_words(one.min_dwellings, one.max_dwellings), people(found.dwellings)),
        (
            band_words(one.green_m2_per_person, math.nan, "m²", in_language),
            unknown if math.isnan(green) else f"{bound}{green:,.2f}\u00a0m²",
        ),
        (
            band_words(one.min_park_ha, math.nan, "ha", in_language),
            unknown if math.isnan(park) else f"{bound}{park:,.2f}\u00a0ha",
        ),
    )
    return tuple((asked, "" if asked == "–" else here) for asked, here in rows)
