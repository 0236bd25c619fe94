"""Centre lines without topology become a network; sound networks stay as they are."""

from collections import Counter

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString

from layers.mending.streets import connect_streets
from layers.mending.tidy import tidy
from layers.noding.streets import node_streets

CRS = 4547


def streets(*lines, **columns):
    columns = {"id": range(1, len(lines) + 1), **columns}
    frame = gpd.GeoDataFrame(columns, geometry=[LineString(line) for line in lines], crs=CRS)
    return tidy("streets", frame, keep_heights=True)[0]


def pieces(frame):
    """Coordinates by id."""
    return {
        int(number): [tuple(map(float, place)) for place in shape.coords]
        for number, shape in zip(frame["id"], frame.geometry, strict=True)
    }


def found(problems):
    return {problem.key: problem for problem in problems}


ACROSS = [(0, 0), (100, 0)]
UP = [(50, -50), (50, 50)]


def test_two_lines_that_cross_become_four_that_meet():
    made, problems = connect_streets(streets(ACROSS, UP))
    # Ids have one digit: further pieces get 1 before it.
    assert pieces(made) == {
        1: [(0, 0), (50, 0)],
        11: [(50, 0), (100, 0)],
        2: [(50, -50), (50, 0)],
        12: [(50, 0), (50, 50)],
    }
    problem = found(problems)["streets_noded"]
    assert problem.facts["places"] == 1
    assert problem.facts["known"] == 0
    assert problem.ids == (1, 2)


def test_attributes_go_to_every_piece():
    given = streets(ACROSS, UP, name=["人民路", "解放路"], width_m=[12.0, 7.0])
    made, _ = connect_streets(given)
    assert made["name"].tolist() == ["人民路", "人民路", "解放路", "解放路"]
    assert made["width_m"].tolist() == [12, 12, 7, 7]


def test_an_end_on_the_middle_of_another_cuts_that_one_only():
    made, _ = connect_streets(streets(ACROSS, [(50, 0), (50, 50)]))
    assert pieces(made) == {
        1: [(0, 0), (50, 0)],
        11: [(50, 0), (100, 0)],
        2: [(50, 0), (50, 50)],
    }


def test_what_is_digitised_within_five_centimetres_is_one_place():
    made, problems = connect_streets(streets(ACROSS, [(50, 0.03), (50, 50)]))
    assert pieces(made)[1][-1] == pieces(made)[2][0] == pieces(made)[11][0]
    assert "streets_ends_joined" not in found(problems)


def test_an_end_that_stops_short_is_led_on_and_told():
    made, problems = connect_streets(streets(ACROSS, [(50, 0.6), (50, 50)]))
    assert pieces(made)[2] == [(50, 0), (50, 0.6), (50, 50)]
    problem = found(problems)["streets_ends_joined"]
    assert problem.ids == (2,)
    assert problem.facts["tolerance_m"] == 1.0
    assert problem.facts["longest_m"] == 0.6


def test_an_end_farther_off_is_left_and_named():
    made, problems = connect_streets(streets(ACROSS, UP, [(20, 3), (20, 40)]))
    assert pieces(made)[3] == [(20, 3), (20, 40)]
    assert found(problems)["streets_ends_open"].ids == (3,)


def test_two_ends_opposite_each_other_are_joined_by_one_piece():
    made, problems = connect_streets(
        streets(ACROSS, UP, [(0, 30), (20, 30)], [(20.8, 30), (40, 30)]), "always"
    )
    lengths = shapely.length(made.geometry.array)
    assert lengths[made["id"].isin([3, 4])].sum() == pytest.approx(20 + 19.2 + 0.8)
    assert pieces(made)[3][-1] == pieces(made)[4][0]
    assert found(problems)["streets_ends_joined"].facts["count"] == 1


