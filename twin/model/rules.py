"""How walks are measured, as ``data/rules.toml`` and a user's own file over it have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.model.parameters import Parameters
from twin.model.sources import Words


@dataclass(frozen=True)
class Rules:
    """How walks are measured; see ``data/rules.toml`` for meaning and source of each."""

    leg_cap_m: float
    tie_m: float
    smallest_network_m: float
    attracting_kinds: tuple[str, ...]
    join_m: float
    not_enclosing: tuple[str, ...]
    sample_m: float
    tobler_exponent: float
    tobler_offset: float
    bar_slope: float
    bar_over_m: float
    slow_slope: float
    slow_factor: float
    signal_delay_s: float
    shop_storeys: int
    halo_m: float
    smallest_cell: int
    sliver_m: float
    target_share: float
    own: Mapping[str, Words] = field(default_factory=dict, compare=False)
    """Where each figure that is the user's own comes from, as their file has it."""


def rules_of(read: Parameters) -> Rules:
    """Return the rules that a file's sections hold."""
    values = {name: value for section in read.values.values() for name, value in section.items()}
    return Rules(**values, own={name: read.sources[section] for section, name in read.own})
