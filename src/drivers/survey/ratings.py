"""Ratings: the numbers of each column that the client file uses, on the scale they were asked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from drivers.client import Client
from drivers.client.roles import Role, column_roles
from drivers.errors import SurveyError
from drivers.survey.codes import CodeReader
from drivers.survey.complaints import off_scale_text, suspect_text, unreadable_text
from drivers.survey.labels import LEFT, OUTCOME
from drivers.survey.scales import off_scale, suspect_codes
from drivers.survey.survey import Scale
from drivers.survey.terms import RATED, AnswerTerms, answer_terms

_READ = (
    "satisfaction",
    "driver",
    "control",
    "stated importance",
    "path block",
    "left",
    "stayed",
    "intention",
    "nps",
    "margin",
)


@dataclass(frozen=True, slots=True, eq=False)
class Rating:
    """One column as numbers (n,), NaN where unanswered.

    `column` is its name among the answers; `scale` is None where a column needs none; `kept` counts the answers that
    equal a code of ``survey.missing`` and count nevertheless; `labelled` counts the answers that value labels call
    none, by label; `stored` is the range of the codes where the labels number the answers differently; `suspect`
    counts the amounts that look like a code; `parts` are the ratings of which this one is the mean.
    """

    column: str
    role: Role
    numbers: np.ndarray
    scale: Scale | None = None
    kept: int = 0
    labelled: Mapping[str, int] = field(default_factory=dict)
    stored: Scale | None = None
    suspect: int = 0
    parts: tuple[Rating, ...] = ()

    @property
    def observed(self) -> bool:
        """Whether no scale was declared, so that the ends are those of the answers given."""
        return self.scale is not None and self.scale.observed


def read_ratings(client: Client, reader: CodeReader, labels: Mapping[str, str]) -> dict[str, Rating]:
    """The numbers of every column with answers, by its name among the answers; satisfaction comes first.

    Raises
    ------
    SurveyError
        With every column that holds text which is no number, or answers outside its scale.
    """
    ratings: list[Rating] = []
    problems: list[str] = []
    for role in column_roles(client):
        try:
            if role.name in _READ and not _read_as_nps(client, role):
                ratings.append(_rating(client, reader, role, labels.get(role.column, role.column)))
        except SurveyError as error:
            problems.append(str(error))
    if len(problems) > 1:
        problems.insert(0, f"{len(problems)} columns cannot be used as they are")
    if problems:
        raise SurveyError(f"{reader.table.source}: " + "\n  ".join(problems))
    satisfaction = [rating for rating in ratings if rating.role.name == "satisfaction"]
    first = satisfaction_index(satisfaction) if len(satisfaction) > 1 else satisfaction[0]
    return {rating.column: rating for rating in (first, *ratings[len(satisfaction) :])}


def _read_as_nps(client: Client, role: Role) -> bool:
    """Is this intention, or part of a path block, the question of the net promoter score too, and read as that?"""
    stated = role.name in ("intention", "path block")
    return stated and client.loyalty is not None and role.column == client.loyalty.nps


def turned_round(client: Client, ratings: Mapping[str, Rating]) -> dict[str, Rating]:
    """The same ratings, those that the client file calls reversed turned round on their scale.

    Raises
    ------
    SurveyError
        When the scale of such a column is not declared: the ends observed need not be those that were offered.
    """
    turned = dict(ratings)
    for column, item in client.drivers.items.items():
        rating = ratings[column]
        if not item.reversed or np.isnan(rating.numbers).all():
            continue
        if rating.scale is None or rating.observed:
            raise SurveyError(
                f'column "{column}" is reversed but has no scale to turn it round on. '
                f"Add drivers.items.{column}.scale, or drivers.scale."
            )
        turned[column] = replace(rating, numbers=rating.scale.low + rating.scale.high - rating.numbers)
    return turned


def satisfaction_index(ratings: Sequence[Rating]) -> Rating:
    """The mean of these ratings, for the respondents who answered all of them.

    Raises
    ------
    SurveyError
        When they were declared to be on different scales, so that their mean means nothing.
    """
    scales = {rating.scale for rating in ratings if rating.scale}
    observed = any(rating.observed for rating in ratings)
    if len(scales) > 1 and not observed:
        found = ", ".join(f"{r.column} {r.scale.low:g} to {r.scale.high:g}" for r in ratings if r.scale)
        raise SurveyError(
            f"The satisfaction columns are on different scales: {found}. Expected one scale, as their mean "
            "is taken. Use one of them, or rescale the answers."
        )
    scale = Scale(min(s.low for s in scales), max(s.high for s in scales), observed=observed) if scales else None
    numbers = np.mean([rating.numbers for rating in ratings], axis=0)  # NaN where one of them is
    return Rating(OUTCOME, Role(OUTCOME, "satisfaction", ratings[0].role.key), numbers, scale, parts=tuple(ratings))


def _rating(client: Client, reader: CodeReader, role: Role, label: str) -> Rating:
    name = f'column "{role.column}"' + (f" ({label})" if label != role.column else "")
    terms = answer_terms(client, reader, role)
    codes = reader.taking(terms.taken)
    read = codes.flags(role.column) if terms.flags else codes.numbers(role.column)
    if read.unreadable:
        raise SurveyError(unreadable_text(name, read.unreadable, terms))
    spoken = {terms.labelled[code]: count for code, count in read.taken.items() if code in terms.labelled}
    if terms.flags:
        return Rating(LEFT, role, 1 - read.numbers if role.name == "stayed" else read.numbers, labelled=spoken)
    numbers = terms.relabelling.numbers(read.numbers) if terms.relabelling else read.numbers
    kept = int(np.isin(read.numbers, terms.kept).sum())
    rating = Rating(role.column, role, numbers, terms.scale, kept=kept, labelled=spoken)
    if terms.relabelling:
        rating = replace(rating, stored=Scale(*_ends(read.numbers)))
    return _scaled(rating, name, terms)


def _scaled(rating: Rating, name: str, terms: AnswerTerms) -> Rating:
    """The rating with a scale, refused where answers lie off it or look like codes."""
    if rating.scale is not None:
        if outside := off_scale(rating.numbers, rating.scale):
            raise SurveyError(off_scale_text(name, outside, rating.scale, terms))
        return rating
    if np.isnan(rating.numbers).all():
        return rating
    suspects = suspect_codes(rating.numbers, rated=rating.role.name in ("satisfaction", "intention"))
    if rating.role.name == "margin":
        return replace(rating, suspect=sum(suspects.values()))
    if suspects:
        raise SurveyError(suspect_text(name, suspects, terms))
    rated = rating.role.name in RATED
    return replace(rating, scale=Scale(*_ends(rating.numbers), observed=True)) if rated else rating


def _ends(numbers: np.ndarray) -> tuple[float, float]:
    answered = numbers[~np.isnan(numbers)]
    return (float(answered.min()), float(answered.max())) if answered.size else (0.0, 0.0)
