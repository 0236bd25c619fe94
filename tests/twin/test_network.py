"""The base physical network: nodes, pieces, heights, islands."""

import numpy as np
import shapely

from layers.rasters.elevation import Terrain
from twin.model.tables import Table
from twin.streets.network import build_network, change_of


def streets(*lines, **columns):
    shapes = [shapely.from_wkt(f"LINESTRING ({line})") for line in lines]
    return Table("streets", range(1, len(lines) + 1), shapes, columns)


def slope_terrain(rise_per_metre):
    """A plane that rises eastwards, cells of 10 m."""
    row = (np.arange(100) * 10 - 495.0) * rise_per_metre
    return Terrain(np.tile(row.astype(np.float32), (100, 1)), -500, 500, 10, 10)


def test_streets_that_end_within_the_same_millimetre_share_a_node():
    network = build_network(streets("0 0, 100 0", "100.0004 0, 200 0", "100.002 0, 100 50"))
    assert network.head[0] == network.tail[1]
    assert network.tail[2] not in (network.head[0], network.tail[0])
    assert network.node_count == 5


def test_streets_that_cross_without_a_shared_end_do_not_meet():
    network = build_network(streets("0 0, 100 0", "50 -50, 50 50"))
    assert network.node_count == 4


def test_pieces_are_equal_and_at_most_twenty_metres():
    network = build_network(streets("0 0, 20 0", "0 0, 0 20.5", "0 0, 50 50"))
    assert network.pieces.tolist() == [1, 2, 4]


def test_slope_follows_the_terrain_and_a_bridge_runs_evenly():
    valley = np.abs(np.arange(100) * 10 - 495.0).astype(np.float32) * 0.1
    terrain = Terrain(np.tile(valley, (100, 1)), -500, 500, 10, 10)
    network = build_network(
        streets("-40 0, 40 0", "-40 9, 40 9", kind=["street", "bridge"]), terrain
    )
    down_and_up, bridge = np.split(network.slope, 2)
    np.testing.assert_allclose(down_and_up[[0, -1]], [-0.1, 0.1], atol=1e-6)
    np.testing.assert_allclose(bridge, 0.0, atol=1e-6)


def test_streets_beyond_the_terrains_data_are_flat():
    hole = np.full((100, 100), np.nan, np.float32)
    network = build_network(streets("0 0, 100 0"), Terrain(hole, -500, 500, 10, 10))
    assert not network.slope.any()


def test_a_small_piece_cut_off_is_an_island_and_the_longest_piece_never_is():
    network = build_network(streets("0 0, 600 0", "0 50, 100 50", "0 90, 499 90"))
    assert network.island.tolist() == [False, True, True]
    alone = build_network(streets("0 0, 100 0", "0 50, 90 50"))
    assert alone.island.tolist() == [False, True]


def test_crossings_bridges_tunnels_steps_and_gates_do_not_attract():
    kinds = ["footway", "street", "steps", "crossing", "bridge", "tunnel", "gate"]
    lines = [f"{100 * i} 0, {100 * i + 100} 0" for i in range(len(kinds))]
    network = build_network(streets(*lines, kind=kinds))
    assert network.attracts.tolist() == [True, True, False, False, False, False, False]


def test_the_same_arrays_give_the_same_network_and_a_closed_gate_is_no_other_network():
    table = streets("0 0, 100 0", "100 0, 200 0", kind=["street", "gate"])
    closed = table.with_values([1], {"status": "closed"})
    assert build_network(closed) is build_network(table)


def test_parts_of_a_street_are_edges_of_their_own():
    parts = shapely.MultiLineString([[(0, 0), (10, 0)], [(10, 0), (30, 0)]])
    network = build_network(Table("streets", [7], [parts], {}))
    assert network.street_id.tolist() == [7, 7]
    assert network.length_m.tolist() == [10.0, 20.0]


def test_no_streets_give_an_empty_network():
    assert len(build_network(Table.empty("streets"))) == 0


def test_a_plane_has_one_slope_everywhere():
    network = build_network(streets("-100 0, 100 0", "0 -100, 0 100"), slope_terrain(0.08))
    np.testing.assert_allclose(network.slope[:10], 0.08, atol=1e-5)
    np.testing.assert_allclose(network.slope[10:], 0.0, atol=1e-5)


