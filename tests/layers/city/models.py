"""Houses with known measures, as CityJSON and CityGML have them."""

from __future__ import annotations

import json
from pathlib import Path

# A house of 10 x 6 m on ground at 2 m: eaves at 8 m, ridge at 11 m, a roof that hangs over by 1 m.
X, Y = 366_900.0, 5_807_900.0
GROUND = [(0, 0, 2), (0, 6, 2), (10, 6, 2), (10, 0, 2)]
WALLS = [
    [(0, 0, 2), (10, 0, 2), (10, 0, 8), (0, 0, 8)],
    [(10, 0, 2), (10, 6, 2), (10, 6, 8), (10, 3, 11), (10, 0, 8)],
    [(10, 6, 2), (0, 6, 2), (0, 6, 8), (10, 6, 8)],
    [(0, 6, 2), (0, 0, 2), (0, 0, 8), (0, 3, 11), (0, 6, 8)],
]
ROOFS = [
    [(-1, -1, 7), (11, -1, 7), (11, 3, 11), (-1, 3, 11)],
    [(-1, 3, 11), (11, 3, 11), (11, 7, 7), (-1, 7, 7)],
]
HOUSE_AREA, ROOF_AREA, HEIGHT = 60.0, 96.0, 9.0


def box(x: float, y: float, size: float, low: float, high: float) -> list[list[tuple]]:
    """The six faces of a block, its floor first."""
    a, b, c, d = (x, y), (x + size, y), (x + size, y + size), (x, y + size)
    floor = [(*p, low) for p in (a, d, c, b)]
    roof = [(*p, high) for p in (a, b, c, d)]
    sides = [
        [(*p, low), (*q, low), (*q, high), (*p, high)] for p, q in ((a, b), (b, c), (c, d), (d, a))
    ]
    return [floor, *sides, roof]


class Model:
    """A CityJSON document in the making."""

    def __init__(self, version: str = "2.0", srs: str = "EPSG:25833") -> None:
        self.vertices: list[tuple[int, int, int]] = []
        self.objects: dict[str, dict] = {}
        self.version, self.srs = version, srs

    def ring(self, points) -> list[int]:
        """Note points in millimetres from the corner; return where they stand."""
        made = []
        for x, y, z in points:
            point = (round(x * 1000), round(y * 1000), round(z * 1000))
            if point not in self.vertices:
                self.vertices.append(point)
            made.append(self.vertices.index(point))
        return made

    def surfaces(self, faces) -> list[list[list[int]]]:
        return [[self.ring(face)] for face in faces]

    def house(self, name="house", *, lod="2", meanings=True, **attributes):
        boundaries = [self.surfaces([GROUND, *WALLS, *ROOFS])]
        geometry = {"type": "Solid", "lod": lod, "boundaries": boundaries}
        if meanings:
            kinds = ["GroundSurface", "WallSurface", "RoofSurface"]
            values = [[0, *[1] * len(WALLS), *[2] * len(ROOFS)]]
            geometry["semantics"] = {"surfaces": [{"type": k} for k in kinds], "values": values}
        return self.add(name, "Building", [geometry], attributes)

    def add(self, name, kind, geometry, attributes=None, **more):
        self.objects[name] = {
            "type": kind, "attributes": attributes or {}, "geometry": geometry, **more
        }  # fmt: skip
        return self

    def document(self) -> dict:
        return {
            "type": "CityJSON",
            "version": self.version,
            "metadata": {"referenceSystem": self.srs},
            "transform": {"scale": [0.001] * 3, "translate": [X, Y, 0]},
            "CityObjects": self.objects,
            "vertices": self.vertices,
        }

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps(self.document()), encoding="utf-8")
        return path


def pos_list(points, x=X, y=Y, *, swapped=False, scale=1.0) -> str:
    """Points as a gml:posList whose ring is closed."""
    moved = [(x + scale * a, y + scale * b, c) for a, b, c in (*points, points[0])]
    return " ".join(f"{b:.9f} {a:.9f} {c}" if swapped else f"{a} {b} {c}" for a, b, c in moved)


def polygon(points, **where) -> str:
    return (
        "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>"
        f"{pos_list(points, **where)}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
        "</gml:surfaceMember>"
    )


def multi_surface(faces, **where) -> str:
    members = "".join(polygon(face, **where) for face in faces)
    return f"<gml:MultiSurface>{members}</gml:MultiSurface>"


def gml_house(name="house", said="", *, lod=2, **where) -> str:
    """A building whose ground, walls and roofs are told apart, and a solid that points at them."""
    bounded = "".join(
        f'<bldg:boundedBy><bldg:{kind}Surface gml:id="{name}-{kind}"><bldg:lod{lod}MultiSurface>'
        f"{multi_surface(faces, **where)}</bldg:lod{lod}MultiSurface></bldg:{kind}Surface>"
        "</bldg:boundedBy>"
        for kind, faces in (("Ground", [GROUND]), ("Wall", WALLS), ("Roof", ROOFS))
    )
    solid = (
        f"<bldg:lod{lod}Solid><gml:Solid><gml:exterior><gml:CompositeSurface>"
        f'<gml:surfaceMember xlink:href="#{name}-Roof"/>'
        "</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>"
    ).replace("</bldg:lod2Solid>", f"</bldg:lod{lod}Solid>")
    return f'<bldg:Building gml:id="{name}">{said}{solid}{bounded}</bldg:Building>'


def gml(*members: str, version="2.0", srs="urn:ogc:def:crs,crs:EPSG::25833,crs:EPSG::5783") -> str:
    base = f"http://www.opengis.net/citygml/{version}"
    body = "".join(f"<core:cityObjectMember>{m}</core:cityObjectMember>" for m in members)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<core:CityModel xmlns:core="{base}" '
        f'xmlns:bldg="http://www.opengis.net/citygml/building/{version}" '
        'xmlns:con="http://www.opengis.net/citygml/construction/3.0" '
        'xmlns:veg="urn:v" xmlns:wtr="urn:w" xmlns:tran="urn:t" xmlns:gen="urn:g" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="3"><gml:lowerCorner>0 0 0'
        "</gml:lowerCorner></gml:Envelope></gml:boundedBy>"
        f"{body}</core:CityModel>"
    )
