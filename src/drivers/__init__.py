"""drivers: what really drives customer satisfaction, whether it keeps customers, and what that is worth.

Names are loaded on first use, so that ``import drivers`` and the command line start in a fraction of a second.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Client": "drivers.client",
    "Findings": "drivers.analyses.findings",
    "ModelTerms": "drivers.analyses.players",
    "IntentionRule": "drivers.analyses.scores",
    "LoyaltyQuestions": "drivers.analyses.scores",
    "LifetimeTerms": "drivers.analyses.lifetime_terms",
    "Outcome": "drivers.analyses.outcomes",
    "PlannedImprovement": "drivers.analyses.improvement",
    "ScreeningRules": "drivers.analyses.screens",
    "SiteTerms": "drivers.analyses.offshoring",
    "Survey": "drivers.survey.survey",
    "ValueTerms": "drivers.analyses.value",
    "budget_split": "drivers.analyses.budget",
    "plan_effect": "drivers.analyses.differences",
    "plan_return": "drivers.analyses.plan",
    "simulate_plan": "drivers.analyses.whatif",
    "what_if": "drivers.analyses.whatif",
    "what_if_panel": "drivers.present.panel",
    "TimeTerms": "drivers.analyses.followed",
    "asked_late": "drivers.analyses.lateness",
    "satisfaction_survival": "drivers.analyses.survival",
    "spending_link": "drivers.analyses.spending",
    "top_marks": "drivers.analyses.topmarks",
    "answer_quality": "drivers.analyses.quality",
    "answer_screening": "drivers.analyses.screening",
    "battery_reliability": "drivers.analyses.reliability",
    "case": "drivers.present.cases",
    "change_decomposition": "drivers.analyses.decomposition",
    "change_verdict": "drivers.analyses.verdict",
    "client_contacts": "drivers.analyses.moves",
    "client_findings": "drivers.analyses.findings",
    "driver_commonality": "drivers.analyses.commonality",
    "driver_dominance": "drivers.analyses.dominance",
    "driver_checks": "drivers.analyses.diagnosis",
    "driver_importance": "drivers.analyses.importance",
    "driver_robustness": "drivers.analyses.robustness",
    "driver_shapes": "drivers.analyses.shape",
    "early_warning": "drivers.analyses.watchlist",
    "exit_choice": "drivers.analyses.choice",
    "contract_comparison": "drivers.analyses.contracts",
    "effect_curves": "drivers.analyses.curves",
    "driver_priorities": "drivers.analyses.priorities",
    "explain": "drivers.present.verbs",
    "fit_contract_lifetime": "drivers.analyses.contract",
    "fit_hazard_lifetime": "drivers.analyses.hazard",
    "fit_purchase_lifetime": "drivers.analyses.purchases",
    "find_client": "drivers.client",
    "intention_link": "drivers.analyses.intention",
    "joint_resample": "drivers.analyses.basis",
    "layer_satisfaction": "drivers.analyses.layers",
    "leaving_prediction": "drivers.analyses.prediction",
    "leaving_sensitivity": "drivers.analyses.evalues",
    "load_client": "drivers.client",
    "load_survey": "drivers.survey.loading",
    "loyalty_change": "drivers.analyses.followup",
    "loyalty_measures": "drivers.analyses.measures",
    "measure_change": "drivers.analyses.measurechange",
    "measure_groups": "drivers.analyses.measuregroups",
    "missing_sensitivity": "drivers.analyses.missing",
    "necessary_conditions": "drivers.analyses.necessity",
    "net_promoter": "drivers.analyses.promoter",
    "outcome_comparison": "drivers.analyses.comparison",
    "outcome_importance": "drivers.analyses.ranking",
    "path_model": "drivers.analyses.paths",
    "path_priorities": "drivers.analyses.paths",
    "perception_gaps": "drivers.analyses.perception",
    "penalised_link": "drivers.analyses.penalised",
    "plan_worth": "drivers.analyses.followup",
    "plot": "drivers.present.verbs",
    "potential": "drivers.analyses.movement",
    "rate_changes": "drivers.analyses.rates",
    "provider_profile": "drivers.analyses.providers",
    "rating_halo": "drivers.analyses.halo",
    "respondents_needed": "drivers.analyses.power",
    "retention_link": "drivers.analyses.loyalty",
    "driver_mediation": "drivers.analyses.mediation",
    "satisfaction_zones": "drivers.analyses.zones",
    "satisfaction_value": "drivers.analyses.value",
    "screened_survey": "drivers.analyses.exclusion",
    "section": "drivers.present.sections",
    "stated_importance": "drivers.analyses.stated",
    "site_contacts": "drivers.analyses.sites",
    "site_gap": "drivers.analyses.sourcing",
    "site_terms": "drivers.analyses.moves",
    "sourcing_case": "drivers.analyses.offshoring",
    "talk_time": "drivers.analyses.talktime",
    "value_terms": "drivers.analyses.questions",
    "segment_importance": "drivers.analyses.segments",
    "segmented_survey": "drivers.survey.segments",
    "simulate_survey": "drivers.simulate.stated",
    "staff_reliability": "drivers.analyses.employees",
    "stated_population": "drivers.core.population",
    "survey_population": "drivers.analyses.power",
    "surveyed_providers": "drivers.survey.providers",
    "surveyed_staff": "drivers.survey.employees",
    "survey_waves": "drivers.survey.waves",
    "table": "drivers.present.verbs",
    "team_agreement": "drivers.analyses.agreement",
    "team_links": "drivers.analyses.team_link",
    "value_chain": "drivers.analyses.chain",
    "value_multiple": "drivers.core.lifetime",
    "variance_shares": "drivers.analyses.shares",
    "wave_change": "drivers.analyses.change",
    "wave_pair": "drivers.analyses.pair",
    "weight_report": "drivers.analyses.weighting",
    "write_files": "drivers.present.files",
    "write_findings": "drivers.present.document",
}

__all__ = sorted([*_HOME, "__version__"])


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute can be anything
    if name not in _HOME:
        raise AttributeError(f"module 'drivers' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def show_in_jupyter() -> None:
    """Inside IPython, let results show themselves; costs nothing elsewhere."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        import_module("drivers.present.display").register_results(
            shell.display_formatter.formatters["text/html"].for_type_by_name
        )


show_in_jupyter()


def __dir__() -> list[str]:
    return list(__all__)
