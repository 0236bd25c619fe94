"""Our speed beside that of other tools, on the same streets in the same run.

    python3 run.py bench [--sizes 5000,50000,500000] [--engines ours,scipy,...] [--slow] [--keep]

Writes ``out/bench/results.json``, ``table.md`` and ``growth.svg``. Every engine runs in a process
of its own; the peers in an environment of their own (``.venv-bench``), made on first use from
``peers.txt``, which holds tools that may not be part of the product. Ratios compare the time of all
processors, which other work on the machine disturbs least. ``--keep`` keeps this run's ratios in
``kept_ratios.json``; otherwise each is compared with the one kept, and a fall below half of it
ends the run with status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.city import SERVICES_PER_TYPE, TYPES, make_city
from benchmarks.engines import ENGINES
from benchmarks.growth import growth_plot
from twin.streets.network import build_network

HERE = Path(__file__).parent
ROOT = HERE.parent
OUT = ROOT / "out" / "bench"
PEERS = ROOT / ".venv-bench"
KEPT = HERE / "kept_ratios.json"
TIMEOUT_S = 3600
SLOWEST_NODES = {
    "networkx": 60_000,
    "pandana": 60_000,
    "pandana precomputed": 60_000,
    "igraph": 60_000,
    "networkit": 60_000,
}
"""Engines that take more than some minutes on larger graphs; ``--slow`` asks them all the same."""

QUESTIONS = ("prepare", "nearest", "sums", "matrix", "moved")
FALL = 0.5
"""A ratio that falls below this part of the one kept is a regression, not noise."""


def write_graph(nodes: int) -> Path:
    """Write the streets and questions of one size, in metres and node numbers."""
    rng = np.random.default_rng(7)
    network = build_network(make_city(nodes, 1).streets)
    count = network.node_count
    largest = np.argmax(network.component_m)
    there = np.unique(network.tail[network.component == largest])
    steps = rng.choice(there, 200)
    path = OUT / f"graph_{nodes}.npz"
    np.savez(
        path,
        asked=nodes,
        xy=network.node_xy,
        tail=network.tail,
        head=network.head,
        length=np.rint(network.length_m * 1e6) / 1e6,
        services=np.sort(rng.choice(there, (TYPES, SERVICES_PER_TYPE)), axis=1),
        people=rng.poisson(14, count),
        sites=np.sort(rng.choice(there, 500)),
        homes=np.sort(rng.choice(count, min(20_000, count), replace=False)),
        steps=steps,
    )
    return path


def peers_python() -> Path:
    """Return the Python of the peers' environment, making it where there is none."""
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print("making the peers' environment (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        for line in (HERE / "peers.txt").read_text(encoding="utf-8").split():
            if subprocess.run([*install, line]).returncode:
                print(f"{line} cannot be installed here and is left out", file=sys.stderr)
    return python


def ask(engine: str, graph: Path) -> dict[str, Any]:
    """Return an engine's answers, or why there are none."""
    out = OUT / "answers.json"
    command = [str(peers_python()), str(HERE / "engines.py"), engine, str(graph), str(out)]
    if engine == "ours":
        command = [sys.executable, "-m", "benchmarks.ours", str(graph), str(out)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {TIMEOUT_S} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no reason given"])[-1]}
    answers: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return answers


def ratios(answers: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return how many times longer each peer takes than we do for each question."""
    ours = answers.get("ours", {})
    return {
        f"{question}: {engine}": told[question]["cpu_s"] / ours[question]["cpu_s"]
        for engine, told in answers.items()
        for question in QUESTIONS[1:]
        if engine != "ours" and question in told and ours.get(question, {}).get("cpu_s")
    }


def disagreements(answers: dict[str, dict[str, Any]]) -> list[str]:
    """Return where an engine's answer differs from SciPy's by more than rounding.

    Pandana rounds costs and stops at other sums by that; it is shown, not judged.
    """
    told, ours = answers.get("scipy", {}), answers.get("ours", {})
    found = []
    for question in ("nearest", "matrix"):
        theirs, own = (a.get(question, {}).get("check") for a in (told, ours))
        if theirs and own and not np.allclose(own, theirs, rtol=1e-9, atol=1.0):
            found.append(f"{question}: ours {own}, SciPy {theirs}")
    return found


def table(results: dict[str, Any]) -> str:
    """Return the results as a Markdown table: seconds of all processors, with those of the wall."""
    lines = [
        "| nodes | engine | prepare | nearest | sums | matrix | moved | memory MB |",
        "|" + "---|" * 8,
    ]
    for size, result in results.items():
        for engine, told in result["answers"].items():
            if "failed" in told:
                lines.append(f"| {size} | {engine} | {told['failed']} |" + " |" * 5)
                continue
            cells = [
                f"{told[q]['cpu_s']:.4g} ({told[q]['wall_s']:.4g})" if q in told else ""
                for q in QUESTIONS
            ]
            lines.append(
                "| " + " | ".join([size, engine, *cells, f"{told['memory_mb']:.0f}"]) + " |"
            )
    lines += ["", "| nodes | question: peer | times ours |", "|---|---|---|"]
    for size, result in results.items():
        lines += [f"| {size} | {name} | {value:,.0f} |" for name, value in result["ratios"].items()]
    return "\n".join(lines) + "\n"


def regressions(results: dict[str, Any]) -> list[str]:
    """Return the ratios that fell far below those kept."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return [
        f"{size} nodes, {name}: {value:.1f}, was {kept[size][name]:.1f}"
        for size, result in results.items()
        for name, value in result["ratios"].items()
        if value < FALL * kept.get(size, {}).get(name, 0.0)
    ]


def main(arguments: list[str]) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", default="5000,50000,500000")
    parser.add_argument("--engines", default=",".join(["ours", *ENGINES]))
    parser.add_argument("--slow", action="store_true", help="ask every engine on every size")
    parser.add_argument("--keep", action="store_true", help="keep this run's ratios")
    chosen = parser.parse_args(arguments)
    OUT.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {}
    for nodes in map(int, chosen.sizes.split(",")):
        graph, answers = write_graph(nodes), {}
        for engine in chosen.engines.split(","):
            if chosen.slow or nodes <= SLOWEST_NODES.get(engine, nodes):
                print(f"{nodes} nodes: {engine}", file=sys.stderr)
                answers[engine] = ask(engine, graph)
        results[str(nodes)] = {"answers": answers, "ratios": ratios(answers)}
        for line in disagreements(answers):
            print(f"{nodes} nodes: {line}", file=sys.stderr)
    (OUT / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    (OUT / "table.md").write_text(table(results), encoding="utf-8")
    (OUT / "growth.svg").write_text(growth_plot(results), encoding="utf-8")
    print(table(results))
    if chosen.keep:
        kept = {size: result["ratios"] for size, result in results.items()}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        return 0
    fallen = regressions(results)
    print(*fallen, sep="\n")
    return 1 if fallen or any(disagreements(r["answers"]) for r in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
