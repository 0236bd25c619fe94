"""No service type, walker or requirement is named in code: they are data."""

import ast
from pathlib import Path

from twin.model.catalogues import service_types, walkers
from twin.standards import load_standard, standard_ids

ROOT = Path(__file__).parent.parent.parent
OTHER_MEANINGS = {
    "community",  # a polygon; also one of Moreno's functions
    "education",  # a use of a building
    "health",  # a use of a building
    "wheelchair",  # a law of slopes, which a walker chooses
}


def test_code_names_no_type_walker_or_requirement() -> None:
    requirements = (r.id for name in standard_ids() for r in load_standard(name).requirements)
    names = {*service_types(), *walkers(), *requirements} - OTHER_MEANINGS
    assert len(names) > 60
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for folder in ("layers", "twin", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert found == []
