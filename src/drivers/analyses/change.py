"""What changed since an earlier wave, as it was and with the same mix of customers?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr

from drivers.analyses.basis import joint_resample, weights_phrase
from drivers.analyses.pair import StackedWaves, WavePair, pair_phrase, stacked_waves, wave_pair
from drivers.core.design import DesignEstimate
from drivers.core.interval import student_reach
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class WaveChange:
    """The change of each measure between two waves.

    Attributes
    ----------
    table
        One row a measure, satisfaction first, then leaving where it is known, then the drivers that both waves asked:
        means before and after, change with its interval, and change at the same mix of customers with its interval and
        p-value (drivers: Holm-adjusted). Of leaving they are shares.
    before, after
        Names of the two waves.
    mix
        What is held alike for the change at the same mix.
    shared
        Respondents who are in both waves.
    base, base_before
        Respondents of the later and of the earlier wave who answered on satisfaction.
    confidence, method
        As in every result.
    """

    table: pd.DataFrame
    before: str
    after: str
    mix: tuple[str, ...]
    shared: int
    base: int
    base_before: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"WaveChange: satisfaction {row['mean_change']:+.2f} since {self.before} ({row['mean_change_low']:+.2f} to "
            f"{row['mean_change_high']:+.2f}); base {self.base}"
        )


def wave_change(
    survey: Survey,
    resample: Resample | None = None,
    *,
    pair: WavePair | None = None,
    confidence: float = 0.95,
) -> WaveChange:
    """What changed since the earlier wave, and what would have changed with the same mix of customers?

    A change of 0.30 at the same mix means: customers of the later wave rate 0.30 points higher than customers of the
    earlier one with their age, contract or whatever the mix consists of would have. It says that something changed, not
    what did it.

    Parameters
    ----------
    survey
        The later wave, with those before it.
    resample
        Its joint resample; only to find the earlier wave's. Default: 1,000 draws of a generator of seed 1.
    pair
        The two waves, where they are known already.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When there is no earlier wave to compare with, or a stratum holds one unit only.
    """
    pair = wave_pair(survey, resample or joint_resample(survey)) if pair is None else pair
    stack = stacked_waves(pair)
    measures = _measures(pair)
    table = pd.DataFrame([_row(pair, stack, column, kind, confidence) for column, kind in measures])
    drivers = table["measure_kind"].to_numpy() == "driver"
    table.loc[drivers, "same_mix_p"] = adjusted_p(table.loc[drivers, "same_mix_p"].to_numpy(dtype=float), "holm")
    return WaveChange(
        table=table,
        before=str(pair.before.wave),
        after=str(pair.after.wave),
        mix=pair.mix,
        shared=pair.shared,
        base=int(pair.after.complete([pair.after.outcome]).sum()),
        base_before=int(pair.before.complete([pair.before.outcome]).sum()),
        confidence=confidence,
        method=_method(pair, confidence),
    )


def _measures(pair: WavePair) -> list[tuple[str, str]]:
    """Columns whose change is told, and what each is; those that both waves asked."""
    found = [(pair.after.outcome, "satisfaction")]
    if all(_answered(wave, "left") for wave in pair.waves):
        found.append(("left", "left"))
    return [*found, *((driver, "driver") for driver in pair.after.drivers)]


def _answered(wave: Survey, column: str) -> bool:
    return column in wave.answers and bool(wave.answers[column].notna().any())


def _row(pair: WavePair, stack: StackedWaves, column: str, kind: str, confidence: float) -> dict[str, object]:
    y = np.concatenate([wave.answers[column].to_numpy() for wave in pair.waves])
    raw, alike = stack.slopes(np.column_stack([stack.later, y])), same_mix_change(pair, stack, y)
    return {
        "measure": column,
        "label": pair.after.labels.get(column, column),
        "measure_kind": kind,
        "mean_before": raw.value[0],
        "mean_after": raw.value[0] + raw.value[1],
        **_spread("mean_change", raw, confidence),
        **_spread("same_mix_change", alike, confidence),
        "same_mix_p": _p(alike),
    }


def same_mix_change(pair: WavePair, stack: StackedWaves, y: np.ndarray) -> DesignEstimate:
    """Regression of `y` (n,) of which the second coefficient is the change at the mix of the later wave.

    The outcome on the wave, the mix about its means in the later wave, and their products: the earlier wave's
    regression says what its customers would have answered with the later wave's mix (Kitagawa 1955,
    doi:10.1080/01621459.1955.10501299; Oaxaca 1973, doi:10.2307/2525981).
    """
    mix = np.concatenate([wave.answers[list(wave.controls)].to_numpy() for wave in pair.waves])
    rows = (stack.later == 1) & ~np.isnan(np.column_stack([mix, y])).any(axis=1)
    weights = np.concatenate([wave.weights for wave in pair.waves])
    centred = mix - np.average(mix[rows], axis=0, weights=weights[rows])
    return stack.slopes(np.column_stack([stack.later, centred, stack.later[:, None] * centred, y]))


def _spread(name: str, found: DesignEstimate, confidence: float) -> dict[str, float]:
    value, reach = float(found.value[1]), float(student_reach(found.error, found.degrees, confidence)[1])
    return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}


def _p(found: DesignEstimate) -> float:
    error = float(found.error[1])
    return float(2 * stdtr(found.degrees, -abs(float(found.value[1])) / error)) if error > 0 else float("nan")


def _method(pair: WavePair, confidence: float) -> Sentence:
    return sentence(
        "Means of wave {after} less those of wave {before}, everyone who answered the question; {weights}; {errors}. "
        "At the same mix: what wave {before} would have answered with the customers of wave {after}, by its "
        "regression on the mix ({mix}), everyone whose mix is known; {confidence:percent} intervals. {shared}",
        before=pair.before.wave,
        after=pair.after.wave,
        weights=weights_phrase(pair.after),
        errors=sentence("errors robust to unequal spread, and of the design where there is one"),
        mix=pair_phrase(pair),
        confidence=confidence,
        shared=sentence("{n:count} respondents are in both waves and count as one unit each.", n=pair.shared)
        if pair.shared
        else sentence("No respondent is in both waves."),
    )
