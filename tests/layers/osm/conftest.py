"""OpenStreetMap files written by hand: a grid of a thousandth of a degree near the equator.

There a degree is 111.2 km in both directions, so that lengths can be worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from layers import osm
from layers.files.foreign import ForeignLayer
from layers.problems import Problem
from twin.language import LANGUAGES, set_language
from twin.telling.findings import sentence

Tags = Mapping[str, str]
METRES = 111.195
"""A thousandth of a degree on a sphere of 6,371 km."""


def tags_xml(tags: Tags) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def osm_xml(
    nodes: Mapping[int, tuple[float, float] | tuple[float, float, Tags]],
    ways: Mapping[int, tuple[Sequence[int], Tags]] | None = None,
    relations: Mapping[int, tuple[Sequence[tuple[str, int, str]], Tags]] | None = None,
) -> str:
    """Write elements as OSM XML; places are in thousandths of a degree."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for number, (x, y, *rest) in nodes.items():
        tags = tags_xml(rest[0]) if rest else ""
        place = f'lon="{x / 1000:.7f}" lat="{y / 1000:.7f}"'
        lines.append(f'<node id="{number}" version="1" {place}>{tags}</node>')
    for number, (refs, tags) in (ways or {}).items():
        listed = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{number}" version="1">{listed}{tags_xml(tags)}</way>')
    for number, (members, tags) in (relations or {}).items():
        listed = "".join(f'<member type="{t}" ref="{r}" role="{o}"/>' for t, r, o in members)
        lines.append(f'<relation id="{number}" version="1">{listed}{tags_xml(tags)}</relation>')
    return "\n".join([*lines, "</osm>", ""])


WORLD = (-180.0, -90.0, 180.0, 90.0)
Layers = dict[str, ForeignLayer]
Read = Callable[..., tuple[Layers, dict[str, Problem]]]


@pytest.fixture
def read_osm(tmp_path: Path) -> Read:
    """Write elements, read them, and check that every finding has its sentence in both languages.

    Returns layers by role and findings by key.
    """

    def read(*elements: object, around: object = WORLD) -> tuple[Layers, dict[str, Problem]]:
        path = tmp_path / "map.osm"
        path.write_text(osm_xml(*elements), encoding="utf-8")  # type: ignore[arg-type]
        # Around the whole world: a file of which nothing is used is a refusal, a window is none.
        layers, problems = osm.read(path, around)  # type: ignore[arg-type]
        say_all(problems)
        return {layer.name: layer for layer in layers}, {p.key: p for p in problems}

    return read


def say_all(problems: Sequence[Problem]) -> None:
    for language in LANGUAGES:
        set_language(language)
        assert all(sentence(problem) for problem in problems)
    set_language("en")
