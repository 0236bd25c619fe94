"""Make ``district.gpkg`` and ``terrain.tif``: ``python -m sample_data.make``.

The same values come out on every run. What is drawn, and where, is in :mod:`sample_data.plan`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from layers.schema import AGE_BANDS, ROLES, unknown_column
from sample_data import DISTRICT, TERRAIN
from sample_data.plan import frame, layout
from sample_data.plan.draw import Plan, draw_plan
from sample_data.plan.hours import gate_hours
from sample_data.plan.services import Town, place_services
from sample_data.plan.terrain import write_terrain

WRITTEN = "2026-11-22T00:00:00.000Z"
"""The date that the file says, so that the same content makes the same bytes."""


def make(district: Path = DISTRICT, terrain: Path = TERRAIN) -> None:
    """Write the sample district and its terrain."""
    plan = draw_plan()
    layers = plan_layers(plan)
    district.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN})
    try:
        for role, table in layers.items():
            table.to_file(district, layer=role, driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    area = tuple(shapely.total_bounds(plan.streets.geometry.to_numpy()))
    write_terrain(terrain, area, shapely.union_all(plan.water.geometry.to_numpy()))
    print(summary(plan, layers))


def plan_layers(plan: Plan) -> dict[str, gpd.GeoDataFrame]:
    """All layers of the district with the columns of the schema."""
    communities, boundary = _borders(plan)
    inside = boundary.geometry.iloc[0]
    town = Town(plan.buildings, plan.streets, plan.walls, plan.green, inside)
    services, sites, doors = place_services(town)
    tables = {
        "boundary": boundary,
        "communities": communities,
        "buildings": plan.buildings,
        "entrances": pd.concat([plan.entrances, doors], ignore_index=True),
        "streets": plan.streets.assign(hours=gate_hours(plan.streets)),
        "services": services,
        "sites": sites,
        "roads": _table(plan.sheet.roads),
        "barriers": plan.walls,
        "water": plan.water,
        "green": plan.green,
        "trees": _trees(plan),
    }
    return {role: _tidy(role, table) for role, table in tables.items()}


def _table(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=frame.EPSG)


def _tidy(role: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Exactly the schema's columns, with an id, in the schema's types."""
    result = gpd.GeoDataFrame(geometry=table.geometry.to_numpy(), crs=frame.EPSG)
    result["id"] = table["id"].to_numpy() if "id" in table else range(1, len(table) + 1)
    for column in ROLES[role].columns:
        unknown = unknown_column(column, len(table))
        values = pd.Series(unknown, index=result.index)
        if column.name in table:
            given = pd.Series(table[column.name].to_numpy(), index=result.index)
            values = given.where(given.notna(), values).astype(unknown.dtype)
        result[column.name] = values
    return result


def _borders(plan: Plan) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    faces = [f for f in plan.roads.faces if f.inside]
    table = gpd.GeoDataFrame(
        {"community": [layout.community_of(f.u, f.v) for f in faces]},
        geometry=[f.whole for f in faces],
        crs=frame.EPSG,
    ).dissolve("community")
    table["name"] = [layout.COMMUNITIES[k] for k in table.index]
    homes = plan.buildings.assign(geometry=plan.buildings.representative_point())
    joined = homes.sjoin(table[["geometry"]].reset_index(), predicate="within")
    sums = joined.groupby("community")[["residents", *AGE_BANDS, "disabled"]].sum()
    boundary = gpd.GeoDataFrame(
        {"name": ["梧桐里片区"]}, geometry=[table.union_all()], crs=frame.EPSG
    )
    return table.join(sums).reset_index(), boundary


def _trees(plan: Plan) -> gpd.GeoDataFrame:
    points = shapely.points([xy for group in plan.sheet.trees for xy in group.tolist()])
    rng = frame.random(6)
    heights = rng.normal(8.0, 1.8, len(points)).clip(4, 14).round(1)
    return gpd.GeoDataFrame({"height_m": heights}, geometry=points, crs=frame.EPSG)


def summary(plan: Plan, layers: dict[str, gpd.GeoDataFrame]) -> str:
    """One line per layer, for the eye."""
    inside = layers["boundary"].geometry.iloc[0]
    lines = [
        f"{role}: {len(t)}, {t.geometry.intersects(inside).sum()} inside"
        for role, t in layers.items()
    ]
    homes = layers["buildings"][layers["buildings"].geometry.within(inside)]
    lines.append(f"residents inside: {homes['residents'].sum():.0f}")
    lines.append(f"streets cut off and dropped: {plan.cut_off_m:.0f} m")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--district", type=Path, default=DISTRICT)
    parser.add_argument("--terrain", type=Path, default=TERRAIN)
    options = parser.parse_args()
    make(options.district, options.terrain)
