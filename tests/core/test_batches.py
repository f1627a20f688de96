import numpy as np
import pytest

from drivers.core.batches import averaged, interleaved, stacked
from drivers.core.moments import Moments


def batch(places):
    """Moments whose sum of weights is their place."""
    n = np.array(places, dtype=float)
    return Moments(("y",), n.astype(int), n, n, n[:, None], n[:, None, None])


def test_parts_come_back_in_turn():
    whole = interleaved([batch([0, 3, 6]), batch([1, 4]), batch([2, 5])])
    assert whole.weight_sum.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert whole.mean[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_completions_together_count_as_one_sample():
    rng = np.random.default_rng(1)
    rows, w = rng.normal(size=(3, 20, 2)), rng.random(20)
    found = averaged(stacked([Moments.from_rows(("a", "b"), z, w) for z in rows]))
    expected = Moments.from_rows(("a", "b"), rows.reshape(60, 2), np.tile(w, 3))
    assert found.covariance == pytest.approx(expected.covariance)
    assert found.mean == pytest.approx(expected.mean)
    assert found.effective_base == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert found.base == 20
