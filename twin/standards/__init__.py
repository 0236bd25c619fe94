"""Standards as data: what a district is measured against, each figure with its clause and source.

A standard is one TOML file. To add a city's own, copy one of the files beside this module, change
it and pass its path to :func:`load_standard`, or lay it into ``standards`` of a folder of data
files (:mod:`twin.model.own_data`), where it is known by its id.
"""

from twin.model.sources import Source, Standing, Words, standing_words
from twin.standards.known import (
    DEFAULT_STANDARD,
    OwnStandard,
    load_standard,
    own_standards,
    standard_ids,
)
from twin.standards.provisions import Alternatives, AreaBand, ComplexRule, Facility, Tier
from twin.standards.reading import StandardError
from twin.standards.requirements import Level, Requirement, Wording
from twin.standards.standard import Standard

__all__ = [
    "DEFAULT_STANDARD",
    "Alternatives",
    "AreaBand",
    "ComplexRule",
    "Facility",
    "Level",
    "OwnStandard",
    "Requirement",
    "Source",
    "Standard",
    "StandardError",
    "Standing",
    "Tier",
    "Wording",
    "Words",
    "load_standard",
    "own_standards",
    "standard_ids",
    "standing_words",
]
