"""Small maps of the requirements that leave most people out."""

from __future__ import annotations

from twin.assessment.assess import Result
from twin.figures import people
from twin.report.blocks import Panel, Panels, Paragraph, Section
from twin.report.maps.colours import BUILDING, LIMIT_STEPS
from twin.report.maps.keys import HATCH
from twin.report.maps.plan import plan_svg
from twin.report.material import Material
from twin.report.sections.coverage import is_long, ranked

SHOWN = 9
SIZE_MM = (56.0, 62.0)


def section(material: Material) -> Section | None:
    """Return the small maps, or None where nobody is left out."""
    worst = ranked(material)[:SHOWN]
    if not worst:
        return None
    labels = [material.say(f"worst.step.{number}") for number in range(len(LIMIT_STEPS))]
    key = (
        *zip(labels, LIMIT_STEPS, strict=True),
        (material.say("key.unreached"), HATCH),
        (material.say("key.no_home"), BUILDING),
    )
    panels = Panels(
        material.say("figure.worst"), tuple(_panel(material, result) for result in worst), key
    )
    marks = [Paragraph(words, "note") for words in material.marks(worst)]
    return Section(
        material.say("section.worst"),
        (Paragraph(material.say("worst.intro")), panels, *marks),
        is_long(material),
    )


def _panel(material: Material, result: Result) -> Panel:
    wanted = result.requirement
    svg = plan_svg(material.assessment, wanted.id, SIZE_MM, material.language, bare=True)
    missing = material.say(
        f"worst.missing.{wanted.wording}",
        count=people(result.total - result.covered),
        limit=material.limit(wanted),
    )
    return Panel(f"{material.marked(wanted)} {material.share(result)}", missing, svg)
