"""The walking network as a NetworkX graph in OSMnx's convention of attributes, and back.

Importing this module imports NetworkX, which nothing else in the package needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
import numpy as np
import shapely

from layers.geodesy.crs import is_metric, transformer
from layers.schema import ROLES, STREET_KINDS, Column, unknown_column
from twin.model.district import District
from twin.model.tables import Table
from twin.streets.costs import INF, PER_UNIT, DirectedCosts, Measure, directed_costs
from twin.streets.network import build_network

if TYPE_CHECKING:
    from pyproj import CRS

Graph: TypeAlias = "nx.MultiDiGraph[int]"

_HIGHWAY = {"street": "residential", "steps": "steps"}
"""OSM's value of ``highway`` for a kind of street; every other kind is a ``footway``."""

_KIND = {"steps": "steps", "footway": "footway", "path": "footway", "pedestrian": "footway"}
"""Kind of street for OSM's ``highway``; every other value is a ``street``."""

_KEPT = tuple(column for column in ROLES["streets"].columns if column.name != "kind")
"""Columns of the streets table that edges carry as they are; kind is told from more than one."""

_YES = ("yes", "true", "1")


def to_networkx(district: District, measure: Measure | None = None) -> Graph:
    """Return the district's walking network.

    Parameters
    ----------
    measure
        Where given, only what this walker can pass is there, and every edge has its cost:
        ``cost_m`` metres, or ``travel_time`` seconds, the wait at its signal included. Gates for
        residents, which strangers cannot pass, are left out.

    Returns
    -------
    A graph with ``crs``; nodes with ``x``, ``y`` (metres) and ``street_count``; each street twice,
    once in each direction, with ``osmid`` (the street's id), ``length`` (metres), ``geometry``,
    ``highway``, ``oneway``, ``reversed`` and the columns of the streets table, but for numbers that
    are unknown.

    Examples
    --------
    >>> import networkx as nx
    >>> from twin.streets.networkx_graph import to_networkx
    >>> graph = to_networkx(district)  # doctest: +SKIP
    >>> nx.shortest_path_length(graph, 0, 1, weight="length")  # doctest: +SKIP
    """
    network = build_network(district.streets, district.terrain)
    costs = measure and directed_costs(network, district.streets, measure)
    graph: Graph = nx.MultiDiGraph(crs=district.crs)
    ends = np.concatenate([network.tail, network.head])
    degree = np.bincount(ends, minlength=network.node_count)
    for node, (x, y) in enumerate(network.node_xy.tolist()):
        graph.add_node(node, x=x, y=y, street_count=int(degree[node]))
    for back, (cost, line) in enumerate(_directions(network.line, costs or None)):
        start, end = (network.head, network.tail) if back else (network.tail, network.head)
        for edge in range(len(network)):
            if cost is not None and cost[edge] >= INF:
                continue
            values = _attributes(district.streets, int(network.street_row[edge]))
            values |= {"length": float(network.length_m[edge]), "geometry": line[edge]}
            values["reversed"] = bool(back)
            if cost is not None and costs:
                values |= _cost(costs, int(cost[edge]))
            graph.add_edge(int(start[edge]), int(end[edge]), **values)
    return graph


def from_networkx(graph: Graph, crs: CRS | None = None) -> Table:
    """Return a streets table of a graph in OSMnx's convention, in metres.

    Both directions of one street become one row. Its kind is taken from ``kind`` where the edges
    carry it, else from ``bridge``, ``tunnel`` and ``highway``; every other column of the streets
    table from the attribute of its name, and where an edge has none it is unknown there. Ids are
    the ``osmid`` where these are whole numbers that do not repeat, else counted.

    Parameters
    ----------
    crs
        Of the district that the streets are for; they are brought into it where the graph has
        another one.

    Raises
    ------
    ValueError
        Where the graph has no ``crs``, or one whose metres are none on the ground (degrees, feet,
        Web Mercator): project it first. Where a value is none that its column can have.
    """
    from pyproj import CRS

    own = CRS(graph.graph["crs"]) if "crs" in graph.graph else None
    if own is None or not is_metric(own):
        raise ValueError("the graph needs a projected crs in metres that are metres on the ground")
    kept: set[tuple[int, int, str, float]] = set()
    rows: list[dict[str, Any]] = []
    lines: list[Any] = []
    edges = sorted(graph.edges(data=True), key=lambda edge: bool(edge[2].get("reversed")))
    for start, end, values in edges:  # what is drawn forward comes first
        line = values.get("geometry") or _straight(graph, start, end)
        street = str(values.get("osmid")), round(line.length, 3)
        if (end, start, *street) in kept:
            continue
        kept.add((start, end, *street))
        rows.append(values)
        lines.append(line)
    columns = {column.name: [_value(column, values) for values in rows] for column in _KEPT}
    if crs is not None and own != crs:
        lines = list(shapely.transform(lines, transformer(own, crs).transform, interleaved=False))
    return Table("streets", _ids(rows), lines, columns | {"kind": [_kind(v) for v in rows]})


def _directions(line: Any, costs: DirectedCosts | None) -> Iterator[tuple[Any, Any]]:
    """Yield the cost of each edge and its line, forward and then backward."""
    if costs is None:
        yield None, line
        yield None, shapely.reverse(line)
        return
    edge = np.arange(len(line))
    tail, head = costs.ends(edge)
    for here, there, drawn in ((tail, head, line), (head, tail, shapely.reverse(line))):
        cost = costs.between(edge, here, there) + costs.entering
        yield np.where(costs.reserved, INF, cost), drawn


def _attributes(streets: Table, row: int) -> dict[str, Any]:
    record = streets.record(row)
    kind = str(record["kind"])
    values = {one.name: record[one.name] for one in _KEPT}
    values = {name: value for name, value in values.items() if value == value}  # numbers known
    values |= {"osmid": record["id"], "highway": _HIGHWAY.get(kind, "footway"), "kind": kind}
    values["oneway"] = False
    return values | ({kind: "yes"} if kind in ("bridge", "tunnel") else {})


def _cost(costs: DirectedCosts, cost: int) -> dict[str, float]:
    if costs.unit == "m":
        return {"cost_m": cost / PER_UNIT["m"]}
    return {"travel_time": 60 * cost / PER_UNIT["min"]}


def _straight(graph: Graph, start: int, end: int) -> Any:
    nodes = graph.nodes
    return shapely.LineString([(nodes[n]["x"], nodes[n]["y"]) for n in (start, end)])


def _value(column: Column, values: dict[str, Any]) -> Any:
    """Return what an edge says of a column, "unknown" where it says nothing that is meant."""
    value = values.get(column.name)
    if value is None or value != value:
        return unknown_column(column, 1)[0]
    if column.kind == "flag":
        return value is True or str(value).lower() in _YES
    if column.kind == "text":
        said = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        if not column.choices or said in column.choices:
            return said
    else:
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    raise ValueError(f"street {values.get('osmid')}: {column.name} cannot be {value!r}")


def _kind(values: dict[str, Any]) -> str:
    if values.get("kind") in STREET_KINDS:
        return str(values["kind"])
    for kind in ("bridge", "tunnel"):
        if values.get(kind) not in (None, "no"):
            return kind
    highway = values.get("highway")
    return _KIND.get(highway[0] if isinstance(highway, list) else str(highway), "street")


def _ids(rows: list[dict[str, Any]]) -> list[int]:
    own = [values.get("osmid") for values in rows]
    whole = [number for number in own if isinstance(number, int)]
    unique = len(whole) == len(rows) == len(set(whole))
    return whole if unique else list(range(1, len(rows) + 1))
