"""Where layers lie: the CRS of each as found or decided, and the one the district gets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pyproj

from layers.account import Account
from layers.crs import (
    WGS84,
    Bounds,
    bounds_of,
    choose_metric_crs,
    decide_missing_crs,
    fits,
    is_local_metric,
    leads_to_degrees,
    middle_of_features,
    transformer,
)
from layers.foreign import ForeignLayer, refusal
from layers.problems import Problem, Severity

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


def stated_places(layers: Iterable[ForeignLayer]) -> list[tuple[pyproj.CRS, Bounds]]:
    """Return CRS and bounds of the layers that state a CRS which their coordinates can have."""
    places = ((layer.crs, bounds_of(layer.frame)) for layer in layers)
    known = [(crs, box) for crs, box in places if crs is not None and box is not None]
    return [(crs, box) for crs, box in known if fits(box, crs) and leads_to_degrees(crs)]


def settle_crs(
    role: str,
    layer: ForeignLayer,
    stated: Sequence[tuple[pyproj.CRS, Bounds]],
    given: pyproj.CRS | None,
) -> tuple[pyproj.CRS | None, tuple[Problem, ...]]:
    """Settle the CRS of one layer, or None where nothing decides it (a problem says so).

    Parameters
    ----------
    role, layer
        The layer.
    stated
        CRS and bounds of the layers that state theirs.
    given
        The user's word for layers that state none.
    """
    account = Account(role, layer.source)
    bounds = bounds_of(layer.frame)
    if bounds is None:
        # Nothing to place: any CRS does, and the layer stays empty.
        return layer.crs or (stated[0][0] if stated else given) or WGS84, ()
    usable = layer.crs is not None and leads_to_degrees(layer.crs)
    if layer.crs is not None and usable and fits(bounds, layer.crs):
        return layer.crs, ()
    x, y = round(bounds[0], 1), round(bounds[1], 1)
    if layer.crs is not None and not usable:
        account.note("crs_unusable", Severity.WARNING, crs=crs_name(layer.crs))
    elif layer.crs is not None:
        account.note("crs_contradicted", Severity.WARNING, crs=crs_name(layer.crs), x=x, y=y)
    decided = decide_missing_crs(bounds, stated, given)
    if decided is None:
        account.note("layer_without_crs", Severity.ERROR, x=x, y=y)
        return None, account.problems
    crs, why = decided
    severity = Severity.INFO if why == "given" else Severity.WARNING
    account.note(f"crs_assumed_{why}", severity, crs=crs_name(crs))
    return crs, account.problems


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
