import numpy as np
import pandas as pd
import pytest

from core.samples import golden
from drivers.analyses.shares import MEASURES, variance_shares
from drivers.errors import EstimationError, SurveyError


def frame_of(name):
    data = golden(name)
    return data, pd.DataFrame(data.data)[[data.outcome, *data.drivers]].astype(float)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_all_six_measures_are_those_of_r(name):
    data, frame = frame_of(name)
    shares = variance_shares(frame, data.outcome)
    expected = (data.lmg, data.first, data.last, data.betasq, data.pratt, data.genizi)
    for measure, numbers in zip(MEASURES, expected, strict=True):
        np.testing.assert_allclose(shares.table[measure], numbers, atol=1e-11)  # eleven to fifteen printed decimals
    assert shares.r_squared == pytest.approx(data.r_squared, abs=1e-12)
    assert shares.table.index.tolist() == data.drivers


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_weighted_shares_are_those_of_r(name):
    data, frame = frame_of(name)
    shares = variance_shares(frame.assign(w=data.weighted["weights"]), data.outcome, weight_column="w")
    np.testing.assert_allclose(shares.table["lmg"], data.weighted["lmg"], atol=1e-10)
    np.testing.assert_allclose(shares.table["last"], data.weighted["last"], atol=1e-10)


def test_integer_weights_are_duplicated_rows():
    data, frame = frame_of("mtcars")
    weights = np.arange(len(frame)) % 3
    doubled = frame.loc[np.repeat(frame.index, weights)]
    found = variance_shares(frame.assign(w=weights), data.outcome, weight_column="w")
    np.testing.assert_allclose(found.table, variance_shares(doubled, data.outcome).table, atol=1e-11)


def test_lmg_pratt_and_relative_weights_each_add_up_to_r_squared():
    data, frame = frame_of("mtcars")
    shares = variance_shares(frame, data.outcome, data.drivers[:4])
    for measure in ("lmg", "pratt", "relative_weight"):
        assert shares.table[measure].sum() == pytest.approx(shares.r_squared, abs=1e-12)


def test_a_missing_column_answer_or_number_is_refused_by_name():
    data, frame = frame_of("attitude")
    with pytest.raises(SurveyError, match="no column 'wages'"):
        variance_shares(frame, data.outcome, ["raises", "wages"])
    with pytest.raises(SurveyError, match="missing in raises"):
        variance_shares(frame.assign(raises=np.nan), data.outcome)
    with pytest.raises(SurveyError, match="not numeric"):
        variance_shares(frame.assign(raises="high"), data.outcome)
    with pytest.raises(SurveyError, match="weights are missing, infinite or negative in w"):
        variance_shares(frame.assign(w=-1.0), data.outcome, weight_column="w")


def test_fewer_rows_than_the_drivers_need_are_refused():
    data, frame = frame_of("attitude")
    with pytest.raises(EstimationError, match="7 rows cannot support 6 drivers"):
        variance_shares(frame.head(7), data.outcome)


def test_more_than_25_drivers_have_sampled_shares_with_their_error():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 27)) + 0.7 * rng.normal(size=(300, 1))
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(27)]).assign(y=x[:, 0] + rng.normal(size=300))
    found, exact = variance_shares(frame, "y"), variance_shares(frame.iloc[:, 2:], "y")
    assert found.orders > 0
    assert 0 < found.monte_carlo_error <= 0.001 * found.r_squared
    assert found.table["lmg"].sum() == pytest.approx(found.table["pratt"].sum()) == found.r_squared
    assert (exact.orders, exact.monte_carlo_error) == (0, 0)
