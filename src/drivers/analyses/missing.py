"""Do the missing answers decide the ranking? The drivers under every policy, and which item costs the sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from drivers.analyses.answers import AvailableAnswers
from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.notice import Notice
from drivers.analyses.policy import (
    ENOUGH_KEPT,
    MOST_IMPUTED,
    ChosenPolicy,
    chosen_policy,
    kept_without,
    missing_answers,
)
from drivers.analyses.twins import united_survey
from drivers.core.interval import ranks
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey
from drivers.wording import Sentence, sentence

TOP = 3
"""Ranks that a board acts on: when these change with the policy, the report says so."""

MOST_CELLS = 600_000
"""Answers up to which imputation is tried for comparison only; beyond, that alone would take minutes."""

_KEPT = (
    "Only {kept:percent} of the questionnaires with an answer on satisfaction are complete and count. Customers who "
    "left something open may think otherwise."
)
_COSTLY = (
    "{label} alone costs most of what is lost: {kept:percent} of the questionnaires with an answer on satisfaction are "
    "complete, without that question {without:percent} would be."
)
_IMPUTED = (
    "Only {kept:percent} of the questionnaires with an answer on satisfaction are complete. Open answers were "
    "estimated from the others (imputation), and the intervals allow for that."
)
_AVAILABLE = (
    "Only {kept:percent} of the questionnaires with an answer on satisfaction are complete. Each correlation rests on "
    "those who answered both questions, so on different customers."
)
_REPAIRED = (
    "The available answers contradicted one another; the nearest consistent correlations were taken, which moved one "
    "of them by {moved:number2}."
)


@dataclass(frozen=True, slots=True, eq=False)
class MissingSensitivity:
    """What each way of treating missing answers would make of the ranking.

    Attributes
    ----------
    table
        One row a driver and policy: its share of the explained variance and its rank; empty where drivers depend on one
        another.
    policies
        One row a policy: respondents it keeps, their share of those with an outcome, explained share of the
        differences, whether it was chosen, and why it has no result.
    losses
        One row a driver or control: share missing among respondents with an outcome, and the share of them who
        answered everything else.
    chosen
        The policy of the analysis.
    automatic
        Whether a rule chose it, not the client file.
    kept
        Share of the respondents with an outcome who answered everything.
    costly, kept_without
        Label of the item that alone costs at least half of those who are lost, null where none does; and the share
        of respondents kept without it.
    leaders
        Labels of the drivers that come first under one policy or another: one label where all agree.
    top_changes
        Labels of the drivers that are among the first three under one policy and not under another.
    base
        Respondents with an outcome, unweighted.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    policies: pd.DataFrame
    losses: pd.DataFrame
    chosen: str
    automatic: bool
    kept: float
    costly: str | None
    kept_without: float
    leaders: tuple[str, ...]
    top_changes: tuple[str, ...]
    base: int
    method: Sentence

    def __repr__(self) -> str:
        moved = f"; first three change for {', '.join(self.top_changes)}" if self.top_changes else ""
        return f"MissingSensitivity: {self.chosen}; {self.kept:.0%} of {self.base} answered everything{moved}"


def missing_sensitivity(survey: Survey, resample: Resample | None = None) -> MissingSensitivity:
    """Does the ranking depend on how missing answers are treated?

    A share of 0.18 (rank 3) under complete cases and 0.25 (rank 2) under available answers means: what the driver is
    worth depends on people who left something open, so its rank rests on an assumption about them.

    Parameters
    ----------
    survey
        The wave. "Does not apply" is compared only where the client file chose it: it assumes something else.
    resample
        The joint resample; gives the imputations of every other analysis on it.

    Raises
    ------
    EstimationError
        When not even the chosen policy can support the drivers.
    """
    resample = joint_resample(survey, draws=1) if resample is None else resample
    columns = (*survey.controls, *survey.drivers)
    rule = chosen_policy(survey, columns, survey.outcome)
    with_outcome = int(survey.complete([survey.outcome]).sum())
    united = _united(survey, resample)
    compared = survey if united is None else united
    found = {policy: _outcome_of(compared, resample, policy, rule) for policy in compared_policies(rule)}
    shares = {policy: _shares(compared, basis) for policy, basis in found.items() if isinstance(basis, LinearBasis)}
    table = pd.concat([frame.assign(policy=policy) for policy, frame in shares.items()], ignore_index=True)
    table = table if united is not None else table.iloc[:0]
    return MissingSensitivity(
        table=table[["driver", "label", "policy", "share", "rank"]],
        policies=pd.DataFrame([_policy_row(p, b, rule, with_outcome) for p, b in found.items()]),
        losses=_losses(survey, columns),
        chosen=rule.name,
        automatic=rule.automatic,
        kept=rule.kept,
        costly=None if rule.costly is None else survey.labels.get(rule.costly, rule.costly),
        kept_without=rule.kept_without,
        leaders=tuple(dict.fromkeys(table.loc[table["rank"] == 1, "label"])),
        top_changes=_top_changes(table),
        base=with_outcome,
        method=_method(),
    )


