"""Two waves made comparable: what both asked, the same mix, and resamples that know who answered in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from drivers.analyses.basis import joint_resample
from drivers.core.design import Design, DesignEstimate, robust_slopes, sampling_design, weighted_slopes
from drivers.core.resample import Resample, draw_resample
from drivers.errors import EstimationError
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class WavePair:
    """Two waves, made comparable.

    Attributes
    ----------
    before, after
        The waves with the drivers that both asked; their controls are what stands for the mix of customers: the common
        controls, and a column of ones and zeros for each group of the mix but the largest.
    draws_before, draws_after
        Their resamples; joint ones where respondents answered in both.
    shared
        Respondents (or clusters) that are in both waves.
    mix
        Printed names of what the mix consists of.
    """

    before: Survey
    after: Survey
    draws_before: Resample
    draws_after: Resample
    shared: int
    mix: tuple[str, ...]

    @property
    def waves(self) -> tuple[Survey, Survey]:
        """Both, the earlier one first."""
        return self.before, self.after


def wave_pair(
    survey: Survey, resample: Resample, rng: np.random.Generator | None = None, *, minimum_base: int = 30
) -> WavePair:
    """With which earlier wave is this one compared, and what do the two have in common?

    Parameters
    ----------
    survey
        The later wave, with those before it.
    resample
        Its joint resample, replaced by one of both waves where respondents are in both.
    rng
        Source of the draws of the earlier wave; default: a generator of seed 1.
    minimum_base
        Groups of the mix with fewer respondents in a wave count with the largest group.

    Raises
    ------
    EstimationError
        When there is no earlier wave to compare with.
    """
    before = earlier_wave(survey)
    rng = np.random.default_rng(1) if rng is None else rng
    shared, codes = _joint_units(before, survey)
    if shared:
        drawn = draw_resample(rng, before.base + survey.base, resample.draws, codes)
        parts = (codes[: before.base], codes[before.base :])
        draws = tuple(Resample(drawn.counts, units, drawn.factors) for units in parts)
    else:
        draws = (joint_resample(before, rng, resample.draws), resample)
    (first, second), mix = same_columns((before, survey), minimum_base)
    return WavePair(first, second, draws[0], draws[1], shared, mix)


def earlier_wave(survey: Survey) -> Survey:
    """The wave that this one is to be compared with.

    Raises
    ------
    EstimationError
        When there is none, or its answers could not be read.
    """
    if survey.change is None:
        raise EstimationError(sentence("The client file compares no waves. Add a table [change]."))
    name = survey.change.before
    if name is None:
        raise EstimationError(sentence("There is no earlier wave to compare this one with."))
    for wave in survey.earlier:
        if wave.wave == name:
            return wave
    raise EstimationError(
        sentence("Wave {wave} cannot be compared: its answers cannot be read. See its own report.", wave=name)
    )


def _joint_units(before: Survey, after: Survey) -> tuple[int, np.ndarray]:
    """How many respondents are in both waves, and codes (n,) of all, the earlier wave's first."""
    first, second = (wave.change.units if wave.change is not None else None for wave in (before, after))
    if first is None or second is None:
        return 0, np.arange(before.base + after.base)
    named = np.concatenate([first, second]).astype(object)
    for place in np.flatnonzero(named == ""):
        named[place] = place  # a unit of its own
    shared = len(set(first[first != ""]) & set(second[second != ""]))
    return shared, np.unique(named.astype(str), return_inverse=True)[1]


def same_columns(waves: Sequence[Survey], least: int) -> tuple[tuple[Survey, ...], tuple[str, ...]]:
    """These waves with what all of them asked, and the printed names of what stands for the mix of customers."""
    last = waves[-1]
    drivers = tuple(d for d in last.drivers if all(d in wave.drivers for wave in waves))
    controls = tuple(c for c in last.controls if all(c in wave.controls for wave in waves))
    mixes = [_mix(wave) for wave in waves]
    chosen = {
        column: _large_groups([mix[column] for mix in mixes], waves, least)
        for column in mixes[-1]
        if all(column in mix for mix in mixes)
    }
    names = (*(mixes[-1][column].label for column in chosen), *(last.labels.get(c, c) for c in controls))
    alike = (_with_mix(wave, chosen, controls) for wave in waves)
    none: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    return tuple(replace(wave, drivers=drivers, batteries=none, paths=None) for wave in alike), names


