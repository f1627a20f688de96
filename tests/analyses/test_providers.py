"""Providers: few would recommend, and the worst attribute is named only where it lies below every other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from drivers import case, explain, joint_resample, load_client, load_survey, plot, provider_profile, table
from drivers.analyses.findings import client_findings
from drivers.core.design import sampling_design
from drivers.core.domains import column_means
from drivers.errors import ConfigError, EstimationError, SurveyError
from drivers.present.document import findings_document
from drivers.present.language import Language
from drivers.simulate.providers import (
    ATTRIBUTES,
    PROVIDERS_SEED,
    providers_survey,
    providers_truth,
    write_providers,
)
from drivers.survey.providers import surveyed_providers
from drivers.survey.segments import segmented_survey
from drivers.survey.survey import Survey
from survey_files import client_of, survey_frame

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "maasland-verzekeringen"
CLIENT = (SAMPLE / "client.toml").read_text(encoding="utf-8")
PROVIDERS_TABLE = "[providers]" + CLIENT.partition("\n[providers]")[2].partition("# --- ")[0]
TABLE = ("[loyalty]", PROVIDERS_TABLE + "\n[loyalty]")


def survey_of(frame):
    """The survey as it is read from the file."""
    survey = Survey.from_frame(frame[["recommend", *ATTRIBUTES]].astype(float), "recommend", scale=(1, 10))
    survey = replace(survey, clusters=pd.factorize(frame["organisation"])[0])
    return segmented_survey(survey, frame, ["provider"])


def profile_of(seed, organisations=120, draws=60, **keys):
    survey = survey_of(providers_survey(np.random.default_rng(seed), organisations, **keys))
    return provider_profile(survey, joint_resample(survey, draws=draws))


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


@pytest.fixture(scope="module")
def truth():
    return providers_truth(np.random.default_rng(5))


@pytest.fixture(scope="module")
def sample():
    survey = survey_of(providers_survey(np.random.default_rng(PROVIDERS_SEED)))
    return provider_profile(survey, joint_resample(survey, draws=400))


@pytest.fixture(scope="module")
def twin():
    survey = survey_of(providers_survey(np.random.default_rng(PROVIDERS_SEED), alike=True))
    return provider_profile(survey, joint_resample(survey, draws=400))


def test_the_truth_lies_inside_the_intervals_of_the_sample(sample, truth):
    assert sample.score_low <= truth.score <= sample.score_high
    assert sample.recommend_share_low <= truth.recommend_share <= sample.recommend_share_high
    for _, row in sample.table.iterrows():
        assert row["attribute_mean_low"] <= truth.means[row["attribute"]] <= row["attribute_mean_high"], row["label"]
    assert sample.worst == "proactivity"
    assert sample.table.loc[0, "lowest_probability"] == 1
    assert "Few clients would recommend their provider" in said(sample)
    assert "Weinig opdrachtgevers" in said(sample, "nl")


def test_of_the_null_twin_no_attribute_is_called_the_worst(twin):
    assert twin.worst is None
    assert "score worst is not shown" in said(twin)
    assert "is niet aangetoond" in said(twin, "nl")
    assert not twin.table["shown"].any()


def test_the_worst_attribute_is_found_and_intervals_cover_over_many_seeds(truth):
    found = [profile_of(seed) for seed in range(40)]
    assert all(result.worst == "proactivity" for result in found)
    rows = [row for result in found for _, row in result.table.iterrows()]
    covered = [r["attribute_mean_low"] <= truth.means[r["attribute"]] <= r["attribute_mean_high"] for r in rows]
    assert 0.90 <= np.mean(covered) <= 0.99  # of 280 means, seven of one survey at a time alike
    assert np.mean([r.score_low <= truth.score <= r.score_high for r in found]) >= 0.85


def test_where_all_attributes_are_alike_one_is_hardly_ever_called_the_worst():
    found = [profile_of(seed, 80, alike=True) for seed in range(60)]
    assert sum(result.worst is not None for result in found) == 0  # below every other by chance: far below 5%
    assert sum(result.table["shown"].any() for result in found) <= 8  # 5% of 60 and 3 standard errors more
    assert sum(result.equal_p < 0.05 for result in found) <= 8


def test_means_of_columns_are_compared_as_paired_answers_are():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(200, 1)) + rng.normal(size=(200, 3)) + [0, 0.2, 0.4]
    found = column_means(z, np.ones(200), None)
    for i, j in ((0, 1), (1, 2)):
        error = np.sqrt(found.covariance[i, i] + found.covariance[j, j] - 2 * found.covariance[i, j])
        t = stats.ttest_rel(z[:, j], z[:, i])
        assert (found.value[j] - found.value[i]) / error == pytest.approx(t.statistic)
        assert found.degrees == t.df


def test_organisations_and_not_their_people_are_the_sample():
    rng = np.random.default_rng(4)
    z = rng.normal(size=(100, 2))
    twice, units = np.repeat(z, 2, axis=0), np.repeat(np.arange(100), 2)
    found = column_means(twice, np.ones(200), sampling_design(np.ones(200), clusters=units))
    np.testing.assert_allclose(found.covariance, column_means(z, np.ones(100), None).covariance)


def test_a_missing_answer_costs_only_its_own_mean():
    z = np.random.default_rng(6).normal(size=(50, 2))
    z[:10, 1] = np.nan
    found = column_means(z, np.ones(50), None)
    assert found.value == pytest.approx(np.nanmean(z, axis=0))
    assert np.diagonal(found.covariance) == pytest.approx(np.nanvar(z, axis=0, ddof=1) / [50, 40])


def test_an_attribute_that_is_lowest_by_a_hair_is_not_called_the_worst():
    frame = providers_survey(np.random.default_rng(2), alike=True)
    frame["proactivity"], frame["price"] = frame["proactivity"] - 1.0, frame["price"] - 0.98
    result = provider_profile(survey_of(frame), joint_resample(survey_of(frame)))
    assert result.worst is None
    told = said(result)
    assert "proactivity" in told
    assert "price" in told
    assert "cannot be told apart" in told


def test_providers_below_the_minimum_base_are_hidden():
    survey = survey_of(providers_survey(np.random.default_rng(1), 140))
    frame = provider_profile(survey, joint_resample(survey, draws=50), minimum_base=28).providers
    hidden = frame[frame["suppressed"].astype(bool)]
    assert 2 <= len(hidden) < 12
    assert hidden[["base", "provider_score", "recommend_share"]].isna().all(axis=None)
    assert (frame["base"].dropna() >= 28).all()
    alone = provider_profile(survey, joint_resample(survey, draws=50), minimum_base=200)
    assert alone.providers["suppressed"].all()
    assert np.isnan(alone.equal_p)
    assert "12 providers" in said(alone)


def test_too_few_answers_or_attributes_are_no_answer():
    survey = survey_of(providers_survey(np.random.default_rng(1), 10))
    with pytest.raises(EstimationError, match="at least 60 are needed"):
        provider_profile(survey, minimum_base=60)
    with pytest.raises(EstimationError, match="Fewer than two attributes"):
        provider_profile(replace(survey, drivers=survey.drivers[:1]), minimum_base=10)


def test_attributes_that_all_rate_alike_are_not_told_apart():
    frame = providers_survey(np.random.default_rng(1), 60).assign(**dict.fromkeys(ATTRIBUTES, 7.0))
    result = provider_profile(survey_of(frame), joint_resample(survey_of(frame), draws=50))
    assert result.worst is None
    np.testing.assert_allclose(result.table["lowest_probability"], 1 / len(ATTRIBUTES))


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("providers")
    write_providers(folder)
    client = client_of(folder, survey_frame(60), TABLE, ("minimum_base = 10", 'minimum_base = 30\nlanguage = "nl"'))
    return client_findings(load_survey(client), client.model_copy(update={"draws": 100}))


def test_the_page_shows_the_attributes_and_the_providers(findings):
    shown = case(findings, "providers")
    assert shown.lead.startswith("Weinig opdrachtgevers")
    (picture,) = shown.pictures
    assert "740 respondenten van 300 opdrachtgevers" in picture.caption
    assert "providers.csv" in picture.caption
    assert len(shown.tables[0].rows) == 12
    assert any("‘Komt zelf met verbeteringen’" in line for line in shown.paragraphs)
    document = findings_document(findings)["providers"]
    assert document["worst"] == "Komt zelf met verbeteringen"
    assert document["organisations"] == 300


@pytest.mark.parametrize("code", ["en", "nl"])
def test_picture_and_table_have_every_attribute(sample, twin, code):
    for result in (sample, twin):
        assert len(plot(result, Language(code)).axes[0].get_yticks()) == len(ATTRIBUTES)
        assert len(table(result, Language(code)).rows) == len(ATTRIBUTES)


def test_a_declared_case_without_an_answer_says_why_and_an_undeclared_one_nothing(tmp_path):
    write_providers(tmp_path)
    changed = (TABLE[0], TABLE[1].replace("[providers]\n", "[providers]\nminimum_base = 5000\n", 1))
    client = client_of(tmp_path, survey_frame(60), changed)
    found = client_findings(load_survey(client), client.model_copy(update={"draws": 100}))
    assert "at least 5,000 are needed" in case(found, "providers").lead
    plain = client_of(tmp_path, survey_frame(60))
    assert case(client_findings(load_survey(plain), plain.model_copy(update={"draws": 100})), "providers") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"providers.csv"', '"absent.csv"', r'providers\.file: "absent\.csv" does not exist'),
        ('"recommend"', '"recomend"', r'providers\.nps: .* has no column "recomend"\. Did you mean "recommend"'),
        ("proactivity ", "proactive ", r'providers\.attributes\.proactive: .* has no column "proactive"'),
        ('provider     = "provider"', 'provider = "recommend"', r"providers\.provider: column .* already used as nps"),
        ("[1, 10]                      # of", "[10, 1] # of", "providers.scale"),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_key_and_line(tmp_path, old, new, message):
    write_providers(tmp_path)
    text = PROVIDERS_TABLE.replace(old, new)
    assert text != PROVIDERS_TABLE
    with pytest.raises(ConfigError, match=r"line \d+.*" + message):
        load_survey(load_client(client_of(tmp_path, survey_frame(60), ("[loyalty]", text + "\n[loyalty]")).path))


def test_a_code_that_is_no_answer_is_refused_under_the_keys_of_the_table(tmp_path):
    frame = providers_survey(np.random.default_rng(1)).fillna({"price": 99})
    frame.to_csv(tmp_path / "providers.csv", index=False)
    with pytest.raises(SurveyError, match=r"\[providers\] .*price.*99"):
        load_survey(client_of(tmp_path, survey_frame(60), TABLE))
    named = (TABLE[0], TABLE[1].replace("[providers]\n", "[providers]\nmissing = [99]\n", 1))
    survey = load_survey(client_of(tmp_path, survey_frame(60), named))
    assert survey.providers.answers["price"].isna().sum() == (frame["price"] == 99).sum()


def test_tables_of_the_customers_survey_are_not_asked_of_that_on_providers(tmp_path):
    write_providers(tmp_path)
    frame = survey_frame(60).assign(kind=["effort", "result"] * 30)
    kinds = '[contracts]\ncolumn = "kind"\n[contracts.kinds]\neffort = "Effort"\nresult = "Result"\n\n'
    survey = load_survey(client_of(tmp_path, frame, (TABLE[0], kinds + TABLE[1])))
    assert (survey.contracts is None, survey.providers.contracts) == (False, None)


def test_the_sample_holds_what_the_generator_writes_and_its_truth(tmp_path):
    told = write_providers(tmp_path)
    assert (tmp_path / "providers.csv").read_bytes() == (SAMPLE / "providers.csv").read_bytes()
    assert told in (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "| `proactivity` | 5.0" in told
    assert all(name in PROVIDERS_TABLE and label in PROVIDERS_TABLE for name, (label, _) in ATTRIBUTES.items())


def test_a_survey_without_one_on_providers_says_what_to_add():
    survey = load_survey(load_client(SAMPLE.parent / "vecht-it" / "client.toml"))
    with pytest.raises(SurveyError, match=r"Add a table \[providers\]"):
        surveyed_providers(survey)
