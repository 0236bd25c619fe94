"""The account of a service: whom it serves, who hangs on it, how full it would be."""

from __future__ import annotations

import numpy as np

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.basis import ASLEEP
from twin.accounts.names import requirement_name, service_name
from twin.assessment.assess import Assessment
from twin.assessment.explain import serves
from twin.assessment.scoring import Result
from twin.assessment.shared_places import shares_places
from twin.figures import people
from twin.indicators import settings
from twin.indicators.circle import Circle, circle
from twin.language import text
from twin.model.catalogues import service_types
from twin.model.hours import SHUT


def account_of_service(assessment: Assessment, service_id: int) -> Account:
    """Return the account of a service: whom it serves, who hangs on it, how full it would be.

    Raises
    ------
    KeyError
        Where there is no such service.
    """
    services = assessment.district.services
    row = services.row_of(service_id)
    served, full, alone = [], [], []
    for one in serves(assessment, service_id):
        result = assessment.result(one.requirement_id)
        name = requirement_name(result.requirement)
        words = text("explain.service.nearest", name=name, count=people(one.people))
        served.append(Line(words, subject=Subject("requirement", one.requirement_id)))
        around = circle(assessment, result, settings())
        place = int(np.flatnonzero(around.service_id == service_id)[0])
        full += _load(around, place, result)
        if lost := hang_on(around, place):
            count = people(lost)
            alone.append(Line(text("explain.service.alone", name=name, count=count)))
    if full and shares_places(services)[row]:
        full.append(Line(text("capacity.shared_here")))
    kinds = [
        service_types()[t].name
        for t in str(services["types"][row]).split(",")
        if t in service_types()
    ]
    asleep = _asleep(assessment, row)
    nobody = [] if asleep else [Line(text("explain.service.nobody"))]
    return Account(
        Subject("service", id=service_id),
        service_name(assessment.district, service_id),
        "",
        text("explain.comma").join(kinds),
        parts_of(
            (text("explain.part.serves"), asleep + (served or nobody)),
            (text("explain.part.alone"), alone),
            (text("explain.part.capacity"), full),
            (text("explain.part.data"), _service_data(assessment, row)),
        ),
    )


def _asleep(assessment: Assessment, row: int) -> list[Line]:
    """Return why nobody can go to a service now, and when it is open; nothing where it is."""
    services = assessment.district.services
    status, hours = str(services["status"][row]), str(services["hours"][row])
    if status not in ASLEEP:
        return []
    known = status == SHUT and hours
    return [Line(text(f"explain.service.{status}" + ("_until" if known else ""), hours=hours))]


def hang_on(around: Circle, place: int) -> float:
    """Return the people within the limit of one service and of no other that would do.

    Parameters
    ----------
    place
        Position of the service in the circle.
    """
    if len(around.kinds) > 1:
        return 0.0
    only = around.within[place] & (around.within.sum(axis=0) == 1)
    return float(around.people[only].sum())


def _load(around: Circle, place: int, result: Result) -> list[Line]:
    """Return people per place if everybody within the limit goes to the nearest.

    Nothing where nobody knows how many places there are; the data says so below.
    """
    if not around.capacity_known[place]:
        return []
    here = (around.result.service_id == around.service_id[place]) & around.within[place]
    asks, places = float(around.demand[here].sum()), float(around.capacity[place])
    if not places:
        return [Line(text("explain.service.no_capacity"))]
    facts = {
        "name": requirement_name(result.requirement),
        "asks": people(asks),
        "places": people(places),
        "ratio": f"{asks / places:.1f}",
    }
    return [Line(text("explain.service.load", None, **facts))]


def _service_data(assessment: Assessment, row: int) -> list[Line]:
    services = assessment.district.services
    lines = []
    for column in ("floor_area_m2", "capacity"):
        known = bool(np.isfinite(services[column][row]))
        value = f"{services[column][row]:,.0f}" if known else ""
        key = f"explain.service.{column}" + ("" if known else "_unknown")
        lines.append(Line(text(key, value=value)))
    return lines
