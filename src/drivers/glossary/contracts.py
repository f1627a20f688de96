"""The columns of kinds of contract: gaps as they are and with other things equal, balance, slopes, promises."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

_HOLM = ("p, adjusted", "p, gecorrigeerd")

TERMS: tuple[Term, ...] = (
    term("contract_kind", "text", "Kind of contract.", "Contract", "Contract"),
    term("other_kind", "text", "The kind it is held against.", "Held against", "Vergeleken met"),
    term(
        "weighted_base",
        "count",
        "Effective number of organisations (Kish) under the weights that make the kinds of contract alike.",
        "Effective base, weighted alike",
        "Effectieve basis na weging",
    ),
    term(
        "rare_share",
        "share",
        "Share of all organisations that would have this kind of contract with a chance below 5%.",
        "Would hardly ever have it",
        "Zou dit zelden hebben",
    ),
    *spread(
        "contract_gap",
        "fine points",
        "Mean satisfaction of the kind less that of the other, as they are; the intervals of all pairs hold together.",
        "As they are, points",
        "Zoals ze zijn, punten",
    ),
    term("contract_gap_p", "probability", "P-value of contract_gap (Games-Howell).", "p", "p"),
    *spread(
        "hedges_g",
        "coefficient",
        "The gap as it is in standard deviations between organisations (Hedges' g).",
        "Hedges' g",
        "Hedges' g",
    ),
    *spread(
        "equal_gap",
        "fine points",
        "The gap with what is held equal the same, by regression.",
        "Other things equal, points",
        "Overige gelijk, punten",
    ),
    term("equal_gap_p", "probability", "P-value of equal_gap, adjusted for the number of pairs (Holm).", *_HOLM),
    *spread(
        "weighted_gap",
        "fine points",
        "The gap with the kinds weighted to be alike (inverse-probability weights).",
        "Weighted alike, points",
        "Gelijk gewogen, punten",
    ),
    term(
        "equivalence_p",
        "probability",
        "P-value that the gap lies outside the margin of equality, adjusted (Holm).",
        "p of equality",
        "p van gelijkheid",
    ),
    term(
        "contract_verdict",
        "text",
        "What is shown of equal_gap: higher, lower, equal (inside the margin) or not_shown.",
        "Verdict",
        "Oordeel",
    ),
    term(
        "balance_before",
        "coefficient",
        "Difference of the two kinds in this column, in standard deviations, as they are.",
        "As they are",
        "Zoals ze zijn",
    ),
    term(
        "balance_after",
        "coefficient",
        "The same after weighting; within 0.1 either way counts as alike.",
        "Weighted alike",
        "Gelijk gewogen",
    ),
    *spread(
        "contract_slope",
        "fine points",
        "Points of satisfaction that go with one point more of the driver under this kind of contract.",
        "One point more",
        "Eén punt meer",
    ),
    term(
        "contract_slope_p",
        "probability",
        "P-value that the slope is the same under all kinds of contract, adjusted (Holm).",
        *_HOLM,
    ),
    term("slopes_differ", "yes/no", "Whether it is shown that the slopes differ.", "Differs", "Verschilt"),
    term("operation", "text", "Column with the share of promises kept.", "Column", "Kolom"),
    term("mean_kept", "share", "Mean share of promises kept.", "Kept", "Nagekomen"),
    *spread(
        "ten_points",
        "fine points",
        "Points of satisfaction for ten percentage points more kept, ratings held constant.",
        "Ten points more, beside the ratings",
        "Tien procentpunt meer, naast de cijfers",
    ),
    term("ten_points_p", "probability", "P-value of ten_points, adjusted (Holm).", *_HOLM),
    *spread(
        "ten_points_whole",
        "fine points",
        "The same without holding the ratings constant.",
        "Ten points more, in all",
        "Tien procentpunt meer, in totaal",
    ),
    term("ten_points_whole_p", "probability", "P-value of ten_points_whole, adjusted (Holm).", *_HOLM),
)
