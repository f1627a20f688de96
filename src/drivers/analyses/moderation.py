"""Moderation: whether the same drivers count under each kind of contract."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from drivers.analyses.basis import linear_basis
from drivers.analyses.equality import ALL, MEAN, GroupSlopes, equality_tests, slopes_in_groups
from drivers.analyses.grouping import customer_groups
from drivers.analyses.significance import SIGNIFICANT
from drivers.analyses.twins import united_survey
from drivers.core.batches import stacked
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.core.wald import WaldTest
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey

NO_SLOPES = pd.DataFrame(
    columns=[
        "label", "driver", "contract_kind", "contract_slope", "contract_slope_low", "contract_slope_high",
        "contract_slope_p", "slopes_differ",
    ]
)  # fmt: skip
"""The table where the drivers are not compared."""


def kind_slopes(
    survey: Survey, kinds: Segmentation, resample: Resample, *, minimum_base: int, confidence: float
) -> tuple[pd.DataFrame, WaldTest]:
    """Slopes of every driver under each kind of contract, and the joint test that they are all equal.

    `survey` holds what is to be held equal among its controls. P-values of drivers are adjusted by Holm over the
    drivers; a driver is said to differ only where the joint test is significant too.

    Raises
    ------
    EstimationError
        When fewer than two kinds have answers enough for the drivers.
    """
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    groups = [g for g in customer_groups(basis, kinds, minimum_base) if g.reason is None]
    whole = basis.policy.name in ("complete", "not_applicable")
    slopes = slopes_in_groups(
        basis, groups, None if whole else stacked([g.part.answers.drawn(resample) for g in groups])
    )
    tests = equality_tests(slopes, basis.drivers).set_index("test")
    p = adjusted_p(tests.drop([MEAN, ALL])["p_value"].to_numpy(), "holm")
    joint = tests.loc[ALL]
    differ = (p < SIGNIFICANT) & bool(joint["p_value"] < SIGNIFICANT)
    names = [(d, survey.labels.get(d, d)) for d in basis.drivers]
    table = _slope_table(slopes, [g.name for g in groups], names, confidence)
    table = table.assign(contract_slope_p=np.repeat(p, len(groups)), slopes_differ=np.repeat(differ, len(groups)))
    between, within = int(joint["df_between"]), float(joint["df_within"])
    test = WaldTest(float(joint["f_statistic"]), between, within, float(joint["p_value"]))
    return table[list(NO_SLOPES.columns)], test


def _slope_table(
    slopes: GroupSlopes, kinds: list[str], names: list[tuple[str, str]], confidence: float
) -> pd.DataFrame:
    """One row a driver and kind."""
    reach = slopes.quantile(confidence) * slopes.errors
    value = slopes.value
    rows = [
        {
            "driver": driver,
            "label": label,
            "contract_kind": kind,
            "contract_slope": value[g, j],
            "contract_slope_low": value[g, j] - reach[g, j],
            "contract_slope_high": value[g, j] + reach[g, j],
        }
        for j, (driver, label) in enumerate(names)
        for g, kind in enumerate(kinds)
    ]
    return pd.DataFrame(rows)


def with_held(survey: Survey, columns: tuple[str, ...]) -> Survey:
    """The survey with these columns held constant too."""
    more = tuple(c for c in columns if c not in survey.controls and c not in survey.drivers)
    return replace(survey, controls=(*survey.controls, *more)) if more else survey
