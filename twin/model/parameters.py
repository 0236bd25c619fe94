"""Numbers that a method depends on, by section and field, with a user's own over them.

Unlike service types or walkers these are no entries that could be added: a file of the user's says
otherwise of some fields, and all others stay as they come along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.schema import STREET_KINDS
from twin.language import LANGUAGES, text
from twin.model.own_data import PACKAGE_DATA, read_toml
from twin.model.rows import (
    Row,
    count,
    counts,
    kind_words,
    not_negative,
    not_negatives,
    part,
    parts,
    positive,
    positives,
    share,
    shares,
    table,
    texts,
    whole_number,
)
from twin.model.rows import text as words
from twin.model.sources import Words

_Fields = Mapping[str, Callable[[Any], Any]]

FILES: Mapping[str, Mapping[str, _Fields]] = {
    "rules": {
        "access": {
            "leg_cap_m": positive,
            "tie_m": positive,
            "smallest_network_m": not_negative,
            "attracting_kinds": texts,
        },
        "paths": {"join_m": positive},
        "gates": {"not_enclosing": texts},
        "slopes": {
            "sample_m": positive,
            "tobler_exponent": positive,
            "tobler_offset": not_negative,
        },
        "wheelchair_slopes": {
            "bar_slope": part,
            "bar_over_m": not_negative,
            "slow_slope": part,
            "slow_factor": positive,
        },
        "crossings": {"signal_delay_s": not_negative},
        "storeys": {"shop_storeys": count},
        "surroundings": {"halo_m": not_negative},
        "privacy": {"smallest_cell": count},
        "target": {"target_share": part},
        "areas": {"sliver_m": not_negative},
    },
    "indicators": {
        "travel_time": {"quantiles": parts, "minutes": positives},
        "nearest_few": {"k": counts},
        "choice": {"at_least": counts},
        "demand": {"share_of_group": positive, "by_type": table},
        "floating_catchment": {"decay": words, "steps": shares},
        "equity": {
            "ranked_parts": parts,
            "shortfall_line": part,
            "shortfall_powers": not_negatives,
        },
        "use": {"under_used_below": not_negative, "over_used_above": positive},
        "capacity": {"known_at_least": share},
    },
    "uncertainty": {
        "draws": {"count": count, "alone": count, "seed": whole_number, "level": part},
        "residents": {"each": share, "together": share},
        "ages": {"each": share, "together": share},
        "speed": {"together": share},
        "doors": {"each_m": not_negative},
        "storeys": {"each": whole_number},
    },
}
"""What each file may hold, by section, and what makes a value of it."""

_DECAYS = ("steps", "gaussian")


@dataclass(frozen=True, eq=False)
class Parameters:
    """What one file says, the user's own over what comes along.

    Parameters
    ----------
    values
        By section and field; lists are tuples.
    sources
        By section, where it names one. A section with a figure of the user's own cites their file.
    own
        Which fields the user's files say otherwise.
    """

    values: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Words]
    own: frozenset[tuple[str, str]] = frozenset()


def read_parameters(name: str, own: Sequence[Path], service_types: Sequence[str]) -> Parameters:
    """Return the parameters of a file of :data:`FILES`.

    Parameters
    ----------
    name
        Of the file, without its suffix.
    own
        Files of the user's with some of its sections and fields; a section may name its `source`.
    service_types
        Ids that a field may name.

    Raises
    ------
    RowError
        Where a file cannot be used.
    """
    found = Parameters({}, {})
    for path in (PACKAGE_DATA / f"{name}.toml", *own):
        whole = Row(str(path), path.stem, read_toml(path))
        for section in whole.fields():
            if section not in FILES[name]:
                raise whole.error("standard_unknown_field", section)
            row = Row(whole.file, section, whole.take(section, table), section)
            found = _with_section(found, row, FILES[name][section], path, service_types)
    return found


def _with_section(
    before: Parameters, row: Row, known: _Fields, path: Path, types: Sequence[str]
) -> Parameters:
    """Return the parameters with what one section of one file says."""
    section, was = row.name, before.values.get(row.name, {})
    named = row.words("source", needed=False)
    there = set(row.fields())
    said = {name: _plain(row.take(name, kind)) for name, kind in known.items() if name in there}
    row.done()
    now = {**was, **said}
    _check(row, now, said, types)
    changed = {name for name, value in said.items() if name in was and was[name] != value}
    source = before.sources.get(section, {})
    if named or changed:
        source = named or {
            short: text("own_data.source", language, file=path.name)
            for language, short in ((one, one[:2]) for one in LANGUAGES)
        }
    return Parameters(
        {**before.values, section: now},
        {**before.sources, section: source},
        before.own | {(section, name) for name in changed},
    )


def _check(row: Row, now: Mapping[str, Any], said: Mapping[str, Any], types: Sequence[str]) -> None:
    """Refuse values that name what there is not, or contradict each other."""
    for kind in said.get("attracting_kinds", ()):
        row.chosen("attracting_kinds", kind, STREET_KINDS)
    if "decay" in said:
        row.chosen("decay", said["decay"], _DECAYS)
    for type_id, value in said.get("by_type", {}).items():
        row.chosen("by_type", type_id, types)
        if positive(value) is None:
            raise row.error("standard_type", f"by_type.{type_id}", wanted=kind_words(positive))
    for low, high in (("slow_slope", "bar_slope"), ("under_used_below", "over_used_above")):
        if low in now and high in now and now[high] < now[low]:
            facts = {"least": f"{now[low]:g}", "most": f"{now[high]:g}"}
            raise row.error("standard_order", high if high in said else low, **facts)
    if said.get("slow_factor", 1.0) < 1.0:
        raise row.error("standard_order", "slow_factor", least="1", most=f"{said['slow_factor']:g}")


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
