"""The study boundary: one proposed for a district that has none."""

from __future__ import annotations

import shapely

from twin.model.district import District


def proposed_boundary(district: District) -> tuple[tuple[float, float], ...]:
    """Return the outline that an import would propose: round the communities, else the buildings.

    Returns
    -------
    Corners in order, metres; none where there is nothing to go round. Of communities that lie
    apart it is the hull.
    """
    from layers.extent.boundary import propose_boundary

    tables = district.buildings, district.communities
    frames = [table.frame(district.crs) if len(table) else None for table in tables]
    frame, _ = propose_boundary(*frames)
    if frame is None:
        return ()
    shape = frame.geometry.iloc[0]
    parts = shapely.get_parts(shape)
    ring = parts[0].exterior if len(parts) == 1 else shapely.convex_hull(shape).exterior
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1])
