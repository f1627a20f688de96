"""Do the same things drive satisfaction in every group of customers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from drivers.analyses.basis import (
    LinearBasis,
    answers_phrase,
    joint_resample,
    linear_basis,
    units_phrase,
    weights_phrase,
)
from drivers.analyses.certainty import sampling_phrase
from drivers.analyses.equality import (
    ALL,
    ALPHA,
    MEAN,
    GroupSlopes,
    detectable_difference,
    equality_tests,
    slope_differences,
    slopes_in_groups,
)
from drivers.analyses.grouping import Group, customer_groups
from drivers.analyses.groupshares import GroupShares, shares_in_groups
from drivers.analyses.twins import united_survey
from drivers.core.batches import stacked
from drivers.core.interval import percentile_interval, ranks
from drivers.core.linear import linear_fit
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

SUBSETS = 40_000_000
"""Subsets of drivers, times draws and groups, from which on fewer draws serve: under a second of them."""
FEWEST_DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class SegmentImportance:
    """What drives satisfaction in each group of customers, and whether that differs.

    Attributes
    ----------
    segment, label
        Column that divides the customers, and its printed name.
    groups
        One row a group: base, mean satisfaction, explained share, and why its importance is not shown, if it is not.
    table
        One row a driver and group whose importance is shown: share of the explanation and slope, with intervals.
    differences
        One row a driver and pair of those groups: difference of shares and of slopes, with intervals; p-values of
        slopes are Holm's within the driver. A pair is shown only where the driver's own test is.
    tests
        Whether mean satisfaction, all slopes together and each driver's slopes are equal in the groups: Wald F with
        the errors of the design, p-values adjusted by Holm over all of them, and by Bonferroni over the columns that
        are compared side by side.
    detectable
        Difference of two slopes, in points of satisfaction for one point of a driver, that these answers would show
        with a chance of 80%, allowing for the number of tests: the median over drivers and pairs of groups.
    base
        Respondents in the regression, unweighted, those in no group included.
    minimum_base
        Respondents below which a group is hidden.
    draws, confidence
        Resamples behind the intervals of shares, and the level of every interval.
    method
        One sentence for the report's footnote.
    """

    segment: str
    label: str
    groups: pd.DataFrame
    table: pd.DataFrame
    differences: pd.DataFrame
    tests: pd.DataFrame
    detectable: float
    base: int
    minimum_base: int
    draws: int
    confidence: float
    method: Sentence

    @property
    def differing(self) -> tuple[str, ...]:
        """Drivers whose slopes are shown to differ between the groups."""
        rows = self.tests[self.tests["shown"] & ~self.tests["test"].isin((MEAN, ALL))]
        return tuple(rows["test"])

    def __repr__(self) -> str:
        many = len(self.differing)
        said = f"{many} drivers differ" if many else "no difference shown"
        return f"SegmentImportance by {self.label}: {said} between {self.table['segment_group'].nunique()} groups"


def segment_importance(
    survey: Survey,
    segment: str,
    resample: Resample | None = None,
    *,
    minimum_base: int = 30,
    confidence: float = 0.95,
    columns: int = 1,
) -> SegmentImportance:
    """Do the same things drive satisfaction in every group of customers?

    A slope of 0.40 in one group and 0.10 in another means: a point more on the driver goes with four times as many
    points of satisfaction in the first. Whether that is more than chance, `tests` says; that no difference is shown
    does not prove that there is none.

    Parameters
    ----------
    survey
        The wave, with segments; ``segmented_survey`` adds some to a survey made by hand.
    segment
        Column of ``survey.segments``.
    resample
        The joint resample of this survey's respondents; default: 1,000 draws of a generator of seed 1.
    minimum_base
        Smaller groups are hidden, and another with them if they would follow from the total.
    confidence
        Level of every interval.
    columns
        Segmentations compared side by side: p-values allow for that many.

    Raises
    ------
    EstimationError
        When the survey has no such segments, or fewer than two groups can be compared.
    """
    segmentation = known_segmentation(survey, segment)
    resample = joint_resample(survey) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    groups = customer_groups(basis, segmentation, minimum_base)
    compared = [group for group in groups if group.reason is None]
    used = _first_draws(resample, basis, len(compared))
    drawn = stacked([group.part.answers.drawn(used) for group in compared])
    slopes = slopes_in_groups(basis, compared, drawn)
    tests = equality_tests(slopes, basis.drivers, columns=columns)
    shares = shares_in_groups(compared, drawn, confidence)
    return SegmentImportance(
        segment=segment,
        label=segmentation.label,
        groups=_group_table(groups, compared, slopes, confidence),
        table=_importance_table(survey, compared, shares, slopes),
        differences=_differences(survey, [group.name for group in compared], shares, slopes, tests),
        tests=tests,
        detectable=detectable_difference(slopes, columns=columns),
        base=basis.base,
        minimum_base=minimum_base,
        draws=used.draws,
        confidence=confidence,
        method=_method(survey, basis, used, segmentation, confidence),
    )


def known_segmentation(survey: Survey, segment: str) -> Segmentation:
    """The division of the respondents by this column.

    Raises
    ------
    EstimationError
        When the survey has no such segments.
    """
    if segment not in survey.segments:
        there = ", ".join(survey.segments) or "none"
        raise EstimationError(
            f'The survey has no segments "{segment}"; it has: {there}. Name the column in survey.segments of the '
            "client file, or add it with segmented_survey."
        )
    return survey.segments[segment]


def _first_draws(resample: Resample, basis: LinearBasis, groups: int) -> Resample:
    """The resample, or as many of its first draws as the lattices of all groups allow."""
    lattices = SUBSETS // (groups * 2 ** (len(basis.names) - 1 - basis.columns.held))
    affordable = max(lattices // 100 * 100, FEWEST_DRAWS)
    return resample if affordable >= resample.draws else replace(resample, counts=resample.counts[:affordable])


def _group_table(
    groups: Sequence[Group], compared: Sequence[Group], slopes: GroupSlopes, confidence: float
) -> pd.DataFrame:
    place = {group.name: k for k, group in enumerate(compared)}
    reach = slopes.quantile(confidence) * slopes.means.error
    rows = []
    for group in groups:
        k, part = place.get(group.name), group.part
        mean = np.nan if group.hidden else float(part.moments.mean[-1])
        rows.append(
            {
                "segment_group": group.name,
                "base": None if group.hidden else part.base,
                "mean_satisfaction": mean,
                "mean_satisfaction_low": np.nan if k is None else mean - reach[k],
                "mean_satisfaction_high": np.nan if k is None else mean + reach[k],
                "explained": np.nan if k is None else float(linear_fit(part.moments.cross).r_squared),
                "suppressed": group.hidden,
                "reason": group.reason or "",
            }
        )
    frame = pd.DataFrame(rows)
    return frame.assign(base=frame["base"].astype("Int64"))


def _importance_table(
    survey: Survey, compared: Sequence[Group], shares: GroupShares, slopes: GroupSlopes
) -> pd.DataFrame:
    reach = slopes.quantile(shares.confidence) * slopes.errors
    frames = [
        pd.DataFrame(
            {
                "segment_group": group.name,
                "driver": list(group.part.drivers),
                "label": [survey.labels.get(d, d) for d in group.part.drivers],
                "share": shares.estimate[k],
                "share_low": shares.intervals[k].low,
                "share_high": shares.intervals[k].high,
                "rank": ranks(shares.estimate[k]).astype(int),
                "slope": slopes.value[k],
                "slope_low": slopes.value[k] - reach[k],
                "slope_high": slopes.value[k] + reach[k],
            }
        )
        for k, group in enumerate(compared)
    ]
    return pd.concat(frames, ignore_index=True)


def _differences(
    survey: Survey, names: Sequence[str], shares: GroupShares, slopes: GroupSlopes, tests: pd.DataFrame
) -> pd.DataFrame:
    drivers = [test for test in tests["test"] if test not in (MEAN, ALL)]
    a, b = np.triu_indices(len(names), k=1)
    gaps = shares.estimate[a] - shares.estimate[b]
    ends = percentile_interval(np.moveaxis(shares.replicates[a] - shares.replicates[b], 1, 0), shares.confidence)
    group, other = ([names[int(i)] for i in side] for side in (a, b))
    frames = [
        pd.DataFrame(
            {
                "driver": driver,
                "label": survey.labels.get(driver, driver),
                "segment_group": group,
                "other_group": other,
                "difference": gaps[:, j],
                "difference_low": ends.low[:, j],
                "difference_high": ends.high[:, j],
                **slope_differences(slopes, j, a, b, shares.confidence),
            }
        )
        for j, driver in enumerate(drivers)
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(shown=(frame["p_adjusted"] < ALPHA) & frame["driver"].isin(tests.loc[tests["shown"], "test"]))


def _method(
    survey: Survey, basis: LinearBasis, used: Resample, segmentation: Segmentation, confidence: float
) -> Sentence:
    return sentence(
        "The same regression of {outcome} within each group of {segment}: LMG shares{sampling} with "
        "{confidence:percent} intervals (BCa, {draws:count} joint resamples of {units}). Equal slopes: Wald F with "
        "{errors} errors, p-values by Holm over all tests and by Bonferroni over the columns compared; {weights}; "
        "{answers}.",
        outcome=survey.labels.get(basis.names[-1], basis.names[-1]),
        segment=segmentation.label,
        sampling=sampling_phrase(basis, used.draws),
        confidence=confidence,
        draws=used.draws,
        units=units_phrase(survey),
        errors=_errors(basis),
        weights=weights_phrase(survey),
        answers=answers_phrase(survey, basis),
    )


def _errors(basis: LinearBasis) -> Sentence:
    if basis.policy.name in ("available", "imputed"):
        return sentence("resampled")
    return sentence("HC3") if basis.design is None else sentence("design-based (linearised)")
