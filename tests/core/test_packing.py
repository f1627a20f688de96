import numpy as np

from drivers.core.packing import packed, piecewise_cubic, unpacked


def test_an_array_comes_back_in_seven_digits():
    values = np.random.default_rng(1).normal(size=(7, 3)) * 1e6
    np.testing.assert_allclose(unpacked(packed(values), (7, 3)), values, rtol=1e-7)
    assert unpacked("AACAPwAAAMA=", (2,)).tolist() == [1.0, -2.0]  # little-endian, by hand


def test_a_cubic_in_each_stretch_is_met_exactly_with_a_kink_between_them():
    nodes = -1 + np.arange(10) / 3

    def curve(x):
        return np.where(x < 0, x**3 - x, 2 * x + x**2)

    x = np.linspace(-1, 2, 50)
    found = piecewise_cubic(x, 1 / 3, -1.0, np.tile(curve(nodes), (50, 1, 1)))
    np.testing.assert_allclose(found[:, 0], curve(x), atol=1e-12)


def test_beyond_the_nodes_the_value_at_the_end_stays():
    values = np.tile(np.arange(7.0) ** 2, (2, 1, 1))
    assert piecewise_cubic(np.array([-5.0, 99.0]), 1.0, 0.0, values)[:, 0].tolist() == [0, 36]
