"""Who lives where: whole numbers of residents by age, from what kind of home it is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from layers.schema import AGE_BANDS
from sample_data.plan import frame

PROFILES = {
    # years up to: household size, share of homes lived in, shares of AGE_BANDS
    1979: (1.9, 0.80, (1.4, 1.5, 3.4, 4.0, 56.0, 26.0, 7.7)),
    1992: (1.95, 0.80, (1.7, 1.9, 4.3, 4.6, 57.0, 25.0, 5.5)),
    2000: (2.1, 0.83, (2.0, 2.3, 5.0, 5.2, 61.0, 20.8, 3.7)),
    2007: (2.35, 0.84, (2.5, 2.8, 6.0, 5.9, 66.3, 14.6, 1.9)),
    2100: (2.5, 0.77, (3.3, 3.8, 7.4, 5.9, 68.1, 10.4, 1.1)),
}
DISABLED = (0.035, 0.03, 0.035, 0.04, 0.042, 0.11, 0.24)
"""Share of people with disabilities in each age band; about 6 % overall."""


def settle(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add residents, age bands and people with disabilities."""
    rng = frame.random(4)
    years = np.array(list(PROFILES))
    which = np.searchsorted(years, buildings["built_year"].to_numpy())
    size, lived, shares = (np.array([p[k] for p in PROFILES.values()]) for k in range(3))
    dwellings = buildings["dwellings"].fillna(0).to_numpy()
    homes = dwellings * np.clip(lived[which] + rng.normal(0, 0.05, len(which)), 0.5, 0.98)
    residents = np.round(homes * size[which] * rng.normal(1, 0.06, len(which))).astype(int)
    tilt = _compound_tilt(buildings, rng)
    odds = shares[which] * np.exp(tilt)
    odds /= odds.sum(axis=1, keepdims=True)
    bands = rng.multinomial(np.maximum(residents, 0), odds)
    disabled = rng.binomial(bands, np.array(DISABLED)).sum(axis=1)
    result = buildings.copy()
    result["residents"] = bands.sum(axis=1).astype(float)
    for k, band in enumerate(AGE_BANDS):
        result[band] = bands[:, k].astype(float)
    result["disabled"] = disabled.astype(float)
    return result


def _compound_tilt(buildings: gpd.GeoDataFrame, rng: np.random.Generator) -> np.ndarray:
    """Let whole compounds be older or younger than their kind, as neighbours move in together."""
    codes, _ = buildings["parcel"].factorize()
    lean = rng.normal(0, 0.16, codes.max() + 1)[codes]
    slope = np.array([-0.9, -0.9, -0.7, -0.4, 0.0, 0.8, 1.0])
    return np.asarray(lean[:, None] * slope)
