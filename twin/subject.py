"""What an account of a figure can be about; light, for those who only ask for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal["full_circle", "requirement", "building", "home", "service", "indicator"]


@dataclass(frozen=True)
class Subject:
    """What an account is about.

    Parameters
    ----------
    kind
        ``full_circle`` of the district, of a `group` or of a `community`; a ``requirement`` in the
        district or in a `community`; a ``building`` under every requirement; a ``home``: building
        and requirement; a ``service``; an ``indicator`` under a requirement.
    requirement, group, indicator
        Ids, "" where the subject has none; a requirement's may be that of alternatives.
    id
        Of the building or service, -1 where the subject has none.
    community
        Row of the communities table (its length: outside them all), -1 for the whole district.
    """

    kind: SubjectKind
    requirement: str = ""
    id: int = -1
    group: str = ""
    community: int = -1
    indicator: str = ""