def test_an_end_that_passes_its_crossing_by_little_is_cut_off():
    made, problems = connect_streets(streets(ACROSS, [(50, -0.7), (50, 50)]))
    assert pieces(made)[2] == [(50, 0), (50, 50)]
    assert found(problems)["streets_stubs_cut"].ids == (2,)


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": ["street", "bridge"]},
        {"kind": ["street", "tunnel"]},
        {"level": [0.0, 1.0]},
        {"level": [-1.0, np.nan]},
    ],
)
def test_what_passes_over_or_under_does_not_meet(columns):
    made, problems = connect_streets(streets(ACROSS, UP, **columns), "always")
    assert pieces(made) == {1: ACROSS, 2: UP}
    assert found(problems)["streets_kept_apart"].ids == (1, 2)


def test_two_bridges_of_one_level_meet():
    made, _ = connect_streets(streets(ACROSS, UP, kind=["bridge", "bridge"]))
    assert len(made) == 4


def test_a_bridge_meets_the_street_on_which_it_ends():
    landing = [(50, 0), (50, 50)]
    made, _ = connect_streets(streets(ACROSS, landing, kind=["street", "bridge"]))
    assert sorted(pieces(made)) == [1, 2, 11]


def test_heights_tell_an_overpass_from_a_crossing_on_one_line():
    """One road climbs: it meets the first crossing road and passes 5 m over the second."""
    climbing = [(0, 0, 10), (50, 0, 10), (100, 0, 15), (150, 0, 15)]
    level_road = [(25, -50, 10), (25, 50, 10)]
    under = [(125, -50, 10), (125, 50, 10)]
    made, problems = connect_streets(streets(climbing, level_road, under))
    assert pieces(made) == {
        1: [(0, 0), (25, 0)],
        11: [(25, 0), (50, 0), (100, 0), (150, 0)],
        2: [(25, -50), (25, 0)],
        12: [(25, 0), (25, 50)],
        3: [(125, -50), (125, 50)],
    }
    problem = found(problems)["streets_kept_apart"]
    assert problem.ids == (1, 3)
    assert problem.facts["by_height"] == 1


def test_heights_of_zero_say_nothing():
    made, _ = connect_streets(streets([(0, 0, 0), (100, 0, 0)], [(50, -50, 30), (50, 50, 30)]))
    assert len(made) == 4


def test_a_line_drawn_twice_is_kept_once():
    made, problems = connect_streets(streets(ACROSS, UP, [(100, 0), (0, 0)], name=["a", "b", "c"]))
    assert sorted(made["name"]) == ["a", "a", "b", "b"]
    assert found(problems)["streets_doubles_merged"].ids == (3,)


def test_overlapping_lines_share_the_part_they_have_in_common():
    # 0..100 and 60..160 on one line: 0-60, 60-100, 100-160.
    made, problems = connect_streets(streets(ACROSS, [(60, 0), (160, 0)]))
    assert pieces(made) == {
        1: [(0, 0), (60, 0)],
        11: [(60, 0), (100, 0)],
        2: [(100, 0), (160, 0)],
    }
    assert found(problems)["streets_doubles_merged"].ids == (2,)


AGAIN = [(100, 0.3), (40, 0.4), (0, 0.3)]
"""ACROSS once more, drawn backwards."""


def test_a_line_drawn_again_beside_itself_is_kept_once():
    """Of the streets that end on the copy, one comes from each side and one passes over both."""
    above, below = [(50, 50), (50, 0.35)], [(20, -50), (20, 0.3)]
    made, problems = connect_streets(streets(ACROSS, AGAIN, UP, above, below))
    assert found(problems)["streets_beside_merged"].ids == (2,)
    assert {(x, y) for line in pieces(made).values() for x, y in line} == {
        (0, 0), (20, 0), (50, 0), (100, 0), (50, -50), (50, 50), (20, -50),
    }  # fmt: skip
    assert not {key for key in found(problems) if key.startswith("streets_ends")}


