"""The plan map: the district as an SVG drawing, its buildings coloured by what was assessed."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.schema import ROAD_CLASSES
from twin.assessment.assess import Assessment
from twin.language import Language, name_of
from twin.language import language as current_language
from twin.model.catalogues import service_types
from twin.model.district import District
from twin.model.tables import Table
from twin.report.maps import colours
from twin.report.maps.furniture import FONT, label, scale_and_north, strip
from twin.report.maps.glyphs import drawing_path, sign_path
from twin.report.maps.keys import FULL_CIRCLE, HATCH, Key, key_for
from twin.report.maps.paths import UNITS_PER_MM, Frame, lines, polygons
from twin.telling.inks import ink_on

MARGIN = 0.02
"""Ground shown beyond the boundary, as a part of the longer side."""
ROAD_WIDTHS_M = dict(zip(ROAD_CLASSES, (36.0, 22.0, 13.0, 7.0, 3.0), strict=True))
"""Drawn where the data names no width."""
_DRAWN_UP_TO = 60
"""Signs carry drawings where there are so few that they can be read."""


def plan_svg(
    assessment: Assessment,
    colour_by: str = FULL_CIRCLE,
    size: tuple[float, float] = (174.0, 205.0),
    language: Language | None = None,
    *,
    public: bool = False,
    bare: bool = False,
) -> str:
    """Return the plan map of a district as SVG text.

    Parameters
    ----------
    assessment
        What is drawn.
    colour_by
        ``full_circle``, a requirement's id or a service type's id; see
        :func:`twin.report.maps.keys.key_for`.
    size
        Width, and largest height, mm; the ground keeps its proportions.
    language
        Of the texts; the language in use where None.
    public
        Say nothing of the people of single buildings where few live.
    bare
        The map alone, without key, scale, names and letters: for small multiples.

    Raises
    ------
    KeyError
        Where nothing is called `colour_by`.
    """
    spoken = language or current_language()
    district = assessment.district
    key = key_for(assessment, colour_by, spoken, public)
    below = strip(
        key, size[0] * UNITS_PER_MM, spoken, colour_by, communities=len(district.communities) > 0
    )
    frame = frame_of(district, size, 0.0 if bare else below.height)
    drawn = _ground(district, frame) + _buildings(district, key, frame, colour_by, bare)
    drawn += _limits(district, frame, bare) + _services(district, key, frame, bare, spoken)
    if bare:
        return _document(frame, frame.height, colour_by, drawn, "")
    drawn += _community_names(district, frame)
    key_strip = below.at(frame, scale_and_north(frame, spoken))
    return _document(frame, frame.height + below.height, colour_by, drawn, key_strip)


def frame_of(district: District, size: tuple[float, float], below: float = 0.0) -> Frame:
    """Return the frame that shows the boundary (or else the buildings) within `size` mm."""
    tables = (district.boundary, district.buildings, district.communities, district.streets)
    shown = next((table.geometry for table in tables if len(table)), [shapely.Point(0, 0)])
    west, south, east, north = shapely.total_bounds(shown).tolist()
    more = max(MARGIN * max(east - west, north - south), 20.0)
    west, south, east, north = west - more, south - more, east + more, north + more
    width, height = size[0] * UNITS_PER_MM, size[1] * UNITS_PER_MM - below
    scale = min(width / (east - west), height / (north - south))
    missing = (width / scale - (east - west)) / 2  # a tall district gets ground at its sides
    return Frame(west - missing, south, east + missing, north, 0, 0, width, (north - south) * scale)


def _document(frame: Frame, height: float, name: str, drawn: str, below: str) -> str:
    wide, high = round(frame.width), round(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'width="{wide / UNITS_PER_MM:g}mm" height="{high / UNITS_PER_MM:g}mm" {FONT}>'
        f'<defs><pattern id="hatch-{name}" width="70" height="70" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="70" height="70" fill="#fbfaf7"/>'
        f'<rect width="26" height="70" fill="{colours.HATCH}"/></pattern>'
        f'<clipPath id="frame-{name}"><rect width="{wide}" height="{round(frame.height)}"/>'
        f'</clipPath></defs><g clip-path="url(#frame-{name})">{drawn}</g>{below}</svg>'
    )


def _area(geometry: NDArray[np.object_], frame: Frame, role: str, **style: object) -> str:
    return _element(polygons(geometry, frame), role, style)


def _element(path: str, role: str, style: dict[str, object]) -> str:
    """Return one path element, or nothing where there is nothing to draw."""
    if not path:
        return ""
    words = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<path class="{role}"{words} d="{path}"/>'


def _ground(district: District, frame: Frame) -> str:
    paper = (
        f'<rect width="{round(frame.width)}" height="{round(frame.height)}" '
        f'fill="{colours.PAPER}"/>'
    )
    green = _area(district.green.geometry, frame, "green", fill=colours.GREEN)
    water = _area(district.water.geometry, frame, "water", fill=colours.WATER)
    return paper + green + water + _roads(district, frame) + _walkways(district.streets, frame)


def _roads(district: District, frame: Frame) -> str:
    """Return carriageways, wide ones first: all edges below all surfaces, so that they join."""
    roads = district.roads if len(district.roads) else district.streets
    drawn = []
    for name, usual in ROAD_WIDTHS_M.items():
        rows = roads["road_class"] == name
        if not rows.any() or (name == "path" and roads is district.streets):
            continue
        known = roads["width_m"][rows]
        width_m = float(np.median(known[known > 0])) if (known > 0).any() else usual
        drawn.append((lines(roads.geometry[rows], frame), width_m * frame.scale))
    join = {"fill": "none", "stroke_linejoin": "round", "stroke_linecap": "round"}
    edge = {"stroke": colours.ROAD_EDGE, **join}
    face = {"stroke": colours.ROAD, **join}
    edges = (_element(d, "road", {**edge, "stroke_width": round(w + 24)}) for d, w in drawn)
    faces = (_element(d, "road", {**face, "stroke_width": round(max(w, 12))}) for d, w in drawn)
    return "".join(edges) + "".join(faces)


def _walkways(streets: Table, frame: Frame) -> str:
    """Return the footways as hair lines; streets show as the carriageways they run along."""
    rows = np.isin(streets["kind"], ("footway", "steps", "crossing", "bridge", "gate"))
    style: dict[str, object] = {"stroke": colours.STREET, "stroke_width": 16, "fill": "none"}
    return _element(lines(streets.geometry[rows], frame), "walkway", style)


def _buildings(district: District, key: Key, frame: Frame, name: str, bare: bool) -> str:
    geometry = district.buildings.geometry
    outside = np.zeros(len(geometry), dtype=bool)
    if len(district.boundary) and len(geometry):
        centre = shapely.centroid(geometry)
        outside = ~shapely.intersects(shapely.union_all(district.boundary.geometry), centre)
    edge = {"stroke": colours.BUILDING_EDGE, "stroke_width": 3 if bare else 6}
    plain = key.of_building < 0
    drawn = [
        _area(geometry[plain & outside], frame, "outside", fill=colours.BUILDING_OUTSIDE),
        _area(geometry[plain & ~outside], frame, "no-home", fill=colours.BUILDING),
    ]
    for number, one in enumerate(key.classes):
        fill = f"url(#hatch-{name})" if one.colour == HATCH else one.colour
        rows = key.of_building == number
        drawn.append(_area(geometry[rows], frame, f"class-{number}", fill=fill, **edge))
    return "".join(drawn)


def _limits(district: District, frame: Frame, bare: bool) -> str:
    between: dict[str, object] = {
        "fill": "none",
        "stroke": colours.COMMUNITY,
        "stroke_width": 14 if bare else 26,
        "stroke_dasharray": "80 50" if bare else "150 90",
    }
    around: dict[str, object] = {
        "fill": "none",
        "stroke": colours.BOUNDARY,
        "stroke_width": 26 if bare else 50,
        "stroke_linejoin": "round",
    }
    outlines = shapely.boundary(district.communities.geometry)
    # Neighbours share their limits: drawn once, or the dashes of two would fill one another.
    shared = np.array([shapely.union_all(outlines)]) if len(outlines) else outlines
    inner = _element(lines(shared, frame), "community", between)
    outer = _element(lines(shapely.boundary(district.boundary.geometry), frame), "boundary", around)
    return inner + outer


def _services(district: District, key: Key, frame: Frame, bare: bool, language: Language) -> str:
    """Return the open services' signs: of the key's types, or all of them small."""
    services = district.services
    drawn, tell = [], []
    open_ = services["status"] == "open"
    first = np.array([types.split(",")[0] for types in services["types"]], dtype=object)
    places = frame.place(shapely.get_coordinates(shapely.centroid(services.geometry)))
    radius = 62.0 if bare else 135.0 if key.service_types else 80.0
    for id_, kind in service_types().items():
        rows = open_ & (first == id_)
        if key.service_types:
            serves = np.char.find(_listed(services["types"]), f",{id_},") >= 0
            rows = open_ & serves & (id_ in key.service_types)
        shape = kind.family.shape
        style: dict[str, object] = {"fill": kind.colour, "stroke": "#fff"}
        style["stroke_width"] = 12 if bare else 22
        outlines = sign_path(shape, radius, places[rows])
        drawn.append(_element(outlines, f"service {id_}", style))
        if key.service_types and not bare and rows.sum() <= _DRAWN_UP_TO:
            ink = ink_on(kind.colour)
            within = drawing_path(shape, kind.sign, radius, places[rows])
            tell.append(_element(within, f"sign {id_}", {"fill": ink}))
            mark = "" if kind.sign else name_of(kind.marks, language)
            tell += [
                label(mark, x, y + 48, 3.6, bold=True, anchor="middle", colour=ink)
                for x, y in places[rows].tolist()
                if mark
            ]
    return "".join(drawn + tell)


def _listed(types: NDArray[np.object_]) -> NDArray[np.str_]:
    """Return ``,a,b,`` for ``a,b``, so that one type can be looked for as ``,a,``."""
    return np.char.add(np.char.add(",", types.astype(str)), ",")


def _community_names(district: District, frame: Frame) -> str:
    """Return the communities' names, each in the middle of the widest part of its area."""
    communities = district.communities
    named = communities["name"] != ""
    if not named.any():
        return ""
    spans = shapely.maximum_inscribed_circle(communities.geometry[named], tolerance=5.0)
    places = frame.place(shapely.get_coordinates(shapely.get_point(spans, 0)))
    return "".join(
        label(name, x, y, 9.5, bold=True, anchor="middle", halo=colours.PAPER)
        for name, (x, y) in zip(communities["name"][named], places.tolist(), strict=True)
    )
