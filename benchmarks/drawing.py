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
- *hand*: as the viewport draws while the camera is dragged;
- *drag*: one step of a service in the hand, with new colours for every building, and its frame;
- *street*: at full quality from the height of a roof, where most of the city is out of sight.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gui.scene.camera import Camera, look_at, orbit
from gui.scene.colours import BuildingColours
from gui.scene.meshes import Meshes, build_meshes
from gui.scene.scene import Scene
from gui.scene.view import Ghost, View

if TYPE_CHECKING:
    from twin.district import District

SIZE = (1280, 800)
FRAMES = 9
NODES_PER_BUILDING = 5
Times = tuple[float, float]
"""Milliseconds of the wall and of the processor."""
WORKS = ("first", "rest", "hand", "drag", "street")


def district(name: str) -> District:
    """Return the sample district, or a city of so many buildings."""
    if name != "sample":
        from benchmarks.city import make_city

        return make_city(NODES_PER_BUILDING * int(name), int(name))
    from layers.importing import import_layers
    from sample_data import DISTRICT, TERRAIN
    from twin.project import Project

    return Project.from_file(import_layers([Path(DISTRICT), Path(TERRAIN)])).district


def median_ms(work: Callable[[int], object], frames: int = FRAMES) -> Times:
    """Return the median times of `work` for frame 0, 1, ..., in milliseconds."""
    walls, cores = [], []
    for number in range(frames):
        wall, core = time.perf_counter(), time.process_time()
        work(number)
        walls.append(time.perf_counter() - wall)
        cores.append(time.process_time() - core)
    return 1000.0 * statistics.median(walls), 1000.0 * statistics.median(cores)


def measure(place: District, meshes: Meshes) -> dict[str, Times]:
    """Return the time of each of `WORKS` in milliseconds."""
    scene = Scene(*SIZE)
    rng = np.random.default_rng(1)
    minutes = [rng.uniform(0.0, 20.0, len(place.buildings)) for _ in range(FRAMES)]
    colours = [BuildingColours("minutes", each, 15.0) for each in minutes]

    def turned(camera: Camera) -> Callable[[int], object]:
        def frame(number: int) -> object:
            scene.camera = orbit(camera, np.array(camera.focus), 2.0 * number, 0.0)
            return scene.render()

        return frame

    def drag(number: int) -> object:
        x, y, _z = home.focus
        scene.camera = home
        view = View(ghost=Ghost(x + 5.0 * number, y, ("canteen",)))
        scene.show(place, view, colours[number], meshes)
        return scene.render()

    def first(_number: int) -> object:
        scene.show(place, View(), colours[0], meshes)
        scene.camera = scene.home()
        return scene.render()

    times = {"first": median_ms(first, 1)}
    home = scene.home()
    low = replace(look_at(home, home.focus, 250.0), pitch_deg=12.0)
    times["rest"] = median_ms(turned(home))
    times["street"] = median_ms(turned(low))
    under_hand(scene)
    times["hand"] = median_ms(turned(home))
    times["drag"] = median_ms(drag)
    scene.close()
    return times


def under_hand(scene: Scene) -> None:
    """Draw as the viewport does while the hand moves, on a machine without a graphics card."""
    scene.set_resolution_factor(0.5)


def main() -> None:
    """Measure the cities named on the command line, or all."""
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
