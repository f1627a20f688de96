"""The columns of what client organisations say of their providers."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("attribute", "text", "Column of the attribute of the providers.", "Attribute", "Kenmerk"),
    *spread("attribute_mean", "points", "Weighted mean rating of the attribute.", "Mean", "Gemiddelde"),
    *spread(
        "above_lowest",
        "fine points",
        "How far its mean lies above that of the lowest attribute.",
        "Above the lowest",
        "Boven het laagste",
    ),
    term(
        "lowest_probability",
        "probability",
        "Share of the resamples in which the attribute has the lowest mean.",
        "Chance of being the lowest",
        "Kans op de laagste plaats",
    ),
    term("provider", "text", "Provider that is rated.", "Provider", "Dienstverlener"),
    *spread(
        "provider_score",
        "percentage points",
        "Net promoter score of the provider, as a fraction.",
        "Net promoter score",
        "Net Promoter Score",
    ),
    *spread(
        "recommend_share",
        "share",
        "Share that would recommend the provider (9 or 10).",
        "Would recommend",
        "Zou aanbevelen",
    ),
)
