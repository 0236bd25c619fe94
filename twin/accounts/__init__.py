"""Accounts of figures: every number says what it is, why it is so and what would change it.

One function for each kind of subject, each in a module of its own that is loaded when it is first
asked for; :func:`account` finds the one for a :class:`~twin.subject.Subject`, which is all that the
command and the window know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from twin.accounts.account import Account, Line, Part
from twin.assessment.assess import Assessment
from twin.subject import Subject

if TYPE_CHECKING:
    from twin.indicators import Finding

__all__ = ["Account", "Line", "Part", "Subject", "account"]


def account(
    assessment: Assessment, subject: Subject, found: Mapping[str, Finding] | None = None
) -> Account:
    """Return the account of any subject, in the language in use.

    Parameters
    ----------
    found
        What :func:`twin.indicators.indicators` found, where somebody has it.

    Raises
    ------
    KeyError
        Where district or standard have no such building, service, requirement or indicator.
    """
    match subject.kind:
        case "full_circle":
            from twin.accounts.shares import account_of_full_circle

            return account_of_full_circle(assessment, subject.group or "all", subject.community)
        case "requirement" if either := assessment.either(subject.requirement):
            from twin.accounts.either import account_of_either

            return account_of_either(assessment, either, subject.community)
        case "home" if either := assessment.either(subject.requirement):
            from twin.accounts.either import account_of_home_either

            return account_of_home_either(assessment, either, subject.id)
        case "requirement":
            from twin.accounts.shares import account_of_requirement

            return account_of_requirement(assessment, subject.requirement, subject.community)
        case "building":
            from twin.accounts.building import account_of_building

            return account_of_building(assessment, subject.id)
        case "home":
            from twin.accounts.home import account_of_home

            return account_of_home(assessment, subject.id, subject.requirement)
        case "service":
            from twin.accounts.service import account_of_service

            return account_of_service(assessment, subject.id)
        case "indicator":
            from twin.accounts.indicator import account_of_indicator

            return account_of_indicator(assessment, subject.indicator, subject.requirement, found)
