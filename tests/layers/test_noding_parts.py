"""Centre lines drawn again along a part of another one: the part is kept once, walks stay true."""

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString

from layers.mending.streets import connect_streets
from layers.mending.tidy import tidy
from twin.language import LANGUAGES, text

LONG = [(0, 0), (150, 0)]
UP = [(50, -50), (50, 50)]
KEYS = ("streets_within_merged", "streets_parted", "streets_parts_left", "streets_beside_merged")


def streets(*lines, **columns):
    columns = {"id": range(1, len(lines) + 1), **columns}
    frame = gpd.GeoDataFrame(columns, geometry=[LineString(line) for line in lines], crs=4547)
    return tidy("streets", frame, keep_heights=True)[0]


def made_of(*lines, **columns):
    """The network, and what was told by key."""
    made, problems = connect_streets(streets(*lines, **columns))
    return made, {problem.key: problem for problem in problems}


def merged(found):
    return {key: found[key].ids for key in KEYS if key in found}


def ends(made):
    lines = made.geometry
    return {
        tuple(np.round(place, 6)) for line in lines for place in (line.coords[0], line.coords[-1])
    }


def walks(made, places):
    """Metres between each two of some places, walked in NetworkX from the nearest end of a line."""
    graph = nx.Graph()
    for line in made.geometry:
        tail, head = (tuple(np.round(line.coords[end], 3)) for end in (0, -1))
        known = graph.get_edge_data(tail, head, {"m": np.inf})["m"]
        graph.add_edge(tail, head, m=min(line.length, known))
    at = [
        min(graph, key=lambda node, here=here: np.hypot(*np.subtract(node, here)))
        for here in places
    ]
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight="m"))
    return [lengths[one].get(other, np.inf) for one, other in itertools.combinations(at, 2)]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_line_beside_a_part_of_a_longer_one_goes_and_what_met_it_is_led_over(backwards):
    short = [(20, 0.3), (70, 0.4)][:: -1 if backwards else 1]
    made, found = made_of(LONG, short, UP, [(30, 0.32), (30, 60)])
    assert merged(found) == {"streets_within_merged": (2,)}
    assert found["streets_within_merged"].facts["length_m"] == 50.0
    assert {1, 3, 4} <= set(made["id"])
    assert 2 not in set(made["id"])
    assert ends(made) == {(0, 0), (30, 0), (50, 0), (150, 0), (50, -50), (50, 50), (30, 60)}


def test_what_only_the_line_that_goes_said_is_told():
    names = {"name": [None, "人民路", None], "width_m": [12.0, 12.0, np.nan]}
    made, found = made_of(LONG, [(20, 0.3), (70, 0.4)], UP, **names)
    assert found["streets_double_words"].ids == (2,)
    assert found["streets_double_words"].facts["columns"] == "name"
    assert (made["name"] == "").all()


def test_nothing_is_told_of_words_that_both_have():
    _, found = made_of(LONG, [(20, 0.3), (70, 0.4)], UP, name=["人民路", "人民路", "北街"])
    assert "streets_double_words" not in found


def test_a_whole_copy_that_said_something_else_is_told_too():
    _, found = made_of(LONG, [(0, 0.3), (150, 0.3)], UP, name=["人民路", "人民西路", "北街"])
    assert found["streets_beside_merged"].ids == found["streets_double_words"].ids == (2,)


def test_two_lines_that_share_a_stretch_and_part_have_it_once():
    """They come together at (0, 0), part at (60, 0); one street ends on each drawing."""
    other = [(-50, -50), (0, 0.4), (60, 0.4), (100, 40.4)]
    made, found = made_of(LONG, other, UP, [(20, -50), (20, 0.4)])
    assert merged(found) == {"streets_parted": (2,)}
    assert found["streets_parted"].facts["length_m"] == 60.0
    assert ends(made) == {
        (0, 0), (20, 0), (50, 0), (60, 0), (150, 0),
        (-50, -50), (100, 40.4), (50, -50), (50, 50), (20, -50),
    }  # fmt: skip
    # Either side of the stretch keeps the line's id, numbered as pieces of it.
    assert {2, 12} <= set(made["id"])
    assert made["id"].is_unique


def test_the_line_that_says_more_keeps_the_stretch():
    other = [(0, 0.4), (60, 0.4), (100, 40.4)]
    made, found = made_of(LONG, other, UP, name=[None, "人民路", None])
    assert merged(found) == {"streets_parted": (1,)}
    # The first goes on straight: it begins on the second just behind where that turns off.
    parting = shapely.get_point(made.loc[made["id"] == 1].geometry.array, 0)
    assert shapely.distance(parting, shapely.Point(60, 0.4)) == pytest.approx(0, abs=0.5)
    assert shapely.distance(parting, LineString(other)) == pytest.approx(0, abs=1e-9)
    assert set(made.loc[made["id"] % 10 == 2, "name"]) == {"人民路"}


def test_three_drawings_of_a_part_become_one():
    _, found = made_of(LONG, [(20, 0.8), (60, 0.8)], [(10, -0.5), (100, -0.5)], UP)
    assert merged(found) == {"streets_within_merged": (2, 3)}


