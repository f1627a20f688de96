import numpy as np
import pytest

from drivers.core.lifetime import annuity, value_multiple
from drivers.errors import EstimationError


@pytest.mark.parametrize(("timing", "value"), [("advance", 366.6667), ("renewal", 266.6667), ("arrears", 333.3333)])
def test_endless_values_are_those_of_fader_and_hardie(timing, value):
    # Fader and Hardie (2012): margin 100, retention 0.8, discount rate 0.1; four printed decimals
    assert 100 * value_multiple(np.array(0.8), discount_rate=0.1, timing=timing) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("retention", "multiples"),
    [
        (0.6, (1.200, 1.154, 1.111, 1.071)),
        (0.7, (1.750, 1.667, 1.591, 1.522)),
        (0.8, (2.667, 2.500, 2.353, 2.222)),
        (0.9, (4.500, 4.091, 3.750, 3.462)),
    ],
)
def test_margins_after_renewal_are_the_multiples_of_gupta_and_lehmann(retention, multiples):
    found = [value_multiple(np.array(retention), discount_rate=d, timing="renewal") for d in (0.10, 0.12, 0.14, 0.16)]
    np.testing.assert_allclose(found, multiples, atol=5e-4)  # three printed decimals


@pytest.mark.parametrize("years", [1, 2, 5, 16, 17, 50])
@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
def test_a_horizon_is_the_sum_of_its_payments(years, timing):
    d, total = 0.1, 0.0
    for year in range(years):
        paid = {"advance": year, "arrears": year + 1, "renewal": year + 1}[timing]
        kept = {"advance": year, "arrears": year, "renewal": year + 1}[timing]
        total += 0.8**kept / (1 + d) ** paid
    found = value_multiple(np.array(0.8), discount_rate=d, horizon_years=years, timing=timing)
    assert found == pytest.approx(total, rel=1e-12)


def test_a_long_horizon_tends_to_the_endless_value():
    endless = value_multiple(np.array(0.8), discount_rate=0.1)
    assert value_multiple(np.array(0.8), discount_rate=0.1, horizon_years=200) == pytest.approx(endless, rel=1e-12)


@pytest.mark.parametrize("years", [16, 17])
def test_customers_who_never_leave_without_discount_are_worth_a_margin_a_year(years):
    assert annuity(np.array([1.0, 0.0]), years).tolist() == [years, 1.0]


def test_the_value_rises_with_retention_and_keeps_its_shape():
    found = value_multiple(np.linspace(0, 1, 12).reshape(3, 4), discount_rate=0.1, horizon_years=5)
    assert found.shape == (3, 4)
    assert (np.diff(found.ravel()) > 0).all()


@pytest.mark.parametrize("retention", [-0.01, 1.01])
def test_a_retention_that_is_no_probability_is_refused(retention):
    with pytest.raises(EstimationError, match="must be a probability"):
        value_multiple(np.array([0.5, retention]), discount_rate=0.1, horizon_years=5)


def test_an_endless_sum_that_does_not_converge_is_refused():
    with pytest.raises(EstimationError, match="infinitely much"):
        value_multiple(np.array(1.0), discount_rate=0.0)


def test_a_draw_without_an_estimate_has_no_value():
    assert np.isnan(value_multiple(np.array(np.nan), discount_rate=0.1, horizon_years=5))
