"""Both languages say everything, and say it with the same facts."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.schema import ROLES

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("layers", "twin", "gui")
CATALOGUES = [
    path for package in PACKAGES for path in sorted((ROOT / package).glob("texts/*.toml"))
]
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*")


def entries(path: Path) -> dict[str, dict[str, object]]:
    """Return the lowest tables of a catalogue by their dotted keys."""
    found: dict[str, dict[str, object]] = {}

    def walk(prefix: str, node: dict[str, object]) -> None:
        if not any(isinstance(child, dict) for child in node.values()):
            found[prefix] = node
            return
        for name, child in node.items():
            assert isinstance(child, dict), f"{path.name}: {prefix}.{name} is no table"
            walk(f"{prefix}.{name}" if prefix else name, child)

    walk("", tomllib.loads(path.read_text(encoding="utf-8")))
    return found


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


ALL_KEYS = {key for path in CATALOGUES for key in entries(path)}


@pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}"
)
def test_every_key_has_both_languages_with_the_same_facts(path):
    for key, entry in entries(path).items():
        assert set(entry) == {"en", "zh"}, key
        english, chinese = entry["en"], entry["zh"]
        assert isinstance(english, str), key
        assert isinstance(chinese, str), key
        assert bool(english.strip()) == bool(chinese.strip()), key
        assert placeholders(english) == placeholders(chinese), key


def test_no_key_stands_in_two_catalogues():
    counts = Counter(key for path in CATALOGUES for key in entries(path))
    assert [key for key, count in counts.items() if count > 1] == []


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of the functions or classes `names`, plain or as an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "id", None) or getattr(called, "attr", None)
            if name in names:
                yield node


def modules() -> Iterator[tuple[Path, ast.AST]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def literal_first(call: ast.Call) -> str | None:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    return None


def prefix_first(call: ast.Call) -> str | None:
    """Return the constant beginning of an f-string that is the call's first argument."""
    if not call.args or not isinstance(call.args[0], ast.JoinedStr):
        return None
    head = call.args[0].values[0]
    return head.value if isinstance(head, ast.Constant) and isinstance(head.value, str) else None


@pytest.mark.parametrize(
    ("called", "prefix"),
    [
        (("text",), ""),
        (("Refused",), ""),
        (("Problem",), "problem."),
        (("EditError", "ScenarioError", "RowError", "StandardError"), "error."),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_every_key_that_the_code_names_has_a_text(called, prefix):
    missing = [
        f"{path}:{call.lineno} {prefix}{key}"
        for path, tree in modules()
        for call in calls(tree, *called)
        if (key := literal_first(call)) and KEY.fullmatch(key) and prefix + key not in ALL_KEYS
    ]
    assert missing == []


def test_every_key_that_the_code_composes_begins_as_some_text_does():
    missing = [
        f"{path}:{call.lineno} {prefix}"
        for path, tree in modules()
        for call in calls(tree, "text")
        if (prefix := prefix_first(call)) and not any(key.startswith(prefix) for key in ALL_KEYS)
    ]
    assert missing == []


def test_every_column_of_the_schema_has_a_name_for_people():
    named = {f"column.{column.name}" for role in ROLES.values() for column in role.columns}
    assert sorted(named - ALL_KEYS) == []
