"""Buildings, doors, services and surroundings, worked out by hand on small maps."""

import numpy as np
import pytest
import shapely

SQUARE = {1: (0, 0), 2: (4, 0), 3: (4, 4), 4: (0, 4)}
HOLE = {5: (1, 1), 6: (3, 1), 7: (3, 3), 8: (1, 3)}
RING, INNER = [1, 2, 3, 4, 1], [5, 6, 7, 8, 5]


def thousandths(shapes):
    """Areas in squares of a thousandth of a degree."""
    return shapely.area(np.asarray(shapes)) * 1e6


def test_a_building_with_a_courtyard_from_ways_put_together(read_osm):
    ways = {10: ([1, 2, 3], {}), 11: ([3, 4, 1], {}), 12: (INNER, {})}
    members = [("w", 10, "outer"), ("w", 11, "outer"), ("w", 12, "inner")]
    members = [("way", ref, role) for _, ref, role in members]
    tags = {"type": "multipolygon", "building": "apartments", "building:levels": "6"}
    layers, _ = read_osm({**SQUARE, **HOLE}, ways, {20: (members, tags)})
    buildings = layers["buildings"].frame
    assert list(buildings["id"]) == [203]
    assert thousandths(buildings.geometry) == pytest.approx([16 - 4])
    assert list(buildings["storeys"]) == [6]


def test_an_outline_that_says_the_same_as_its_relation_counts_once(read_osm):
    ways = {10: (RING, {"building": "yes"}), 12: (INNER, {})}
    members = [("way", 10, "outer"), ("way", 12, "inner")]
    relations = {20: (members, {"type": "multipolygon", "building": "yes"})}
    layers, problems = read_osm({**SQUARE, **HOLE}, ways, relations)
    assert list(layers["buildings"].frame["id"]) == [203]
    assert problems["osm_rings_joined"].ids == (102,)


def test_relations_that_lack_ways_and_that_do_not_close_are_told(read_osm):
    ways = {10: ([1, 2, 3], {}), 11: ([3, 4, 1], {})}
    tags = {"type": "multipolygon", "building": "yes"}
    relations = {
        20: ([("way", 10, "outer"), ("way", 99, "outer")], tags),
        21: ([("way", 11, "outer")], tags),
    }
    layers, problems = read_osm(SQUARE, ways, relations)
    assert "buildings" not in layers
    assert problems["osm_relations_incomplete"].ids == (203,)
    assert problems["osm_relations_broken"].ids == (213,)


def test_parts_lend_storeys_to_their_building_and_stand_alone_without_one(read_osm):
    far = {11: (10, 10), 12: (11, 10), 13: (11, 11)}
    ways = {
        10: (RING, {"building": "residential"}),
        11: (INNER, {"building:part": "yes", "building:levels": "9", "height": "88'"}),
        12: ([1, 2, 3, 1], {"building:part": "yes", "building:levels": "2"}),
        13: ([11, 12, 13, 11], {"building:part": "yes", "building:levels": "4"}),
    }
    layers, problems = read_osm({**SQUARE, **HOLE, **far}, ways)
    buildings = layers["buildings"].frame.set_index("id")
    assert sorted(buildings.index) == [102, 132]
    assert list(buildings["storeys"][[102, 132]]) == [9, 4]
    assert buildings["height_m"][102] == pytest.approx(88 * 0.3048)
    assert problems["osm_parts_joined"].ids == (112, 122)
    assert problems["osm_parts_alone"].ids == (132,)


def test_open_outlines_ruins_and_cut_ones_are_told(read_osm):
    ways = {
        10: ([1, 2, 3, 4], {"building": "yes"}),
        11: (RING, {"building": "ruins"}),
        12: ([1, 2, 99, 4, 1], {"building": "yes"}),
    }
    layers, problems = read_osm(SQUARE, ways)
    assert "buildings" not in layers
    assert problems["osm_buildings_open"].ids == (102,)
    assert problems["osm_not_buildings"].ids == (112,)
    assert problems["osm_areas_cut"].ids == (122,)


