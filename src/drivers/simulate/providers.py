"""Client organisations of contact-centre providers, which do not exist: how they rate them, and the truth of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

LOW, HIGH = 1, 10
ORGANISATIONS, PROVIDERS = 300, 12
PROVIDERS_SEED = 20111204
POPULATION = 400_000

ATTRIBUTES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "friendly_agents": ("Vriendelijke medewerkers", 7.3),
        "reachability": ("Bereikbaarheid", 7.1),
        "reporting": ("Rapportage", 6.9),
        "product_knowledge": ("Kennis van onze producten", 6.6),
        "flexibility": ("Flexibiliteit", 6.4),
        "price": ("Prijs", 6.2),
        "proactivity": ("Komt zelf met verbeteringen", 5.0),
    }
)
"""Printed name and mean of each attribute before it is rounded; proactivity is the lowest."""

_SPREAD, _RECOMMEND, _RECOMMEND_SPREAD = 1.6, 6.1, 1.9
_QUALITY = (-0.05, 0.14, -0.25, 0.35, 0.01, -0.14, 0.25, -0.01, -0.35, 0.05, 0.09, -0.09)
"""How much better or worse each provider is, in standard deviations of an opinion."""
_ORGANISATION, _PERSON = 0.55, 0.40  # parts of an opinion, as standard deviations
_OWN = float(np.sqrt(1 - np.var(_QUALITY) - _ORGANISATION**2 - _PERSON**2))
_MISSING = 0.04
_RESPONDENTS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class ProvidersTruth:
    """What a correct analysis of `providers_survey` must find.

    Attributes
    ----------
    score, recommend_share
        Net promoter score, and share that would recommend (9 or 10), as fractions.
    means
        Mean recorded rating of each attribute.
    """

    score: float
    recommend_share: float
    means: Mapping[str, float]


def providers_survey(
    rng: np.random.Generator, organisations: int = ORGANISATIONS, *, alike: bool = False
) -> pd.DataFrame:
    """What do client organisations answer on their provider?

    Parameters
    ----------
    rng
        Source of all randomness.
    organisations
        Client organisations; one to four people answer in each.
    alike
        The null twin: all attributes have the same mean, so that providers score worst on none, and all providers are
        equally good.

    Returns
    -------
    pd.DataFrame
        One row a respondent: organisation (a code), provider (a code), the attributes (1 to 10, 4% missing) and
        recommend (0 to 10).
    """
    people = rng.choice(_RESPONDENTS, organisations)
    organisation = np.repeat(np.arange(organisations), people)
    provider = (np.arange(organisations) % PROVIDERS)[organisation]
    quality = np.zeros(PROVIDERS) if alike else np.array(_QUALITY)
    opinion = quality[provider] + _ORGANISATION * rng.standard_normal(organisations)[organisation]
    opinion = opinion + _PERSON * rng.standard_normal(len(organisation))
    return _answers(rng, organisation, provider, opinion, alike=alike)


def providers_truth(rng: np.random.Generator, population: int = POPULATION) -> ProvidersTruth:
    """What would be found if so many organisations of the same providers answered?"""
    n = np.arange(population)
    opinion = float(np.hypot(_ORGANISATION, _PERSON)) * rng.standard_normal(population)
    frame = _answers(rng, n, n % PROVIDERS, opinion + np.array(_QUALITY)[n % PROVIDERS], alike=False)
    promoters, detractors = frame["recommend"] >= 9, frame["recommend"] <= 6
    means = frame[list(ATTRIBUTES)].mean()
    return ProvidersTruth(
        float(promoters.mean() - detractors.mean()),
        float(promoters.mean()),
        MappingProxyType({name: float(mean) for name, mean in means.items()}),
    )


def _answers(
    rng: np.random.Generator, organisation: np.ndarray, provider: np.ndarray, opinion: np.ndarray, *, alike: bool
) -> pd.DataFrame:
    n, same = len(opinion), float(np.mean([mean for _, mean in ATTRIBUTES.values()]))
    columns: dict[str, object] = {
        "organisation": [f"C{k + 1:04d}" for k in organisation],
        "provider": [f"P{k + 1:02d}" for k in provider],
    }
    for name, (_, mean) in ATTRIBUTES.items():
        rating = (same if alike else mean) + _SPREAD * (opinion + _OWN * rng.standard_normal(n))
        columns[name] = np.where(rng.random(n) < _MISSING, np.nan, np.clip(np.rint(rating), LOW, HIGH))
    recommend = _RECOMMEND + _RECOMMEND_SPREAD * (opinion + _OWN * rng.standard_normal(n))
    columns["recommend"] = np.clip(np.rint(recommend), 0, HIGH).astype(int)
    return pd.DataFrame(columns)


def write_providers(folder: Path, seed: int = PROVIDERS_SEED) -> str:
    """Write providers.csv into the folder of a client; returns what its README says of it.

    Parameters
    ----------
    folder
        Where to, made if it is not there.
    seed
        Of all randomness in the file; the truth's population is drawn from a child of the same generator.
    """
    frame = providers_survey(np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "providers.csv", index=False, float_format="%g", lineterminator="\n")
    truth = providers_truth(np.random.default_rng(seed).spawn(1)[0])
    rows = "\n".join(f"| `{name}` | {mean:.2f} |" for name, mean in sorted(truth.means.items(), key=lambda m: m[1]))
    return _TEXT.format(
        organisations=ORGANISATIONS,
        respondents=len(frame),
        providers=PROVIDERS,
        seed=seed,
        population=f"{POPULATION:,}",
        score=f"{100 * truth.score:.1f}",
        share=f"{truth.recommend_share:.1%}",
        rows=rows,
    )


_TEXT = """\
## Would you recommend your provider

`providers.csv` (one row a respondent, no names), seed {seed}.

- **Who**: {respondents} people of {organisations} client organisations rate the one of {providers} contact-centre
  providers that works for them; one to four people answer in each organisation, and answers of one organisation are
  alike.
- **Answers** 1 to 10, whole points; 4% of each are missing at random. Some providers are better than others.
- **Truth**, over {population} simulated organisations of the same providers: {share} would recommend (9 or 10), the
  net promoter score is {score}, and proactivity scores worst.

| attribute | mean recorded rating |
| --- | --- |
{rows}

The null twin, `providers_survey(rng, alike=True)`, has one mean for all attributes and equally good providers; neither
a worst attribute nor a difference between providers may be shown there. As reported in a study of 2009: few firms would
recommend their provider, and proactivity scores worst. That is taken here as the truth; it is no finding of this
package.
"""
