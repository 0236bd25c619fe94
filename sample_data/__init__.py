"""A district that is ready to open: an invented old residential district, and its terrain.

``make.py`` beside this file makes both files again, with the same values on every run.
"""

from __future__ import annotations

from pathlib import Path

DISTRICT = Path(__file__).parent / "district.gpkg"
"""GeoPackage with one layer per role of :mod:`layers.schema`, EPSG:4547."""

TERRAIN = Path(__file__).parent / "terrain.tif"
"""Elevation above sea level in metres, 10 m cells, float32, the same CRS."""