@pytest.mark.parametrize(
    ("tags", "land", "use"),
    [
        ({"building": "apartments"}, {}, "residential"),
        ({"building": "retail"}, {"landuse": "residential"}, "commercial"),
        ({"building": "boathouse"}, {"landuse": "residential"}, "other"),
        ({"building": "yes", "amenity": "clinic"}, {"landuse": "residential"}, "health"),
        ({"building": "yes"}, {"landuse": "residential"}, "residential"),
        ({"building": "yes"}, {"amenity": "university"}, "education"),
        ({"building": "yes"}, {}, ""),
    ],
)
def test_a_buildings_use_from_itself_else_from_its_land(read_osm, tags, land, use):
    layers, _ = read_osm({**SQUARE, **HOLE}, {10: (INNER, tags), 11: (RING, land)})
    assert list(layers["buildings"].frame["use"]) == [use]


def test_entrances_belong_to_the_building_whose_outline_they_are_on(read_osm):
    nodes = {
        **SQUARE,
        2: (4, 0, {"entrance": "staircase"}),
        3: (4, 4, {"entrance": "main"}),
        4: (0, 4, {"entrance": "emergency"}),
        5: (1, 1, {"entrance": "main"}),
        6: (3, 1, {}),
        7: (3, 3, {}),
        8: (9, 9, {"entrance": "yes"}),
    }
    ways = {10: (RING, {"building": "apartments"}), 11: ([5, 6, 7, 5], {"building": "house"})}
    layers, problems = read_osm(nodes, ways)
    doors = layers["entrances"].frame.set_index("id")
    # Where there are stair units the main door is an alternative; elsewhere it is the home's.
    assert dict(doors["building_id"]) == {21: 102, 31: 102, 51: 112}
    assert dict(doors["residential"]) == {21: True, 31: False, 51: True}
    assert problems["osm_entrances_alone"].ids == (81,)


def test_a_gate_in_the_fence_of_a_school_is_its_entrance(read_osm):
    nodes = {**SQUARE, 2: (4, 0, {"barrier": "gate"})}
    layers, _ = read_osm(nodes, {10: (RING, {"amenity": "kindergarten", "name": "幼儿园"})})
    [door] = layers["entrances"].frame.itertuples()
    assert (door.building_id, door.service_id, door.residential) == (-1, 102, False)


@pytest.mark.parametrize(
    ("tags", "types"),
    [
        ({"amenity": "pharmacy"}, "pharmacy"),
        ({"shop": "supermarket"}, "food_market,convenience_store"),
        ({"amenity": "marketplace", "name": "五道口菜市场"}, "food_market"),
        ({"amenity": "childcare"}, "nursery"),
        ({"amenity": "clinic"}, "health_centre"),
        ({"amenity": "clinic", "name": "东升社区卫生服务站"}, "health_station"),
        ({"amenity": "doctors", "name": "街道社区卫生服务中心"}, "health_centre"),
        ({"amenity": "school", "name": "中关村第一小学"}, "primary_school"),
        ({"amenity": "school", "name": "北京市第十九中学"}, "junior_middle_school"),
        ({"amenity": "school", "isced:level": "1;2"}, "primary_school,junior_middle_school"),
        ({"amenity": "restaurant", "name": "长者食堂"}, "canteen"),
        ({"amenity": "community_centre"}, "culture_station"),
        ({"amenity": "community_centre", "name": "社区服务中心"}, "community_service_station"),
        ({"highway": "bus_stop"}, "bus_stop"),
        ({"amenity": "post_office"}, "parcel_point"),
    ],
)
def test_services_by_their_tags_and_names(read_osm, tags, types):
    layers, _ = read_osm({1: (0, 0, tags)})
    assert list(layers["services"].frame["types"]) == [types]


@pytest.mark.parametrize(
    "tags",
    [{"amenity": "bench"}, {"disused:amenity": "pharmacy"}, {"amenity": "hospital"}],
)
def test_what_is_no_service_of_ours(read_osm, tags):
    layers, _ = read_osm({1: (0, 0, tags), 2: (1, 1, {"shop": "convenience"})})
    assert list(layers["services"].frame["id"]) == [21]


