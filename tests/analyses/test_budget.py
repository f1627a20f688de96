import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.budget import budget_split
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.plan import plan_return
from drivers.analyses.terms import ValueTerms
from drivers.errors import EstimationError
from made_surveys import made_survey

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
PLAN = {d: PlannedImprovement(0.5, 100_000.0, ramp_up_months=m) for d, m in (("d0", 0), ("d1", 12), ("d2", 0))}


@pytest.fixture(scope="module")
def link():
    survey = made_survey(600)
    return retention_link(survey, joint_resample(survey, draws=50))


def test_the_best_split_beats_the_top_driver_and_the_planned_proportions(link):
    result = budget_split(link, TERMS, PLAN, 600_000.0)
    ways = result.comparison.set_index("way")["lifetime_value"]
    assert ways["best"] == ways.max()
    assert result.table["amount"].sum() == pytest.approx(600_000)
    assert result.more_than_top == pytest.approx(ways["best"] - ways["top_driver"])
    assert result.top == "d0"


def test_the_planned_cost_of_one_driver_buys_what_is_planned(link):
    result = budget_split(link, TERMS, {"d0": PLAN["d0"]}, 100_000.0)
    planned = plan_return(link, TERMS, {"d0": PLAN["d0"]}).table.iloc[0]
    assert result.table["improvement"].tolist() == pytest.approx([0.5])
    assert result.comparison["net_value_low"].iloc[0] == pytest.approx(planned["net_value_low"])
    assert (result.more_than_top, result.better_probability) == (0, 0)


def test_no_rise_goes_beyond_the_scale_whatever_is_spent(link):
    table = budget_split(link, TERMS, PLAN, 1e9).table
    assert (table["improvement"] <= table["room"] * (1 + 1e-12)).all()


def test_a_budget_without_a_plan_that_costs_something_is_refused(link):
    with pytest.raises(EstimationError, match="plans that cost something"):
        budget_split(link, TERMS, {"d0": PlannedImprovement(0.5, 0.0)}, 1000.0)
    with pytest.raises(EstimationError, match="budget above 0"):
        budget_split(link, TERMS, PLAN, 0.0)


def test_where_nothing_is_gained_no_split_is_best():
    survey = made_survey(600, slopes=(-0.5, 0.4))
    link = retention_link(survey, joint_resample(survey, draws=20))
    with pytest.raises(EstimationError, match="no split"):
        budget_split(link, TERMS, {"d0": PLAN["d0"]}, 1000.0)
    assert np.isfinite(budget_split(link, TERMS, {"d1": PLAN["d0"]}, 1000.0).more_than_top)
