"""Surveys and client files made for tests of the analyses: small, seeded, awkward where asked."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.core.resample import Resample
from drivers.survey.survey import Scale, Survey

SLOPES = (0.5, 0.3, 0.1)


def made_survey(n=300, *, slopes=SLOPES, seed=0, scale=(1, 10), tenure=True, halo=0.5):
    """Ratings d0, d1 … that cause `csat`; who left, margin and intention; `tenure` as a control."""
    rng = np.random.default_rng(seed)
    low, high = scale
    unit = (high - low) / 9
    common = rng.normal(size=(n, 1))
    own = rng.normal(size=(n, len(slopes)))
    ratings = np.clip(np.rint(low + unit * (6 + 1.7 * (halo * common + np.sqrt(1 - halo**2) * own))), low, high)
    years = rng.gamma(2.0, 3.0, size=n).round(1)
    moved = (ratings - ratings.mean(axis=0)) @ np.array(slopes)
    csat = np.clip(
        np.rint(low + 6 * unit + moved + unit * (rng.normal(size=n) + 0.03 * (years - 6))),
        low,
        high,
    )
    odds = 1.3 - 0.42 * ((csat - low) / unit + 1) - 0.07 * years
    columns = {"csat": csat, **{f"d{j}": ratings[:, j] for j in range(len(slopes))}}
    columns |= {"tenure": years} if tenure else {}
    columns["left"] = rng.random(n) < 1 / (1 + np.exp(-odds))
    columns["margin"] = rng.lognormal(4.9, 0.4, size=n).round(2)
    columns["intent"] = np.clip(np.rint(csat + unit * rng.normal(size=n)), low, high)
    answers = pd.DataFrame(columns).astype(float)
    drivers = tuple(f"d{j}" for j in range(len(slopes)))
    return Survey(
        answers=answers,
        outcome="csat",
        drivers=drivers,
        controls=("tenure",) if tenure else (),
        labels=MappingProxyType({c: c for c in answers}),
        scales=MappingProxyType({c: Scale(low, high) for c in ("csat", "intent", *drivers)}),
        weights=np.ones(n),
    )


def with_answers(survey, **columns):
    """The same survey with these columns replaced or added."""
    return replace(survey, answers=survey.answers.assign(**columns))


def with_weights(survey, weights):
    return replace(survey, weights=np.asarray(weights, dtype=float), weighted=True)


def made_weights(n, seed=9):
    """Weights from 0 to 3, an eighth of them 0."""
    return np.random.default_rng(seed).choice([0.0, 0.5, 0.5, 1.0, 1.0, 1.0, 2.0, 3.0], size=n)


def repeated_draw(survey, seed=3, draws=20):
    """A resample whose draws are all the same one, so that both ends of an interval are that draw's number."""
    rng = np.random.default_rng(seed)
    units = None if survey.clusters is None else np.unique(survey.clusters, return_inverse=True)[1]
    size = survey.base if units is None else int(units.max()) + 1
    counts = np.bincount(rng.integers(size, size=size), minlength=size)
    return Resample(np.tile(counts.astype(np.uint8), (draws, 1)), units)


def drawn(survey, resample):
    """Weights (n,) of the respondents in the first draw."""
    return resample.weightings(survey.weights, 0, 1)[0]


def made_client(survey, *, draws=100, leaving=True, intention=False, plan=None, **keys):
    """A client file for a made survey."""
    items = {d: {"label": d} for d in survey.drivers} | {c: {"role": "control"} for c in survey.controls}
    scale = survey.scales[survey.outcome]
    loyalty = ({"left": "left"} if leaving else {}) | ({"intention": "intent"} if intention else {})
    document = {
        "client": "Made",
        "draws": draws,
        "survey": {"file": "made.csv"},
        "satisfaction": {"column": "csat", "scale": [scale.low, scale.high]},
        "drivers": {"items": items},
        **({"loyalty": loyalty} if loyalty else {}),
        **keys,
    }
    if leaving:
        document["value"] = {"margin_per_year": "margin", "discount_rate": 0.1, "horizon_years": 5, "customers": 10_000}
    return Client.model_validate(document | ({"plan": plan} if plan else {}))
