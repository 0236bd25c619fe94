"""Accounts of figures: every number says what it is, why it is so and what would change it.

One function for each kind of subject; :func:`account` finds the one for a :class:`Subject`, which
is all that the command and the window know.
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.accounts.account import Account, Line, Part, Subject
from twin.accounts.building import account_of_building
from twin.accounts.home import account_of_home
from twin.accounts.indicator import account_of_indicator
from twin.accounts.service import account_of_service
from twin.accounts.shares import account_of_full_circle, account_of_requirement
from twin.assess import Assessment
from twin.indicators import Finding

__all__ = [
    "Account",
    "Line",
    "Part",
    "Subject",
    "account",
    "account_of_building",
    "account_of_full_circle",
    "account_of_home",
    "account_of_indicator",
    "account_of_requirement",
    "account_of_service",
]


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
            return account_of_full_circle(assessment, subject.group or "all", subject.community)
        case "requirement":
            return account_of_requirement(assessment, subject.requirement, subject.community)
        case "building":
            return account_of_building(assessment, subject.id)
        case "home":
            return account_of_home(assessment, subject.id, subject.requirement)
        case "service":
            return account_of_service(assessment, subject.id)
        case "indicator":
            return account_of_indicator(assessment, subject.indicator, subject.requirement, found)
