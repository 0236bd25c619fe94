"""Pictures of an assessed district, drawn off screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.cli import Refused

if TYPE_CHECKING:
    from gui.scene.scene import Scene
    from twin.assessment.assess import Assessment

SIZE = (1920, 1200)
"""Width and height of a picture, pixels."""


SHEET_PX = (1200.0, 700.0)
"""The least size of a sheet in logical pixels, by which its type is set."""


def map_picture(
    assessment: Assessment,
    name: str,
    scenario: str,
    *,
    service_type: str | None = None,
    plan: bool = False,
    size: tuple[int, int] = SIZE,
) -> bytes:
    """Return a PNG of the district as a map with title, legend, scale and north.

    Parameters
    ----------
    name, scenario
        The district's and the scenario's, as people read them.
    service_type, plan, size
        As of :func:`district_picture`; the size is the sheet's.

    Raises
    ------
    Refused
        Where the machine has no OpenGL.
    """
    from gui.scene.graphics import GraphicsUnavailable
    from gui.scene.scene import Scene

    try:
        scene = Scene(*size)
    except GraphicsUnavailable as error:
        raise Refused("cli.render.no_graphics", packages=error.packages) from error
    try:
        _set_type()
        return _sheet(scene, assessment, (name, scenario), service_type, plan, size)
    finally:
        scene.close()


def _sheet(
    scene: Scene,
    assessment: Assessment,
    names: tuple[str, str],
    service_type: str | None,
    plan: bool,
    size: tuple[int, int],
) -> bytes:
    from PySide6.QtCore import QSize

    from gui import theme
    from gui.canvas import labelled
    from gui.colouring import colours, residents_unknown
    from gui.files import png
    from gui.map_sheet import MapSheet, Shown
    from gui.scene import camera as moves
    from gui.scene.labels import service_labels
    from gui.scene.picture import smooth_pixels
    from gui.scene.style import LIGHT
    from gui.scene.view import View
    from gui.view_state import ColourBy

    by = ColourBy("requirements_met") if service_type is None else ColourBy("walk", service_type)
    district = assessment.district
    scene.show(district, View(), colours(assessment, by), None)
    scene.camera = moves.plan(scene.camera) if plan else scene.home()
    shown = Shown(*names, assessment, by, unknown=residents_unknown(assessment))
    ratio = min(side / least for side, least in zip(size, SHEET_PX, strict=True))
    sheet = MapSheet(shown, scene.camera, size[0] / ratio)
    room = sheet.room(size[1] / ratio)
    scene.resize(room.width(), room.height(), ratio)
    scene.camera = scene.fitted(scene.camera) if plan else scene.home()
    meshes = scene.meshes
    assert meshes is not None
    layers = (meshes.names, service_labels(district.services, scene.pins), meshes.addresses)
    picture = labelled(smooth_pixels(scene), scene, layers, LIGHT, theme.body_font())
    sheet = MapSheet(shown, scene.camera, size[0] / ratio)
    return png(sheet.paint(picture, ratio, QSize(*size)))


def _set_type() -> None:
    """Make ready what sets text in pictures, where no window has done so."""
    from PySide6.QtWidgets import QApplication

    from gui import theme

    global _type
    app = QApplication.instance()
    if app is None:
        app = QApplication(["renewal-twin", "-platform", "offscreen"])
        _type = app  # kept: what Qt's pictures rest on goes with it
    assert isinstance(app, QApplication)
    theme.install_fonts(app)


_type: object = None


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
    from twin.assessment.by_building import requirements_met

    if service_type is None:
        shown = BuildingColours("share", requirements_met(assessment))
    else:
        shown = colours(assessment, ColourBy("walk", service_type))
    try:
        return render_picture(assessment.district, shown, size, plan=plan)
    except GraphicsUnavailable as error:
        raise Refused("cli.render.no_graphics", packages=error.packages) from error
