"""What will a report on this wave rest on, and warn of? Told before any resample is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.cautions import overlap_notices, small_base_notices
from drivers.analyses.groups import check_groups, satisfaction_groups, thresholds
from drivers.analyses.improvement import capped_notices, planned_improvements
from drivers.analyses.intention import intention_basis, no_link_notice
from drivers.analyses.leavers import LeavingAnswers, leaving_answers
from drivers.analyses.margins import margin_rows
from drivers.analyses.missing import compared_policies, costly_sentences, policy_notices, rule_notices
from drivers.analyses.movement import ENOUGH_PER_DRIVER
from drivers.analyses.notice import Notice
from drivers.analyses.policy import ENOUGH_KEPT, ChosenPolicy, chosen_policy
from drivers.analyses.promoter import net_promoter
from drivers.analyses.reliability import battery_notices
from drivers.analyses.slopes import slope_columns
from drivers.analyses.terms import known_margins, value_terms
from drivers.analyses.treatment import check_donors, policy_columns, policy_rows
from drivers.client import Client
from drivers.core.collinear import alike_groups
from drivers.core.design import kish_base
from drivers.core.linear import variance_inflation
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey
from drivers.wording import Sentence


@dataclass(frozen=True, slots=True, eq=False)
class ReportOutlook:
    """What a report on one wave will rest on and warn of, as far as that can be told without resamples.

    Attributes
    ----------
    policies
        One row a policy for missing answers: questionnaires it keeps, their share of those with an answer on
        satisfaction, and whether the report will use it.
    policy
        How missing answers will be treated, and why.
    base
        Questionnaires that the drivers will be computed on.
    notices
        What the report will say of missing answers, drivers, plans and batteries, in that order.
    unanswered
        Why a section of the report (loyalty, value) will have no result.
    """

    policies: pd.DataFrame
    policy: ChosenPolicy
    base: int
    notices: tuple[Notice, ...]
    unanswered: Mapping[str, Sentence]

    def __repr__(self) -> str:
        return f"ReportOutlook: {self.policy.name}, base {self.base}, {len(self.notices)} notices"


def report_outlook(survey: Survey, client: Client) -> ReportOutlook:
    """What will a report on this wave rest on, and warn of?

    A base of 244 of 696 means: the drivers will be those of 244 questionnaires, for the others left something open.

    Parameters
    ----------
    survey
        Who is left of the wave by the client file's word; see ``kept_survey``.
    client
        The checked client file.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers, so that there will be no report.
    SurveyError
        When recommendation is not answered by whole numbers.
    """
    rule = chosen_policy(survey, (*survey.controls, *survey.drivers), survey.outcome)
    rows = {policy: _rows(survey, policy) for policy in compared_policies(rule)}
    return ReportOutlook(
        policies=_policy_table(survey, rows, rule),
        policy=rule,
        base=int(rows[rule.name].sum()),
        notices=(*_driver_notices(survey, rule, rows[rule.name], client), *_loyalty_notices(survey, client)),
        unanswered=_unanswered(survey, client),
    )


def _rows(survey: Survey, policy: MissingPolicy) -> np.ndarray:
    return policy_rows(policy_columns(survey, survey.drivers, survey.outcome, policy), policy)


def _policy_table(survey: Survey, rows: Mapping[MissingPolicy, np.ndarray], rule: ChosenPolicy) -> pd.DataFrame:
    answered = int(survey.complete([survey.outcome]).sum())
    return pd.DataFrame(
        {
            "policy": list(rows),
            "base": [int(inside.sum()) for inside in rows.values()],
            "kept_share": [inside.sum() / answered if answered else np.nan for inside in rows.values()],
            "chosen": [policy == rule.name for policy in rows],
        }
    )


def _driver_notices(survey: Survey, rule: ChosenPolicy, rows: np.ndarray, client: Client) -> Iterator[Notice]:
    basis = _stand_in(survey) if rule.name == "imputed" else linear_basis(survey)
    own = basis is not None and rule.name != "imputed"
    yield from policy_notices(survey, basis) if own and basis else rule_notices(survey, rule)
    if rule.kept >= ENOUGH_KEPT:
        yield from (Notice("missing", text) for text in costly_sentences(survey, rule))
    effective = float(basis.moments.effective_base) if own and basis else kish_base(survey.weights[rows])
    yield from small_base_notices(int(rows.sum()), min(effective, float(rows.sum())), len(survey.drivers))
    if basis is not None:
        yield from _overlap(survey, basis, own, client.confidence)
        means = dict(zip(basis.drivers, basis.moments.mean[basis.controls : -1].tolist(), strict=True))
        yield from capped_notices(survey, means, planned_improvements(client))
    yield from battery_notices(survey)


def _stand_in(survey: Survey) -> LinearBasis | None:
    """A basis in place of the imputed one, as imputing takes longer than everything else together.

    That of the complete answers, or of the available ones where those are few.
    """
    columns = policy_columns(survey, survey.drivers, survey.outcome, "imputed")
    check_donors(survey, columns)
    enough = policy_rows(columns, "complete").sum() >= ENOUGH_PER_DRIVER * len(columns.names)
    try:
        return linear_basis(survey, policy="complete" if enough else "available")
    except EstimationError:
        return None


def _overlap(survey: Survey, basis: LinearBasis, own: bool, confidence: float) -> Iterator[Notice]:
    """Overlap of the drivers; whether it turns a sign only where the slopes are the report's and cost no jackknife.

    Whether a driver only seems to matter beside others (a suppressor) takes resamples, and is left to the report.
    """
    groups = alike_groups(basis.cross(basis.moments))
    if own and basis.policy.name != "available":
        columns = slope_columns(basis, confidence)
    else:
        overlap = variance_inflation(basis.moments.cross)[basis.controls :]
        columns = {"vif": overlap} | dict.fromkeys(_SLOPES, np.full(len(overlap), np.nan))
    names = {"label": [survey.labels.get(d, d) for d in basis.drivers], "members": [()] * len(basis.drivers)}
    frame = pd.DataFrame(names | columns | {"suppressor": False})
    grouped = [i for group in groups for i in group]
    return overlap_notices(frame.drop(index=grouped), survey, basis, groups)


_SLOPES = ("correlation", "slope", "slope_low", "slope_high")


def _loyalty_notices(survey: Survey, client: Client) -> Iterator[Notice]:
    """Why the net promoter score or the link to an intention will be missing."""
    asked = client.loyalty
    if asked and asked.intention:
        try:
            intention_basis(survey, asked.intention)
        except EstimationError:
            yield no_link_notice(survey, asked.intention)
    if asked and asked.nps:
        try:
            net_promoter(survey, asked.nps)
        except EstimationError as error:
            yield Notice("net_promoter", error.reason)


def _unanswered(survey: Survey, client: Client) -> dict[str, Sentence]:
    if client.leaving_column is None:
        return {}
    try:
        answers = leaving_answers(survey)
    except EstimationError as error:
        return {"loyalty": error.reason}
    try:
        _check_value(survey, client, answers)
    except EstimationError as error:
        return {"value": error.reason}
    return {}


def _check_value(survey: Survey, client: Client, answers: LeavingAnswers) -> None:
    if client.value is None:
        return
    stated = client.satisfaction
    known = np.isfinite(known_margins(survey, answers.index, client.value.margin_per_year))
    codes = satisfaction_groups(answers.x[:, 1], thresholds(survey, stated.satisfied, stated.dissatisfied))
    check_groups(codes, known, client.minimum_base)
    terms = value_terms(client)
    if terms.spent:
        margin_rows(survey, answers.index, answers.left, terms)
