import numpy as np
import pytest

from core.samples import cross_of, generated
from drivers.core.dominance import general_dominance
from drivers.core.noise import noise_share


def singles(p, first=0):
    return [(first + j,) for j in range(p)]


def real_noise_shares(z, columns, controls=0, seeds=1500):
    """Shares of columns of noise that are really added to the answers, together: array (seeds,)."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(seeds):
        added = np.column_stack([z[:, :-1], rng.normal(size=(len(z), columns)), z[:, -1]])
        found.append(general_dominance(cross_of(added), controls=controls)[-columns:].sum())
    return np.array(found)


@pytest.mark.parametrize("n", [40, 300])
def test_a_column_of_noise_gets_the_share_that_real_noise_gets(n):
    z = generated(4, 3, n=n)
    noise = noise_share(cross_of(z), singles(3), cross_of(z), n)
    real = real_noise_shares(z, 1)
    for level in (0.8, 0.9, 0.95):
        assert (real <= noise.quantile(level)).mean() == pytest.approx(level, abs=0.03)  # 1,500 seeds: 0.013 at worst
    assert noise.weights.sum() == pytest.approx(real.mean(), rel=0.12)


def test_noise_beside_controls_gets_less():
    z = generated(4, 3, n=200)
    noise = noise_share(cross_of(z), singles(2, 1), cross_of(z), 200, controls=1)
    real = real_noise_shares(z, 1, controls=1)
    assert (real <= noise.quantile(0.9)).mean() == pytest.approx(0.9, abs=0.03)


def test_two_columns_of_noise_are_held_against_two():
    z = generated(4, 3, n=200)
    noise = noise_share(cross_of(z), singles(3), cross_of(z), 200)
    real = real_noise_shares(z, 2)
    p = noise.exceedance(real, np.full(len(real), 2))
    assert (p < 0.1).mean() == pytest.approx(0.1, abs=0.03)


def test_quantile_and_exceedance_are_inverse():
    z = generated(4, 5, n=200)
    noise = noise_share(cross_of(z), singles(5), cross_of(z), 200)
    for level in (0.5, 0.95, 0.999):
        assert noise.exceedance(np.array(noise.quantile(level)), np.array(1)) == pytest.approx(1 - level, rel=1e-6)


def test_blocks_of_one_column_are_drivers():
    z = generated(4, 4, n=200)
    whole = noise_share(cross_of(z), [(0,), (1, 2), (3,)], cross_of(z), 200)
    assert whole.weights.sum() == pytest.approx(
        noise_share(cross_of(z), singles(4), cross_of(z), 200).weights.sum(), rel=0.1
    )


def test_an_outcome_without_differences_leaves_nothing_to_noise():
    z = generated(4, 3)
    z[:, -1] = 3.0
    noise = noise_share(cross_of(z), singles(3), cross_of(z), len(z))
    assert noise.quantile(0.95) == 0
    assert noise.exceedance(np.zeros(3), np.ones(3)).tolist() == [1, 1, 1]