def _mix(wave: Survey) -> Mapping[str, Segmentation]:
    return MappingProxyType({}) if wave.change is None else wave.change.mix


def _large_groups(mixes: Sequence[Segmentation], waves: Sequence[Survey], least: int) -> tuple[str, ...]:
    """Groups with enough respondents in every wave, but for the largest, which the others are held against."""
    counts = []
    for groups, wave in zip(mixes, waves, strict=True):
        counted = groups.codes[wave.weights > 0]
        counts.append({g: int((counted == k).sum()) for k, g in enumerate(groups.groups)})
    smallest = {g: min(count.get(g, 0) for count in counts) for g in counts[-1]}
    known = sorted((g for g in smallest if smallest[g] >= least), key=lambda g: -smallest[g])
    return tuple(known[1:])


def _with_mix(wave: Survey, chosen: Mapping[str, tuple[str, ...]], controls: tuple[str, ...]) -> Survey:
    """The wave with a column of ones and zeros for each chosen group among its controls; NaN where it is not known."""
    columns = {}
    for column, groups in chosen.items():
        mix = _mix(wave)[column]
        for group in groups:
            belongs = (mix.codes == mix.groups.index(group)).astype(float)
            columns[f"{column}: {group}"] = np.where(mix.codes < 0, np.nan, belongs)
    return replace(wave, answers=wave.answers.assign(**columns), controls=(*columns, *controls))


@dataclass(frozen=True, slots=True, eq=False)
class StackedWaves:
    """Both waves under one another: who is in the later one, and how all were sampled.

    Attributes
    ----------
    later
        Array (n,), 1 in the later wave, 0 in the earlier one.
    design
        How the rows were sampled; None for simple samples.
    counted
        Boolean array (n,), rows that have weight.
    """

    later: np.ndarray
    design: Design | None
    counted: np.ndarray

    def slopes(self, z: np.ndarray) -> DesignEstimate:
        """Weighted least squares of the last column of `z` (n, k) on the others, with robust errors; NaN rows out."""
        rows = ~np.isnan(z[self.counted]).any(axis=1)
        kept = z[self.counted]
        return robust_slopes(kept[rows]) if self.design is None else weighted_slopes(kept, self.design, rows)


def stacked_waves(pair: WavePair) -> StackedWaves:
    """Both waves under one another, each with its weights, clusters and strata.

    Respondents of both waves are one unit; strata are then not used, which makes errors larger and never smaller.

    Raises
    ------
    EstimationError
        When a stratum holds one unit only.
    """
    before, after = pair.waves
    later = np.repeat([0.0, 1.0], [before.base, after.base])
    weights = np.concatenate([wave.weights / wave.weights.sum() * wave.base for wave in pair.waves])
    simple = not (pair.shared or any(w.weighted or w.strata is not None or w.clusters is not None for w in pair.waves))
    counted = weights > 0
    if simple:
        return StackedWaves(later, None, counted)
    if pair.shared:
        clusters, strata = _joint_units(before, after)[1], None
    else:
        clusters = _side_by_side([w.clusters if w.clusters is not None else np.arange(w.base) for w in pair.waves])
        strata = _side_by_side([w.strata if w.strata is not None else np.zeros(w.base, dtype=int) for w in pair.waves])
    design = sampling_design(weights[counted], None if strata is None else strata[counted], clusters[counted])
    return StackedWaves(later, design, counted)


def _side_by_side(codes: list[np.ndarray]) -> np.ndarray:
    """Codes of both waves, none in common."""
    return np.concatenate([codes[0], codes[1] + int(codes[0].max(initial=-1)) + 1])


def pair_phrase(pair: WavePair) -> Sentence:
    """What the mix consists of, for a method sentence."""
    if not pair.mix:
        return sentence("nothing, as the client file names none")
    return sentence("{names:list}", names=list(pair.mix))
