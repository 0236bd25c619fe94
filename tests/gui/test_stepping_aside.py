"""Names of communities make way for the glyphs that stand where they would be written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.stepping_aside import _ASKED_FOR, _step
from tests.gui.test_editing import service_in_view


def names_of_communities(window):
    names = set(window.document.session.district.communities["name"].tolist())
    view = window.stage.viewport
    view.grab()
    return [(name, box) for name, box in view.labels_drawn if name in names]


def at_rest_from_afar(view):
    """See all communities, which reach beyond the boundary of this sample."""
    home = view.scene.home()
    view.set_camera(replace(home, distance=2.5 * home.distance))
    view._rest.stop()


@pytest.mark.parametrize("asked", ["canteen", "elder_day_care", "primary_school"])
def test_no_name_lies_on_a_service_that_is_asked_about(qtbot, window, asked):
    window.score.requirement_chosen.emit(asked)
    at_rest_from_afar(window.stage.viewport)
    drawn = names_of_communities(window)
    assert len(drawn) > 3
    scene = window.stage.viewport.scene
    pixels, seen = scene.heads_seen()
    there = pixels[seen & (scene.pins_drawn.asked > 0)].tolist()
    assert there
    for x, y in there:
        assert not any(box.adjusted(0, 5, 0, -5).contains(x, y) for _name, box in drawn)


def test_a_name_keeps_its_place_while_the_view_moves(qtbot, window):
    view = window.stage.viewport
    at_rest_from_afar(view)
    before = dict(names_of_communities(window))
    steps = dict(view._label_painter._aside._steps)
    assert any(not step.isNull() for step in steps.values())
    service_in_view(window)  # comes near, which is a movement
    view._rest.start()
    names_of_communities(window)
    assert view._label_painter._aside._steps == steps
    assert before


def glyphs(*places):
    return np.array([(x, y, 5.0, 1.0) for x, y in places]).reshape(-1, 4)


def test_a_name_steps_no_farther_than_it_has_to():
    box, size = QRectF(300.0, 290.0, 80.0, 24.0), (800, 600)
    assert _step(box, glyphs(), (), size).isNull()
    step = _step(box, glyphs((345.0, 298.0)), (), size)  # in its upper half
    assert (step.x(), step.y()) == (0.0, 9.0)
    barred = QRectF(box.translated(0.0, 9.0))
    other = _step(box, glyphs((345.0, 298.0)), (barred,), size)
    moved = box.translated(other)
    assert not moved.intersects(barred)
    assert not moved.adjusted(0.0, 5.0, 0.0, -5.0).contains(345.0, 298.0)


def test_where_glyphs_are_everywhere_it_hides_as_few_as_it_can():
    everywhere = [(x, y) for x in range(200, 500, 12) for y in range(200, 400, 12)]
    few = [(x, y) for x, y in everywhere if y != 248]
    box, size = QRectF(300.0, 290.0, 80.0, 24.0), (800, 600)
    step = _step(box, glyphs(*few), (), size)
    assert abs(box.translated(step).center().y() - 248.0) < 9.0


def test_what_is_asked_about_counts_for_more_than_what_is_not():
    box, size = QRectF(300.0, 290.0, 80.0, 24.0), (800, 600)
    many = glyphs(*[(x, y) for x in range(200, 500, 12) for y in range(311, 400, 12)])
    asked = np.array([[340.0, 298.0, 8.0, 20.0]])
    step = _step(box, np.concatenate([many, asked]), (), size)
    moved = box.translated(step)
    assert not moved.adjusted(0.0, 5.0, 0.0, -5.0).contains(340.0, 298.0)


def test_a_name_that_would_hide_what_is_asked_about_wherever_it_stands_is_left_out(qtbot, window):
    asked = np.array(
        [(x, y, 9.0, _ASKED_FOR) for x in range(0, 800, 24) for y in range(0, 600, 14)]
    )
    box, size = QRectF(300.0, 290.0, 80.0, 24.0), (800, 600)
    assert _step(box, asked, (), size) is None
    assert _step(box, asked * (1.0, 1.0, 1.0, 1.0 / _ASKED_FOR), (), size) is not None
    window.score.requirement_chosen.emit("bus_stop")  # of which there are many
    at_rest_from_afar(window.stage.viewport)
    drawn = names_of_communities(window)
    scene = window.stage.viewport.scene
    pixels, seen = scene.heads_seen()
    for x, y in pixels[seen & (scene.pins_drawn.asked > 0)].tolist():
        assert not any(box.adjusted(0, 5, 0, -5).contains(x, y) for _name, box in drawn)
