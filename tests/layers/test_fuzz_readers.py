"""Our own readers on damaged text: never a traceback, never a part of a file as if it were all."""

import json
import random
import re

import pytest

from layers.formats.recognising import read_vector
from layers.mending.tidy import tidy
from layers.problems import LayerError
from layers.understanding.guessing import guess_columns, guess_role
from layers.understanding.mapping import name_columns
from tests.layers.city.models import Model, box, gml, gml_house
from tests.layers.conftest import ZONE_114, X, Y
from tests.layers.osm.conftest import osm_xml
from tests.layers.test_fuzz import mutated

HOUSES = 6
TOKENS = (
    "null", "-1", "1e999", "NaN", "99999999999", "[]", "{}", '""', "<", "</", "&x;", "]]>", "\0",
    "0", '"', ",", "[[[[", "]]]]", "\ufeff", "天", "=", "true",
)  # fmt: skip
CITY_KINDS = re.compile(r'"type":\s*"Building"')


def cityjson():
    model = Model()
    for number in range(HOUSES - 1):
        model.house(f"h{number}", function="1010", storeysAboveGround=number)
    solid = {"type": "Solid", "lod": "1", "boundaries": [model.surfaces(box(0, 0, 9, 0, 9))]}
    model.add("h9", "Building", []).add("p", "BuildingPart", [solid], parents=["h9"])
    return json.dumps(model.document()).encode()


def sequence():
    head = Model().document()
    lines = [json.dumps({**head, "CityObjects": {}, "vertices": []})]
    for number in range(HOUSES):
        part = Model().house(f"h{number}").document()
        kept = {key: part[key] for key in ("CityObjects", "vertices")}
        lines.append(json.dumps({"type": "CityJSONFeature", "id": f"h{number}", **kept}))
    return "\n".join(lines).encode()


def citygml():
    said = "<bldg:usage>411</bldg:usage><bldg:measuredHeight>9</bldg:measuredHeight>"
    return gml(*(gml_house(f"h{number}", said) for number in range(HOUSES))).encode()


def table():
    head = "楼栋编号,名称,层数,常住人口,建筑用途,WKT\n"
    rows = (
        f'{n},{n}号楼,{n + 1},{20 * n},住宅,"POLYGON (({X + 30 * n} {Y}, {X + 30 * n + 9} {Y}, '
        f'{X + 30 * n + 9} {Y + 9}, {X + 30 * n} {Y}))"\n'
        for n in range(1, HOUSES + 1)
    )
    return (head + "".join(rows)).encode()


def map_of_houses():
    nodes, ways = {}, {}
    for number in range(HOUSES):
        first = 10 * number + 1
        nodes |= {
            first + corner: (number + place[0], place[1])
            for corner, place in enumerate([(0, 0), (0.5, 0), (0.5, 0.5)])
        }
        refs = [first, first + 1, first + 2, first]
        ways[number + 1] = (refs, {"building": "apartments", "building:levels": "6"})
    return osm_xml(nodes, ways).encode()


FILES = {
    "a.city.json": cityjson,
    "a.city.jsonl": sequence,
    "a.gml": citygml,
    "a.csv": table,
    "a.osm": map_of_houses,
}


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Damage bytes, or put a word where a word of the format was: much of that still parses."""
    if chance.random() < 0.5:
        return mutated(content, chance)
    text = content.decode()
    words = list(re.finditer(r"[\w.+-]+|[^\w\s]", text))
    for _ in range(chance.randint(1, 4)):
        word = chance.choice(words)
        other = chance.choice(words)[0] if chance.random() < 0.4 else chance.choice(TOKENS)
        if chance.random() < 0.15:
            other = word[0] * chance.choice([2, 50, 3000])
        text = text[: word.start()] + other + text[word.end() :]
    return text.encode("utf-8", "surrogatepass")


def understand(path):
    """Read a file and bring its layers to the schema, as an import does; return rows and keys."""
    rows, told = 0, set()
    layers, problems = read_vector(path)
    told |= {problem.key for problem in problems}
    for layer in layers:
        told |= {problem.key for problem in layer.problems}
        assert layer.declared == len(layer.frame) or "features_lost" in told
        role = guess_role(layer).value
        role = role if role in ("buildings", "water", "green", "trees") else "buildings"
        mapping, _ = guess_columns(role, layer.frame, {})
        named, found = name_columns(role, layer.frame, mapping, layer.source)
        if named.crs is None or named.crs.is_geographic:
            named = named.set_crs(ZONE_114, allow_override=True)
        frame, more = tidy(role, named, layer.source)
        told |= {problem.key for problem in (*found, *more)}
        assert frame.geometry.is_valid.all()
        rows += len(layer.frame)
    return rows, told


def attack(folder, name, rounds, seed):
    whole = FILES[name]()
    path = folder / name
    path.write_bytes(whole)
    assert understand(path)[0] == HOUSES
    chance = random.Random(seed)
    opened = 0
    for _ in range(rounds):
        content = spoiled(whole, chance)
        path.write_bytes(content)
        try:
            rows, told = understand(path)
        except LayerError:
            continue
        opened += 1
        if name.endswith("json"):
            named = len(CITY_KINDS.findall(content.decode("utf-8-sig", "ignore")))
            assert rows >= named or told, content
        elif name == "a.csv":
            lines = [line for line in content.decode("gb18030", "ignore").splitlines()[1:] if line]
            assert rows >= min(len(lines), HOUSES) - 1 or told
    return opened


@pytest.mark.parametrize("name", FILES)
def test_damaged_text_is_read_whole_or_refused(tmp_path, name):
    attack(tmp_path, name, rounds=20, seed=11)


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_much_damaged_text_is_read_whole_or_refused(tmp_path, name):
    assert attack(tmp_path, name, rounds=2000, seed=12) > 20


@pytest.mark.parametrize("name", ["a.city.json", "a.gml"])
def test_a_model_cut_anywhere_is_refused(tmp_path, name):
    whole = FILES[name]()
    path = tmp_path / name
    for share in range(1, 60):
        path.write_bytes(whole[: len(whole) * share // 60])
        with pytest.raises(LayerError):
            read_vector(path)
