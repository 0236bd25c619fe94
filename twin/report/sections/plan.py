"""Plan maps of the district."""

from __future__ import annotations

from twin.report.blocks import Figure, Section
from twin.report.maps.keys import FULL_CIRCLE, REQUIREMENTS_MET
from twin.report.maps.plan import plan_svg
from twin.report.material import Material

SIZE_MM = (174.0, 218.0)


def section(material: Material) -> Section:
    """Return the map of what is near each building, and of full circle where it tells places apart.

    Where nobody or everybody is in full circle its map would be of one colour.
    """
    kinds = [REQUIREMENTS_MET]
    if 0 < material.assessment.full_circle.share < 1:
        kinds.append(FULL_CIRCLE)
    figures = tuple(_figure(material, kind) for kind in kinds)
    return Section(material.say("section.plan"), figures, new_page=True)


def _figure(material: Material, kind: str) -> Figure:
    svg = plan_svg(material.assessment, kind, SIZE_MM, material.language, public=material.public)
    return Figure(material.say(f"figure.{kind}", people=material.people_word), svg)
