"""Where layers lie: the CRS of each as found or decided, and the one the district gets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pyproj

from layers.account import Account
from layers.files.foreign import ForeignLayer, refusal
from layers.geodesy.crs import (
    WGS84,
    Bounds,
    bounds_of,
    choose_metric_crs,
    decide_missing_crs,
    is_local_metric,
    leads_to_degrees,
    middle_of_features,
    transformer,
)
from layers.geodesy.readings import (
    Place,
    Reading,
    among,
    better_reading,
    is_degrees_in_metres,
    is_usual,
    reading_without_crs,
    shift_is_unknown,
)
from layers.problems import Fact, Problem, Severity

PLACE_ORDER = ("buildings", "streets", "communities", "boundary", "services")
"""Whose CRS and place count first."""

Placed = tuple[str, ForeignLayer, pyproj.CRS]
"""Role, layer, and the CRS its coordinates are in."""


def crs_name(crs: pyproj.CRS | None) -> str:
    """Name a CRS by its authority's code where it has one, else by its own name; "" for none."""
    if crs is None:
        return ""
    authority = crs.to_authority()
    return ":".join(authority) if authority else crs.name


def settle_all(
    layers: Sequence[tuple[str, ForeignLayer]], given: pyproj.CRS | None
) -> tuple[list[Placed], list[ForeignLayer], list[Problem]]:
    """Settle the CRS of every layer, and read its coordinates another way where that is needed.

    Parameters
    ----------
    layers
        Role and layer.
    given
        The user's word for layers that state none.

    Returns
    -------
    The layers with a place, those that nothing places, and what was found.
    """
    boxes = [bounds_of(layer.frame) for _, layer in layers]
    places = [_stated_place(layer, box) for (_, layer), box in zip(layers, boxes, strict=True)]
    agreed = _agreed(places)
    known = [
        (layer.crs, box)
        for (_, layer), box, place in zip(layers, boxes, places, strict=True)
        if layer.crs is not None and box is not None and place is not None
    ]
    placed: list[Placed] = []
    unplaced: list[ForeignLayer] = []
    problems: list[Problem] = []
    for (role, layer), box, place in zip(layers, boxes, places, strict=True):
        if box is None:
            # Nothing to place: any CRS does, and the layer stays empty.
            crs = layer.crs or (known[0][0] if known else given) or WGS84
            placed.append((role, layer, crs))
            continue
        # A minority is not read another way because of others as few.
        others = (
            agreed if place is None or 2 * len(agreed) > sum(p is not None for p in places) else []
        )
        settled, found = _settle(role, layer, box, others, known, given)
        problems += found
        if settled is None:
            unplaced.append(layer)
        else:
            placed.append(settled)
    return placed, unplaced, problems


def _stated_place(layer: ForeignLayer, box: Bounds | None) -> Place | None:
    """Return where a layer lies by its own word, or None where that cannot be."""
    if box is None or layer.crs is None or not leads_to_degrees(layer.crs):
        return None
    place = Reading(layer.crs).place(box)
    usable = place is not None and not is_degrees_in_metres(box, layer.crs)
    return place if usable and place is not None and is_usual(place, layer.crs) else None


def _agreed(places: Sequence[Place | None]) -> list[Place]:
    """Return the places of the most layers that lie together."""
    known = [place for place in places if place is not None]
    groups = [[other for other in known if among(other, [place])] for place in known]
    return max(groups, key=len, default=[])


def _settle(
    role: str,
    layer: ForeignLayer,
    bounds: Bounds,
    others: Sequence[Place],
    known: Sequence[tuple[pyproj.CRS, Bounds]],
    given: pyproj.CRS | None,
) -> tuple[Placed | None, tuple[Problem, ...]]:
    """Settle the CRS of one layer that has coordinates; None where nothing decides it."""
    account = Account(role, layer.source)
    x, y = round(bounds[0], 1), round(bounds[1], 1)
    usable = layer.crs is not None and leads_to_degrees(layer.crs)
    if layer.crs is not None and usable:
        used = () if layer.crs_told else [crs for crs, _ in known]
        reading, sensible = better_reading(bounds, layer.crs, others, used)
        if sensible:
            if reading.why:
                facts: dict[str, Fact] = {"crs": crs_name(layer.crs), "x": x, "y": y}
                facts |= {"zone": abs(reading.zone), "read": crs_name(reading.crs)}
                account.note(reading.why, Severity.WARNING, (), **facts)
            return _read(role, layer, bounds, reading, account), account.problems
        account.note("crs_contradicted", Severity.WARNING, crs=crs_name(layer.crs), x=x, y=y)
    elif layer.crs is not None:
        account.note("crs_unusable", Severity.WARNING, crs=crs_name(layer.crs))
    decided = decide_missing_crs(bounds, known, given)
    if decided is not None:
        crs, why = decided
        severity = Severity.INFO if why == "given" else Severity.WARNING
        account.note(f"crs_assumed_{why}", severity, crs=crs_name(crs))
        return _read(role, layer, bounds, Reading(crs), account), account.problems
    guess = None if given is not None else reading_without_crs(bounds, others)
    if guess is None:
        account.note("layer_without_crs", Severity.ERROR, x=x, y=y)
        return None, account.problems
    account.note(guess.why, Severity.WARNING, crs=crs_name(guess.crs), x=x, y=y)
    return _read(role, layer, bounds, guess, account), account.problems


def _read(
    role: str, layer: ForeignLayer, bounds: Bounds, reading: Reading, account: Account
) -> Placed:
    """Return a layer with its coordinates read so; say where its datum's shift is not known."""
    if shift_is_unknown(reading.bounds(bounds), reading.crs):
        account.note("datum_shift_unknown", Severity.WARNING, crs=crs_name(reading.crs))
    stated = crs_name(layer.crs)
    return role, replace(layer, frame=reading.applied(layer.frame), stated_crs=stated), reading.crs


def metric_crs(
    placed: Sequence[Placed], given: pyproj.CRS | None
) -> tuple[pyproj.CRS, tuple[Problem, ...]]:
    """Choose the district's CRS from where its most important layer lies.

    Parameters
    ----------
    placed
        At least one of them with features.
    given
        The user's word, kept where it is a local metric CRS.

    Raises
    ------
    LayerError
        ``coordinates_outside_crs``, ``crs_not_metric_here``.
    """
    order = {role: rank for rank, role in enumerate(PLACE_ORDER)}
    filled = [entry for entry in placed if bounds_of(entry[1].frame) is not None]
    ranked = sorted(filled, key=lambda entry: order.get(entry[0], len(order)))
    _, first, crs = ranked[0]
    x, y = middle_of_features(first.frame) or (math.nan, math.nan)
    longitude, latitude = transformer(crs).transform(x, y)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise refusal("coordinates_outside_crs", first.file, crs=crs_name(crs))
    if given is not None and given.is_projected and not is_local_metric(given, longitude, latitude):
        raise refusal("crs_not_metric_here", first.file, crs=crs_name(given))
    candidates = [c for c in (given, *(entry[2] for entry in ranked)) if c is not None]
    chosen = choose_metric_crs(longitude, latitude, candidates)
    account = Account("")
    key = "crs_kept" if any(chosen.equals(c) for c in candidates) else "crs_chosen"
    account.note(key, Severity.INFO, crs=chosen.name, code=crs_name(chosen))
    return chosen, account.problems
