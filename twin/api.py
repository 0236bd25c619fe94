"""Everything a notebook needs, in one place.

>>> from twin.api import assess, load_standard, open_project
>>> district = open_project("old-town.twin.gpkg").district  # doctest: +SKIP
>>> assessment = assess(district, load_standard("gb50180-2018"))  # doctest: +SKIP
>>> assessment.full_circle.share  # doctest: +SKIP
>>> assessment.frame().plot("full_circle")  # doctest: +SKIP
"""

from twin.access_table import access_table
from twin.assess import Assessment, Result, assess
from twin.compare import Comparison, compare
from twin.complexes import Complex, find_complexes
from twin.district import District
from twin.edits import (
    AddPath,
    ChangeBuilding,
    ChangeService,
    MoveService,
    PlaceService,
    RemoveService,
    SetStreetStatus,
    apply_edits,
)
from twin.explain import Explanation, explain, farthest_origin, serves
from twin.indicators import INDICATORS, Finding, Indicator, indicators
from twin.networkx_graph import from_networkx, to_networkx
from twin.origins import find_origins
from twin.project import open_project, save_project
from twin.routes import Route, reach_streets, route
from twin.standards import Requirement, Standard, StandardError, load_standard, standard_ids
from twin.walker_comparison import WalkerComparison, compare_walkers
from twin.walks import nearest, walks

__all__ = [
    "INDICATORS",
    "AddPath",
    "Assessment",
    "ChangeBuilding",
    "ChangeService",
    "Comparison",
    "Complex",
    "District",
    "Explanation",
    "Finding",
    "Indicator",
    "MoveService",
    "PlaceService",
    "RemoveService",
    "Requirement",
    "Result",
    "Route",
    "SetStreetStatus",
    "Standard",
    "StandardError",
    "WalkerComparison",
    "access_table",
    "apply_edits",
    "assess",
    "compare",
    "compare_walkers",
    "explain",
    "farthest_origin",
    "find_complexes",
    "find_origins",
    "from_networkx",
    "indicators",
    "load_standard",
    "nearest",
    "open_project",
    "reach_streets",
    "route",
    "save_project",
    "serves",
    "standard_ids",
    "to_networkx",
    "walks",
]
