"""Layers in the shifted coordinates of Chinese maps: found by trying them on other layers.

Nothing in a file says that its coordinates are GCJ-02 or BD-09, so a layer is laid over another as
it is and with either of them shifted (`layers.placing.datum_fit`), and, to know what pure chance
gives, moved as far into wrong directions. One layer that proves to be shifted is brought back.
Where the largest buildings and streets agree and others say that it is these that are shifted, a
person has to tell; so also where a layer is too small, or of too free a shape, to prove anything.

Names of columns, systems and files that state the datum decide (`layers.vocabulary.datum_words`).
Layers that all come from online maps fit each other wherever they are: that nothing bears witness
is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.files.foreign import ForeignLayer
from layers.geodesy.china_datum import DATUMS, UNSHIFT, Datum
from layers.geodesy.crs import WGS84, in_china, is_local_metric, middle_of_features, transformer
from layers.limits import limit
from layers.placing.datum_fit import Fit, best_fit, offset_m, says_anything
from layers.placing.settling import Placed
from layers.problems import Fact, Problem, Severity
from layers.project import is_project
from layers.vocabulary.datum_words import Statement, online_map_in, statement_of

DATUM_TAKEN_OFF = ("datum_found", "datum_stated", "datum_given")
"""Keys of what is said of layers that were brought back."""

_NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}


def settle_datums(
    placed: Sequence[Placed], given: Mapping[str, str], known: Sequence[Placed] = ()
) -> tuple[list[Placed], tuple[Problem, ...]]:
    """Bring layers in GCJ-02 or BD-09 to WGS 84: those that are named so, and those that prove it.

    Buildings and streets are tried on each other, then all other points and lines on these. What
    is proven is unshifted and said; what is only suspected stays, with the option that settles it.

    Parameters
    ----------
    placed
        Layers with the CRS that their coordinates are said to have.
    given
        The user's word: datum by layer name or file name.
    known
        Layers of a project that these go into, which lie where they should.
    """
    settled, problems = _settled([*placed, *known], given, len(placed))
    return settled[: len(placed)], problems


def _settled(
    placed: list[Placed], given: Mapping[str, str], count: int
) -> tuple[list[Placed], tuple[Problem, ...]]:
    """Settle the first `count` layers; those after them are known to lie where they should."""
    layers = list(placed)
    problems: list[Problem] = []
    named = [_given(layer, given) for _, layer, _ in layers[:count]]
    named += ["wgs84"] * (len(layers) - count)
    stated = [
        statement_of(place[1]) if told is None and _lies_in_china(place) else None
        for place, told in zip(layers, named, strict=True)
    ]
    names = {name for _, layer, _ in layers[:count] for name in _names(layer)}
    problems += [
        Problem("datum_of_no_layer", Severity.WARNING, source=name)
        for name in given
        if name not in names
    ]
    for number, datum in enumerate(named):
        if datum is not None and datum != "wgs84":
            layers[number], offset = _unshifted(layers[number], datum)
            problems.append(_said("datum_given", layers[number], datum, offset, Severity.INFO))
    for number, said in enumerate(stated):
        if said is not None and said.datum != "wgs84":
            layers[number], offset = _unshifted(layers[number], said.datum)
            severity = Severity.REPAIRED
            told = _said("datum_stated", layers[number], said.datum, offset, severity, said.by)
            problems.append(told)
    trial = _tried(layers, named, stated)
    if any(told is not None for told in (named[n] for n in trial.anchors if n < count)):
        trial.against.clear()  # a person has told where these lie
    for number, (fit, against) in trial.found.items():
        key, severity = "datum_suspected", Severity.ERROR
        if fit.passes("proven") and stated[number] is None:
            key, severity = "datum_found", Severity.REPAIRED
            layers[number], _ = _unshifted(layers[number], fit.datum)
        problems.append(_said(key, layers[number], fit.datum, fit.offset_m, severity, against))
    problems += _disagreement(layers, trial)
    for number in trial.untold:
        role, layer, _ = layers[number]
        account = Account(role, layer.source)
        count = len(layer.frame)
        account.note("datum_untested", Severity.WARNING, count=count, option=_option(layer))
        problems += account.problems
    if not (trial.found or trial.against or any(named) or any(stated)):
        problems += _without_witness(layers)
    return layers, tuple(problems)


def _without_witness(layers: Sequence[Placed]) -> tuple[Problem, ...]:
    """Say that layers which fit each other could all be shifted alike, where none is of a survey.

    Surveys come in metres or in CGCS2000, OpenStreetMap is in WGS 84: any such layer bears witness.
    """
    full = [place for place in layers if len(place[1].frame)]
    if not full or not all(_lies_in_china(place) for place in full):
        return ()
    if any(map(_bears_witness, full)):
        return ()
    signs = {layer.source: sign for _, layer, _ in full if (sign := online_map_in(layer))}
    facts: dict[str, Fact] = {"count": len(full)}
    facts["layers"] = ", ".join(layer.source for _, layer, _ in full)
    if not signs:
        return (Problem("datum_without_witness", Severity.INFO, facts=facts),)
    facts["signs"] = "; ".join(f"{source} ({sign})" for source, sign in signs.items())
    return (Problem("datum_all_online", Severity.WARNING, facts=facts),)


def _bears_witness(place: Placed) -> bool:
    """Tell whether a layer's system is a surveyor's, or it comes from what is in WGS 84."""
    _, layer, crs = place
    middle = transformer(crs).transform(*(middle_of_features(layer.frame) or (0.0, 0.0)))
    of_survey = crs.is_geographic and layer.stated_crs is None and WGS84.name not in crs.name
    in_metres = crs.is_projected and is_local_metric(crs, *middle)
    return in_metres or of_survey or layer.meets or is_project(layer.file)


def _names(layer: ForeignLayer) -> tuple[str, ...]:
    return layer.source, layer.name, layer.file.name, layer.file.stem


def _given(layer: ForeignLayer, given: Mapping[str, str]) -> Datum | None:
    for name in _names(layer):
        for datum in DATUMS:
            if given.get(name) == datum:
                return datum
    return None


def _said(
    key: str, place: Placed, datum: Datum, offset: float, severity: Severity, against: str = ""
) -> Problem:
    role, layer, _ = place
    account = Account(role, layer.source)
    account.note(
        key,
        severity,
        datum=_NAMES[datum],
        offset_m=round(offset),
        against=against,
        option=_option(layer, datum),
    )
    return account.problems[0]


def _option(layer: ForeignLayer, datum: Datum = "gcj02") -> str:
    return f"--datum {layer.name or layer.file.name}={datum}"


@dataclass
class _Trial:
    """What trying layers on others gave, by their place in the list.

    ``found`` are layers that fit another better unshifted; ``against`` those that fit the largest
    buildings or streets better if these are shifted; ``untold`` those that may come from an online
    map and that nothing tells of.
    """

    anchors: list[int] = field(default_factory=list)
    found: dict[int, tuple[Fit, str]] = field(default_factory=dict)
    against: dict[int, Fit] = field(default_factory=dict)
    untold: list[int] = field(default_factory=list)


def _disagreement(layers: Sequence[Placed], trial: _Trial) -> list[Problem]:
    """Say that layers fit only if the largest buildings and streets are the shifted ones."""
    if not trial.against:
        return []
    fit = max(trial.against.values(), key=lambda one: one.samples)
    shifted = [layers[number][1] for number in trial.anchors]
    account = Account("", ", ".join(layer.source for layer in shifted))
    account.note(
        "datum_groups_apart",
        Severity.ERROR,
        datum=_NAMES[fit.datum],
        offset_m=round(fit.offset_m),
        against=", ".join(layers[number][1].source for number in trial.against),
        option=" ".join(_option(layer, fit.datum) for layer in shifted),
    )
    return list(account.problems)


def _tried(
    layers: Sequence[Placed],
    named: Sequence[Datum | None],
    stated: Sequence[Statement | None],
) -> _Trial:
    """Try the largest buildings and streets on each other, and every other layer on these.

    Those that a person, a name or a project vouches for go before larger ones.
    """
    sure = [one is not None or other is not None for one, other in zip(named, stated, strict=True)]
    first = [_first(layers, role, sure) for role in ("buildings", "streets")]
    trial = _Trial([number for number in first if number is not None])
    if not trial.anchors or not _lies_in_china(layers[trial.anchors[0]]):
        return trial
    now = list(layers)
    if len(trial.anchors) == 2:
        one, other = trial.anchors
        for number, on in ((one, other), (other, one)):
            if not sure[number] and not trial.found:
                _try(number, [on], now, trial)
        trial.against.clear()  # either way round says the same
    for number in range(len(layers)):
        if named[number] is None and number not in trial.anchors:
            fits = _try(number, trial.anchors, now, trial)
            told = number in trial.found or number in trial.against
            if not told and not any(fit.stands for fit in fits) and _from_a_map(number, now, trial):
                trial.untold.append(number)
    return trial


def _try(number: int, anchors: Sequence[int], now: list[Placed], trial: _Trial) -> list[Fit]:
    """Try a layer on others; bring it back in `now` where it proves to be shifted."""
    fits = []
    for anchor in anchors:
        if not says_anything(now[number][0], now[anchor][0]):
            continue
        fit = best_fit(now[number], now[anchor])
        if fit is None:
            continue
        fits.append(fit)
        if not fit.passes("suspected"):
            continue
        if fit.of_other:
            trial.against.setdefault(number, fit)
        elif number not in trial.found or fit.passes("proven"):
            trial.found[number] = fit, now[anchor][1].source
        if fit.passes("proven") and not fit.of_other:
            now[number], _ = _unshifted(now[number], fit.datum)
            break
    if number in trial.found:
        trial.against.pop(number, None)
    return fits


def _from_a_map(number: int, layers: Sequence[Placed], trial: _Trial) -> bool:
    """Tell whether a layer may come from another source than the largest ones: an online map.

    Such data come in degrees; plans are drawn in metres.
    """
    role, layer, crs = layers[number]
    plans = [layers[anchor] for anchor in trial.anchors]
    of_one_kind = any(own.is_geographic or plan.file == layer.file for _, plan, own in plans)
    return bool(len(layer.frame)) and role != "trees" and crs.is_geographic and not of_one_kind


def _first(layers: Sequence[Placed], role: str, sure: Sequence[bool]) -> int | None:
    """Return the place of the role's layer with most features, of sure ones if they have enough."""
    enough = limit("datum", "proven_samples")
    sizes = {n: len(layer.frame) for n, (other, layer, _) in enumerate(layers) if other == role}
    filled = {n: size for n, size in sizes.items() if size}
    return max(filled, key=lambda n: (sure[n] and filled[n] >= enough, filled[n]), default=None)


def _lies_in_china(place: Placed) -> bool:
    middle = middle_of_features(place[1].frame)
    if middle is None:
        return False
    longitude, latitude = transformer(place[2]).transform(*middle)
    return bool(np.isfinite(longitude) and in_china(longitude, latitude))


def _unshifted(place: Placed, datum: Datum) -> tuple[Placed, float]:
    """Return a layer brought to WGS 84, in its own CRS, and by how many metres in the middle."""
    role, layer, crs = place
    there = transformer(crs)
    offsets: list[float] = []

    def _move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        degrees = np.column_stack(there.transform(coordinates[:, 0], coordinates[:, 1]))
        moved = np.column_stack(UNSHIFT[datum](degrees[:, 0], degrees[:, 1]))
        offsets.append(offset_m(degrees, moved))
        back = there.transform(moved[:, 0], moved[:, 1], direction="INVERSE")
        return np.column_stack(back)

    geometry = shapely.transform(np.asarray(layer.frame.geometry.array, dtype=object), _move)
    frame = layer.frame.set_geometry(geometry, crs=layer.frame.crs)
    return (role, replace(layer, frame=frame), crs), offsets[0] if offsets else 0.0
