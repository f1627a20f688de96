"""Notices: what a reader must know about the data before any result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from drivers.client import Client
from drivers.client.roles import column_roles
from drivers.survey.readings import Rating
from drivers.survey.respondents import Respondents
from drivers.survey.selection import Selection
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence, sentence


def data_notices(
    ratings: Mapping[str, Rating], respondents: Respondents, selection: Selection, labels: Mapping[str, str]
) -> tuple[Sentence, ...]:
    """What must a reader know about these data?"""
    left_out = {*selection.constant, *selection.not_asked}
    kept = {column: rating for column, rating in ratings.items() if column not in left_out}
    return (
        *_item_notices(selection, labels),
        *_scale_notices(kept, labels),
        *_relabelling_notices(kept, labels),
        *_code_notices(kept, labels),
        *_respondent_notices(respondents),
    )


def turned_notices(turned: Sequence[str], labels: Mapping[str, str]) -> Iterator[Sentence]:
    """Which drivers were turned round on their scale?"""
    if turned:
        names = [labels.get(column, column) for column in turned]
        yield sentence("Turned round on its scale, as the client file says: {names:list}.", names=names)


def table_notices(client: Client, table: SurveyTable) -> tuple[Sentence, ...]:
    """What must a reader know about how the survey file was read?"""
    used = {role.column for role in column_roles(client)}
    twice = (
        sentence("{n:count} columns are called {name}; they are read as {columns:list}.", n=len(c), name=n, columns=c)
        for n, c in table.twice.items()
        if used & set(c)
    )
    return (*table.notices, *twice)


def _item_notices(selection: Selection, labels: Mapping[str, str]) -> Iterator[Sentence]:
    if selection.constant:
        names = [labels.get(column, column) for column in selection.constant]
        yield sentence("Left out, because the answers do not differ between respondents: {names:list}.", names=names)


def _scale_notices(ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> Iterator[Sentence]:
    observed: dict[str, list[str]] = {}
    for column, rating in ratings.items():
        if rating.observed and rating.scale:
            observed.setdefault(f"{rating.scale.low:g}–{rating.scale.high:g}", []).append(labels.get(column, column))
    names = [f"{', '.join(same)} ({ends})" for ends, same in observed.items()]
    if names:
        yield sentence(
            "No scale is declared for {names:list}; the lowest and highest answers given are taken for its ends.",
            names=names,
        )


def _code_notices(ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> Iterator[Sentence]:
    for column, rating in ratings.items():
        name = labels.get(column, column)
        if rating.kept:
            yield sentence(
                "Answers to {name} that equal a code of survey.missing, yet are answers there and count: {n:count}.",
                n=rating.kept,
                name=name,
            )
        if rating.labelled:
            yield sentence(
                "Answers to {name} that their value label calls none ({said:list}) and that do not count: {n:count}.",
                n=sum(rating.labelled.values()),
                said=sorted(rating.labelled),
                name=name,
            )
        if rating.halves:
            yield sentence(
                "Answers to {name} half-way between two points, where nearly all others are whole: {n:count}.",
                n=rating.halves,
                name=name,
            )
        if rating.suspect:
            yield sentence(
                "Amounts of {name} that look like a code for no answer and count, as no key calls them so: {n:count}.",
                n=rating.suspect,
                name=name,
            )


def _relabelling_notices(ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> Iterator[Sentence]:
    for column, rating in ratings.items():
        if rating.stored and rating.scale:
            yield sentence(
                "{name} is stored as {a:number} to {b:number}, but its labels number it from {low:number} to "
                "{high:number}; the labels are followed.",
                name=labels.get(column, column),
                a=rating.stored.low,
                b=rating.stored.high,
                low=rating.scale.low,
                high=rating.scale.high,
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


_REPEATED = "Respondents who answered more than once, their answers kept together in the intervals: {n:count}."
_CLUSTERS = (
    "Units with several answers, such as organisations or teams: {n:count}. Answers from one unit are alike; the "
    "intervals allow for that."
)
_UNKNOWN = "Respondents without an answer on {column}, whose weights this margin leaves as they are: {n:count}."
