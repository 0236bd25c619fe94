"""Shadows that fall on roofs and walls under the sun of an hour, worked out at each pixel.

A worker has found what the sun's rays clear (:mod:`gui.scene.rays`): what lies lower is in the
shade. Between two rays a shadow's edge is straight, where both are stopped by the same roof; else
one of them passes beside the building, and the edge lies in the middle between them.
"""

from __future__ import annotations

import numpy as np

from gui.scene.blocks import SKY_LIGHT, SUN_SPAN
from gui.scene.rays import STEPS_A_METRE, Rays, slope, turned

Four = tuple[float, float, float, float]

_OFF_M, _OFF_PIXELS = 0.3, 2.0
"""How far before a wall rays are asked what they clear: not inside its own building, whose outline
is simplified where a pixel spans much."""
_LEAST_FACING = 0.3
"""Of walls that turn less towards the sun (the cosine) it is less far: the way along the ray would
be too long, and the sun adds little light to them."""
_ROOF_SHADE = 0.80
"""Lightness of a roof in the shade, of one in the sun."""
_SOFT_M = 0.4
"""How far a shadow's edge fades, in metres along the ground, where pixels are smaller."""
_SAME_ROOF = 2.5
"""How steep the edge of a roof's shadow may be from ray to ray, in slopes of the rays; steeper, and
it is another building that stops them."""

SHADE = f"""{{
    vec3 over = dFdx(place), up = dFdy(place);
    vec3 outward = cross(over, up);
    outward /= max(length(outward), 1e-12);  // so close that a step is lost in rounding
    float pixel = min(length(over), length(up));
    float facing = dot(outward.xy, sun.xy);
    bool roof = outward.z > 0.5;
    float off = roof ? 0.0 : ({_OFF_M} + {_OFF_PIXELS} * pixel) / max(facing, {_LEAST_FACING});
    float along = (-dot(place.xy, sun.xy) - grid.y - off) / grid.z;
    float across = (place.y * sun.x - place.x * sun.y - grid.x) / grid.z - 0.5;
    ivec2 first = ivec2(floor(vec2(across, along))), last = textureSize(rays, 0) - 1;
    vec2 cleared[2];
    for (int row = 0; row < 2; row++) for (int column = 0; column < 2; column++) {{
        ivec2 texel = clamp(first + ivec2(column, row), ivec2(0), last);
        vec2 bytes = texelFetch(rays, texel, 0).ra;  // to VTK two numbers are grey and opacity
        cleared[row][column] = dot(bytes, vec2(1.0, 256.0)) * {255.0 / STEPS_A_METRE};
    }}
    if (roof) cleared[0] = max(cleared[0], cleared[1]);
    float ray = place.z - grid.w + sun.z * (grid.z * fract(along) + off);
    float part = fract(across);
    vec2 above = cleared[0] - ray;
    float soft = max({_SOFT_M} * sun.z, pixel);
    if (abs(above.y - above.x) < {_SAME_ROOF} * sun.z * grid.z)
        above = vec2(mix(above.x, above.y, part));
    vec2 stopped = clamp(above / soft, 0.0, 1.0);
    float edge = max({_SOFT_M}, pixel) / grid.z;
    float covered = mix(stopped.x, stopped.y, clamp((part - 0.5) / edge + 0.5, 0.0, 1.0));
    float lit = {SKY_LIGHT} + {SUN_SPAN} * sun.w * max(facing, 0.0);
    fragOutput0.rgb *= mix(1.0, roof ? {_ROOF_SHADE} : {SKY_LIGHT} / lit, covered);
}}"""
"""GLSL that darkens ``fragOutput0`` at ``place`` by the texture ``rays``, the bytes of
:class:`gui.scene.rays.Rays`; what else it needs is told by :func:`told`."""


def told(rays: Rays, origin: tuple[float, float, float]) -> dict[str, Four]:
    """Return the numbers that `SHADE` reads, four by each name.

    ``sun``: a step of one metre along the ground towards it, how much higher its ray is then, and
    how much of its light falls on a wall. ``grid``: where the rays' first column and row lie, how
    far these are apart, and the height that theirs count from, relative to the meshes' `origin`.
    """
    sun = rays.sun
    azimuth = np.radians(sun.azimuth_deg)
    x, y, z = (place - start for place, start in zip(rays.corner, origin, strict=True))
    across, along = turned(sun, x, y)
    return {
        "sun": (float(np.sin(azimuth)), float(np.cos(azimuth)), slope(sun), sun.on_walls),
        "grid": (rays.across + across, rays.along + along, rays.step, z),
    }