def policy_notices(survey: Survey, basis: LinearBasis) -> tuple[Notice, ...]:
    """What a reader must know about the missing answers behind this result."""
    found = list(_rule_sentences(survey, basis.policy))
    if isinstance(basis.answers, AvailableAnswers) and (moved := float(basis.answers.proper().moved)) > 0:
        found.append(sentence(_REPAIRED, moved=moved))
    return tuple(Notice("missing", s) for s in found)


def rule_notices(survey: Survey, rule: ChosenPolicy) -> tuple[Notice, ...]:
    """What a reader must know about the missing answers, whatever they give."""
    return tuple(Notice("missing", s) for s in _rule_sentences(survey, rule))


def _united(survey: Survey, resample: Resample) -> Survey | None:
    """The survey with twins as one driver; None where drivers depend on one another, so that none has a share alone."""
    try:
        return united_survey(survey, resample)
    except EstimationError:
        return None


def _rule_sentences(survey: Survey, rule: ChosenPolicy) -> Iterator[Sentence]:
    if rule.name == "imputed" and rule.kept < 1:
        yield sentence(_IMPUTED, kept=rule.kept)
    elif rule.name == "available" and rule.kept < 1:
        yield sentence(_AVAILABLE, kept=rule.kept)
    elif rule.name == "complete" and rule.kept < ENOUGH_KEPT:
        yield sentence(_KEPT, kept=rule.kept)
    if rule.kept < ENOUGH_KEPT and rule.name != "not_applicable":
        yield from costly_sentences(survey, rule)


def costly_sentences(survey: Survey, rule: ChosenPolicy) -> Iterator[Sentence]:
    """Which item alone costs most of the sample, if one does?"""
    if rule.costly is not None:
        label = survey.labels.get(rule.costly, rule.costly)
        yield sentence(_COSTLY, label=label, kept=rule.kept, without=rule.kept_without)


def compared_policies(rule: ChosenPolicy) -> tuple[MissingPolicy, ...]:
    """Which policies are worth comparing? "Does not apply" only where it was chosen: it assumes something else."""
    return tuple(p for p in get_args(MissingPolicy) if p != "not_applicable" or rule.name == p)


def _outcome_of(
    survey: Survey, resample: Resample, policy: MissingPolicy, rule: ChosenPolicy
) -> LinearBasis | EstimationError:
    if policy == "imputed" != rule.name and survey.base * len(survey.drivers) > MOST_CELLS:
        return EstimationError(
            sentence("Too many answers to impute for a comparison only. Choose it in the client file.")
        )
    try:
        return linear_basis(survey, resample=resample, policy=policy)
    except EstimationError as error:
        if policy == rule.name:
            raise
        return error


def _shares(survey: Survey, basis: LinearBasis) -> pd.DataFrame:
    worth = basis.pooled(basis.dominance)
    share = np.divide(worth, worth.sum(), out=np.full_like(worth, np.nan), where=worth.sum() > 0)
    labels = [survey.labels.get(d, d) for d in basis.drivers]
    rank = ranks(worth).astype(int)
    return pd.DataFrame({"driver": list(basis.drivers), "label": labels, "share": share, "rank": rank})


def _policy_row(
    policy: MissingPolicy, basis: LinearBasis | EstimationError, rule: ChosenPolicy, with_outcome: int
) -> dict[str, object]:
    row: dict[str, object] = {"policy": policy, "chosen": policy == rule.name}
    if isinstance(basis, EstimationError):
        return {
            **row,
            "base": 0,
            "effective_base": np.nan,
            "kept_share": 0.0,
            "explained": np.nan,
            "reason": str(basis),
        }
    return {
        **row,
        "base": basis.base,
        "effective_base": float(basis.moments.effective_base),
        "kept_share": basis.base / with_outcome,
        "explained": float(basis.pooled(basis.dominance).sum()),
        "reason": "",
    }


def _losses(survey: Survey, columns: tuple[str, ...]) -> pd.DataFrame:
    missing = missing_answers(survey, columns, survey.outcome)
    return pd.DataFrame(
        {
            "column": list(columns),
            "label": [survey.labels.get(c, c) for c in columns],
            "missing_share": missing.mean(axis=0),
            "kept_without": kept_without(missing),
        }
    ).sort_values("kept_without", ascending=False, kind="stable", ignore_index=True)


def _top_changes(table: pd.DataFrame) -> tuple[str, ...]:
    inside = (table["rank"] <= TOP).groupby(table["label"], sort=False)
    return tuple(str(label) for label in inside.any().index[inside.any() & ~inside.all()])


def _method() -> Sentence:
    return sentence(
        "LMG shares under each policy for missing answers: complete cases; available answers of each pair of columns; "
        "imputation by chained equations, shares averaged over the completions (Rubin's rules). Rule without a word "
        "from the client file: complete cases while they keep {enough:percent} of the respondents with an answer on "
        "satisfaction, else imputation while no column misses more than {most:percent}, else available answers.",
        enough=ENOUGH_KEPT,
        most=MOST_IMPUTED,
    )
