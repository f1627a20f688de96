import numpy as np
import pytest
from scipy.integrate import quad

from drivers.core.cashflow import payback_years, present_value, ramp_fractions, yearly_payments
from drivers.core.lifetime import value_multiple


@pytest.mark.parametrize("months", [0, 3, 12, 18, 40, 120])
def test_what_has_grown_in_a_year_is_the_average_of_an_even_growth(months):
    expected = [
        quad(lambda t: min(12 * t / months, 1) if months else 1, y, y + 1, points=[months / 12])[0] for y in range(5)
    ]
    np.testing.assert_allclose(ramp_fractions(months, 5), expected, atol=1e-12)


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
def test_payments_of_a_constant_retention_are_worth_the_lifetime_value(timing):
    survival = 0.8 ** np.arange(6)
    worth = present_value(yearly_payments(survival, timing), 0.1, timing)
    assert worth == pytest.approx(value_multiple(0.8, discount_rate=0.1, horizon_years=5, timing=timing))


def test_payback_grows_evenly_between_two_payments():
    assert payback_years(np.full(5, 10.0), 25.0, 0.0, discount_rate=0.0) == pytest.approx(1.5)
    assert payback_years(np.full(5, 10.0), 25.0, 0.0, discount_rate=0.0, timing="arrears") == pytest.approx(2.5)
    assert payback_years(np.full(5, 10.0), 0.0, 0.0, discount_rate=0.1) == 0


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
@pytest.mark.parametrize("once", [1.0, 20.0, 30.0, 60.0])
def test_a_plan_is_paid_back_exactly_when_its_net_present_value_is_not_negative(timing, once):
    payments = np.array([0.0, 8.0, 12.0, 14.0, 15.0])
    yearly = sum(3.0 * 1.1**-t for t in range(5))
    net = present_value(payments, 0.1, timing) - once - yearly
    paid = payback_years(payments, once, 3.0, discount_rate=0.1, timing=timing)
    assert np.isfinite(paid) == (net >= 0)
