"""Everything a notebook needs, in one place; ``docs/api.md`` shows it at work on the sample.

>>> from twin import api
>>> standard = api.load_standard("gb50180-2018")
>>> canteen = next(one for one in standard.requirements if one.id == "canteen")
>>> canteen.group, canteen.limit, canteen.unit
('older', 300.0, 'm')
"""

from twin.access_table import access_table
from twin.accounts import Account, Subject, account
from twin.assess import Assessment, Result, assess
from twin.by_building import change, covered_share, requirements_met
from twin.compare import Comparison, compare
from twin.compare_words import sentence
from twin.complexes import Complex, find_complexes
from twin.confidence import Bounds, Confidence, bounds, confidence
from twin.district import District
from twin.edits import (
    AddEntrance,
    AddPath,
    ChangeBuilding,
    ChangeCommunity,
    ChangeEntrance,
    ChangeService,
    ChangeStreet,
    DrawBoundary,
    DrawCommunity,
    EditError,
    MoveEntrance,
    MoveService,
    PlaceService,
    RemoveCommunity,
    RemoveEntrance,
    RemoveService,
    ReshapeBuilding,
    SetStreetStatus,
    apply_edits,
)
from twin.explain import Explanation, explain, farthest_origin, serves
from twin.growth import Growth, load_growth
from twin.horizon import Horizon
from twin.hours import When
from twin.indicators import INDICATORS, Finding, Indicator, indicators
from twin.networkx_graph import from_networkx, to_networkx
from twin.origins import find_origins
from twin.project import import_project, open_project, save_project
from twin.remedies import Remedy, remedies
from twin.routes import Route, reach_streets, route
from twin.standards import Requirement, Standard, StandardError, load_standard, standard_ids
from twin.tidy import buildings_frame, communities_frame, requirements_frame
from twin.walker_comparison import WalkerComparison, compare_walkers
from twin.walks import nearest, walks
from twin.worst import WorstServed, worst_served

__all__ = [
    "INDICATORS",
    "Account",
    "AddEntrance",
    "AddPath",
    "Assessment",
    "Bounds",
    "ChangeBuilding",
    "ChangeCommunity",
    "ChangeEntrance",
    "ChangeService",
    "ChangeStreet",
    "Comparison",
    "Complex",
    "Confidence",
    "District",
    "DrawBoundary",
    "DrawCommunity",
    "EditError",
    "Explanation",
    "Finding",
    "Growth",
    "Horizon",
    "Indicator",
    "MoveEntrance",
    "MoveService",
    "PlaceService",
    "Remedy",
    "RemoveCommunity",
    "RemoveEntrance",
    "RemoveService",
    "Requirement",
    "ReshapeBuilding",
    "Result",
    "Route",
    "SetStreetStatus",
    "Standard",
    "StandardError",
    "Subject",
    "WalkerComparison",
    "When",
    "WorstServed",
    "access_table",
    "account",
    "apply_edits",
    "assess",
    "bounds",
    "buildings_frame",
    "change",
    "communities_frame",
    "compare",
    "compare_walkers",
    "confidence",
    "covered_share",
    "explain",
    "farthest_origin",
    "find_complexes",
    "find_origins",
    "from_networkx",
    "import_project",
    "indicators",
    "load_growth",
    "load_standard",
    "nearest",
    "open_project",
    "reach_streets",
    "remedies",
    "requirements_frame",
    "requirements_met",
    "route",
    "save_project",
    "sentence",
    "serves",
    "standard_ids",
    "to_networkx",
    "walks",
    "worst_served",
]
