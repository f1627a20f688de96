"""Notices: what a reader must know about the data before any result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from drivers.sentence import Sentence, sentence
from drivers.survey.ratings import Rating
from drivers.survey.respondents import Respondents
from drivers.survey.selection import Selection


def data_notices(
    ratings: Mapping[str, Rating], respondents: Respondents, selection: Selection, labels: Mapping[str, str]
) -> tuple[Sentence, ...]:
    """What must a reader know about these data?"""
    left_out = {*selection.constant, *selection.not_asked}
    kept = {column: rating for column, rating in ratings.items() if column not in left_out}
    return (
        *_item_notices(selection, labels),
        *_scale_notices(kept, labels),
        *_margin_notices(kept, labels),
        *_respondent_notices(respondents),
    )


def turned_notices(turned: Sequence[str], labels: Mapping[str, str]) -> Iterator[Sentence]:
    """Which drivers were turned round on their scale?"""
    if turned:
        names = [labels.get(column, column) for column in turned]
        yield sentence("Turned round on its scale, as the client file says: {names:list}.", names=names)


def _item_notices(selection: Selection, labels: Mapping[str, str]) -> Iterator[Sentence]:
    if selection.constant:
        names = [labels.get(column, column) for column in selection.constant]
        yield sentence("Left out, because the answers do not differ between respondents: {names:list}.", names=names)


def _scale_notices(ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> Iterator[Sentence]:
    names = [labels.get(column, column) for column, rating in ratings.items() if rating.observed]
    if names:
        yield sentence(
            "No scale is declared for {names:list}; the lowest and highest answers given are taken for its ends.",
            names=names,
        )


def _margin_notices(ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> Iterator[Sentence]:
    for column, rating in ratings.items():
        if rating.role.name == "margin" and rating.coded_missing:
            yield sentence(
                "Amounts of {margin} that equal a code for no answer and are not counted: {n:count}.",
                n=rating.coded_missing,
                margin=labels.get(column, column),
            )


def _respondent_notices(respondents: Respondents) -> Iterator[Sentence]:
    if without := respondents.without_weight:
        yield sentence("Respondents without a survey weight, who count for nothing: {n:count}.", n=without)
    if unweighted := int((respondents.weights == 0).sum()) - without:
        yield sentence("Respondents of weight 0, who count for nothing: {n:count}.", n=unweighted)
    if respondents.anonymous:
        yield sentence(
            "Rows that do not say who answered, each counted as one of its own: {n:count}.", n=respondents.anonymous
        )
    if respondents.clusters is not None:
        several = int((np.bincount(respondents.clusters) > 1).sum())
        yield sentence(_CLUSTERS if respondents.clustered else _REPEATED, n=several)
    for margin in respondents.raking.margins if respondents.raking else ():
        if unknown := int(((margin.codes < 0) & (respondents.weights > 0)).sum()):
            yield sentence(_UNKNOWN, n=unknown, column=margin.name)


_REPEATED = "Respondents who answered more than once, and whose answers are resampled together: {n:count}."
_CLUSTERS = "Sampled units with several rows, which are resampled together: {n:count}."
_UNKNOWN = "Respondents without an answer on {column}, whose weights this margin leaves as they are: {n:count}."
