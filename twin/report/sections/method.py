"""How every figure was reached, so that somebody else can reach it again."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version

import pyproj
import shapely

from twin.language import Language
from twin.model.catalogues import Walker, groups, rules, service_types, walkers
from twin.model.own_data import own_data_words
from twin.report.blocks import (
    Block,
    Cell,
    Column,
    Definition,
    Definitions,
    Paragraph,
    Row,
    Section,
    Subheading,
    Table,
)
from twin.report.material import Material
from twin.report.sections.coverage import LEVEL_MARKS
from twin.standards import Requirement, standing_words
from twin.telling.scores import scores
from twin.telling.unscored_words import sizes_asked

TERMS = (
    "walk",
    "attachment",
    "time",
    "wheelchair",
    "nearest",
    "coverage",
    "straight",
    "full_circle",
    "requirements_met",
    "unreached",
    "not_assessed",
    "no_demand",
    "people",
    "edge",
    "advisory",
    "sameness",
)
"""What is defined, each with the texts ``report.term.<term>``, ``.meaning`` and ``.formula``."""
PACKAGES = ("numba", "numpy", "renewal-twin", "shapely")


def section(material: Material) -> Section:
    """Return definitions, walkers, rules, the standard's rows, settings and versions."""
    say = material.say
    blocks: tuple[Block, ...] = (
        Paragraph(say("method.intro")),
        Definitions(tuple(_definition(material, term) for term in TERMS)),
        Subheading(say("method.walkers")),
        _walkers(material),
        *_own_data(material),
        Subheading(say("method.rules")),
        _rules(material),
        Subheading(say("method.standard")),
        *_standard(material),
        Subheading(say("method.versions")),
        _versions(material),
    )
    return Section(say("section.method"), blocks)


def _definition(material: Material, term: str) -> Definition:
    rule = rules()
    facts = {
        "leg_cap": f"{rule.leg_cap_m:g}",
        "smallest_network": f"{rule.smallest_network_m:g}",
        "sample": f"{rule.sample_m:g}",
        "delay": f"{rule.signal_delay_s:g}",
        "exponent": f"{rule.tobler_exponent:g}",
        "offset": f"{rule.tobler_offset:g}",
        "bar": f"1:{1 / rule.bar_slope:.0f}",
        "bar_over": f"{rule.bar_over_m:g}",
        "slow": f"1:{1 / rule.slow_slope:.0f}",
        "slow_factor": f"{rule.slow_factor:g}",
        "halo": f"{rule.halo_m:,.0f}",
        "people": material.people_word,
    }
    key = f"term.{term}"
    words = (material.say(f"{key}.{part}", **facts) for part in ("name", "meaning", "formula"))
    return Definition(*words)


def _walkers(material: Material) -> Table:
    used = {requirement.walker for requirement in material.assessment.standard.requirements}
    rows = tuple(
        Row(
            (
                Cell(material.name(walker.names)),
                Cell(f"{walker.speed_mps:g}", _rest(material, walker)),
                Cell(material.say(f"slope.{walker.slope}")),
                Cell(material.say(f"steps.{walker.steps}"), material.say(f"kerbs.{walker.kerbs}")),
                Cell(
                    material.name(walker.source), standing_words(walker.standing, material.language)
                ),
            )
        )
        for walker in walkers().values()
        if walker.id in used
    )
    columns = (
        Column(material.say("column.walker"), 2),
        Column(material.say("column.speed"), 1.3, "right"),
        Column(material.say("column.slope"), 2),
        Column(material.say("column.steps"), 1.8),
        Column(material.say("column.source"), 5),
    )
    return Table(material.say("table.walkers"), columns, rows, (material.say("method.verified"),))


def _rest(material: Material, walker: Walker) -> str:
    if not walker.rest_s_per_m:
        return ""
    every, rest = f"{walker.rest_every_m:g}", f"{walker.rest_s:g}"
    return material.say("walker_rest", every=every, rest=rest)


def _own_data(material: Material) -> list[Block]:
    said = own_data_words(material.language)
    return [Paragraph(said)] if said else []


_FIELDS = {
    "leg_cap": "leg_cap_m",
    "smallest_network": "smallest_network_m",
    "sample": "sample_m",
    "delay": "signal_delay_s",
    "bar": "bar_slope",
    "slow": "slow_slope",
    "halo": "halo_m",
    "smallest_cell": "smallest_cell",
}
"""The rules that the table of rules lists, and where their figures stand."""


