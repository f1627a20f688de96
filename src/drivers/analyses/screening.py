"""Can the answers be trusted, and would the drivers be others without those that stand out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.disclosure import coarse_count
from drivers.analyses.screens import SCREENS, Screen, ScreeningRules, respondent_screens, singled_out
from drivers.core.dominance import general_dominance
from drivers.core.moments import Moments
from drivers.core.relative import relative_weights
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

TOP = 5
ORDERED = 3
ANY, REPEATED = "any", "duplicate_respondents"
MOST_EXACT = 18
"""Drivers up to which shares are LMG's; a dozen lattices of more would take seconds, so relative weights serve then."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerScreening:
    """How many respondents stand out on each check of their answers, and what changes without them.

    Attributes
    ----------
    table
        One row a check that this survey allows, and ``any`` for all but repeated respondents together: respondents
        singled out, their weighted share, whether they were left out, and whether the order of the first three
        drivers is another without them. A group under the minimum base is counted as fewer than that: flagged and
        flagged_share are NaN. Where there is one, those of ``any`` are rounded to multiples of the minimum base.
    robustness
        For each check that singles somebody out, and ``any``: the share of the explanation of the five largest
        drivers with all respondents and without those. Shares without a group under the minimum base are rounded to
        whole percents. Empty where no ranking is drawn.
    not_checked
        Checks that this survey does not allow: no such column, no battery, too few aspects.
    excluded
        Checks whose respondents the client file leaves out.
    excluded_rows
        Respondents left out by them; null if fewer than the minimum base, rounded to multiples of it where the group
        of one of these checks is smaller.
    base
        Respondents screened, unweighted; rounded where `excluded_rows` is not exact.
    minimum_base
        Respondents from which a group is counted exactly.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    robustness: pd.DataFrame
    not_checked: tuple[str, ...]
    excluded: tuple[str, ...]
    excluded_rows: int | None
    base: int
    minimum_base: int
    method: Sentence

    def __repr__(self) -> str:
        worst = self.table.set_index("screen").loc[ANY]
        many = f"fewer than {self.minimum_base}" if worst["suppressed"] else f"{worst['flagged']:.0f}"
        gone = f"fewer than {self.minimum_base}" if self.excluded_rows is None else str(self.excluded_rows)
        return f"AnswerScreening: {many} of {self.base} respondents stand out; {gone} left out"


def answer_screening(
    survey: Survey,
    rules: ScreeningRules | None = None,
    *,
    exclude: Sequence[str] = (),
    minimum_base: int = 30,
    ranked: bool = True,
) -> AnswerScreening:
    """Which answers cannot be trusted, and what changes without them?

    A flagged share of 0.04 means: by weight, 4% of the respondents stand out on this check. Standing out is no proof of
    carelessness: a customer may be content with everything.

    Parameters
    ----------
    survey
        The wave with everybody in it.
    rules
        Limits of the checks that a client file can set; default: under 48% of the median duration is too fast.
    exclude
        Checks whose respondents are left out of the results; ``drivers.analyses.exclusion`` does that.
    minimum_base
        Smaller groups are not counted exactly.
    ranked
        Whether the drivers may be ranked at all.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.
    """
    screens = _with_any(respondent_screens(survey, rules or ScreeningRules()), survey)
    robustness = _robustness(survey, screens) if ranked else pd.DataFrame(columns=_COMPARED)
    table = _counted(survey, screens, exclude, minimum_base)
    table["order_changes"] = [_order_changes(robustness, s.name) for s in screens]
    small = set(table.loc[table["suppressed"], "screen"])
    out, screened = int(singled_out(screens, exclude, survey.base).sum()), int((survey.weights > 0).sum())
    gone, base = _left_out(table, out, screened, minimum_base)
    return AnswerScreening(
        table=table,
        robustness=_coarse(robustness[robustness["driver"].isin(_leading(robustness, TOP))], small),
        not_checked=tuple(name for name in SCREENS if name not in {s.name for s in screens}),
        excluded=tuple(s.name for s in screens if s.name in exclude),
        excluded_rows=gone,
        base=base,
        minimum_base=minimum_base,
        method=_method(survey),
    )


def _with_any(screens: tuple[Screen, ...], survey: Survey) -> tuple[Screen, ...]:
    """The checks and their union. To answer again is no sign of carelessness, and sampling may have meant it."""
    careless = [s.name for s in screens if s.name != REPEATED]
    rule = sentence("at least one of these checks") if len(careless) == len(screens) else sentence(_ANY_OTHER)
    return (*screens, Screen(ANY, rule, singled_out(screens, careless, survey.base)))


_ANY_OTHER = "at least one of these checks, leaving aside who had answered before"


def _counted(survey: Survey, screens: Sequence[Screen], exclude: Sequence[str], minimum_base: int) -> pd.DataFrame:
    """One row a check: whom it singles out, as exactly as may be told."""
    count = np.array([float(s.flags.sum()) for s in screens])
    share = np.array([float(survey.weights[s.flags].sum()) for s in screens]) / survey.weights.sum()
    hidden = (count > 0) & (count < minimum_base)
    whole = np.array([s.name == ANY for s in screens])
    coarse = whole & ~hidden & hidden.any()
    base = int((survey.weights > 0).sum())
    rounded = [coarse_count(n, minimum_base) for n in count]
    rough = [coarse_count(base * x, minimum_base) / base for x in share]
    return pd.DataFrame(
        {
            "screen": [s.name for s in screens],
            "rule": [s.rule for s in screens],
            "flagged": np.where(hidden, np.nan, np.where(coarse, rounded, count)),
            "flagged_share": np.where(hidden, np.nan, np.where(coarse, rough, share)),
            "suppressed": hidden,
            "rounded": coarse,
            "excluded": [s.name in exclude for s in screens],
        }
    )


def _left_out(table: pd.DataFrame, out: int, base: int, minimum_base: int) -> tuple[int | None, int]:
    """How many were left out and screened; coarse where the one less the other would tell what is hidden."""
    if not (table["suppressed"] & table["excluded"]).any():
        return out, base
    gone = None if 0 < out < minimum_base else int(coarse_count(out, minimum_base))
    return gone, int(coarse_count(base, minimum_base))


_COMPARED = ["screen", "driver", "label", "share", "share_without"]


def _robustness(survey: Survey, screens: Sequence[Screen]) -> pd.DataFrame:
    """Shares of every driver with and without each group, largest share first within a group."""
    try:
        basis = linear_basis(survey, policy="complete")
    except EstimationError:
        return pd.DataFrame(columns=_COMPARED)
    chosen = [s for s in screens if s.flags[basis.rows].any() or s.name == ANY]
    kept = np.array([np.ones(basis.base), *(~s.flags[basis.rows] for s in chosen)])
    shares = _shares(basis, Moments.from_weightings(basis.names, basis.z, kept * basis.w))
    order = np.argsort(-shares[0], kind="stable")
    parts = [
        pd.DataFrame(
            {
                "screen": screen.name,
                "driver": np.array(basis.drivers, dtype=object)[order],
                "label": [survey.labels.get(basis.drivers[i], basis.drivers[i]) for i in order],
                "share": shares[0][order],
                "share_without": without[order],
            }
        )
        for screen, without in zip(chosen, shares[1:], strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _shares(basis: LinearBasis, moments: Moments) -> np.ndarray:
    """Shares of the explanation (s, p); NaN where too few are left to support the drivers."""
    if len(basis.drivers) <= MOST_EXACT:
        parts = general_dominance(moments.cross, controls=basis.controls)
    else:
        parts = relative_weights(basis.cross(moments))
    total = parts.sum(axis=-1, keepdims=True)
    enough = (moments.base > len(basis.names))[:, None] & (total > 0)
    return np.asarray(np.divide(parts, total, out=np.full_like(parts, np.nan), where=enough))


def _leading(robustness: pd.DataFrame, most: int) -> list[str]:
    return list(dict.fromkeys(robustness["driver"]))[:most]


def _order_changes(robustness: pd.DataFrame, screen: str) -> bool | None:
    """Whether the first three drivers are others, or in another order, without this group; None if not known."""
    rows = robustness[robustness["screen"] == screen]
    if robustness.empty or rows["share_without"].isna().any():
        return None
    if rows.empty:
        return False
    without = rows.sort_values("share_without", ascending=False, kind="stable")
    return list(without["driver"])[:ORDERED] != _leading(rows, ORDERED)


def _coarse(robustness: pd.DataFrame, small: set[str]) -> pd.DataFrame:
    """Whole percents without a small group: finer ones could tell what its members answered."""
    rounded = robustness["share_without"].astype(float).round(2)
    where = robustness["screen"].isin(small)
    return robustness.assign(share_without=robustness["share_without"].mask(where, rounded)).reset_index(drop=True)


def _method(survey: Survey) -> Sentence:
    exact = len(survey.drivers) <= MOST_EXACT
    return sentence(
        "Checks of the answers: each respondent counts once a check; shares without a group are {measure}, complete "
        "cases, without intervals. A check singles out, it does not prove carelessness.",
        measure=sentence("LMG (Shapley) shares") if exact else sentence("relative weights"),
    )
