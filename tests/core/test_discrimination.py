import numpy as np
import pytest

from drivers.core.discrimination import concordance, weighted_brier


def test_concordance_is_the_share_of_weighted_pairs_won_ties_half():
    rng = np.random.default_rng(0)
    score, y = rng.integers(0, 6, 40).astype(float), (rng.random(40) < 0.4).astype(float)
    w = rng.choice([0.0, 0.5, 1.0, 3.0], (3, 40))
    pairs = (score[:, None] > score) + 0.5 * (score[:, None] == score)
    for found, one in zip(concordance(score, y, w), w, strict=True):
        mass = np.outer(one * y, one * (1 - y))
        assert found == pytest.approx((mass * pairs).sum() / mass.sum())


def test_without_ones_there_is_nothing_to_tell_apart():
    assert np.isnan(concordance(np.arange(4.0), np.zeros(4), np.ones((1, 4)))).all()


def test_brier_is_the_weighted_mean_squared_gap():
    assert weighted_brier(np.array([0.2, 0.5]), np.array([0.0, 1.0]), np.array([[1.0, 3.0]])) == pytest.approx(
        [(0.04 + 3 * 0.25) / 4]
    )
