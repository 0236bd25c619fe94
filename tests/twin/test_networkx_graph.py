"""NetworkX in and out, in OSMnx's convention of attributes."""

import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district
from twin.streets.networkx_graph import from_networkx, to_networkx


def grid():
    made = Grid()
    made.change(along(1, 1), kind="steps", name="Steps")
    made.change(up(2, 2), kind="crossing", signalled=True, cycle_s=60.0, green_s=20.0)
    made.change(up(0, 0), status="closed")
    return district(made)


def at(graph, x, y):
    return next(n for n, place in graph.nodes(data=True) if (place["x"], place["y"]) == (x, y))


def test_every_street_is_there_in_both_directions():
    graph = to_networkx(grid())
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (25, 80)
    assert {data["osmid"] for *_, data in graph.edges(data=True)} == set(range(1, 41))
    assert graph.graph["crs"] == pyproj.CRS("EPSG:4547")
    corner = at(graph, 0.0, 0.0)
    assert graph.nodes[corner]["street_count"] == 2
    way = nx.shortest_path_length(graph, corner, at(graph, 400.0, 400.0), weight="length")
    assert way == 800


def test_geometry_runs_with_the_direction():
    graph = to_networkx(grid())
    for start, _, data in graph.edges(data=True):
        first = data["geometry"].coords[0]
        assert (graph.nodes[start]["x"], graph.nodes[start]["y"]) == first


def test_a_walker_finds_only_what_can_be_passed_and_its_time():
    graph = to_networkx(grid(), ("wheelchair", "min"))
    streets = {data["osmid"] for *_, data in graph.edges(data=True)}
    assert streets == set(range(1, 41)) - {along(1, 1), up(0, 0)}
    crossing = next(d for *_, d in graph.edges(data=True) if d["osmid"] == up(2, 2))
    assert crossing["travel_time"] == pytest.approx(100 / 0.9 + 40**2 / 120)
    metres = to_networkx(grid(), ("adult", "m"))
    assert {data["cost_m"] for *_, data in metres.edges(data=True)} == {100.0}


def test_out_and_in_again_gives_the_same_streets():
    made = grid()
    town = made.with_table(
        made.streets.with_values(
            made.streets.rows_of([up(1, 1)]),
            {
                "hours": "Mo-Fr 08:00-18:00",
                "level": 1.0,
                "width_m": 3.5,
                "ramp": True,
                "kerb": "raised",
            },
        )
    )
    streets = from_networkx(to_networkx(town))
    rows = streets.rows_of(town.streets.ids)
    assert len(streets) == len(town.streets)
    for column in town.streets:
        np.testing.assert_array_equal(streets[column][rows], town.streets[column])
    assert shapely.equals_identical(streets.geometry[rows], town.streets.geometry).all()


def test_what_one_edge_alone_says_is_kept():
    graph = nx.MultiDiGraph(crs="EPSG:32650")
    for node in range(3):
        graph.add_node(node, x=50.0 * node, y=0.0)
    graph.add_edge(0, 1, osmid=1, highway="steps", ramp="yes", name=["Long steps", "Hill"])
    graph.add_edge(1, 2, osmid=2, highway="residential", ramp="no")
    streets = from_networkx(graph)
    assert streets["ramp"].tolist() == [True, False]
    assert streets["name"].tolist() == ["Long steps; Hill", ""]
    graph[1][2][0]["status"] = "shut"
    with pytest.raises(ValueError, match="street 2: status cannot be 'shut'"):
        from_networkx(graph)


def test_streets_are_brought_into_the_districts_crs():
    town = grid()
    to_utm = pyproj.Transformer.from_crs("EPSG:4547", "EPSG:32650", always_xy=True)
    graph = to_networkx(town)
    graph.graph["crs"] = pyproj.CRS("EPSG:32650")
    for *_, values in graph.edges(data=True):
        moved = shapely.transform(values["geometry"], to_utm.transform, interleaved=False)
        values["geometry"] = moved
    streets = from_networkx(graph, town.crs)
    rows = streets.rows_of(town.streets.ids)
    assert shapely.equals_exact(streets.geometry[rows], town.streets.geometry, 1e-3).all()


def test_a_graph_as_osmnx_makes_it():
    graph = nx.MultiDiGraph(crs="EPSG:32650")
    for node, x in enumerate((0.0, 50.0, 90.0)):
        graph.add_node(node, x=x, y=0.0)
    for start, end in ((0, 1), (1, 0)):
        graph.add_edge(start, end, osmid=5, highway="steps", length=50.0, reversed=start > end)
    graph.add_edge(1, 2, osmid=[6, 7], highway=["residential", "service"], length=40.0)
    graph.add_edge(2, 1, osmid=[6, 7], highway="residential", length=40.0, bridge="yes")
    streets = from_networkx(graph)
    assert streets["kind"].tolist() == ["steps", "street"]
    assert streets.ids.tolist() == [1, 2]
    np.testing.assert_allclose(shapely.length(streets.geometry), [50, 40])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:2263"])  # degrees, Web, feet
def test_a_graph_without_metres_on_the_ground_is_refused(crs):
    with pytest.raises(ValueError, match="projected"):
        from_networkx(nx.MultiDiGraph(crs=crs))
