"""Under the colours of a walk, and while a service is placed, what is asked about stands out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gui.colouring import asked_types
from gui.presentation import TYPE_SCALE
from gui.view_state import ColourBy
from twin.standards import load_standard


def types_of(window, asked):
    """Return the types of the services whose glyphs stand out (1) or are dots (-1)."""
    pins, services = window.stage.viewport.scene.pins, window.document.session.district.services
    return services["types"][services.rows_of(pins.ids[pins.asked == asked])].tolist()


def test_a_requirement_that_is_opened_shows_its_services_before_all(qtbot, window):
    assert types_of(window, 0)  # neither, while nothing is asked
    window.score.requirement_chosen.emit("canteen")
    assert all("canteen" in types.split(",") for types in types_of(window, 1))
    assert not any("canteen" in types.split(",") for types in types_of(window, -1))
    assert len(types_of(window, 1)) > 3
    assert not types_of(window, 0)
    drawn = window.stage.viewport.scene.pins_drawn
    assert drawn.count[drawn.asked > 0].sum() == len(types_of(window, 1))
    window.state.set(colour_by=ColourBy(), requirement="")
    assert not types_of(window, 1)


def test_what_is_in_hand_is_asked_about_whatever_colours_show(qtbot, window):
    window.hand.arm("kindergarten")
    window.state.set(colour_by=ColourBy("none"))
    assert set(types_of(window, 1)) == {"kindergarten"}
    window.hand.take("select")
    assert not types_of(window, 1)


def test_a_walk_is_to_its_own_type_and_to_what_answers_the_opened_requirement():
    standard = load_standard("gb50180-2018")
    several = next(r for r in standard.requirements if len(r.service_types) > 1)
    first = several.service_types[0]
    by = ColourBy("walk", first)
    assert asked_types(by, "", standard) == {first}
    assert asked_types(by, several.id, standard) == set(several.service_types)
    other = next(r for r in standard.requirements if first not in r.service_types)
    assert asked_types(by, other.id, standard) == {first}
    for what in ("none", "full_circle", "requirements_met"):
        assert not asked_types(replace(by, what=what), several.id, standard)
    changed = ColourBy("difference", requirement=several.id)
    assert asked_types(changed, "", standard) == set(several.service_types)
    assert not asked_types(ColourBy("difference"), several.id, standard)


def test_glyphs_of_the_room_s_screen_grow_with_its_type(qtbot, window):
    """From afar a glyph is 12 pixels wide, so that only a larger one lies 8 beside its middle."""
    view = window.stage.viewport
    view.set_camera(view.scene.home())

    def met():
        drawn, (pixels, seen) = view.scene.pins_drawn, view.scene.heads_seen()
        rows = np.flatnonzero(seen & (drawn.count == 1) & drawn.inside)
        places = zip(drawn.ids[rows].tolist(), pixels[rows].tolist(), strict=True)
        return [id_ for id_, (x, y) in places if id_ in view.scene.services_at(x + 8.0, y)]

    assert not met()
    view.type_scale = TYPE_SCALE
    assert len(met()) > 5
