"""The questions a client file asks, one after another on the same draws, with the reason where one has no answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from drivers.analyses.chain import ValueChain, value_chain
from drivers.analyses.comparison import OutcomeComparison, outcome_comparison
from drivers.analyses.contract import ContractLifetime
from drivers.analyses.curves import EffectCurves, effect_curves
from drivers.analyses.groups import thresholds
from drivers.analyses.halo import RatingHalo, rating_halo
from drivers.analyses.importance import DriverImportance, driver_importance
from drivers.analyses.improvement import planned_improvements
from drivers.analyses.intention import IntentionLink, intention_link, no_link_notice
from drivers.analyses.lifetimes import client_lifetime, rising_retention
from drivers.analyses.loyalty import RetentionLink, retention_link
from drivers.analyses.margins import falling_margin
from drivers.analyses.missing import MissingSensitivity, missing_sensitivity
from drivers.analyses.movement import Potential
from drivers.analyses.necessity import NecessaryConditions, necessary_conditions
from drivers.analyses.notice import Notice
from drivers.analyses.paths import PathModel, path_model, path_priorities
from drivers.analyses.policy import missing_answers
from drivers.analyses.priorities import DriverPriorities, driver_priorities
from drivers.analyses.promoter import NetPromoter, net_promoter
from drivers.analyses.prospects import Prospects, money_confidence, money_prospects
from drivers.analyses.purchases import PurchaseLifetime
from drivers.analyses.reasons import NO_AMOUNT, NO_ORDER, NO_RISE, NOT_ASKED, TOO_FEW, UNRANKED, WRONG_ASPECTS
from drivers.analyses.robustness import DriverRobustness, driver_robustness
from drivers.analyses.screens import ScreeningRules
from drivers.analyses.segments import SegmentImportance, segment_importance
from drivers.analyses.shape import DriverShapes, driver_shapes
from drivers.analyses.stated import StatedImportance, stated_importance
from drivers.analyses.terms import value_terms
from drivers.analyses.twins import united_survey
from drivers.analyses.value import SatisfactionValue, satisfaction_value
from drivers.client import Client
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence


class Questions:
    """Asks one question after another on the same draws and keeps the reasons of those without an answer."""

    def __init__(self, survey: Survey, client: Client, resample: Resample) -> None:
        self.survey, self.client, self.resample = survey, client, resample
        self.unanswered: dict[str, Sentence] = {}
        self.notices: tuple[Notice, ...] = ()
        self.limits = thresholds(survey, client.satisfaction.satisfied, client.satisfaction.dissatisfied)

    def importance(self, found: Potential) -> DriverImportance | None:
        """The true drivers, unless the wrong things were measured."""
        if found.verdict in ("wrong_aspects", "undecided"):
            shown = WRONG_ASPECTS if found.cross_validated < found.bar else NO_RISE
            self.unanswered["drivers"] = TOO_FEW if found.verdict == "undecided" else shown
            return None
        return driver_importance(self.survey, self.resample, confidence=self.client.confidence)

    def outcomes(self, *, ranked: bool) -> OutcomeComparison | None:
        """Whether the ranking holds under other views of the outcome; not asked where no ranking is drawn."""
        if not ranked:
            return None
        asked = self.client.loyalty
        left = "left" if asked is not None and (asked.left or asked.stayed) else None
        limit, confidence = self.limits.satisfied, self.client.confidence
        try:
            return outcome_comparison(
                self.survey, self.resample, left_column=left, satisfied=limit, confidence=confidence
            )
        except EstimationError:  # drivers that follow from one another: said of the robustness
            return None

    def robustness(
        self, importance: DriverImportance | None, missing: MissingSensitivity | None
    ) -> tuple[DriverRobustness, RatingHalo] | tuple[None, None]:
        """How firm the ranking is, and what a general impression leaves of it; neither where no ranking is drawn."""
        if importance is None:
            self.unanswered["robustness"] = UNRANKED["robustness"]
            return None, None
        stated = self.client.quality
        rules = ScreeningRules(stated.too_fast_share, stated.too_fast_below)
        base = self.client.minimum_base
        try:
            firm = driver_robustness(
                self.survey, self.resample, importance=importance, missing=missing, rules=rules, minimum_base=base
            )
            return firm, rating_halo(self.survey, self.resample, importance=importance)
        except EstimationError as error:  # drivers that follow from one another
            self.unanswered["robustness"] = error.reason
            return None, None

    def shape(self, importance: DriverImportance | None) -> DriverShapes | None:
        """What a low and a high rating of each driver go with; never for aspects that are the wrong ones."""
        if importance is None:
            self.unanswered["shape"] = UNRANKED["shape"]
            return None
        base, confidence = self.client.minimum_base, self.client.confidence
        try:
            return driver_shapes(self.survey, self.resample, confidence=confidence, minimum_base=base)
        except EstimationError as error:
            self.unanswered["shape"] = error.reason
            return None

    def curves(self, shape: DriverShapes | None) -> EffectCurves | None:
        """Whether the effects bend; only beside penalties and rewards."""
        if shape is None:
            return None
        try:
            return effect_curves(self.survey, self.resample, confidence=self.client.confidence)
        except EstimationError:  # of available answers, in the columns of the curves alone
            return None

    def necessity(self, shape: DriverShapes | None) -> NecessaryConditions | None:
        """Without which ratings hardly anybody is satisfied; on permutations from the client file's seed."""
        if shape is None:
            return None
        rng = np.random.default_rng(self.client.seed).spawn(1)[0]
        base = self.client.minimum_base
        united = united_survey(self.survey, self.resample)
        return necessary_conditions(united, rng, limits=self.limits, minimum_base=base)

    def priorities(self, importance: DriverImportance | None) -> DriverPriorities | None:
        """What to fix first, where a ranking is drawn."""
        if importance is None:
            self.unanswered["priorities"] = NO_ORDER
            return None
        try:
            return driver_priorities(self.survey, self.resample, confidence=self.client.confidence)
        except EstimationError as error:
            self.unanswered["priorities"] = error.reason
            return None

    def stated(self, importance: DriverImportance | None) -> StatedImportance | None:
        """Stated beside derived importance, where it was asked and a ranking is drawn."""
        if importance is None or not self.survey.stated:
            return None
        try:
            return stated_importance(self.survey, self.resample, confidence=self.client.confidence)
        except EstimationError as error:
            self.unanswered["stated"] = error.reason
            return None

    def paths(self, importance: DriverImportance | None) -> PathModel | None:
        """Which aspects work through others, where the client file draws arrows and a ranking is drawn."""
        if importance is None or self.survey.paths is None:
            return None
        try:
            return path_model(self.survey, self.resample, confidence=self.client.confidence)
        except EstimationError as error:
            self.unanswered["paths"] = error.reason
            return None

    def path_priorities(self, model: PathModel | None) -> DriverPriorities | None:
        """What to fix first when aspects work through others."""
        try:
            return path_priorities(model) if model is not None else None
        except EstimationError:
            return None

    def missing(self, *, ranked: bool) -> MissingSensitivity | None:
        """How the ranking depends on missing answers, if there are any; without shares where no ranking is drawn."""
        columns = [*self.survey.controls, *self.survey.drivers]
        if not missing_answers(self.survey, columns, self.survey.outcome).any():
            return None
        found = missing_sensitivity(self.survey, self.resample)
        return found if ranked else replace(found, table=found.table.iloc[:0], leaders=(), top_changes=())

    def segments(self, *, ranked: bool) -> tuple[SegmentImportance, ...]:
        """What drives satisfaction in each group of customers, for every column that the client file names."""
        found, reasons = [], []
        for column in self.survey.segments if ranked else ():
            try:
                found.append(self._segment(column))
            except EstimationError as error:
                reasons.append(error.reason)
        if found:
            self.notices = (*self.notices, *(Notice("segments", reason) for reason in reasons))
        else:
            none = NOT_ASKED["groups"] if ranked else UNRANKED["groups"]
            self.unanswered["groups"] = reasons[0] if reasons else none
        return tuple(found)

    def _segment(self, column: str) -> SegmentImportance:
        base, confidence, columns = self.client.minimum_base, self.client.confidence, len(self.survey.segments)
        return segment_importance(
            self.survey, column, self.resample, minimum_base=base, confidence=confidence, columns=columns
        )

    def loyalty(self) -> RetentionLink | None:
        """The link to leaving, if the client file names a column for it and the data carry it."""
        asked = self.client.loyalty
        if asked is None or (asked.left is None and asked.stayed is None):
            self.unanswered["loyalty"] = NOT_ASKED["loyalty"]
            return None
        base, confidence = self.client.minimum_base, self.client.confidence
        try:
            return retention_link(
                self.survey, self.resample, minimum_base=base, limits=self.limits, confidence=confidence
            )
        except EstimationError as error:
            self.unanswered["loyalty"] = error.reason
            return None

    def intention(self) -> IntentionLink | None:
        """The link to a stated intention, if the client file names one."""
        asked = self.client.loyalty
        if asked is None or asked.intention is None:
            return None
        try:
            return intention_link(self.survey, asked.intention, self.resample, confidence=self.client.confidence)
        except EstimationError:
            self.notices += (no_link_notice(self.survey, asked.intention),)
            return None

    def net_promoter(self) -> NetPromoter | None:
        """The net promoter score, if the client file names its question."""
        asked = self.client.loyalty
        if asked is None or asked.nps is None:
            return None
        try:
            return net_promoter(self.survey, asked.nps, confidence=self.client.confidence)
        except EstimationError as error:
            self.notices += (Notice("net_promoter", error.reason),)
            return None

    def value(self, link: RetentionLink | None) -> SatisfactionValue | None:
        """The extra value of satisfied customers."""
        if self.client.value is None or link is None:
            self.unanswered["value"] = NOT_ASKED["value" if self.client.value is None else "value_loyalty"]
            return None
        base, confidence = self.client.minimum_base, money_confidence(self.client)
        terms = value_terms(self.client)
        self.notices += falling_margin(link, terms, confidence)
        try:
            return satisfaction_value(link, terms, minimum_base=base, confidence=confidence)
        except EstimationError as error:
            self.unanswered["value"] = error.reason
            return None

    def lifetime(self, link: RetentionLink | None) -> ContractLifetime | PurchaseLifetime | None:
        """What a customer is worth by the history that the client file names, if it names one."""
        found = None
        try:
            found = client_lifetime(self.survey, self.client)
        except EstimationError as error:
            self.unanswered["lifetime"] = error.reason
        constant = self.client.value is not None and self.client.value.tenure is None
        valued = link if constant and "value" not in self.unanswered else None
        self.notices = (*self.notices, *(found.notices if found else ()), *rising_retention(valued, found))
        return found

    def chain(self, link: RetentionLink | None, importance: DriverImportance | None) -> ValueChain | None:
        """Each driver in money; never for aspects that are the wrong ones."""
        if link is None or importance is None or self.client.value is None:
            self.unanswered["plan"] = NO_AMOUNT if importance is None else NOT_ASKED["chain"]
            return None
        plan = {d: replace(p, cost=None) for d, p in planned_improvements(self.client).items()}  # costs: see prospects
        try:
            return value_chain(link, value_terms(self.client), plan, confidence=money_confidence(self.client))
        except EstimationError as error:
            self.unanswered["plan"] = error.reason
            return None

    def prospects(self, link: RetentionLink | None, chain: ValueChain | None) -> Prospects:
        """Whether the plans pay, and what a simulation needs; nothing where no driver is expressed in money."""
        if link is None or chain is None:
            return Prospects()
        return money_prospects(link, value_terms(self.client), self.client)
