"""Ratings: the numbers of each column that the client file uses, on the scale they were asked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from drivers.client import Client
from drivers.client.roles import Role, column_roles
from drivers.errors import SurveyError
from drivers.survey.codes import CodeReader, code_number, missing_codes
from drivers.survey.labels import LEFT, OUTCOME
from drivers.survey.survey import Scale

_SHOWN = 3  # offending answers that an error text lists
_READ = ("satisfaction", "driver", "control", "left", "stayed", "intention", "margin")
_RATED = ("satisfaction", "driver", "intention")  # what must have a scale
_FEWEST = 3  # labelled codes in a row that make a scale


@dataclass(frozen=True, slots=True, eq=False)
class Rating:
    """One column as numbers (n,), NaN where unanswered.

    `column` is its name among the answers; `scale` is None where a column needs none; `observed` says that no
    scale was declared; `coded_missing` counts the answers that the client file's ``missing`` took away.
    """

    column: str
    role: Role
    numbers: np.ndarray
    scale: Scale | None = None
    observed: bool = False
    coded_missing: int = 0


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
            if role.name in _READ:
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
    scale = Scale(min(s.low for s in scales), max(s.high for s in scales)) if scales else None
    numbers = np.mean([rating.numbers for rating in ratings], axis=0)  # NaN where one of them is
    return Rating(OUTCOME, Role(OUTCOME, "satisfaction", ratings[0].role.key), numbers, scale, observed)


def labelled_scale(reader: CodeReader, column: str) -> Scale | None:
    """The scale that a column's value labels cover without a gap; None if they do not.

    Labelled codes apart from the others (99, "don't know") do not belong to the scale.
    """
    labels = reader.table.value_labels.get(column, {})
    taken = missing_codes(reader.missing, reader.decimal)
    codes = [code_number(code) for code in labels if not reader.declares_missing(column, code)]
    numbers = sorted(n for n in codes if n is not None and n not in taken)
    run = [n for place, n in enumerate(numbers) if n == numbers[0] + place]
    return Scale(run[0], run[-1]) if len(run) >= _FEWEST else None


def _rating(client: Client, reader: CodeReader, role: Role, label: str) -> Rating:
    name = f'column "{role.column}"' + (f" ({label})" if label != role.column else "")
    flags = role.name in ("left", "stayed")
    read = reader.flags(role.column) if flags else reader.numbers(role.column)
    if read.unreadable:
        raise SurveyError(_unreadable_text(name, read.unreadable, flags=flags))
    if flags:
        return Rating(LEFT, role, 1 - read.numbers if role.name == "stayed" else read.numbers)
    declared, key = _declared_scale(client, role)
    scale = declared or (labelled_scale(reader, role.column) if role.name in _RATED else None)
    if scale is not None:
        _check_scale(name, read.numbers, scale, key)
        return Rating(role.column, role, read.numbers, scale, False, read.coded_missing)
    observed = role.name in _RATED and not np.isnan(read.numbers).all()
    if observed:
        scale = Scale(float(np.nanmin(read.numbers)), float(np.nanmax(read.numbers)))
    return Rating(role.column, role, read.numbers, scale, observed, read.coded_missing)


def _declared_scale(client: Client, role: Role) -> tuple[Scale | None, str]:
    """The scale that the client file declares for this column, and the key to correct."""
    pair, key = None, ".".join(role.key) + ".scale"
    if role.name == "satisfaction":
        pair, key = client.satisfaction.scale, "satisfaction.scale"
    elif role.name == "intention" and client.loyalty:
        pair, key = client.loyalty.intention_scale, "loyalty.intention_scale"
    elif role.name in ("driver", "control"):
        pair = client.drivers.items[role.column].scale
        if pair is None and role.name == "driver" and client.drivers.scale:
            pair, key = client.drivers.scale, "drivers.scale"
    return (Scale(*pair) if pair else None), key


def _check_scale(name: str, numbers: np.ndarray, scale: Scale, key: str) -> None:
    outside = numbers[(numbers < scale.low) | (numbers > scale.high)]
    if not outside.size:
        return
    values, counts = np.unique(outside, return_counts=True)
    found = _listed({f"{v:g}": int(c) for v, c in zip(values, counts, strict=True)})
    raise SurveyError(
        f"{name} has answers outside its scale {scale.low:g} to {scale.high:g}: {found}. If they mean no answer, "
        f"add them to survey.missing; if the scale is wider, correct {key}."
    )


def _unreadable_text(name: str, unreadable: Mapping[str, int], *, flags: bool) -> str:
    quoted = {f'"{text}"': count for text, count in unreadable.items()}
    first = next(iter(quoted))
    if flags:
        return (
            f"{name} has answers that are neither yes nor no: {_listed(quoted)}. Expected 0/1, true/false, yes/no "
            "or ja/nee. Recode them, or add those that mean no answer to survey.missing."
        )
    comma = "," in first and code_number(first.strip('"'), ",") is not None
    hint = ' If they are numbers with a comma, set survey.decimal = ",".' if comma else ""
    return (
        f"{name} has answers that are not numbers: {_listed(quoted)}. Expected numbers only. Add those that mean "
        f"no answer to survey.missing, e.g. missing = [{first}].{hint}"
    )


def _listed(counts: Mapping[str, int]) -> str:
    most = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{text} ({count:,} {'time' if count == 1 else 'times'})" for text, count in most[:_SHOWN])
    return shown + (f" and {len(most) - _SHOWN} other answers" if len(most) > _SHOWN else "")