def _rules(material: Material) -> Table:
    rule = rules()
    values = {
        "leg_cap": (f"{rule.leg_cap_m:g}", "m"),
        "smallest_network": (f"{rule.smallest_network_m:g}", "m"),
        "sample": (f"{rule.sample_m:g}", "m"),
        "delay": (f"{rule.signal_delay_s:g}", "s"),
        "bar": (f"1:{1 / rule.bar_slope:.0f}", ""),
        "slow": (f"1:{1 / rule.slow_slope:.0f}", ""),
        "halo": (f"{rule.halo_m:,.0f}", "m"),
        "smallest_cell": (f"{rule.smallest_cell}", ""),
    }
    rows = tuple(
        Row(
            (
                Cell(material.say(f"rule.{name}.what")),
                Cell(f"{value}\u00a0{material.say(f'unit.{unit}')}" if unit else value),
                Cell(_rule_source(material, name)),
            )
        )
        for name, (value, unit) in values.items()
    )
    columns = (
        Column(material.say("column.rule"), 5),
        Column(material.say("column.value"), 1.2, "right"),
        Column(material.say("column.source"), 4),
    )
    return Table(material.say("table.rules"), columns, rows)


def _rule_source(material: Material, name: str) -> str:
    """Return where a rule's figure comes from: the user's own file names that of its own."""
    own = rules().own.get(_FIELDS[name])
    return material.name(own) if own else material.say(f"rule.{name}.source")


def _standard(material: Material) -> list[Block]:
    """Return every row of the standard as it was used, and what its source marks mean."""
    standard, say = material.assessment.standard, material.say
    known = service_types()
    rows = []
    for wanted in standard.requirements:
        kinds = say("list.comma").join(
            material.name(known[id_].names) for id_ in wanted.service_types
        )
        name, group = material.name(wanted.name), material.name(groups()[wanted.group].names)
        walker = material.name(walkers()[wanted.walker].names)
        limit = f"{LEVEL_MARKS[wanted.level]} {material.limit(wanted)}"
        standing = standing_words(wanted.standing, material.language)
        source = say("method.cited", source=material.name(wanted.source), standing=standing)
        rows.append(
            Row(
                (
                    Cell(material.marked(wanted), "" if kinds == name else kinds),
                    Cell(group, walker),
                    Cell(limit, say(f"wording.{wanted.wording}.{wanted.unit}")),
                    Cell(*_sizes(wanted, material.language)),
                    Cell(material.name(wanted.clause), source),
                    Cell(material.name(wanted.note) if wanted.note else ""),
                )
            )
        )
    columns = (
        Column(say("column.row"), 3.4),
        Column(say("column.who"), 2.5),
        Column(say("column.limit"), 2.3),
        Column(say("column.sizes"), 2.2),
        Column(say("column.clause_source"), 2.9),
        Column(say("column.note"), 4.0),
    )
    marks = tuple(f"{s.mark} = {material.name(s.meaning)}" for s in standard.sources.values())
    notes = [Paragraph(material.name(note)) for note in standard.notes]
    named = say("method.standard_named", name=material.name(standard.name), issued=standard.issued)
    return [Paragraph(named), *notes, Table(say("table.standard"), columns, tuple(rows), marks)]


def _sizes(wanted: Requirement, language: Language) -> tuple[str, str]:
    """Return the floor and the site area that a row asks for, the first of them above."""
    asked = sizes_asked(wanted, language)
    return (asked[0] if asked else "–"), "".join(asked[1:])


def _versions(material: Material) -> Table:
    """Return what computed the figures, the project's settings, and the figures' fingerprint."""
    facts = {
        material.say("version.fingerprint"): fingerprint(material),
        **{package: _version(package) for package in PACKAGES},
        "Python": platform.python_version(),
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }
    facts |= {
        material.say("version.setting", name=name): json.dumps(value, ensure_ascii=False)
        for name, value in sorted(material.settings.items())
    }
    rows = tuple(Row((Cell(name), Cell(value))) for name, value in facts.items())
    columns = (Column(material.say("column.what"), 3), Column(material.say("column.value"), 6))
    note = material.say("version.fingerprint_note")
    return Table(material.say("table.versions"), columns, rows, (note,))


def fingerprint(material: Material) -> str:
    """Return the first 32 digits of the SHA-256 of all scores: equal figures, equal digits."""
    found = scores(material.assessment, material.scenario)
    # The last digits of a sum of floats are the platform's own.
    rounded = json.loads(json.dumps(found), parse_float=lambda digits: round(float(digits), 6))
    canonical = json.dumps(rounded, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"