def test_streets_that_are_a_world_apart_are_numbered_too():
    near = build_network(streets("0 0, 100 0", "100 0, 200 50"))
    apart = ("3000000000 -3e9, 3000000100 -3e9", "3000000000 4e9, 3000000100 4e9")
    far = build_network(streets("0 0, 100 0", "100 0, 200 50", *apart))
    assert far.node_count == near.node_count + 4
    np.testing.assert_array_equal(far.node_xy[:3], near.node_xy)
    np.testing.assert_array_equal(far.tail[:2], near.tail)


def test_no_streets_make_an_empty_network():
    assert build_network(Table.empty("streets")).node_count == 0


def reached(network, start, goal):
    """Whether one can walk from the start of one street to the end of another, by their rows."""
    piece = network.component
    return bool(piece[start] == piece[goal])


BRIDGE_OVER_STREET = ("0 -50, 0 0", "0 0, 0 50", "-50 0, 0 0", "0 0, 50 0")
"""Two pieces of a bridge and two of the street below, all ending at one place."""


def test_a_bridge_passes_over_a_street_that_is_cut_at_the_same_place():
    network = build_network(streets(*BRIDGE_OVER_STREET, level=[1.0, 1.0, 0.0, 0.0]))
    assert network.node_count == 6
    assert network.head[0] == network.tail[1] != network.head[2] == network.tail[3]
    assert not reached(network, 0, 2)
    above = network.node_floor[network.head[0]], network.node_floor[network.head[2]]
    assert above == (1, 0)


def test_levels_that_nobody_states_meet():
    assert build_network(streets(*BRIDGE_OVER_STREET)).node_count == 5
    half = streets(*BRIDGE_OVER_STREET, level=[1.0, 1.0, 0.0, np.nan])
    assert build_network(half).node_count == 5


def test_a_bridge_that_ends_meets_the_street_it_comes_down_to():
    landing = streets("0 -50, 0 0", "-50 0, 0 0", "0 0, 50 0", level=[1.0, 0.0, 0.0])
    assert build_network(landing).node_count == 4


def test_stairs_join_all_levels_at_their_end():
    lines = (*BRIDGE_OVER_STREET, "0 0, 30 30")
    table = streets(*lines, level=[1.0, 1.0, 0.0, 0.0, 0.0], kind=["bridge"] * 4 + ["steps"])
    assert build_network(table).node_count == 6


def test_a_level_that_ends_comes_to_the_nearest_that_goes_on():
    lines = (*BRIDGE_OVER_STREET, "0 0, 30 30", "0 0, 30 -30", "0 0, -30 30")
    levels = [2.0, 2.0, 0.0, 0.0, 3.0, -1.0, 1.0]
    network = build_network(streets(*lines, level=levels))
    assert network.tail[4] == network.head[0]  # from above
    assert network.tail[5] == network.head[2]  # from below
    assert network.tail[6] == network.head[2]  # as near to both: to the ground


def test_a_change_where_levels_pass_is_no_patch_and_gives_what_a_fresh_start_gives():
    far = tuple(f"{1000 + 100 * i} 0, {1100 + 100 * i} 0" for i in range(30))
    lines, level = (*BRIDGE_OVER_STREET, *far), [1.0, 1.0, 0.0, 0.0] + [np.nan] * 30
    joined = streets(*lines, level=[1.0, 1.0, 0.0, np.nan] + [np.nan] * 30)
    assert build_network(joined).node_count == 5 + 31
    apart = build_network(streets(*lines, level=level))
    assert apart.node_count == 6 + 31
    assert change_of(apart) is None


def test_a_change_elsewhere_patches_and_keeps_the_levels_apart():
    far = tuple(f"{1000 + 100 * i} 0, {1100 + 100 * i} 0" for i in range(30))
    table = streets(*BRIDGE_OVER_STREET, *far, level=[1.0, 1.0, 0.0, 0.0] + [np.nan] * 30)
    before = build_network(table)
    path = Table("streets", [99], [shapely.from_wkt("LINESTRING (1000 0, 1000 80)")], {})
    after = build_network(table.with_rows(path))
    assert change_of(after) is not None
    assert after.node_count == before.node_count + 1
    assert not reached(after, 0, 2)
    assert after.node_floor.sum() == 1
