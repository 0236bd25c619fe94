"""What GDAL may do, settled in the environment before any of its builds loads.

GDAL looks at the content of a file, not its name: a ``roads.geojson`` that holds a VRT would read
other files of this machine, and other drivers would open connections. GDAL reads these settings
once, when it loads, so this module must be imported before pyogrio and rasterio; `layers/__init__`
sees to that.
"""

from __future__ import annotations

import os

_VECTOR_DRIVERS_OFF = (
    "ADBC",
    "AmigoCloud",
    "Carto",
    "CSW",
    "EEDA",
    "Elasticsearch",
    "GDALG",
    "HTTP",
    "NGW",
    "OAPIF",
    "OGCAPI",
    "OGR_VRT",
    "PLSCENES",
    "WFS",
)
_RASTER_DRIVERS_OFF = ("VRT", "WCS", "WMS", "WMTS")

_SETTINGS = {
    "OGR_SKIP": ",".join(_VECTOR_DRIVERS_OFF),
    "GDAL_SKIP": ",".join(_RASTER_DRIVERS_OFF),
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "PROJ_NETWORK": "OFF",
    # Files are written as drafts that are flushed once, when whole (layers/files/saving.py).
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}


def close_gdal() -> None:
    """Switch off the drivers that follow references out of a file, and all network access."""
    os.environ.update(_SETTINGS)


close_gdal()
