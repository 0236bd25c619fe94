"""Every finding that this package can make has its sentence, with facts that are given."""

import ast
import string
from pathlib import Path

import layers
from twin.language import catalogue, text

MAKERS = {"add", "note", "refusal", "_refusal", "_drop", "_terrain_problem", "Problem"}
ALWAYS = {"source", "role", "count"}


def makings():
    """Yield file, line, key and given facts of each place that makes a finding by its key."""
    for path in sorted(Path(layers.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            keys = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if name in MAKERS and keys and isinstance(keys[0], str) and "_" in keys[0]:
                open_ended = any(k.arg in (None, "facts") for k in node.keywords)
                facts = {k.arg for k in node.keywords if k.arg}
                yield f"{path.name}:{node.lineno}", keys[0], facts, open_ended


def placeholders(key):
    template = catalogue()[f"problem.{key}"]["en"]
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_key_has_a_sentence():
    found = list(makings())
    assert len(found) > 50
    families = ["no_buildings", "no_streets", "no_services"]
    families += [f"crs_assumed_{why}" for why in ("given", "other_layers", "degrees")]
    families += [f"bands_from_{basis}" for basis in ("communities", "district", "country")]
    families += [f"boundary_from_{basis}" for basis in ("communities", "buildings")]
    keys = {key for _, key, _, _ in found} | set(families)
    assert sorted(key for key in keys if f"problem.{key}" not in catalogue()) == []


def test_every_fact_that_a_sentence_names_is_given():
    missing = [
        f"{place} {key} {sorted(placeholders(key) - facts - ALWAYS)}"
        for place, key, facts, open_ended in makings()
        if not open_ended and placeholders(key) - facts - ALWAYS
    ]
    assert missing == []


def test_both_sizes_of_a_file_that_is_cut_off_are_written_alike():
    said = text("problem.file_truncated", "zh_CN", source="a", declared=7237632, found=3618816)
    assert "7,237,632" in said
    assert "3,618,816" in said
