"""How files that can be read end, by format: light to load, for a dialog that asks for files."""

from __future__ import annotations

from collections.abc import Mapping

RASTERS = (".tif", ".tiff", ".asc", ".hgt", ".jpg", ".jpeg", ".png")
"""Of files that may be grids or pictures."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "GeoPackage": (".gpkg",),
    "Shapefile": (".shp",),
    "CityJSON": (".jsonl",),
    "GeoJSON": (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson"),
    "OpenStreetMap": (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf"),
    "FlatGeobuf": (".fgb",),
    "CityGML": (".gml",),
    "KML/GML": (".kml", ".gml"),
    "MapInfo TAB": (".tab",),
    "MapInfo MIF": (".mif",),
    "DXF": (".dxf",),
    "GeoParquet": (".parquet", ".geoparquet"),
    "Zip/KMZ/XLSX": (".zip", ".kmz", ".xlsx"),
    "FileGDB": (".gdb",),
    "GeoTIFF/ASCII grid/SRTM/JPG/PNG": RASTERS,
    "CSV": (".csv", ".tsv"),
}
"""By the formats' names, lower case. What is in a file is told by its content alone."""

CITY_MODELS_AS_XML = ".xml"
"""An ending of metadata as a rule; of a folder only those that are city models are read."""


def endings() -> tuple[str, ...]:
    """Return every ending that a person may choose a file by, each once."""
    known = (ending for of_format in ENDINGS.values() for ending in of_format)
    return tuple(dict.fromkeys((*known, CITY_MODELS_AS_XML)))
