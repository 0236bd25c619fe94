"""Everything a notebook needs, in one place; ``docs/api.md`` shows it at work on the sample.

>>> from twin import api
>>> standard = api.load_standard("gb50180-2018")
>>> canteen = next(one for one in standard.requirements if one.id == "canteen")
>>> canteen.group, canteen.limit, canteen.unit
('older', 300.0, 'm')
"""

from twin.accounts import Account, Subject, account
from twin.assessment.assess import Assessment, Result, assess
from twin.assessment.by_building import change, covered_share, requirements_met
from twin.assessment.compare import Comparison, compare
from twin.assessment.complexes import Complex, find_complexes
from twin.assessment.confidence import Bounds, Confidence, bounds, confidence
from twin.assessment.explain import Explanation, explain, farthest_origin, serves
from twin.assessment.remedies import Remedy, remedies
from twin.assessment.walker_comparison import WalkerComparison, compare_walkers
from twin.assessment.worst import WorstServed, worst_served
from twin.indicators import INDICATORS, Finding, Indicator, indicators
from twin.model.district import District
from twin.model.edits import (
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
from twin.model.forecast import Forecast, forecast_of, years_stated
from twin.model.growth import Growth, load_growth
from twin.model.horizon import Horizon
from twin.model.hours import When
from twin.projects.project import import_project, open_project, save_project
from twin.standards import Requirement, Standard, StandardError, load_standard, standard_ids
from twin.streets.networkx_graph import from_networkx, to_networkx
from twin.telling.access_table import access_table
from twin.telling.compare_words import sentence
from twin.telling.tidy import buildings_frame, communities_frame, requirements_frame
from twin.walking.origins import find_origins
from twin.walking.routes import ReachedStreets, Route, reach_streets, route
from twin.walking.walks import nearest, walks

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
    "Forecast",
    "Growth",
    "Horizon",
    "Indicator",
    "MoveEntrance",
    "MoveService",
    "PlaceService",
    "ReachedStreets",
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
    "forecast_of",
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
    "years_stated",
]
