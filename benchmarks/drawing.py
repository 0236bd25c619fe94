"""How long a picture takes: the meshes, the first frame, at rest, under the hand, a drag step.

    python -m benchmarks.drawing [sample] [10000] [50000] [200000]

Each number is a city of so many buildings with five nodes of network each (``benchmarks.city``);
``sample`` is the sample district. All of it is in view, 1280 x 800, and the picture is drawn by
whatever OpenGL the machine has. Times are medians of several frames, in milliseconds, of the wall
and, after the stroke, of all the processor's cores: the second is what to compare where other
programs are running, and where software draws it is about the first on a quiet machine.


- *meshes*: what a worker makes of the district, in seconds, light included;
- *first*: the first frame, which hands everything to OpenGL;
- *rest*: at full quality, the camera turned a little for each;
- *hand*: as the scene draws at half resolution, the camera turned a little for each;
- *orbit*: a whole turn by a mouse that drags over the viewport, names and all: of each step the
  event and the picture; and the *worst* of them beside the median;
- *grip*: what pressing on a service sets going, so that the first step need not wait for it;
- *figures*: of one step of that service in the hand, what has to be found for it: the district with
  the service there, every figure of the standard for all homes, the buildings' colours;
- *step*: that, and its frame as the viewport draws it under the hand; the *first* step beside it;
- *street*: at full quality from the height of a roof, where most of the city is out of sight.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera, look_at, orbit
from gui.scene.colours import BuildingColours
from gui.scene.meshes import Meshes, build_meshes
from gui.scene.scene import Scene
from gui.scene.view import Ghost, View

if TYPE_CHECKING:
    from twin.model.district import District
    from twin.standards import Standard

SIZE = (1280, 800)
FRAMES = 9
NODES_PER_BUILDING = 5
Times = tuple[float, float]
"""Milliseconds of the wall and of the processor."""
WORKS = (
    "first",
    "rest",
    "hand",
    "street",
    "orbit",
    "worst",
    "grip",
    "step 1",
    "figures",
    "step",
)
TURN_PX, TURN_STEPS = 20, 64
"""What a hand moves from one step of a turn to the next; so many steps are once round."""


def district(name: str) -> District:
    """Return the sample district, or a city of so many buildings."""
    if name != "sample":
        from benchmarks.city import make_city

        return make_city(NODES_PER_BUILDING * int(name), int(name))
    from layers.importing.from_files import import_layers
    from sample_data import DISTRICT, TERRAIN
    from twin.projects.project import Project

    return Project.from_file(import_layers([Path(DISTRICT), Path(TERRAIN)])).district


def times_ms(work: Callable[[int], object], frames: int) -> NDArray[np.float64]:
    """Return the times of `work` for frame 0, 1, ..., of wall and processor, in ms, (frames, 2)."""
    times = []
    for number in range(frames):
        wall, core = time.perf_counter(), time.process_time()
        work(number)
        times.append((time.perf_counter() - wall, time.process_time() - core))
    return 1000.0 * np.array(times)


def median_ms(work: Callable[[int], object], frames: int = FRAMES) -> Times:
    """Return the median times of `work` for frame 0, 1, ..., in milliseconds."""
    wall, core = np.median(times_ms(work, frames), axis=0).tolist()
    return wall, core


def measure(place: District, meshes: Meshes) -> dict[str, Times]:
    """Return the time of each of `WORKS` in milliseconds."""
    scene = Scene(*SIZE)
    minutes = np.random.default_rng(1).uniform(0.0, 20.0, len(place.buildings))
    colours = BuildingColours("minutes", minutes, 15.0)

    def turned(camera: Camera) -> Callable[[int], object]:
        def frame(number: int) -> object:
            scene.camera = orbit(camera, np.array(camera.focus), 2.0 * number, 0.0)
            return scene.render()

        return frame

    def first(_number: int) -> object:
        scene.show(place, View(), colours, meshes)
        scene.camera = scene.home()
        return scene.render()

    times = {"first": median_ms(first, 1)}
    home = scene.home()
    low = replace(look_at(home, home.focus, 250.0), pitch_deg=12.0)
    times["rest"] = median_ms(turned(home))
    times["street"] = median_ms(turned(low))
    under_hand(scene)
    times["hand"] = median_ms(turned(home))
    scene.camera = home
    times |= measure_drag(scene, place)
    scene.close()
    return times | measure_orbit(place, meshes, colours)


def measure_orbit(place: District, meshes: Meshes, colours: BuildingColours) -> dict[str, Times]:
    """Return the median and the worst time of a turn that a mouse draws in a real viewport."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gui.viewport import Viewport

    viewport = Viewport()
    viewport.resize(*SIZE)
    viewport.show()
    viewport.show_scene(place, View(), colours, meshes)
    QApplication.processEvents()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start = QPoint(TURN_PX, SIZE[1] // 2)
    QTest.mousePress(viewport, left, none, start)

    def step(number: int) -> object:
        # To the right edge and back: a pointer cannot leave the view.
        across = (number + 1) * TURN_PX % (SIZE[0] - 2 * TURN_PX)
        QTest.mouseMove(viewport, QPoint(TURN_PX + across, start.y() + 4 * (number % 2)))
        return viewport.repaint()

    times = times_ms(step, TURN_STEPS)
    QTest.mouseRelease(viewport, left, none, start)
    viewport.close_scene()
    (wall, core), (worst, most) = np.median(times, axis=0).tolist(), times.max(axis=0).tolist()
    return {"orbit": (wall, core), "worst": (worst, most)}


def measure_drag(scene: Scene, place: District) -> dict[str, Times]:
    """Return the times of a service's way through the district, one step after the other."""
    from gui.colouring import colour_for, colours
    from twin.ahead.preparing import prepare
    from twin.assessment.assess import assess
    from twin.model.edits import MoveService, RemoveService, apply_edit
    from twin.standards import DEFAULT_STANDARD, load_standard

    standard = load_standard(DEFAULT_STANDARD)
    held, types, (x, y) = middle_service(scene, place, standard)
    by = colour_for(types, standard)[1]

    def figures(number: int) -> tuple[District, BuildingColours]:
        moved = apply_edit(place, MoveService(held, x + 7.0 * number, y + 3.0 * number))
        return moved, colours(assess(moved, standard), by)

    def step(number: int) -> object:
        moved, painted = figures(number)
        ghost = Ghost(x + 7.0 * number, y + 3.0 * number, types)
        scene.show(moved, View(ghost=ghost, hidden_services=frozenset({held})), painted)
        return scene.render()

    scene.show(place, View(), colours(assess(place, standard), by))
    scene.render()
    prepare(place, standard)  # as the window does once the figures are there
    without = apply_edit(place, RemoveService(held))
    times = {"grip": median_ms(lambda _number: assess(without, standard), 1)}
    times["step 1"] = median_ms(lambda _number: step(1), 1)
    times["figures"] = median_ms(lambda number: figures(2 + number))
    times["step"] = median_ms(lambda number: step(2 + FRAMES + number))
    return times


def middle_service(
    scene: Scene, place: District, standard: Standard
) -> tuple[int, tuple[str, ...], tuple[float, float]]:
    """Return id, types and place of the service that a standard asks for nearest to the middle."""
    wanted = {type_id for r in standard.requirements for type_id in r.service_types}
    at = shapely.get_coordinates(place.services.geometry)
    away = np.hypot(*(at - scene.camera.focus[:2]).T)
    away[[not wanted & set(types.split(",")) for types in place.services["types"]]] = np.inf
    row = int(np.argmin(away))
    types = tuple(place.services["types"][row].split(","))
    return int(place.services.ids[row]), types, (float(at[row, 0]), float(at[row, 1]))


def under_hand(scene: Scene) -> None:
    """Draw as the viewport does while the hand moves, on a machine without a graphics card."""
    scene.set_resolution_factor(0.5)


def main() -> None:
    """Measure the cities named on the command line, or all."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui import app as application
    from gui.settings import Settings

    app = application.application()
    application.dress(app, Settings())
    print(f"{'buildings':>10} {'meshes s':>9}", *(f"{name + ' ms':>11}" for name in WORKS))
    for name in sys.argv[1:] or ["sample", "10000", "50000", "200000"]:
        place = district(name)
        began = time.process_time()
        meshes = build_meshes(place)
        seconds = time.process_time() - began
        times = measure(place, meshes)
        figures = (f"{wall:6.0f}/{core:4.0f}" for wall, core in (times[work] for work in WORKS))
        print(f"{name:>10} {seconds:9.2f}", *figures, flush=True)


if __name__ == "__main__":
    main()
