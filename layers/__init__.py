"""Reading, repairing and writing of GIS layers: files in, tidy tables and problems out.

This package knows formats, columns, coordinate systems and the project file. It knows nothing of
services' standards, networks, Qt or VTK.
"""

from layers import gdal_environment as gdal_environment  # first: GDAL reads it once, on loading
