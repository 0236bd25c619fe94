"""A plot of how time grows with the size of a network, as SVG."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT, LEFT, TOP = 300, 240, 60, 40
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
TITLES = {
    "nearest": "Nearest of 12 types",
    "sums": "Residents within 1,200 m",
    "matrix": "500 × 20,000 matrix",
    "moved": "One service moved",
}


def growth_plot(results: dict[str, Any]) -> str:
    """Return a drawing with a panel for each question, both axes logarithmic."""
    sizes = sorted(map(int, results))
    engines = list(dict.fromkeys(e for result in results.values() for e in result["answers"]))
    parts = [_panel(results, sizes, engines, question, i) for i, question in enumerate(TITLES)]
    begin = np.cumsum([LEFT, *(7 * len(engine) + 30 for engine in engines)])
    legend = [
        f'<text x="{x}" y="{TOP + HEIGHT + 66}" fill="{COLOURS[i % 7]}">{escape(engine)}</text>'
        for i, (x, engine) in enumerate(zip(begin[:-1], engines, strict=True))
    ]
    wide, high = len(TITLES) * (WIDTH + LEFT) + 40, TOP + HEIGHT + 84
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{wide}" height="{high}" fill="white"/>{"".join(parts + legend)}</svg>\n'
    )


def _panel(
    results: dict[str, Any], sizes: list[int], engines: list[str], question: str, number: int
) -> str:
    shift = LEFT + number * (WIDTH + LEFT)
    least, most = -5, 3  # powers of ten, seconds
    wide = max(math.log10(sizes[-1] / sizes[0]), 1e-9)

    def x(size: int) -> float:
        return shift + math.log10(size / sizes[0]) / wide * (WIDTH - 30)

    def y(seconds: float) -> float:
        power = min(max(math.log10(max(seconds, 1e-9)), least), most)
        return TOP + HEIGHT * (most - power) / (most - least)

    drawn = [f'<text x="{shift}" y="{TOP - 14}" font-weight="bold">{TITLES[question]}</text>']
    drawn += [
        f'<path d="M{shift} {y(power)}h{WIDTH - 30}" stroke="#ddd"/>'
        f'<text x="{shift - 6}" y="{y(power) + 4}" text-anchor="end">{power:g} s</text>'
        for power in (10.0**exponent for exponent in range(least, most + 1, 2))
    ]
    drawn += [
        f'<text x="{x(size)}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    ]
    for i, engine in enumerate(engines):
        told = [
            (size, results[str(size)]["answers"].get(engine, {}).get(question)) for size in sizes
        ]
        points = [(x(size), y(found["cpu_s"])) for size, found in told if found]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        colour = COLOURS[i % 7]
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points
        ]
    return "".join(drawn)
