"""Accounts of shares: a requirement, and full circle, of a district, a community or a group."""

from __future__ import annotations

import math

import numpy as np

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.basis import basis_of_clause, basis_of_people, basis_of_walk
from twin.accounts.left_out import LeftOut, left_out, missing_from_circle
from twin.accounts.names import asked_name, building_name, community_name, requirement_name
from twin.arrays import Flags
from twin.assessment.assess import Assessment
from twin.assessment.circle_words import circle_words
from twin.assessment.confidence import confidence
from twin.assessment.scoring import STRAIGHT_DECIMALS, Result
from twin.figures import people, percent, signs, walk
from twin.language import text
from twin.model.catalogues import groups, walkers
from twin.walking.straight import straight_to_each

_MOST_MISSING = 6


def account_of_requirement(
    assessment: Assessment, requirement_id: str, community: int = -1
) -> Account:
    """Return the account of a requirement's share: definition, who is left out and why.

    Parameters
    ----------
    community
        Row of the communities table (its length: outside them all), -1 for the whole district.

    Raises
    ------
    KeyError
        Where the standard has no such requirement.
    """
    result = assessment.result(requirement_id)
    wanted = result.requirement
    here = _where(assessment, community)
    out = left_out(assessment, result, here)
    share = out.covered / out.people if out.people > 0 else math.nan
    known = result.status == "assessed"
    left = assessment.origins.group(wanted.group) * (result.possible_part - result.covered_part)
    unseen = bool((left[here] > 0).any())
    data = [*basis_of_people(assessment, wanted.group, here), *basis_of_walk(assessment, wanted)]
    return Account(
        Subject("requirement", requirement_id, community=community),
        _named(assessment, requirement_name(wanted), community),
        signs(at_least=unseen, estimated=False) + percent(share) if known else "–",
        _defined(result, out, unseen)
        if known
        else text(f"explain.requirement.{result.why_not or result.status}"),
        parts_of(
            (
                text("explain.part.left_out"),
                _left_out(assessment, result, out, here) if known else [],
            ),
            (text("explain.part.where"), _worst(assessment, result, out) if known else []),
            (text("explain.part.clause"), basis_of_clause(wanted)),
            (text("explain.part.data"), data if known else []),
            (text("confidence.title"), _how_sure(assessment, result, community)),
        ),
    )


def account_of_full_circle(
    assessment: Assessment, group: str = "all", community: int = -1
) -> Account:
    """Return the account of full circle: what most residents lack, and what alone some lack.

    Parameters
    ----------
    group
        A key of :func:`twin.model.catalogues.groups`.
    community
        As for :func:`account_of_requirement`.
    """
    circle = assessment.full_circle
    covered, total, share = circle.by_group[group]
    if community >= 0:
        covered, total = (float(values[community]) for values in circle.by_community)
        share = covered / total if total > 0 and circle.asked else math.nan
    more = circle.more_by_group[group]
    if community >= 0:
        more = float(circle.more[_where(assessment, community)].sum())
    bound = circle.asked > 0 and more > 0
    subject = (
        groups()[group].name if community < 0 else community_name(assessment.district, community)
    )
    facts = {"covered": people(covered), "total": people(total), "asked": circle.asked}
    rests = circle_words(assessment, more=more)
    unasked = community < 0 and not total and round(circle.unasked[group])
    key = "nothing" if not circle.asked else "nothing_asked" if unasked else "defined"
    return Account(
        Subject("full_circle", group=group, community=community),
        text("explain.circle.title", of=subject),
        signs(at_least=bound, estimated=False) + percent(share),
        text(f"explain.circle.{key}", None, **facts),
        parts_of(
            (text("explain.part.missing"), _missing(assessment, group, community)),
            (
                text("explain.part.data"),
                [
                    *([Line(rests)] if rests else []),
                    *basis_of_people(assessment, group, _where(assessment, community)),
                ],
            ),
        ),
    )


