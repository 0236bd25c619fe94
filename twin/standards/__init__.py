"""Standards as data: what a district is measured against, each figure with its clause and source.

A standard is one TOML file. To add a city's own, copy one of the files beside this module, change
it and pass its path to :func:`load_standard`.
"""

from twin.standards.reading import DEFAULT_STANDARD, StandardError, load_standard, standard_ids
from twin.standards.requirements import Level, Requirement, Standard, Wording

__all__ = [
    "DEFAULT_STANDARD",
    "Level",
    "Requirement",
    "Standard",
    "StandardError",
    "Wording",
    "load_standard",
    "standard_ids",
]