def test_what_cannot_be_merged_is_told():
    """The third lies beside the second only, and the second goes there itself."""
    third = [(20, 1.6), (70, 1.6)]
    _, found = made_of(LONG, [(0, 0.8), (90, 0.8)], third, UP)
    assert merged(found) == {"streets_within_merged": (2,), "streets_parts_left": (3,)}


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ([(20, 3), (70, 3)], {}),  # the other carriageway
        ([(20, 1.1), (70, 1.1)], {}),  # a step wider than the tolerance
        ([(20, 0.3), (70, 0.3)], {"kind": ["street", "steps", "street"]}),
        ([(20, 0.3), (70, 0.3)], {"kind": ["street", "bridge", "street"]}),
        ([(20, 0.3), (70, 0.3)], {"kind": ["tunnel", "street", "street"]}),
        ([(20, 0.3), (70, 0.3)], {"level": [0.0, 1.0, 0.0]}),
        ([(20, 0.5), (24, 0.5)], {}),  # too short to have a direction
        ([(20, 0.3), (70, 0.3), (20, 0.4)], {}),  # there and back
        ([(0, -4), (150, 4)], {}),  # a crossing of 3 degrees
        ([(60, -40), (60, 40)], {}),
    ],
)
def test_what_is_no_second_drawing_stays(line, columns):
    made, found = made_of(LONG, line, UP, **columns)
    assert merged(found) == {}
    own = made.loc[made["id"] % 10 == 2].length.sum()
    assert own == pytest.approx(LineString(line).length, abs=2.0)  # ends within 1 m are led on


@pytest.mark.parametrize("fork", [[(0, 0), (80, 3)], [(80, 0.9), (0, 0)]])
def test_a_flat_fork_stays_and_is_told(fork):
    made, found = made_of(LONG, fork, UP)
    assert merged(found) == {"streets_parts_left": (2,)}
    assert made.loc[made["id"] % 10 == 2].length.sum() == pytest.approx(80, abs=1.0)


def test_a_copy_that_touches_its_line_at_one_end_by_chance_is_no_fork():
    _, found = made_of(LONG, [(20, 0.02), (70, 0.4)], UP)
    assert merged(found) == {"streets_within_merged": (2,)}


def test_a_footbridge_told_by_its_heights_stays():
    low = [(x, y, 1.0) for x, y in LONG]
    _, found = made_of(low, [(20, 0.3, 7.0), (70, 0.3, 7.0)], UP)
    assert merged(found) == {}


def test_heights_go_with_what_is_left_of_a_line():
    """The second parts and climbs over the third, 6 m above: cut in two, it passes there still."""
    climbs = [(0, 0.4, 1), (60, 0.4, 1), (100, 40, 8), (140, 80, 8)]
    low = [(x, y, 1.0) for x, y in LONG]
    under = [(120, 90, 1), (120, 20, 1)]
    made, found = made_of(low, climbs, under)
    assert merged(found) == {"streets_parted": (2,)}
    assert found["streets_kept_apart"].ids == (2, 3)
    assert made.loc[made["id"] == 3].length.sum() == pytest.approx(70)


CLEAN = [
    [(0, 0), (200, 0), (300, 60)],
    [(0, 100), (200, 100), (300, 60)],
    [(50, -40), (50, 100)],
    [(120, 0), (120, 140)],
    [(200, 0), (200, 100)],
    [(200, 0), (260, -50)],
]
AGAIN = [
    [(10, 0.3), (90, 0.5)],  # a part of the first street
    [(190, 100.4), (60, 99.7)],  # of the second, backwards
    [(49.6, 20), (49.7, 80)],
    [(120.4, 30), (120.4, 100)],
    [(140, -0.4), (200, -0.4), (260, -50.4)],  # along the first, then down the last
]


def test_walks_are_those_of_the_clean_drawing():
    """What met a second drawing was drawn to it: two lanes hang on the copies."""
    lanes = [[(80, 0), (80, 40)], [(120, 60), (160, 60)]]
    hung = [[(80, 0.475), (80, 40)], [(120.4, 60), (160, 60)]]
    messy, found = made_of(*CLEAN, *AGAIN, *hung)
    clean, nothing = made_of(*CLEAN, *lanes)
    assert merged(found) == {
        # The last street lies beside the line that comes along the first and turns into it.
        "streets_within_merged": (6, 7, 8, 9, 10),
        "streets_parted": (11,),
    }
    assert merged(nothing) == {}
    places = [(0, 0), (0, 100), (50, -40), (120, 140), (300, 60), (260, -50), (80, 40), (160, 60)]
    assert walks(messy, places) == pytest.approx(walks(clean, places), abs=0.5)
    assert messy.length.sum() == pytest.approx(clean.length.sum(), abs=2.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_words(language):
    other = [(0, 0.4), (60, 0.4), (100, 40.4)]
    _, found = made_of(LONG, other, [(80, 0.3), (140, 0.3)], UP, name=[None, "a", "b", None])
    for key in ("streets_parted", "streets_within_merged", "streets_double_words"):
        assert "{" not in text(f"problem.{key}", language, **found[key].facts)
