"""Money through what customers bring, beside who stays; and retention that follows a growing tenure."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from drivers import explain
from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import value_chain
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.margins import FALLING_MARGIN, falling_margin, margin_effect
from drivers.analyses.outlook import report_outlook
from drivers.analyses.plan import plan_return
from drivers.analyses.questions import Questions
from drivers.analyses.terms import ValueTerms, value_terms
from drivers.analyses.value import satisfaction_value
from drivers.analyses.whatif import simulate_plan, what_if
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.present.verbs import table
from made_surveys import drawn, made_client, made_survey, made_weights, repeated_draw, with_answers, with_weights

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=4, customers=10_000)
WAYS = [
    {"through": "retention"},
    {"through": "spending"},
    {"through": "both"},
    {"through": "both", "tenure": "tenure"},
    {"through": "spending", "tenure": "tenure", "tenure_step": 2.0},
]
STAGES = ("retention_gain", "yearly_margin", "lifetime_value")
PLAN = {"d0": PlannedImprovement(0.5, 1000.0), "d1": PlannedImprovement(0.25, 1000.0)}


def named(way):
    return "-".join(str(value) for value in way.values())


def spending_survey(n=600, slope=12.0, seed=0):
    """Customers whose margin goes with satisfaction; of some it is not known."""
    survey = made_survey(n, seed=seed)
    rng = np.random.default_rng(seed + 100)
    margin = 60 + slope * survey.answers["csat"] + 3 * survey.answers["tenure"] + rng.normal(0, 30, size=n)
    return with_answers(survey, margin=margin.mask(rng.random(n) < 0.1))


class ByHand:
    """The chain of one weighting from two fitted models, customer by customer and year by year."""

    def __init__(self, survey, w, terms):
        frame, self.w, self.terms = survey.answers, w, terms
        self.now, self.tenure = (frame[name].to_numpy() for name in ("csat", "tenure"))
        self.margin = frame["margin"].to_numpy()
        design = np.column_stack([np.ones(survey.base), frame[["csat", "tenure"]]])
        leaving = sm.GLM(frame["left"], design, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12)
        self.beta = leaving.params.to_numpy()
        self.known = ~np.isnan(self.margin)
        used = self.known & ((frame["left"] == 0) | (terms.through == "spending"))
        fitted = sm.WLS(self.margin[used], design[used], weights=w[used]).fit().params
        self.effect = 0.0 if terms.through == "retention" else fitted[1]

    def kept(self, satisfaction, year):
        seen = self.now if self.terms.through == "spending" else satisfaction
        tenure = self.tenure
        if self.terms.tenure:
            tenure = np.minimum(tenure + self.terms.tenure_step * year, tenure.max())
        return 1 / (1 + np.exp(self.beta[0] + self.beta[1] * seen + self.beta[2] * tenure))

    def flows(self, gains):
        """Mean discounted margin of a customer in every payment, if satisfaction gains this much in each year."""
        there, paid, years = np.ones(len(self.now)), [], self.terms.horizon_years
        for year in range(years + 1):
            moved = np.clip(self.now + gains[min(year, years - 1)], 1, 10)
            brought = there * (self.margin + self.effect * (moved - self.now))
            paid.append(np.average(brought[self.known], weights=self.w[self.known]) / 1.1**year)
            there = there * self.kept(moved, year)
        return {"advance": paid[:-1], "arrears": [x / 1.1 for x in paid[:-1]], "renewal": paid[1:]}[self.terms.timing]

    def stages(self, gain):
        moved = np.clip(self.now + gain, 1, 10)
        kept, before = self.kept(moved, 0), self.kept(self.now, 0)
        brought = kept * (self.margin + self.effect * (moved - self.now)) - before * self.margin
        years = self.terms.horizon_years
        worth = sum(self.flows([gain] * years)) - sum(self.flows([0.0] * years))
        yearly = np.average(brought[self.known], weights=self.w[self.known])
        return [np.average(kept - before, weights=self.w), 10_000 * yearly, 10_000 * worth]


@pytest.fixture(scope="module")
def survey():
    return with_weights(spending_survey(), made_weights(600))


@pytest.fixture(scope="module")
def link(survey):
    return retention_link(survey, joint_resample(survey, draws=60))


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
@pytest.mark.parametrize("way", WAYS, ids=named)
def test_the_chain_is_that_of_explicit_customers_and_years(survey, link, way, timing):
    terms = replace(TERMS, timing=timing, **way)
    chain, hand = value_chain(link, terms), ByHand(survey, survey.weights, terms)
    for _, row in chain.table.iterrows():
        found = row[list(STAGES)].astype(float)
        np.testing.assert_allclose(found, hand.stages(row["satisfaction_gain"]), rtol=1e-6, atol=1e-9)
    twice = hand.stages(2 * chain.table["satisfaction_gain"].max())[2]
    once = hand.stages(chain.table["satisfaction_gain"].max())[2]
    assert chain.doubled == pytest.approx(twice / once, rel=1e-6)


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_a_draw_is_the_whole_chain_of_the_respondents_it_drew(survey, way):
    resample, terms = repeated_draw(survey), replace(TERMS, **way)
    chain = value_chain(retention_link(survey, resample), terms)
    hand = ByHand(survey, drawn(survey, resample), terms)
    for _, row in chain.table.iterrows():
        expected = hand.stages(row["satisfaction_gain_low"])
        for end in ("low", "high"):
            found = row[[f"{stage}_{end}" for stage in STAGES]].astype(float)
            np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    if terms.spent:
        assert chain.margin_effect_low == pytest.approx(hand.effect, rel=1e-9)


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_the_value_of_the_satisfied_is_that_of_explicit_customers_and_years(survey, link, way):
    terms = replace(TERMS, **way)
    found, hand = satisfaction_value(link, terms), ByHand(survey, survey.weights, terms)
    years, happy = terms.horizon_years, hand.known & (hand.now >= 8)

    def worth(satisfaction):
        there, total = np.ones(len(hand.now)), 0.0
        for year in range(years):
            total = total + there * (hand.margin + hand.effect * (satisfaction - hand.now)) / 1.1**year
            there = there * hand.kept(satisfaction, year)
        return total

    extra = worth(hand.now) - worth(np.full(len(hand.now), found.reference))
    assert found.extra_per_customer == pytest.approx(np.average(extra[happy], weights=hand.w[happy]), rel=1e-6)
    for level, row in zip((found.reference,), found.table.iloc[:1].itertuples(), strict=True):
        everyone = worth(np.full(len(hand.now), level))
        assert row.lifetime_value == pytest.approx(np.average(everyone[hand.known], weights=hand.w[hand.known]))


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
@pytest.mark.parametrize("way", WAYS, ids=named)
def test_a_plan_of_full_size_at_once_and_a_simulation_are_worth_what_the_chain_says(link, way, timing):
    terms = replace(TERMS, timing=timing, **way)
    whole = value_chain(link, terms, PLAN, confidence=0.9).together.iloc[0]
    plan = plan_return(link, terms, PLAN, confidence=0.9).together.iloc[0]
    changed = simulate_plan(what_if(link, terms), {d: p.improve for d, p in PLAN.items()}).table.set_index("measure")
    for end in ("", "_low", "_high"):
        assert plan[f"lifetime_value{end}"] == pytest.approx(whole[f"lifetime_value{end}"], rel=1e-9)
        simulated = changed.loc["lifetime_value", f"value{end}"]
        assert simulated == pytest.approx(whole[f"lifetime_value{end}"], rel=1e-3)  # stored in 32 bits, between gains


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_a_plan_that_grows_is_that_of_explicit_customers_and_years(survey, link, way):
    terms, hand = replace(TERMS, **way), None
    plan = {"d0": PlannedImprovement(0.5, 1000.0, ramp_up_months=24)}
    found = plan_return(link, terms, plan).together.iloc[0]
    hand = ByHand(survey, survey.weights, terms)
    gain = value_chain(link, terms, plan).table.set_index("driver").loc["d0", "satisfaction_gain"]
    grown = sum(hand.flows([gain * part for part in (0.25, 0.75, 1.0, 1.0)])) - sum(hand.flows([0.0] * 4))
    assert found["lifetime_value"] == pytest.approx(10_000 * grown, rel=1e-6)


def test_the_part_from_margin_and_the_part_from_staying_are_the_whole(link):
    both = value_chain(link, replace(TERMS, through="both")).table.set_index("driver")
    stays = value_chain(link, TERMS).table.set_index("driver")
    rest = both["lifetime_value"] - both["from_margin"]
    np.testing.assert_allclose(rest, stays["lifetime_value"].loc[rest.index], rtol=1e-9)
    assert stays["from_margin"].isna().all()


def test_a_tenure_that_does_not_grow_is_the_same_retention_in_every_year(link):
    still = value_chain(link, replace(TERMS, tenure="tenure", tenure_step=0.0)).table
    np.testing.assert_allclose(still["lifetime_value_low"], value_chain(link, TERMS).table["lifetime_value_low"])


def test_customers_who_become_harder_to_lose_are_worth_more(link):
    groups = [satisfaction_value(link, replace(TERMS, tenure=t)).table["lifetime_value"] for t in (None, "tenure")]
    assert (groups[1] > groups[0]).all()


def test_a_margin_that_falls_with_satisfaction_is_said_with_its_sign():
    survey = spending_survey(slope=-15.0)
    link = retention_link(survey, joint_resample(survey, draws=100))
    terms = replace(TERMS, through="spending")
    value, chain = satisfaction_value(link, terms), value_chain(link, terms)
    assert value.margin_effect_high < 0
    assert value.extra_yearly_high < 0
    assert chain.table.set_index("driver").loc["d0", "lifetime_value_high"] < 0
    lines = [str(line) for line in explain(value)]
    assert lines[0].startswith("In these data satisfied customers are worth less than if they were dissatisfied: ")
    assert any(line.startswith("In these data more satisfied customers bring less margin") for line in lines)
    assert f"together worth {-value.extra_total:,.0f} less ({-value.extra_total_high:,.0f} to" in lines[1]
    assert "whatever satisfaction does to it" in " ".join(lines)
    assert any("go with a loss of margin" in str(line) for line in explain(chain))
    assert any("juist minder marge" in Language("nl").say(line) for line in explain(value))


def test_amounts_that_count_retention_alone_tell_a_margin_that_falls_with_satisfaction():
    survey = spending_survey(slope=-15.0)
    link = retention_link(survey, joint_resample(survey, draws=100))
    (notice,) = falling_margin(link, TERMS, 0.9)
    told = satisfaction_value(link, replace(TERMS, through="both"), confidence=0.9)
    assert f"({told.margin_effect_low:,.0f} to {told.margin_effect_high:,.0f})" in str(notice)
    assert "leveren tevredener klanten minder marge op" in Language("nl").say(notice.sentence)
    for other in (replace(TERMS, through="both"), replace(TERMS, through="spending"), replace(TERMS, margin=100.0)):
        assert falling_margin(link, other, 0.9) == ()
    for slope in (0.0, 15.0):
        rising = spending_survey(slope=slope)
        assert falling_margin(retention_link(rising, joint_resample(rising, draws=100)), TERMS, 0.99) == ()


def test_a_report_in_money_tells_that_satisfied_customers_bring_less():
    survey = spending_survey(1000, slope=-15.0)
    questions = Questions(survey, made_client(survey), joint_resample(survey, draws=20))
    questions.value(questions.loyalty())
    assert FALLING_MARGIN in [notice.kind for notice in questions.notices]


@pytest.mark.parametrize("seed", range(4))
def test_margins_dealt_out_at_random_go_with_nothing_that_can_be_shown(seed):
    survey = spending_survey(slope=0.0, seed=seed)
    link = retention_link(survey, joint_resample(survey, draws=200))
    value = satisfaction_value(link, replace(TERMS, through="spending"), confidence=0.99)
    assert value.margin_effect_low < 0 < value.margin_effect_high
    assert any("more or less margin is not shown" in str(line) for line in explain(value))


def test_a_margin_that_is_missed_by_leaving_does_not_count_twice():
    survey = made_survey(2000)
    rng = np.random.default_rng(5)
    part = np.where(survey.answers["left"] == 1, rng.random(2000), 1.0)
    survey = with_answers(survey, margin=part * rng.normal(150, 20, size=2000))
    model = retention_link(survey, joint_resample(survey, draws=200)).model
    every, stayed = (margin_effect(model, replace(TERMS, through=t)).bounds(0.99) for t in ("spending", "both"))
    assert every.low > 0  # less satisfied customers leave, and so bring less in the year
    assert stayed.low < 0 < stayed.high


def test_the_effect_on_margin_is_found_over_many_surveys():
    held = []
    for seed in range(40):
        survey = spending_survey(300, seed=seed)
        model = retention_link(survey, joint_resample(survey, np.random.default_rng(seed), 200)).model
        bounds = margin_effect(model, replace(TERMS, through="both")).bounds(0.95)
        held.append(bounds.low <= 12.0 <= bounds.high)
    assert sum(held) >= 34  # of 40 intervals of 95%, fewer has a chance below one in a thousand


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("way", WAYS, ids=named)
def test_every_result_says_what_follows_satisfaction(link, way, language):
    terms, say = replace(TERMS, **way), Language(language).say
    follows = {
        "retention": {"en": "margin of a customer stays as it is", "nl": "marge per klant blijft zoals zij is"},
        "spending": {"en": "retention stays as it is", "nl": "het behoud blijft zoals het is"},
        "both": {"en": "counts once", "nl": "maar één keer telt"},
    }[terms.through][language]
    for result in (satisfaction_value(link, terms), value_chain(link, terms), what_if(link, terms)):
        assert follows in say(result.method)
        assert ({"en": "life table", "nl": "overlevingstafel"}[language] in say(result.method)) == bool(terms.tenure)


def test_the_table_of_the_chain_shows_only_what_follows(link):
    headers = {
        t: table(value_chain(link, replace(TERMS, through=t))).headers for t in ("retention", "spending", "both")
    }
    assert "Of which from margin" in headers["both"]
    assert "Of which from margin" not in headers["retention"] + headers["spending"]
    assert not [h for h in headers["spending"] if h.startswith("Retention")]


def test_the_tornado_of_a_plan_moves_what_the_money_runs_through(link):
    for through, inputs in (("spending", {"margin_effect"}), ("both", {"margin_effect", "retention_effect"})):
        found = set(plan_return(link, replace(TERMS, through=through), PLAN).tornado["input"])
        assert found & {"margin_effect", "retention_effect"} == inputs


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"margin": 150.0}, "Give margin_per_year as a column"),
        ({"margin": "tenure"}, "is held constant as a control"),
        ({"margin": "few"}, "is known of 20 customers who count; its relation to satisfaction needs 30"),
        ({"margin": "same"}, "is the same for every customer"),
        ({"through": "retention", "tenure": "d0"}, "Tenure “d0” is no control"),
    ],
)
def test_what_cannot_follow_satisfaction_is_refused_with_the_remedy(survey, changed, reason):
    rows = np.flatnonzero((survey.answers["left"] == 0) & (survey.weights > 0))[:20]
    few = np.where(np.isin(np.arange(600), rows), 100.0 + np.arange(600), np.nan)
    link = retention_link(with_answers(survey, few=few, same=100.0), joint_resample(survey, draws=20))
    with pytest.raises(EstimationError) as error:
        value_chain(link, replace(TERMS, **{"through": "both", **changed}))
    assert reason in str(error.value.args[0])


def test_the_outlook_of_a_report_gives_the_reason_that_the_report_will_give():
    survey = with_answers(spending_survey(300), margin=100.0)
    client = made_client(survey)
    client = client.model_copy(update={"value": client.value.model_copy(update={"through": "both"})})
    questions = Questions(survey, client, joint_resample(survey, draws=20))
    assert questions.value(questions.loyalty()) is None
    expected = report_outlook(survey, client).unanswered["value"]
    assert str(questions.unanswered["value"]) == str(expected)
    assert "is the same for every customer" in str(expected)


@pytest.mark.parametrize(("unit", "step"), [("month", 12.0), ("quarter", 4.0), ("year", 1.0)])
def test_a_tenure_in_months_grows_by_twelve_a_year_and_there_is_no_warning_then(unit, step):
    survey = made_survey(3000)
    client = made_client(survey)
    constant, keys = client.value, {"tenure": "tenure", "tenure_unit": unit}
    followed = client.model_copy(update={"value": constant.model_copy(update=keys)})
    assert value_terms(followed).tenure_step == step
    warned = []
    for one in (client, followed):
        questions = Questions(survey, one, joint_resample(survey, draws=20))
        link = questions.loyalty()
        questions.value(link)
        questions.lifetime(link)
        warned.append([notice.kind for notice in questions.notices])
    assert warned == [["rising_retention"], []]


def test_returns_diminish_where_customers_are_at_the_top_and_it_is_said(survey):
    high = with_answers(survey, csat=(survey.answers["csat"] + 2.5).clip(upper=10))
    chain = value_chain(retention_link(high, joint_resample(high, draws=100)), TERMS)
    share = np.average(high.answers["csat"] == 10, weights=high.weights)
    assert chain.top_share == pytest.approx(share)
    assert chain.doubled_high < 2
    assert not any("Returns diminish" in str(line) for line in explain(replace(chain, doubled_high=1.95)))
    less = replace(chain, doubled_high=1.85)
    assert any(f"Returns diminish: {share:.0%} of the customers" in str(line) for line in explain(less))
    many = replace(chain, doubled_high=2.1)
    assert any("they cannot rise" in str(line) for line in explain(many))
    few = replace(many, top_share=0.05)
    assert not any("highest mark" in str(line) for line in explain(few))