def test_services_that_are_private_nameless_schools_or_mapped_twice_are_told(read_osm):
    nodes = {
        **SQUARE,
        5: (1, 1, {"amenity": "toilets", "access": "customers"}),
        6: (2, 2, {"amenity": "school", "name": "Lycée"}),
        7: (3, 3, {"leisure": "park", "name": "Square"}),
    }
    layers, problems = read_osm(nodes, {10: (RING, {"leisure": "park"})})
    assert list(layers["services"].frame["id"]) == [102]
    assert problems["osm_services_private"].ids == (51,)
    assert problems["osm_school_stage_unknown"].ids == (61,)
    assert problems["osm_services_twice"].ids == (71,)
    # What the file has none of is named, and it will count as not surveyed.
    named = str(problems["osm_types_not_found"].facts["types"]).split(", ")
    assert {"pharmacy", "public_toilet", "primary_school"} <= set(named)
    assert "park" not in named


def test_an_area_has_its_own_opening_hours_or_those_of_the_node_that_it_stands_for(read_osm):
    daily, park = "06:00-22:00", {"leisure": "park"}
    nodes = {**SQUARE, 7: (3, 3, {**park, "opening_hours": daily})}
    for said, wanted in (({}, daily), ({"opening_hours": "24/7"}, "24/7")):
        layers, _ = read_osm(nodes, {10: (RING, {**park, **said})})
        assert layers["services"].frame["hours"].tolist() == [wanted]


def test_obstacles_on_the_ground_and_what_else_stands_around(read_osm):
    ways = {
        10: ([1, 2], {"barrier": "wall"}),
        11: ([1, 3], {"railway": "rail"}),
        12: ([1, 3], {"railway": "subway", "tunnel": "yes"}),
        13: ([2, 3], {"waterway": "river"}),
        14: (INNER, {"natural": "water", "name": "未名湖"}),
        15: (RING, {"landuse": "grass"}),
        16: ([3, 4], {"highway": "primary"}),
    }
    nodes = {**SQUARE, **HOLE, 9: (2, 2, {"natural": "tree", "height": "12 m"})}
    layers, _ = read_osm(nodes, ways)
    assert list(layers["barriers"].frame["kind"]) == ["wall", "railway", "river"]
    assert list(layers["water"].frame["name"]) == ["未名湖"]
    assert list(layers["green"].frame["kind"]) == ["grass"]
    assert list(layers["roads"].frame["road_class"]) == ["arterial"]
    assert list(layers["trees"].frame["height_m"]) == [12]


@pytest.mark.parametrize("level", ["10", "9", "8"])
def test_neighbourhoods_are_communities_if_the_data_has_them_whole(read_osm, level):
    homes = {
        20 + n: (ring, {"building": "house"})
        for n, ring in enumerate([[1, 21, 22, 1], [2, 23, 24, 2], [3, 25, 26, 3], [4, 27, 28, 4]])
    }
    corners = {21: (0.1, 0), 22: (0, 0.1), 23: (3.9, 0), 24: (4, 0.1)}
    corners |= {25: (3.9, 4), 26: (4, 3.9), 27: (0.1, 4), 28: (0, 3.9)}
    # One area that holds all homes and hardly leaves their hull, one that sticks far out of it.
    area = {31: (0.03, 0.03), 32: (3.97, 0.03), 33: (3.97, 3.97), 34: (0.03, 3.97), 35: (9, 9)}
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": level}
    ways = {**homes, 40: ([31, 32, 33, 34, 31], {}), 41: ([32, 35, 33, 32], {})}
    relations = {
        50: ([("way", 40, "outer")], {**tags, "name": "幸福社区"}),
        51: ([("way", 41, "outer")], tags),
    }
    layers, problems = read_osm({**SQUARE, **corners, **area}, ways, relations)
    if level == "8":
        assert "communities" not in layers
    else:
        assert list(layers["communities"].frame["name"]) == ["幸福社区"]
        assert problems["osm_communities_partial"].ids == (513,)
