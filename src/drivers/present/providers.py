"""Would client organisations recommend their provider: words, picture, tables and page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from drivers.analyses.equality import ALPHA
from drivers.analyses.providers import ProviderProfile
from drivers.present.drawing import NumberTicks, bars
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

FEW = 0.25
"""Few would recommend where the whole interval of their share lies below a quarter."""


@explain.register
def _(result: ProviderProfile) -> tuple[Sentence, ...]:
    values = {"value": result.recommend_share, "low": result.recommend_share_low, "high": result.recommend_share_high}
    score = sentence(
        _SCORE,
        score=result.score,
        low=result.score_low,
        high=result.score_high,
        detractors=result.detractors,
    )
    return (_lead(result, values), score, *_lowest(result), *_providers(result))


def _lead(result: ProviderProfile, values: dict[str, float]) -> Sentence:
    low, high = result.recommend_share_low, result.recommend_share_high
    if low > 0.5:
        return sentence(_MOST, **values)
    return sentence(_FEW if high < FEW else _MINORITY if high < 0.5 else _SHARE, **values)


_FEW = (
    "Few clients would recommend their provider: {value:percent1} give a 9 or 10 ({low:percent1} to {high:percent1})."
)
_MINORITY = (
    "Fewer than half of the clients would recommend their provider: {value:percent1} give a 9 or 10 ({low:percent1} to "
    "{high:percent1})."
)
_MOST = (
    "Most clients would recommend their provider: {value:percent1} give a 9 or 10 ({low:percent1} to {high:percent1})."
)
_SHARE = "{value:percent1} of the clients would recommend their provider (9 or 10; {low:percent1} to {high:percent1})."
_SCORE = "{detractors:percent1} give a 0 to 6, so that the net promoter score is {score:pp1} ({low:pp1} to {high:pp1})."


def _lowest(result: ProviderProfile) -> Iterator[Sentence]:
    first, second = (row for _, row in result.table.head(2).iterrows())
    values = {"mean": first["attribute_mean"], "low": first["attribute_mean_low"], "high": first["attribute_mean_high"]}
    if result.worst is not None:
        gap = {"gap": second["above_lowest"], "from_": second["above_lowest_low"], "to": second["above_lowest_high"]}
        yield sentence(_WORST, worst=result.worst, next=second["label"], **values, **gap)
        return
    apart = result.table["shown"].to_numpy()
    near = result.table.loc[~apart, "label"].tolist()
    if len(near) == len(apart):
        yield sentence(_NONE)
    else:
        yield sentence(_NEAR, names=near, chance=first["lowest_probability"], lowest=first["label"])


_WORST = (
    "Providers score worst on {worst}: {mean:number1} on average ({low:number1} to {high:number1}), below every other "
    "attribute; the next one, {next}, lies {gap:number2} higher ({from_:number2} to {to:number2})."
)
_NONE = (
    "On which attribute providers score worst is not shown: their differences do not go beyond chance."
)  # fmt: skip
_NEAR = (
    "On which attribute providers score worst is not shown: {names:list} cannot be told apart; {lowest} is the lowest "
    "in {chance:chance} of the resamples."
)


def _providers(result: ProviderProfile) -> Iterator[Sentence]:
    if result.providers.empty:
        return
    known = result.providers[~result.providers["suppressed"].astype(bool)]
    hidden = len(result.providers) - len(known)
    if np.isfinite(result.equal_p):
        best, worst = known.iloc[0], known.iloc[-1]
        values = {"one": best["provider"], "other": worst["provider"], "count": len(known)}
        values |= {"high": best["provider_score"], "low": worst["provider_score"], "p": result.equal_p}
        yield sentence(_DIFFER if result.equal_p < ALPHA else _ALIKE, **values)
    if hidden:
        yield sentence(_HIDDEN, count=hidden)


_DIFFER = (
    "The {count:count} providers are shown to differ in net promoter score: from {low:pp1} ({other}) to {high:pp1} "
    "({one}). With so many providers the first and the last stand out by chance too."
)
_ALIKE = (
    "That the {count:count} providers differ in net promoter score is not shown. Their scores run from {low:pp1} "
    "({other}) to {high:pp1} ({one}); of surveys of providers that are alike, {p:chance} show as much or more."
)
_HIDDEN = "Not shown, because too few answered or the total would tell: {count:count} providers."


@plot.register
def _(result: ProviderProfile, language: Language = ENGLISH) -> Figure:
    frame = result.table.assign(label=[short_label(label) for label in result.table["label"]])
    lowest = frame.index == 0 if result.worst is not None else np.zeros(len(frame), dtype=bool)
    with figure_style():
        figure = new_figure(0.9 + 0.38 * len(frame))
        ax = figure.subplots()
        bars(ax, frame, "attribute_mean", np.where(lowest, WARM, ACCENT))
        ax.set_xlim(0, result.scale_high)
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Mean rating, scale {low:number} to {high:number}", low=result.scale_low,
                                   high=result.scale_high))  # fmt: skip
        ax.set_ylabel("")
    return figure


@legend.register
def _(result: ProviderProfile) -> Sentence:
    read = _LOWEST_ON_TOP if result.worst is None else _WORST_ORANGE
    values = {"read": read, "base": result.base, "confidence": result.confidence, "source": result.source}
    if result.organisations is None:
        return sentence(_RESPONDENTS, **values)
    return sentence(_ORGANISATIONS, **values, organisations=result.organisations)


_LOWEST_ON_TOP = sentence("Mean rating of each attribute of the providers, the lowest on top.")
_WORST_ORANGE = sentence(
    "Mean rating of each attribute of the providers; orange: the one that is shown to lie below every other."
)
_RESPONDENTS = "{read} Base: {base:count} respondents; lines show {confidence:percent} intervals. Source: {source}."
_ORGANISATIONS = (
    "{read} Base: {base:count} respondents of {organisations:count} client organisations; lines show "
    "{confidence:percent} intervals. Source: {source}."
)


@table.register
def _(result: ProviderProfile, language: Language = ENGLISH) -> Printed:
    chosen = ["label", "attribute_mean", "above_lowest", "lowest_probability", "base"]
    return printed(result.table, chosen, language)


def provider_table(result: ProviderProfile, language: Language) -> Printed:
    """Every provider with its score; dashes for those that are not shown."""
    frame = result.providers
    scores = printed(frame, ["provider", "provider_score", "recommend_share", "base"], language)
    return replace(scores, caption=language.say("Every provider with its score"))