def test_the_copy_that_says_more_is_kept():
    made, problems = connect_streets(streets(ACROSS, AGAIN, UP, name=[None, "人民路", "解放路"]))
    assert found(problems)["streets_beside_merged"].ids == (1,)
    assert set(made["name"]) == {"人民路", "解放路"}


def test_a_link_between_a_line_and_its_copy_goes_with_it():
    link = [(70, 0), (70, 0.35)]
    made, problems = connect_streets(streets(ACROSS, AGAIN, UP, link))
    assert found(problems)["streets_beside_merged"].ids == (2, 4)
    assert len(made) == 4


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ([(0, 3), (100, 3)], {}),  # the other carriageway
        (AGAIN, {"kind": ["street", "bridge", "street"]}),
        (AGAIN, {"level": [0.0, 1.0, 0.0]}),
        ([(0, 0.3, 6), (100, 0.3, 6)], {}),  # no heights on the others: nothing to compare
        ([(0, 0), (100, 0.8)], {}),  # a fork
        ([(0, 0.3), (100, 0.3), (0, 0.4)], {}),  # there and back
    ],
)
def test_what_is_no_copy_stays(line, columns):
    _, problems = connect_streets(streets(ACROSS, line, UP, **columns))
    assert ("streets_beside_merged" in found(problems)) == (len(line[0]) == 3)


def test_a_bridge_told_by_its_heights_is_no_copy_of_the_street_below():
    low = [(x, y, 1.0) for x, y in ACROSS]
    _, problems = connect_streets(streets(low, [(0, 0.3, 7), (100, 0.3, 7)], UP))
    assert "streets_beside_merged" not in found(problems)


def test_in_a_network_a_copy_is_told_and_stays():
    ring = [[(0, 0), (0, 50)], [(0, 50), (100, 50)], [(100, 50), (100, 0)], ACROSS, AGAIN]
    given = streets(*ring)
    made, problems = connect_streets(given)
    assert found(problems)["streets_drawn_beside"].ids == (5,)
    assert len(made) == len(given)


