"""Do customers fare better or worse where contacts are short?"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ModelWarning

from drivers.analyses.basis import weights_phrase
from drivers.analyses.sites import SiteContacts
from drivers.core.multiplicity import adjusted_p
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

_SECONDS = 60.0
_LEAST = 2  # degrees of freedom without which nothing is said of a difference between centres


@dataclass(frozen=True, slots=True, eq=False)
class TalkTime:
    """What a minute of talk time goes with, between contact centres and within them.

    Attributes
    ----------
    table
        One row an outcome (satisfaction, first_time_fix) and level (between, within): what one minute longer goes
        with, with interval, p-value, p-value adjusted for the number of rows (Holm), and whether it is shown.
    centres
        One row a contact centre with enough contacts: site, mean talk time in minutes, mean satisfaction; of no name.
    degrees
        Degrees of freedom of what is between centres: centres less three.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    centres: pd.DataFrame
    degrees: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"TalkTime: a minute longer goes with {row['minute_effect']:+.2f} points of satisfaction between centres "
            f"({row['minute_effect_low']:+.2f} to {row['minute_effect_high']:+.2f})"
        )


def talk_time(contacts: SiteContacts, *, confidence: float = 0.95) -> TalkTime:
    """Do customers fare better or worse where contacts are short?

    An effect of 0.2 between centres means: of two centres at the same site, the one whose contacts last a minute
    longer on average has 0.2 points more satisfaction. Within a centre the same columns compare one contact with
    another, and long contacts may be the hard ones; so only the first says anything of steering on talk time, and it
    is an association.

    Parameters
    ----------
    contacts
        See ``site_contacts``; the plan must name talk time.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When talk time is not named, has too few answers, or too few centres have enough contacts.
    """
    plan, survey = contacts.plan, contacts.survey
    talk = plan.talk_time
    if talk is None or not contacts.carried(talk, survey.outcome):
        raise EstimationError(sentence("The client file names no talk time, or too few contacts have one."))
    outcomes = {"satisfaction": survey.outcome, "first_time_fix": plan.first_time_fix}
    asked = {name: c for name, c in outcomes.items() if c is not None and contacts.carried(talk, c)}
    levels = {name: _levels(contacts, talk, column, confidence) for name, column in asked.items()}
    table = pd.DataFrame([{"talk_outcome": name, **row} for name, rows in levels.items() for row in rows])
    table = table.sort_values("talk_level", kind="stable").reset_index(drop=True)
    adjusted = adjusted_p(table["p_value"].to_numpy(dtype=float), "holm")
    shown = _centre_means(contacts, talk, survey.outcome)
    return TalkTime(
        table=table.assign(p_adjusted=adjusted, shown=adjusted < 1 - confidence),
        centres=shown,
        degrees=len(shown) - 3,
        base=int(survey.complete([talk, survey.outcome]).sum()),
        confidence=confidence,
        method=_method(contacts, len(shown), confidence),
    )


def _levels(contacts: SiteContacts, talk: str, column: str, confidence: float) -> list[dict[str, object]]:
    y, minutes = contacts.column(column), contacts.column(talk) / _SECONDS
    rows = ~np.isnan(np.column_stack([y, minutes, contacts.mix])).any(axis=1)
    centre, w = np.asarray(contacts.survey.clusters)[rows], contacts.survey.weights[rows]
    columns = np.column_stack([minutes, contacts.mix, y])[rows]
    means = _means(columns, centre, w)
    inner = columns - means[centre]
    within = _fitted(sm.WLS(inner[:, -1], inner[:, :-1], weights=w), {"groups": centre})
    large = np.bincount(centre, minlength=len(means)) >= contacts.minimum_base
    site = np.array([contacts.plan.offshore[rows][centre == c].max(initial=0) for c in range(len(means))])
    level = means[:, -1] - means[:, 1:-1] @ within.params[1:]  # at an equal mix of customers
    design = np.column_stack([means[:, 0], site, np.ones(len(means))])[large]
    _check_centres(int(large.sum()), design)
    between = _fitted(sm.OLS(level[large], design), None)
    return [_row("between", between, confidence), _row("within", within, confidence)]


def _means(columns: np.ndarray, centre: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Weighted means (G, q) of each centre; NaN for one without contacts."""
    total = np.bincount(centre, w)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([np.bincount(centre, w * column) / total for column in columns.T], axis=1)


def _check_centres(centres: int, design: np.ndarray) -> None:
    if centres - 3 < _LEAST:
        raise EstimationError(
            sentence(
                "{n:count} contact centres have enough contacts; talk time can be compared between {least:count} or "
                "more.",
                n=centres,
                least=_LEAST + 3,
            )
        )
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise EstimationError(
            sentence("Talk time does not differ between the contact centres of a site, so it cannot be compared.")
        )


def _fitted(
    model: sm.regression.linear_model.WLS, groups: dict[str, np.ndarray] | None
) -> sm.regression.linear_model.RegressionResults:
    """The fit; errors by centre, with Student's t, where contacts of centres are compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        return model.fit() if groups is None else model.fit(cov_type="cluster", cov_kwds=groups, use_t=True)


def _row(level: str, fit: sm.regression.linear_model.RegressionResults, confidence: float) -> dict[str, object]:
    low, high = np.asarray(fit.conf_int(1 - confidence))[0]
    ends = {"minute_effect": fit.params[0], "minute_effect_low": low, "minute_effect_high": high}
    return {"talk_level": level, **{k: float(v) for k, v in ends.items()}, "p_value": float(fit.pvalues[0])}


def _centre_means(contacts: SiteContacts, talk: str, column: str) -> pd.DataFrame:
    rows = contacts.survey.complete([talk, column])
    centre = np.asarray(contacts.survey.clusters)[rows]
    columns = [contacts.column(talk) / _SECONDS, contacts.column(column), contacts.plan.offshore]
    means = _means(np.column_stack(columns)[rows], centre, contacts.survey.weights[rows])
    bases = np.bincount(centre)
    frame = pd.DataFrame(
        {
            "site": np.where(means[:, 2] > 0, "offshore", "onshore"),
            "talk_minutes": means[:, 0],
            "mean_satisfaction": means[:, 1],
            "base": bases,
        }
    )
    kept = frame[bases >= contacts.minimum_base]
    return kept.sort_values(["site", "talk_minutes"], ascending=[False, True]).reset_index(drop=True)


def _method(contacts: SiteContacts, centres: int, confidence: float) -> Sentence:
    held = contacts.mix_labels
    return sentence(
        "Talk time between centres: least squares over {centres:count} centres of the mean outcome{mix} on mean talk "
        "time and site, each centre once, Student's t with {degrees:count} degrees of freedom (Donald and Lang 2007). "
        "Within centres: contacts against the mean of their centre, {weights}, errors by centre. {confidence:percent} "
        "intervals; p-values adjusted for their number (Holm). Associations: centres do not differ in talk time "
        "alone.",
        centres=centres,
        mix=sentence(" at an equal mix ({names:list})", names=list(held)) if held else sentence(""),
        degrees=centres - 3,
        weights=weights_phrase(contacts.survey),
        confidence=confidence,
    )
