"""Reference numbers and generated cross-products shared by the tests of core."""

import json
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from drivers.core.moments import Moments

GOLDEN = Path(__file__).parents[1] / "golden"


@cache
def golden(name):
    """The stored R numbers of one data set: attributes are the keys of its JSON file."""
    return SimpleNamespace(**json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8")))


def answers(name, drivers=None):
    """Columns of a data set, drivers first and the outcome last: names and array (n, p + 1)."""
    reference = golden(name)
    names = (*(drivers or reference.drivers), reference.outcome)
    return names, np.array([reference.data[column] for column in names], dtype=float).T


def reference_cross(name, drivers=None, weights=None):
    names, z = answers(name, drivers)
    return Moments.from_rows(names, z, np.ones(len(z)) if weights is None else np.asarray(weights, float)).cross


def table(rows):
    """Array from stored rows in which None stands for NaN."""
    return np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=float)


def generated(seed, p, n=200):
    """Correlated drivers, outcome last: array (n, p + 1)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1))
    y = x @ rng.uniform(-0.3, 1.0, size=p) + rng.normal(size=n)
    return np.column_stack([x, y])


def cross_of(z, w=None):
    names = tuple(f"v{j}" for j in range(z.shape[1]))
    return Moments.from_rows(names, z, np.ones(len(z)) if w is None else w).cross


def moments_of(z, w=None):
    names = tuple(f"v{j}" for j in range(z.shape[1]))
    return Moments.from_rows(names, z, np.ones(len(z)) if w is None else w)


def fitted_r_squared(z, subset):
    """R² by least squares on the centred rows: the brute force that the lattice must equal."""
    centred = z - z.mean(axis=0)
    x, y = centred[:, list(subset)], centred[:, -1]
    if not subset:
        return 0.0
    residual = y - x @ np.linalg.lstsq(x, y)[0]
    return 1.0 - residual @ residual / (y @ y)


def subsets(p):
    return chain.from_iterable(combinations(range(p), size) for size in range(p + 1))
