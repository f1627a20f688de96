"""Would a hidden cause explain why satisfied customers stay?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.loyalty import RetentionLink
from drivers.core.estimate import Bounds
from drivers.core.sensitivity import RARE, e_value, interval_e_value, risk_ratio_of_odds
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class LeavingSensitivity:
    """How strong a hidden cause would have to be to explain the link from satisfaction to leaving away.

    Attributes
    ----------
    table
        One row a comparison: "one_point" of satisfaction, and "groups", the satisfied with the dissatisfied (not there
        where either is under the minimum base). Risk ratio of leaving of the more satisfied with its interval, its
        E-value, and that of the end of the interval nearest to 1 (1: no link is shown).
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        last = self.table.iloc[-1]
        return f"LeavingSensitivity: E-value {last['e_value']:.2f}, of the interval {last['e_value_limit']:.2f}"


def leaving_sensitivity(link: RetentionLink) -> LeavingSensitivity:
    """Would a hidden cause explain why satisfied customers stay?

    An E-value of 3 means: a hidden cause would have to be three times as frequent among the satisfied and make
    leaving three times as rare (or the reverse), beyond the characteristics held constant, to explain the link away
    (VanderWeele and Ding 2017, doi:10.7326/M16-2607).

    Parameters
    ----------
    link
        What ``retention_link`` says.

    Raises
    ------
    EstimationError
        Never: a link that was estimated has E-values.

    Notes
    -----
    Between the groups the risk ratio is that of adjusted retention, in every draw; for one point it is the odds ratio
    where at most 15% left, else its root.
    """
    rows = [{"comparison": "one_point", **_row(_one_point(link))}]
    groups = _groups(link)
    if groups is not None:
        rows.append({"comparison": "groups", **_row(groups)})
    return LeavingSensitivity(
        table=pd.DataFrame(rows),
        base=link.base,
        effective_base=link.effective_base,
        confidence=link.confidence,
        method=sentence(
            "E-values (VanderWeele and Ding 2017): between groups from the ratio of the adjusted shares that left, for "
            "one point from the odds ratio, or its root where more than {rare:percent} left.",
            rare=RARE,
        ),
    )


def _one_point(link: RetentionLink) -> Bounds:
    row = link.table.set_index("term").loc[link.model.names[1]]
    odds = np.exp(row[["log_odds", "log_odds_low", "log_odds_high"]].to_numpy(dtype=float))
    return Bounds(*(float(x) for x in risk_ratio_of_odds(odds, 1.0 - link.retention)))


def _groups(link: RetentionLink) -> Bounds | None:
    rows = link.groups.set_index("group").loc[["satisfied", "dissatisfied"]]
    if rows["suppressed"].any():
        return None
    stayed = link.model.retention_at(rows["mean_satisfaction"].tolist())
    happy, unhappy = (kept * -1.0 + 1.0 for kept in stayed)
    return (happy / unhappy).bounds(link.confidence)


def _row(ratio: Bounds) -> dict[str, float]:
    known = np.isfinite([ratio.low, ratio.high]).all()
    limit = float(interval_e_value(np.array(ratio.low), np.array(ratio.high))) if known else float("nan")
    return {**ratio.named("risk_ratio"), "e_value": float(e_value(np.array(ratio.value))), "e_value_limit": limit}
