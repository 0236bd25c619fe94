"""Pictures of an assessed district, drawn off screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.cli import Refused

if TYPE_CHECKING:
    from twin.assess import Assessment

SIZE = (1920, 1200)
"""Width and height of a picture, pixels."""


def district_picture(
    assessment: Assessment,
    *,
    service_type: str | None = None,
    plan: bool = False,
    size: tuple[int, int] = SIZE,
) -> bytes:
    """Return a PNG of the district, its buildings coloured by what was assessed.

    Parameters
    ----------
    assessment
        The district and its scores.
    service_type
        Colour by walking time to this type; where None by the part of the "shall" requirements
        that each building meets.
    plan
        Look straight down.
    size
        Width and height, pixels.

    Raises
    ------
    Refused
        Where the machine has no OpenGL.
    """
    from gui.colouring import colours
    from gui.scene.colours import BuildingColours
    from gui.scene.graphics import GraphicsUnavailable
    from gui.scene.picture import render_picture
    from gui.view_state import ColourBy
    from twin.by_building import requirements_met

    if service_type is None:
        shown = BuildingColours("share", requirements_met(assessment))
    else:
        shown = colours(assessment, ColourBy("walk", service_type))
    try:
        return render_picture(assessment.district, shown, size, plan=plan)
    except GraphicsUnavailable as error:
        raise Refused("cli.render.no_graphics", packages=error.packages) from error
