import numpy as np
import pytest

from drivers.core.rubin import pooled_estimate
from drivers.errors import EstimationError

# R: mice::pool.scalar on these five estimates and standard errors
ESTIMATES = np.array([0.61, 0.58, 0.66, 0.63, 0.60])
VARIANCES = np.array([0.16, 0.17, 0.15, 0.165, 0.158]) ** 2


def test_the_parts_of_the_variance_are_those_of_mice():
    pooled = pooled_estimate(ESTIMATES, VARIANCES)
    assert pooled.estimate == pytest.approx(0.616, abs=1e-12)
    assert pooled.within == pytest.approx(0.0258378, abs=1e-12)
    assert pooled.between == pytest.approx(0.00093, abs=1e-12)
    assert pooled.variance == pytest.approx(0.0269538, abs=1e-12)
    assert pooled.increase == pytest.approx(0.04319253187, abs=1e-11)


@pytest.mark.parametrize(
    ("freedom", "df", "information"), [(np.inf, 2333.305502, 0.04222479), (30 - 7, 20.17574825, 0.1241282254)]
)
def test_degrees_of_freedom_are_those_of_mice(freedom, df, information):
    pooled = pooled_estimate(ESTIMATES, VARIANCES, freedom)
    assert pooled.freedom == pytest.approx(df, rel=1e-9)
    assert pooled.missing_information == pytest.approx(information, rel=1e-7)


def test_without_differences_between_completions_nothing_is_added():
    pooled = pooled_estimate(np.full((3, 2), 0.5), np.full((3, 2), 0.04), 10.0)
    assert pooled.error == pytest.approx([0.2, 0.2])
    assert pooled.freedom == pytest.approx([10 * 11 / 13] * 2)
    assert (pooled.missing_information == 0).all()


def test_one_completion_is_refused():
    with pytest.raises(EstimationError, match="1 imputed data set says nothing"):
        pooled_estimate(ESTIMATES[:1], VARIANCES[:1])
