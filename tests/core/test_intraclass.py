import numpy as np
import pandas as pd
import pingouin
import pytest

from drivers.core.intraclass import intraclass_correlation


@pytest.mark.filterwarnings("ignore")  # pingouin uses what pandas is about to drop
def test_with_units_of_one_size_it_is_icc1_of_pingouin():
    rng = np.random.default_rng(0)
    unit = np.repeat(np.arange(40), 3)
    values = rng.normal(size=40)[unit] + rng.normal(size=120)
    frame = pd.DataFrame({"unit": unit, "rater": np.tile(np.arange(3), 40), "value": values})
    table = pingouin.intraclass_corr(frame, "unit", "rater", "value")
    assert intraclass_correlation(values, unit) == pytest.approx(float(table["ICC"].iloc[0]), abs=1e-9)


def test_it_finds_the_share_of_the_variance_between_units_of_any_size():
    rng = np.random.default_rng(1)
    unit = rng.integers(0, 3000, 12_000)
    values = np.sqrt(0.3) * rng.normal(size=3000)[unit] + np.sqrt(0.7) * rng.normal(size=12_000)
    assert intraclass_correlation(values, unit) == pytest.approx(0.3, abs=0.03)  # three standard errors


def test_its_limits():
    unit = np.array([0, 0, 1, 1, 2])
    assert intraclass_correlation(np.array([1.0, 1, 5, 5, 9]), unit) == pytest.approx(1.0)
    assert np.isnan(intraclass_correlation(np.arange(3.0), np.arange(3)))
    assert np.isnan(intraclass_correlation(np.arange(3.0), np.zeros(3, dtype=int)))
    assert np.isnan(intraclass_correlation(np.ones(4), np.array([0, 0, 1, 1])))
