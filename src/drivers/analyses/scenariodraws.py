"""The draws behind a what-if as plain numbers, for whoever computes with them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.whatif import MEASURES, WhatIf
from drivers.core.packing import unpacked


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioDraws:
    """What satisfaction, retention and money do in the sample and in every draw.

    Attributes
    ----------
    slopes
        Array (B + 1, p): slopes of satisfaction on the drivers, the sample first.
    responses
        Array (B + 1, 3, gains): change of retention, yearly margin and lifetime value at each gain in satisfaction.
    """

    slopes: np.ndarray
    responses: np.ndarray


def scenario_draws(given: WhatIf) -> ScenarioDraws:
    """From which numbers does a what-if follow?"""
    rows = given.draws + 1
    return ScenarioDraws(
        slopes=unpacked(given.slopes, (rows, len(given.table))),
        responses=unpacked(given.responses, (rows, len(MEASURES) - 1, given.gains)),
    )
