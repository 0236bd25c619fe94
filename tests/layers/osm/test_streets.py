"""Which ways are walked, and where they are cut: worked out by hand on small maps."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.importing.from_files import import_layers
from layers.osm.bounds import covered
from layers.osm.reading import read_extract
from layers.project import write_project
from tests.layers.osm.conftest import METRES
from twin.projects.project import open_project

STREET = {"highway": "residential"}
CROSS = {1: (0, 1), 2: (1, 1), 3: (2, 1), 4: (1, 0), 5: (1, 2)}


def lengths(frame):
    """Lengths in metres, sorted."""
    return np.sort(shapely.length(frame.geometry.array)) * 1000 * METRES


def test_ways_are_cut_at_the_node_they_share(read_osm):
    layers, _ = read_osm(CROSS, {10: ([1, 2, 3], STREET), 11: ([4, 2, 5], STREET)})
    streets = layers["streets"].frame
    assert lengths(streets) == pytest.approx([METRES] * 4, rel=1e-3)
    assert sorted(streets["id"]) == [100001, 100002, 110001, 110002]


def test_a_bridge_that_shares_no_node_is_not_cut(read_osm):
    over = {**CROSS, 6: (1, 1)}
    bridge = {**STREET, "bridge": "yes", "layer": "1"}
    layers, _ = read_osm(over, {10: ([1, 2, 3], STREET), 11: ([4, 6, 5], bridge)})
    streets = layers["streets"].frame
    assert dict(zip(streets["id"], streets["kind"], strict=True)) == {
        100001: "street",
        110001: "bridge",
    }


def test_a_way_that_meets_itself_is_cut_there(read_osm):
    # A lollipop: from 1 to 2, round 3 and 5, back to 2.
    layers, _ = read_osm(CROSS, {10: ([1, 2, 3, 5, 2], STREET)})
    assert len(layers["streets"].frame) == 2


def test_a_way_ends_where_the_file_lacks_its_node(read_osm):
    nodes = {1: (0, 0), 2: (1, 0), 4: (3, 0), 5: (4, 0)}
    ways = {10: ([1, 2, 3, 4, 5], STREET), 11: ([7, 8], STREET)}
    layers, problems = read_osm(nodes, ways, around=None)
    # Nothing leads from 2 to 4, where node 3 is missing; way 11 has no place at all.
    assert lengths(layers["streets"].frame) == pytest.approx([METRES, METRES], rel=1e-3)
    assert problems["osm_ways_partly"].ids == (10,)
    assert problems["osm_ways_without_nodes"].ids == (11,)


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"barrier": "gate"}, "open"),
        ({"barrier": "gate", "access": "private"}, "residents"),
        ({"barrier": "lift_gate", "access": "private", "foot": "yes"}, "open"),
        ({"barrier": "gate", "access": "no"}, "closed"),
        ({"barrier": "gate", "locked": "yes"}, "closed"),
        ({"barrier": "turnstile", "access": "permit"}, "residents"),
        ({"barrier": "fence"}, "closed"),
    ],
)
def test_a_gate_on_a_way_is_a_metre_that_can_be_closed(read_osm, tags, status):
    nodes = {1: (0, 0), 2: (1, 0, tags), 3: (2, 0)}
    layers, _ = read_osm(nodes, {10: ([1, 2, 3], STREET)})
    streets = layers["streets"].frame
    assert list(streets["kind"]) == ["street", "gate", "street"]
    assert list(streets["status"]) == ["open", status, "open"]
    assert shapely.length(streets.geometry.array) * 1000 * METRES == pytest.approx(
        [METRES, 1.0, METRES - 1], abs=0.02
    )
    # The edges still form one line from end to end.
    assert shapely.line_merge(streets.union_all()).geom_type == "LineString"


GATE = {"barrier": "gate"}
NO_ACCESS = {**GATE, "access": "no"}
WORKDAYS = "Mo-Fr 07:00-18:00"
RESIDENTS = {**GATE, "access": "private"}


def passage(*gates):
    """Return nodes and a way that leads through gates, a thousandth of a degree apart."""
    inner = {2 + n: (1 + n, 0, tags) for n, tags in enumerate(gates)}
    nodes = {1: (0, 0), **inner, 2 + len(gates): (1 + len(gates), 0)}
    return nodes, {10: (list(nodes), STREET)}


@pytest.mark.parametrize(
    ("tags", "status", "hours"),
    [
        ({**GATE, "opening_hours": "06:00-22:00"}, "open", "06:00-22:00"),
        ({**RESIDENTS, "opening_hours": "24/7"}, "residents", "24/7"),
        ({**GATE, "access:conditional": "no @ (22:00-06:00)"}, "open", "06:00-22:00"),
        ({**GATE, "access:conditional": "no @ 22:00-06:00"}, "open", "06:00-22:00"),
        ({**RESIDENTS, "foot:conditional": "no @ (23:00-05:00)"}, "residents", "05:00-23:00"),
        ({**NO_ACCESS, "access:conditional": "yes @ (Mo-Fr 07:00-18:00)"}, "open", WORKDAYS),
        ({**NO_ACCESS, "access:conditional": "no @ (22:00-06:00)"}, "closed", ""),
        # What is said of walkers goes before what is said of all; hours before a condition.
        ({**GATE, "foot": "yes", "access:conditional": "no @ (22:00-06:00)"}, "open", ""),
        (
            {**GATE, "opening_hours": "08:00-20:00", "access:conditional": "no @ (22:00-06:00)"},
            "open",
            "08:00-20:00",
        ),
    ],
)
def test_a_gate_has_the_hours_that_it_states(read_osm, tags, status, hours):
    layers, problems = read_osm(*passage(tags))
    streets = layers["streets"].frame
    assert list(streets["status"]) == ["open", status, "open"]
    assert list(streets["hours"]) == ["", hours, ""]
    assert "osm_gate_hours_unread" not in problems


def test_hours_of_gates_that_cannot_be_read_are_told_and_change_nothing(read_osm):
    gates = (
        {**GATE, "opening_hours": "sunrise-sunset"},
        {**GATE, "access:conditional": "no @ (22:00-06:00 AND wet)"},
        {**GATE, "access:conditional": "no @ (22:00-06:00); no @ (Su)"},
        # Open to all by day, to residents at night: no status with hours can say that.
        {**GATE, "access:conditional": "private @ (22:00-06:00)"},
        {**RESIDENTS, "access:conditional": "yes @ (06:00-22:00)"},
        {**GATE, "opening_hours": "06:00-22:00"},
    )
    layers, problems = read_osm(*passage(*gates))
    streets = layers["streets"].frame
    only = streets[streets["kind"] == "gate"]
    assert list(only["status"]) == ["open", "open", "open", "open", "residents", "open"]
    # As written where it was written, so that the window shows it for correction.
    assert list(only["hours"]) == ["sunrise-sunset", "", "", "", "", "06:00-22:00"]
    told = problems["osm_gate_hours_unread"]
    assert told.facts["count"] == 5
    assert told.ids == (21, 31, 41, 51, 61)


def test_each_gate_keeps_its_own_hours_whatever_the_order_of_the_nodes(read_osm):
    early, late = ({**GATE, "opening_hours": said} for said in ("05:00-21:00", "07:00-23:00"))
    nodes = {9: (0, 0), 8: (1, 0, early), 3: (2, 0), 5: (3, 0, late), 1: (4, 0)}
    layers, _ = read_osm(nodes, {10: (list(nodes), STREET)})
    streets = layers["streets"].frame
    assert list(streets["kind"]) == ["street", "gate", "street", "gate", "street"]
    assert list(streets["hours"]) == ["", "05:00-21:00", "", "07:00-23:00", ""]


def test_a_bollard_stops_no_walker(read_osm):
    nodes = {1: (0, 0), 2: (1, 0, {"barrier": "bollard"}), 3: (2, 0)}
    layers, _ = read_osm(nodes, {10: ([1, 2, 3], STREET)})
    assert list(layers["streets"].frame["kind"]) == ["street"]


def test_a_gate_where_two_ways_meet_is_one_edge_and_at_a_junction_one_for_each_arm(read_osm):
    gate = {"barrier": "gate", "access": "private"}
    end_to_end = {1: (0, 1), 2: (1, 1, gate), 3: (2, 1)}
    layers, _ = read_osm(end_to_end, {10: ([1, 2], STREET), 11: ([2, 3], STREET)})
    assert (layers["streets"].frame["kind"] == "gate").sum() == 1
    junction = {**CROSS, 2: (1, 1, gate)}
    layers, _ = read_osm(junction, {10: ([1, 2, 3], STREET), 11: ([4, 2, 5], STREET)})
    streets = layers["streets"].frame
    gates = streets[streets["kind"] == "gate"]
    assert len(gates) == 4
    assert set(gates["status"]) == {"residents"}
    assert shapely.distance(gates.geometry.array, shapely.Point(0.001, 0.001)).max() < 1e-12


def test_a_gate_at_a_dead_end_bars_nobody(read_osm):
    nodes = {1: (0, 0), 2: (1, 0, {"barrier": "gate", "access": "no"})}
    layers, _ = read_osm(nodes, {10: ([1, 2], STREET)})
    assert list(layers["streets"].frame["kind"]) == ["street"]


def test_a_signalled_crossing_delays_once(read_osm):
    signal = {"highway": "crossing", "crossing": "traffic_signals"}
    nodes = {**CROSS, 2: (1, 1, signal)}
    crossing = {"highway": "footway", "footway": "crossing"}
    layers, _ = read_osm(nodes, {10: ([1, 2, 3], STREET), 11: ([4, 2, 5], crossing)})
    streets = layers["streets"].frame
    over = streets[streets["kind"] == "crossing"]
    # The carriageway cuts the crossing in two; the light is waited for once, and not by those
    # who walk along the carriageway.
    assert list(over["signalled"]) == [True, False]
    assert not streets["signalled"][streets["kind"] == "street"].any()


@pytest.mark.parametrize(
    ("on_way", "on_node", "kerb"),
    [
        ({"kerb": "lowered"}, {}, "lowered"),
        ({}, {"barrier": "kerb", "kerb": "raised"}, "raised"),
        ({}, {"highway": "crossing", "kerb": "flush"}, "flush"),
        ({"kerb": "lowered"}, {"kerb": "raised"}, "raised"),
        ({"kerb": "raised"}, {"kerb": "lowered"}, "raised"),
        ({"kerb": "no"}, {}, "flush"),
        ({"kerb": "rolled"}, {"barrier": "kerb", "kerb": "yes"}, ""),
        ({}, {}, ""),
    ],
)
def test_a_crossing_has_the_highest_kerb_that_it_passes(read_osm, on_way, on_node, kerb):
    nodes = {**CROSS, 4: (1, 0, on_node)}
    crossing = {"highway": "footway", "footway": "crossing", **on_way}
    street = {**STREET, "kerb": "raised"}  # along its sides, which bars nobody who walks it
    layers, _ = read_osm(nodes, {10: ([1, 2, 3], street), 11: ([4, 2, 5], crossing)})
    streets = layers["streets"].frame
    over = streets["kind"] == "crossing"
    assert list(streets["kerb"][over]) == [kerb, kerb]
    assert set(streets["kerb"][~over]) == {""}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "footway"}, "footway"),
        ({"highway": "pedestrian"}, "footway"),
        ({"highway": "service"}, "street"),
        ({"highway": "steps"}, "steps"),
        ({"highway": "steps", "bridge": "yes"}, "steps"),
        ({"highway": "footway", "bridge": "yes"}, "bridge"),
        ({"highway": "footway", "bridge": "no"}, "footway"),
        ({"highway": "footway", "tunnel": "yes"}, "tunnel"),
        ({"highway": "service", "tunnel": "building_passage"}, "street"),
        ({"highway": "footway", "footway": "crossing"}, "crossing"),
        ({"highway": "residential", "access": "destination"}, "street"),
        ({"highway": "residential", "access": "private", "foot": "yes"}, "street"),
        ({"highway": "trunk", "sidewalk": "both"}, "street"),
        ({"highway": "motorway", "foot": "designated"}, "street"),
        ({"highway": "residential", "sidewalk": "separate"}, "street"),
        ({"highway": "cycleway"}, "footway"),
    ],
)
def test_what_is_walked(read_osm, tags, kind):
    layers, _ = read_osm({1: (0, 0), 2: (1, 0)}, {10: ([1, 2], tags)})
    assert list(layers["streets"].frame["kind"]) == [kind]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "construction", "construction": "footway"}, "not_built"),
        ({"highway": "corridor"}, "indoor"),
        ({"highway": "footway", "indoor": "yes"}, "indoor"),
        ({"highway": "residential", "foot": "no"}, "no_foot"),
        ({"highway": "secondary", "foot": "use_sidepath"}, "no_foot"),
        ({"highway": "service", "access": "private"}, "private"),
        ({"highway": "footway", "access": "no"}, "private"),
        ({"highway": "trunk"}, "motor_only"),
        ({"highway": "motorway_link", "sidewalk": "no"}, "motor_only"),
        ({"highway": "primary", "motorroad": "yes"}, "motor_only"),
        ({"highway": "tertiary", "sidewalk": "separate"}, "sidewalk_apart"),
        ({"highway": "raceway"}, "other_class"),
    ],
)
def test_what_is_not_walked_is_counted_with_its_reason(read_osm, tags, reason):
    layers, problems = read_osm({1: (0, 0), 2: (1, 0)}, {10: ([1, 2], tags)})
    assert "streets" not in layers
    assert problems[f"osm_ways_{reason}"].ids == (10,)
    assert problems[f"osm_ways_{reason}"].facts["count"] == 1
    assert len([key for key in problems if key.startswith("osm_ways_")]) == 1


def test_steps_with_a_ramp_and_a_path_of_one_direction(read_osm):
    ways = {
        10: ([1, 2], {"highway": "steps", "ramp:wheelchair": "yes"}),
        11: ([2, 3], {"highway": "steps", "ramp": "yes"}),
        12: ([3, 4], {"highway": "footway", "oneway:foot": "yes"}),
        13: ([3, 5], {"highway": "residential", "oneway": "yes"}),
    }
    layers, problems = read_osm(CROSS, ways)
    # A ramp for bicycles or prams is none for a wheelchair.
    assert list(layers["streets"].frame["ramp"]) == [True, False, False, False]
    assert problems["osm_ways_one_way"].ids == (12,)


OVER_IN_TWO = {
    10: ([1, 2], STREET),
    11: ([2, 3], STREET),
    12: ([4, 6], {**STREET, "bridge": "yes", "layer": "2"}),
    13: ([6, 5], {**STREET, "bridge": "yes"}),
}


def test_two_nodes_at_one_place_keep_the_levels_of_their_ways(read_osm):
    layers, _ = read_osm({**CROSS, 6: (1, 1)}, OVER_IN_TWO)
    streets = layers["streets"].frame
    assert streets["level"].tolist() == [0, 0, 2, 1]
    assert layers["streets"].meets


def test_one_node_joins_whatever_its_ways_are(read_osm):
    joined = {
        way: ([2 if n == 6 else n for n in refs], t) for way, (refs, t) in OVER_IN_TWO.items()
    }
    layers, _ = read_osm(CROSS, joined)
    assert np.isnan(layers["streets"].frame["level"]).all()


def test_bounds_far_larger_than_the_data_are_not_believed():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    assert covered((0, 0, 2, 2), None, frame) == (0, 0, 2, 2)
    assert covered((0, 0, 2, 2.1), None, frame) is None
    assert covered((-180, -90, 180, 90), (0, 0, 1.5, 1), frame) == (0, 0, 1.5, 1)
    assert covered(None, None, frame) is None


def test_what_an_extract_says_that_it_covers_stays_with_the_project(tmp_path):
    # A street 2 km long in an extract of a fiftieth of a degree each way: 2.21 km by 2.23 km.
    bounds = '<bounds minlat="0" minlon="117" maxlat="0.02" maxlon="117.02"/>'
    nodes = "".join(f'<node id="{n}" lat="0.0{n}" lon="117.0{n}"/>' for n in (0, 1))
    way = '<way id="9"><nd ref="1"/><nd ref="0"/><tag k="highway" v="residential"/></way>'
    file = tmp_path / "bounded.osm"
    file.write_text(f'<osm version="0.6">{bounds}{nodes}{way}</osm>')
    made = import_layers([file])
    write_project(path := tmp_path / "a.twin.gpkg", made)
    covers = shapely.from_wkt(open_project(path).district.mapped)
    assert shapely.area(covers) == pytest.approx(2211 * 2226, rel=0.01)
    assert import_layers([file], into=made).mapped == made.mapped
    file.write_text(f'<osm version="0.6">{nodes}{way}</osm>')
    assert import_layers([file]).mapped == ""


def test_the_bounds_of_a_file_are_read(tmp_path):
    file = tmp_path / "bounded.osm"
    bounds = '<bounds minlat="1" minlon="2" maxlat="3" maxlon="4"/>'
    node = '<node id="1" lat="1.5" lon="2.5" version="1"/>'
    for said, wanted in ((bounds, (2, 1, 4, 3)), ("", None)):
        file.write_text(f'<osm version="0.6">{said}{node}</osm>')
        assert read_extract(file).bounds == wanted
