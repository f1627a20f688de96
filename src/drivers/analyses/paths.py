"""Which aspects work through which others? Paths between blocks of questions, and the total effect of each block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.axes import BAR, Drawn, MapAxes
from drivers.analyses.basis import joint_resample
from drivers.analyses.blocks import BlockDraws, block_draws
from drivers.analyses.method import method_values
from drivers.analyses.notice import Notice, warn_of
from drivers.analyses.priorities import DriverPriorities, priority_map
from drivers.core.interval import first_probability
from drivers.core.paths import composite_reliability, total_effects, variance_extracted
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

LITTLE = 0.50
"""Average variance extracted below which a block's items share less than half of their differences (Fornell and
Larcker 1981, doi:10.2307/3151312)."""


@dataclass(frozen=True, slots=True, eq=False)
class PathModel:
    """How blocks of questions lead to one another and to satisfaction.

    Attributes
    ----------
    effects
        One row a pair of blocks with a way from one to the other, those on satisfaction first, largest total first:
        direct effect, effect through other blocks and their total, in standard deviations and (total) in points of 100,
        with intervals.
    paths
        One row an arrow: the path in standard deviations and in points of 100 with intervals, and the correlation.
    blocks
        One row a block: items, performance of 100, composite reliability, average variance extracted, and the share of
        its variance that the blocks leading to it explain, with its interval.
    items
        One row an item: its weight in the block's score and its correlation with that score (loading).
    base
        Respondents in the analysis, unweighted.
    draws, confidence
        Resamples, and the level of every interval.
    notices
        What a reader must know: blocks whose items have little in common, items and paths that run against.
    method
        One sentence for the report's footnote.
    """

    effects: pd.DataFrame
    paths: pd.DataFrame
    blocks: pd.DataFrame
    items: pd.DataFrame
    base: int
    draws: int
    confidence: float
    notices: tuple[Notice, ...]
    method: Sentence
    drawn: BlockDraws = field(metadata={"internal": True})

    def __repr__(self) -> str:
        top = self.effects.iloc[0]
        return (
            f"PathModel of {len(self.blocks)} blocks: {top['label']} has the largest total effect on satisfaction, "
            f"{top['total_effect']:.2f}; base {self.base}"
        )


def path_model(
    survey: Survey, resample: Resample | None = None, *, draws: int = 1000, confidence: float = 0.95
) -> PathModel:
    """Which blocks of questions work through which others, and how much do they matter in all?

    A total effect of 0.62 means: a block that is one standard deviation higher goes with satisfaction that is 0.62
    standard deviations higher, directly and through the blocks it leads to together. The arrows are the client's
    claim: the data give their strength, never their direction.

    Parameters
    ----------
    survey
        The wave, with the blocks and arrows of the client file's [paths].
    resample
        The joint resample of this survey's respondents; default: `draws` draws of a generator of seed 1.
    draws, confidence
        As in every analysis.

    Raises
    ------
    EstimationError
        When no arrows are drawn, none lead to satisfaction, or the answers cannot support the items.

    Notes
    -----
    Partial least squares, mode A (Wold 1982; Lohmöller 1989): scores are weighted means of the items, so what the
    items measure badly makes paths from the block too small. The same numbers as semPLS, seminr and SmartPLS.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    found = block_draws(survey, resample)
    paths, blocks, items = _paths(found, confidence), _blocks(found, confidence), _items(found)
    return PathModel(
        effects=_effects(found, confidence),
        paths=paths,
        blocks=blocks,
        items=items,
        base=found.basis.base,
        draws=resample.draws,
        confidence=confidence,
        notices=warn_of(tuple(_notices(paths, blocks, items))),
        method=sentence(
            _METHOD,
            scheme=_SCHEMES[found.plan.scheme],
            **method_values(survey, found.basis, resample),
            confidence=confidence,
        ),
        drawn=found,
    )


_METHOD = (
    "Path model by partial least squares (mode A, {scheme}) on the arrows of the client file{controls}; {weights}; "
    "{answers}; {confidence:percent} percentile intervals over {draws:count} joint resamples of {units}. The direction "
    "of the arrows is an assumption."
)
_SCHEMES = {
    "path": sentence("path weighting"),
    "centroid": sentence("centroid weighting"),
    "factorial": sentence("factorial weighting"),
}


def path_priorities(model: PathModel) -> DriverPriorities:
    """What should be fixed first when aspects work through others: total effect against performance of each block?

    The importance-performance map on total effects (Ringle and Sarstedt 2016, doi:10.1108/IMDS-10-2015-0449): both axes
    in points of 100, so that an effect times the room to improve is a gain. Read as `driver_priorities`.

    Raises
    ------
    EstimationError
        When fewer than two blocks lead to satisfaction.
    """
    found, target = model.drawn, model.drawn.outcome
    total, correlations, performance = _totals(found, "points"), found.drawn("correlations"), found.drawn("performance")
    way = np.flatnonzero(_ways(found)[:, target])
    if len(way) < 2:
        raise EstimationError(ONE_BLOCK)
    effect = Drawn(total.value[way, target], total.replicates[:, way, target])
    against = set(model.items.loc[model.items["item_weight"] < 0, "block"])
    axes = MapAxes(
        names={"driver": [found.names[k] for k in way], "label": [found.labels[k] for k in way]},
        effect=effect,
        performance=Drawn(performance.value[way], performance.replicates[:, way]),
        correlation=Drawn(correlations.value[way, target], correlations.replicates[:, way, target]),
        importance=effect,
        applies=np.ones(len(way)),
        sound=np.array([found.names[k] not in against for k in way]),
    )
    method = sentence(
        _MAP,
        model=model.method,
        bar=BAR,
    )
    return priority_map(axes, method, model.base, measure="total_effect", confidence=model.confidence)