def _how_sure(assessment: Assessment, result: Result, community: int) -> list[Line]:
    """Return the interval of a share of the whole district, and what would narrow it most."""
    if community >= 0 or result.status != "assessed":
        return []
    id_ = result.requirement.id
    found = confidence(assessment, only=id_)
    if not found.surveys:
        return [Line(text("confidence.nothing_here"))]
    share, first = found.requirements[id_], found.surveys[0]
    ends = {"low": percent(share.low), "high": percent(share.high)}
    lines = [Line(text("confidence.between", level=f"{found.bounds.level:.0%}", **ends))]
    if not math.isnan(first.part):
        survey = text(f"confidence.survey.{first.cause}", count=f"{first.count:,}")
        lines.append(Line(text("confidence.best_here", survey=survey)))
    return lines


def _where(assessment: Assessment, community: int) -> Flags:
    if community < 0:
        return assessment.origins.inside
    here: Flags = assessment.origins.community_row == community
    return here


def _named(assessment: Assessment, name: str, community: int) -> str:
    if community < 0:
        return name
    return f"{community_name(assessment.district, community)} · {name}"


def _defined(result: Result, out: LeftOut, unseen: bool) -> str:
    wanted = result.requirement
    facts = {
        "covered": people(out.covered),
        "total": people(out.people),
        "group": groups()[wanted.group].name,
        "limit": walk(wanted.limit, wanted.unit),
        "walker": walkers()[wanted.walker].name,
    }
    words = text("explain.requirement.defined", None, **facts)
    for bound in result.bound_by if unseen else ():
        words += text("explain.join") + text(f"explain.requirement.lower_bound_{bound}")
    return words


def _left_out(assessment: Assessment, result: Result, out: LeftOut, here: Flags) -> list[Line]:
    wanted, before, lines = result.requirement, 1.0, []
    for step, count in out.too_far.items():
        upto = walk(step * wanted.limit, wanted.unit) if math.isfinite(step) else ""
        key = "explain.left_out.upto" if upto else "explain.left_out.beyond"
        least = walk(before * wanted.limit, wanted.unit)
        lines.append(Line(text(key, count=people(count), least=least, most=upto)))
        before = step
    for reason, count in out.unreached.items():
        why = text(f"left_out.{reason}")
        lines.append(Line(text("explain.left_out.reason", count=people(count), why=why)))
    if not math.isnan(result.straight_share) and len(out.buildings):
        share = _straight_share(assessment, result, here)
        lines.append(Line(text("explain.left_out.straight", share=percent(share))))
    return lines or [Line(text("explain.left_out.nobody"))]


def _straight_share(assessment: Assessment, result: Result, here: Flags) -> float:
    """Return which part of the people here have a service within the limit as the crow flies."""
    origins, wanted = assessment.origins, result.requirement
    people = origins.group(wanted.group) * here
    straight = straight_to_each(assessment.district, origins, wanted.service_types, wanted.at_least)
    near = np.round(straight, STRAIGHT_DECIMALS) <= wanted.limit
    total = float(people.sum())
    return float(people[near].sum()) / total if total > 0 else math.nan


def _worst(assessment: Assessment, result: Result, out: LeftOut) -> list[Line]:
    return [
        Line(
            text(
                "explain.where.building",
                building=building_name(assessment.district, building),
                count=people(count),
            ),
            ("buildings", building),
            Subject("home", result.requirement.id, building),
        )
        for building, count in out.buildings
    ]


def _missing(assessment: Assessment, group: str, community: int) -> list[Line]:
    found = missing_from_circle(assessment, group, community)
    lines = []
    for one in [one for one in found if one.lack >= 0.5][:_MOST_MISSING]:
        key = "lack_only" if round(one.lack_only) else "lack"
        name = asked_name(assessment.standard, one.requirement_id)
        facts = {"name": name, "count": people(one.lack), "only": people(one.lack_only)}
        subject = Subject("requirement", one.requirement_id, community=community)
        lines.append(Line(text(f"explain.circle.{key}", None, **facts), subject=subject))
    return lines