def test_a_line_that_crosses_itself_meets_itself():
    loop = [(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]
    made, _ = connect_streets(streets(loop))
    assert pieces(made) == {
        1: [(0, 0), (50, 0)],
        11: [(50, 0), (100, 0), (100, 50), (50, 50), (50, 0)],
        21: [(50, 0), (50, -50)],
    }


def test_three_lines_through_one_place_have_one_node():
    made, _ = connect_streets(streets(ACROSS, UP, [(0, -50), (100, 50)]))
    ends = Counter(
        place for shape in made.geometry for place in (shape.coords[0], shape.coords[-1])
    )
    assert ends[50.0, 0.0] == 6


def test_an_id_depends_on_its_own_line_alone():
    few, _ = connect_streets(streets(ACROSS, UP))
    more, _ = connect_streets(streets(ACROSS, UP, [(0, 90), (30, 90)], [(20, 80), (20, 100)]))
    assert set(few["id"]) <= set(more["id"])


def test_a_network_stays_exactly_as_it_is():
    """Four streets meet in one node; a fifth crosses one without: less than a quarter."""
    star = [[(0, 0), (50, 0)], [(50, 0), (100, 0)], [(50, 0), (50, 80)], [(100, 0), (100, 80)]]
    more = [[(100, 0), (200, 0)], [(200, 0), (200, 80)], [(50, 80), (100, 80)], [(20, -9), (20, 9)]]
    given = streets(*star, *more)
    same, problems, was_noded = node_streets(given)
    assert same is given
    assert not was_noded
    # (50, 0), (100, 0), (200, 0), (50, 80), (100, 80) are nodes; one place is none.
    facts = found(problems)["streets_left_as_drawn"].facts
    assert (facts["known"], facts["places"]) == (5, 1)


def test_the_user_has_the_last_word():
    assert len(connect_streets(streets(ACROSS, UP), "never")[0]) == 2
    assert "streets_cross_without_node" in found(connect_streets(streets(ACROSS, UP), "never")[1])
    sound = streets([(0, 0), (50, 0)], [(50, 0), (99, 0)], [(50, 0), (50, 9)], [(20, -9), (20, 9)])
    assert "streets_noded_as_asked" in found(connect_streets(sound, "always")[1])


def test_noding_twice_changes_nothing():
    rng = np.random.default_rng(7)
    given = streets(*rng.uniform(0, 500, (60, 2, 2)))
    once, _, _ = node_streets(given, "always")
    twice, _, _ = node_streets(once, "always")
    assert sorted(shapely.to_wkb(once.geometry.array)) == sorted(
        shapely.to_wkb(twice.geometry.array)
    )


def test_random_lines_agree_with_geos():
    """The union of all lines by GEOS is an independent noding: same length, same nodes."""
    rng = np.random.default_rng(3)
    given = streets(*rng.uniform(0, 1000, (80, 2, 2)))
    made, _, _ = node_streets(given, "always")
    union = shapely.get_parts(shapely.unary_union(given.geometry.array))
    mine = np.asarray(made.geometry.array)

    def nodes(lines):
        ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
        return shapely.union_all(ends)

    assert shapely.hausdorff_distance(nodes(mine), nodes(union)) < 1.0  # stubs of up to 1 m go
    assert shapely.length(mine).sum() == pytest.approx(shapely.length(union).sum(), rel=2e-3)
    # Nothing meets any more but at ends.
    one, other = shapely.STRtree(mine).query(mine, predicate="crosses")
    assert not len(one[one < other])


def test_the_sample_district_is_a_network_already():
    from layers.formats.geopackage import read_layer
    from sample_data import DISTRICT

    given = tidy("streets", read_layer(DISTRICT, "streets").frame)[0]
    same, _, was_noded = node_streets(given)
    assert same is given
    assert not was_noded


def test_a_real_map_whose_nodes_were_lost_gets_its_walks_back(real_data):
    """Straight crossings lose their vertex when lines are simplified, as offices' exports are."""
    from layers.importing.from_files import import_layers

    path = real_data / "districts" / "beijing" / "roads.geojson"
    whole = import_layers([path], noding="never").layers["streets"]
    level = whole[~whole["kind"].isin(["bridge", "tunnel"])].reset_index(drop=True)
    # Lines run on through crossings, and a vertex stays only where the line bends.
    lines = shapely.get_parts(strokes(np.asarray(level.geometry.array)))
    bare = streets(*(line.coords for line in shapely.simplify(lines, 0.01)))
    made, problems = connect_streets(bare)
    assert "streets_noded" in found(problems)
    before, after = walks(level, level), walks(made, level)
    both = np.isfinite(before)
    assert both.sum() > 5000
    # Simplifying moves a line by up to a centimetre.
    assert np.abs(before[both] - after[both]).max() < 0.1


def strokes(lines):
    """Join lines at their ends as long as each end meets one other that goes straight on."""
    from collections import defaultdict

    at = defaultdict(list)
    for row, line in enumerate(lines):
        for end in (0, -1):
            inner = line.coords[1 if end == 0 else -2]
            place = line.coords[end]
            at[place].append((row, np.arctan2(inner[1] - place[1], inner[0] - place[0])))
    label = list(range(len(lines)))
    used = set()

    def root(row):
        while label[row] != row:
            row = label[row]
        return row

    for place, ends in at.items():
        for i, (one, angle) in enumerate(ends):
            for other, back in ends[i + 1 :]:
                turn = abs((angle - back) % (2 * np.pi) - np.pi)
                fresh = not {(one, place), (other, place)} & used
                if turn < 0.2 and fresh and root(one) != root(other):
                    label[root(other)] = root(one)
                    used |= {(one, place), (other, place)}
    groups = defaultdict(list)
    for row in range(len(lines)):
        groups[root(row)].append(lines[row])
    merged = [shapely.line_merge(shapely.multilinestrings(group)) for group in groups.values()]
    return shapely.geometrycollections([part for one in merged for part in shapely.get_parts(one)])


def walks(frame, places):
    """Metres between every tenth junction of `places` over the network of `frame`, by SciPy."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra
    from scipy.spatial import cKDTree

    lines = np.asarray(frame.geometry.array)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    nodes, at = np.unique(np.round(shapely.get_coordinates(ends), 3), axis=0, return_inverse=True)
    tail, head = np.split(at.ravel(), 2)
    size = (len(nodes),) * 2
    graph = _least(coo_array((shapely.length(lines), (tail, head)), shape=size))
    own = np.asarray(places.geometry.array)
    both = np.concatenate([shapely.get_point(own, 0), shapely.get_point(own, -1)])
    where, count = np.unique(shapely.get_coordinates(both), axis=0, return_counts=True)
    asked = where[count > 2][::10]  # junctions; where two lines go on there need be no node
    near = cKDTree(nodes).query(asked)[1]
    return dijkstra(graph, directed=False, indices=near)[:, near]


def _least(graph):
    """Keep the shortest of parallel edges; SciPy would add them up."""
    from scipy.sparse import coo_array

    table = {}
    for tail, head, length in zip(graph.row, graph.col, graph.data, strict=True):
        key = (min(tail, head), max(tail, head))
        table[key] = min(length, table.get(key, np.inf))
    rows, columns = np.array(list(table)).T
    return coo_array((np.array(list(table.values())), (rows, columns)), shape=graph.shape).tocsr()


WEST, EAST, SOUTH, NORTH = (
    [(0, 0), (50, 0)],
    [(50, 0), (100, 0)],
    [(50, -50), (50, 0)],
    [(50, 0), (50, 50)],
)
BRIDGED = ["street", "street", "bridge", "bridge"]


@pytest.mark.parametrize("noding", ["auto", "always"])
def test_a_bridge_and_a_street_cut_at_one_place_state_their_levels(noding):
    made, problems = connect_streets(streets(WEST, EAST, SOUTH, NORTH, kind=BRIDGED), noding)
    assert made["level"].tolist() == [0, 0, 1, 1]
    problem = found(problems)["streets_pass_at_node"]
    assert (problem.ids, problem.facts["places"]) == ((1, 2, 3, 4), 1)


def test_a_bridge_in_two_pieces_does_not_cut_the_street_it_passes():
    made, _ = connect_streets(streets(ACROSS, SOUTH, NORTH, kind=["street", "bridge", "bridge"]))
    assert pieces(made)[1] == [(0, 0), (100, 0)]
    on_street = streets([(0, 0), (50, 0), (100, 0)], SOUTH, NORTH, kind=["street", *BRIDGED[2:]])
    made, _ = connect_streets(on_street)
    assert made["level"].tolist() == [0, 0, 1, 1]  # cut at its own corner, and kept apart


def test_stairs_and_streets_that_say_themselves_where_they_meet_join():
    stairs = [(50, 0), (70, 30)]
    made, problems = connect_streets(
        streets(WEST, EAST, SOUTH, NORTH, stairs, kind=[*BRIDGED, "steps"])
    )
    assert "streets_pass_at_node" not in found(problems)
    given = streets(WEST, EAST, SOUTH, NORTH, kind=BRIDGED)
    made, problems = connect_streets(given, meets=np.ones(4, bool))
    assert np.isnan(made["level"]).all()
    assert problems == ()


def test_stairs_meet_the_middle_of_a_bridge():
    made, _ = connect_streets(streets(UP, [(50, 0), (80, 40)], kind=["bridge", "steps"]), "always")
    assert sorted(pieces(made).values()) == sorted(
        [[(50, -50), (50, 0)], [(50, 0), (50, 50)], [(50, 0), (80, 40)]]
    )
