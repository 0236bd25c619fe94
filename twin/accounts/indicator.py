"""The account of an indicator: what it means, its formula and source, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.names import requirement_name
from twin.assessment.assess import Assessment
from twin.indicators import INDICATORS, Finding, Indicator, indicators
from twin.indicators.wording import figure_name, formula_words, worded
from twin.language import text
from twin.model.catalogues import groups

if TYPE_CHECKING:
    import pandas as pd


def account_of_indicator(
    assessment: Assessment,
    indicator_id: str,
    requirement_id: str = "",
    found: Mapping[str, Finding] | None = None,
) -> Account:
    """Return the account of an indicator: what it means, its formula and source, its figures.

    Parameters
    ----------
    requirement_id
        The requirement whose figures are told; "" for the meaning alone.
    found
        What :func:`twin.indicators.indicators` found, where somebody has it.

    Raises
    ------
    KeyError
        Where there is no such indicator or requirement.
    """
    indicator = next((one for one in INDICATORS if one.id == indicator_id), None)
    if indicator is None:
        raise KeyError(indicator_id)
    name, figures, by_group = text(f"indicator.{indicator_id}.name"), [], []
    figure, unknown = "", []
    if requirement_id:
        wanted = assessment.result(requirement_id).requirement
        name = f"{name} · {requirement_name(wanted)}"
        table = (found or indicators(assessment, [indicator_id]))[indicator_id].summary
        table = table[table["requirement"] == requirement_id]
        district = table[table["scope"] == "district"]
        if indicator.needs_capacity and table.empty:
            unknown = [Line(text("explain.capacity.unknown"))]
        figures, by_group = _figures(district, assessment), _groups(table, indicator, assessment)
        figure = worded(district, *indicator.shown[0], assessment)
    return Account(
        Subject("indicator", requirement_id, indicator=indicator_id),
        name,
        figure,
        text(f"indicator.{indicator_id}.meaning"),
        parts_of(
            (
                text("explain.part.formula"),
                [Line(formula_words(indicator_id))],
            ),
            (text("explain.part.stairs"), _stairs(assessment, indicator)),
            (text("explain.part.figures"), figures or unknown),
            (text("explain.part.groups"), by_group),
        ),
    )


def _stairs(assessment: Assessment, indicator: Indicator) -> list[Line]:
    if not assessment.door_to_door:
        return []
    return [Line(text(f"explain.indicator.stairs_{'yes' if indicator.counts_stairs else 'no'}"))]


def _figures(district: pd.DataFrame, assessment: Assessment) -> list[Line]:
    pairs = zip(district["figure"].tolist(), district["at"].tolist(), strict=True)
    return [_named(district, str(name), float(at), assessment) for name, at in pairs]


def _named(rows: pd.DataFrame, name: str, at: float, assessment: Assessment) -> Line:
    value = worded(rows, name, None if at != at else at, assessment)
    return Line(text("explain.indicator.figure", name=figure_name(name, at), value=value))


def _groups(table: pd.DataFrame, indicator: Indicator, assessment: Assessment) -> list[Line]:
    """Return the first headline figure of every group of residents, where it has one."""
    lines = []
    for id_, group in groups().items():
        rows = table[(table["scope"] == "group") & (table["of"] == id_)]
        if len(rows):
            value = worded(rows, *indicator.shown[0], assessment)
            words = text("explain.indicator.figure", name=group.name, value=value)
            lines.append(Line(words))
    return lines