ONE_BLOCK = sentence("What to fix first cannot be said of one block alone; at least two must lead to satisfaction.")
_MAP = (
    "Importance-performance map on total effects (Ringle and Sarstedt 2016): importance is the total effect of one "
    "point of a block's score, both on a scale from 0 to 100; performance is the mean score; the lines run through "
    "the means, drawn anew in every resample; a block is recommended with a probability of {bar:percent} or more. "
    "{model}"
)


def _totals(found: BlockDraws, paths: str) -> Drawn:
    drawn = found.drawn(paths)
    return Drawn(total_effects(drawn.value), total_effects(drawn.replicates))


def _ways(found: BlockDraws) -> np.ndarray:
    """Array (J, J), whether any way leads from the block of the row to that of the column."""
    return np.asarray(total_effects(found.design.arrows.astype(float)) > 0)


def _effects(found: BlockDraws, confidence: float) -> pd.DataFrame:
    direct, total = found.drawn("paths"), _totals(found, "paths")
    indirect = Drawn(total.value - direct.value, total.replicates - direct.replicates)
    columns = {
        **direct.columns("direct_effect", confidence),
        **indirect.columns("indirect_effect", confidence),
        **total.columns("total_effect", confidence),
        **_totals(found, "points").columns("point_effect", confidence),
    }
    frame = _pairs(found, _ways(found), columns)
    frame["mediated_share"] = _mediated(frame)
    frame["first_probability"] = _first(found, frame, total)
    off = frame["target"] != found.names[found.outcome]
    order = np.lexsort((-frame["total_effect"], off))
    return frame.iloc[order].reset_index(drop=True)


def _first(found: BlockDraws, frame: pd.DataFrame, total: Drawn) -> np.ndarray:
    """Share of the draws in which a block's total effect on satisfaction is the largest; NaN for other targets."""
    place = [found.names.index(name) for name in frame["block"]]
    ours = (frame["target"] == found.names[found.outcome]).to_numpy()
    first = np.full(len(frame), np.nan)
    first[ours] = first_probability(total.replicates[:, np.array(place)[ours], found.outcome])
    return first


def _mediated(frame: pd.DataFrame) -> pd.Series:
    """The part of a total effect that goes through other blocks; missing where the two parts have opposite signs."""
    part = frame["indirect_effect"] / frame["total_effect"]
    return part.where(part.between(0, 1))


def _paths(found: BlockDraws, confidence: float) -> pd.DataFrame:
    columns = {
        **found.drawn("paths").columns("path", confidence),
        **found.drawn("points").columns("point_effect", confidence),
        "block_correlation": found.sample.fit.correlations,
    }
    return _pairs(found, found.design.arrows, columns)


def _pairs(found: BlockDraws, chosen: np.ndarray, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row for each chosen pair (J, J) of blocks, with the elements of these arrays (J, J)."""
    row, column = np.nonzero(chosen)
    names, labels = np.array(found.names, dtype=object), np.array(found.labels, dtype=object)
    ends = {"block": names[row], "label": labels[row], "target": names[column], "target_label": labels[column]}
    return pd.DataFrame({**ends, **{name: values[row, column] for name, values in columns.items()}})


def _blocks(found: BlockDraws, confidence: float) -> pd.DataFrame:
    loadings = found.sample.fit.loadings
    several = np.array([len(items) > 1 for items in found.design.blocks])
    led = np.array([bool(sources) for sources in found.design.sources])
    explained = found.drawn("r_squared").columns("block_explained", confidence)
    return pd.DataFrame(
        {
            "block": found.names,
            "label": found.labels,
            "items": [len(items) for items in found.design.blocks],
            **found.drawn("performance").columns("performance", confidence),
            "composite_reliability": np.where(several, composite_reliability(loadings, found.design), np.nan),
            "variance_extracted": np.where(several, variance_extracted(loadings, found.design), np.nan),
            **{name: np.where(led, values, np.nan) for name, values in explained.items()},
        }
    )


def _items(found: BlockDraws) -> pd.DataFrame:
    labels = found.survey.labels
    rows = [
        {"block": name, "column": (c := found.items[place]), "label": labels.get(c, c), "place": place}
        for name, places in zip(found.names, found.design.blocks, strict=True)
        for place in places
    ]
    frame = pd.DataFrame(rows)
    place = frame.pop("place").to_numpy()
    return frame.assign(item_weight=found.sample.weights[place], loading=found.sample.fit.loadings[place])


def _notices(paths: pd.DataFrame, blocks: pd.DataFrame, items: pd.DataFrame) -> Iterator[Notice]:
    loose = blocks.loc[blocks["variance_extracted"] < LITTLE, "label"]
    if len(loose):
        yield Notice("loose_blocks", sentence(_LOOSE, names=list(loose)))
    against = items.loc[items["item_weight"] < 0, "label"]
    if len(against):
        yield Notice("items_against", sentence(_AGAINST, names=list(against)))
    for _, row in paths[
        (paths["path_low"] * paths["path_high"] > 0) & (paths["path"] * paths["block_correlation"] < 0)
    ].iterrows():
        yield Notice("path_flip", sentence(_FLIP, label=row["label"], target=row["target_label"]))


_LOOSE = (
    "{names:list}: the questions of these blocks have less than half of their differences in common, so the block's "
    "score measures roughly, and the paths that start or end there can be too small or too large."
)
_AGAINST = "{names:list}: runs against the other questions of its block. Check whether its scale is reversed."
_FLIP = (
    "{label} to {target}: the path has the opposite sign of the plain correlation, because of overlap with other "
    "blocks. This is no reason to make anything worse."
)
