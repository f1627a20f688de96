"""Draft: the text of a client file for an unknown survey, each guess with its reason, doubts commented out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drivers.survey.batteries import stem_in_name
from drivers.survey.dates import ISO
from drivers.survey.decisions import missing_codes, observed_months, open_decisions
from drivers.survey.guess import SurveyGuess
from drivers.survey.guessers import Guess
from drivers.survey.survey import Scale
from drivers.survey.toml import Line, toml_code, toml_key, toml_lines, toml_text
from drivers.survey.usual import ScaleGuess
from drivers.survey.words import RECOMMEND

_SHOWN = 40  # unused columns that are listed


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a client file, and what a person must decide before it can be relied on."""

    text: str
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of ``[survey]`` that reading the file took, with its reason, and what a person must decide about it."""

    value: str
    reason: str = "as the file is written"
    decision: str = ""


def client_draft(guess: SurveyGuess, file: str, settings: Mapping[str, Setting] | None = None) -> Draft:
    """Which client file fits this survey?

    Parameters
    ----------
    guess
        What the columns are probably for.
    file
        The survey as the client file is to name it.
    settings
        Keys of ``[survey]`` that reading the file took, such as its separator.

    Returns
    -------
    Draft
        Valid TOML. It holds nothing that is not in the survey: no amounts, rates or labels of its own.
    """
    asked = [setting.decision for setting in (settings or {}).values() if setting.decision]
    decisions = (*open_decisions(guess), *asked)
    tables = [
        *_head(guess, decisions),
        *_top(guess, file),
        *_survey(guess, file, settings or {}),
        *_satisfaction(guess),
        *_drivers(guess),
        *_loyalty(guess),
        *_value(guess),
        *_unused(guess),
    ]
    return Draft("\n".join(tables) + "\n", decisions)


def _head(guess: SurveyGuess, decisions: Sequence[str]) -> Iterator[str]:
    yield f"# Drafted from {toml_text(guess.source)}: {guess.rows:,} rows."
    yield "# Each guess has its reason behind it. What is uncertain is commented out; take the # off where it is right."
    yield "# Then run `drivers check` on this file."
    yield from (f"# How the file was read: {notice}" for notice in guess.notices)
    yield "#"
    yield "# A person must decide:"
    yield from (f"# {number:>2}. {text}" for number, text in enumerate(decisions, start=1))
    yield ""


def _top(guess: SurveyGuess, file: str) -> Iterator[str]:
    stem = re.sub(r"\.[^.]*$", "", file.replace("\\", "/").rsplit("/", 1)[-1]).strip() or "client"
    language = guess.language or "en"
    reason = "the words of names and labels" if guess.language else "names and labels do not tell; nl or en"
    return toml_lines(
        [
            Line("client", toml_text(stem), "the name of the file; the report prints it"),
            Line("language", toml_text(language), reason, bool(guess.language)),
        ]
    )


def _survey(guess: SurveyGuess, file: str, settings: Mapping[str, Setting]) -> Iterator[str]:
    yield "\n[survey]"
    lines = [Line("file", toml_text(file))]
    lines += [Line(key, toml_text(setting.value), setting.reason) for key, setting in settings.items()]
    if guess.decimal != ".":
        lines.append(Line("decimal", toml_text(guess.decimal), "numbers stand as text with a comma"))
    for role in ("respondent", "strata", "weight", "wave", "duration", "date"):
        lines += _first_certain(role, guess.of(role))
    dated = next(iter(guess.of("date")), None)
    if dated and dated.form != ISO:
        lines.append(Line("date_format", toml_text(dated.form), "how its days are written", dated.certain))
    yield from toml_lines([*lines, *_missing(guess), *_segments(guess)])


def _first_certain(key: str, guesses: Sequence[Guess]) -> list[Line]:
    """One active line at most: a key cannot stand twice."""
    first = next((g for g in guesses if g.certain), None)
    return [Line(key, toml_text(g.column.name), _reason(g), g is first) for g in guesses]


def _reason(guess: Guess) -> str:
    label = f"{toml_text(guess.column.label)}: " if guess.column.label else ""
    return f"{label}{guess.reason}"


def _missing(guess: SurveyGuess) -> Iterator[Line]:
    said, far, adjacent = missing_codes(guess)
    sure = [*said, *far]
    if sure:
        what = [f"{toml_code(code)}: {count:,} answers" for code, count in [*said.items(), *far.items()]]
        why = "labelled or named as no answer" if said and not far else "outside the scale, or labelled as no answer"
        yield Line("missing", f"[{', '.join(map(toml_code, sure))}]", f"{why} ({', '.join(what)})")
    if adjacent:
        what = [f"{toml_code(code)}: {count:,} answers" for code, count in adjacent.items()]
        every = ", ".join(map(toml_code, [*sure, *adjacent]))
        yield Line(
            "missing",
            f"[{every}]",
            f"instead, if these mean no answer and the scale is no wider ({', '.join(what)})",
            False,
        )


def _segments(guess: SurveyGuess) -> Iterator[Line]:
    segments = guess.of("segment")
    if segments:
        certain = segments[0].certain
        names = ", ".join(toml_text(g.column.name) for g in segments)
        groups = ", ".join(str(g.column.distinct) for g in segments)
        yield Line("segments", f"[{names}]", f"columns of {groups} groups", certain)


def _satisfaction(guess: SurveyGuess) -> Iterator[str]:
    yield "\n[satisfaction]"
    outcomes = guess.of("outcome")
    lines = _first_certain("column", outcomes)
    if not outcomes:
        lines = [Line("column", "", "no rating is named like satisfaction: name the column", False)]
    if outcomes and (scale := guess.scales.get(outcomes[0].column.name)):
        lines.append(_scale_line("scale", scale))
    yield from toml_lines(lines)


def _scale_line(key: str, guess: ScaleGuess) -> Line:
    return Line(key, _pair(guess.scale), guess.reason, guess.certain)


def _drivers(guess: SurveyGuess) -> Iterator[str]:
    default = shared_scale(guess)
    yield "\n[drivers]"
    if default:
        yield from toml_lines([_scale_line("scale", default)])
    yield "\n[drivers.items]  # column = printed name: the label in the file, else the column itself"
    items = [*(g for g in guess.of("driver")), *guess.of("control")]
    if not items:
        yield "# no columns in a row share a scale: name the drivers"
    yield from toml_lines([_item(g, guess.scales.get(g.column.name), default) for g in items])
    yield from _batteries(guess)


def _batteries(guess: SurveyGuess) -> Iterator[str]:
    """Drivers whose names share a stem, commented out: that they measure one thing, only a person knows."""
    stems: dict[str, list[str]] = {}
    for found in guess.of("driver", certain=True):
        stems.setdefault(stem_in_name(found.column.name), []).append(found.column.name)
    batteries = {stem: columns for stem, columns in stems.items() if stem and len(columns) > 1}
    if len(batteries) < 2:
        return
    yield "\n# [drivers.batteries]  # names of one stem: keep what measures one thing"
    lines = [
        Line(toml_key(stem), f"[{', '.join(map(toml_text, columns))}]", f"{len(columns)} columns", False)
        for stem, columns in batteries.items()
    ]
    yield from toml_lines(lines)


def shared_scale(guess: SurveyGuess) -> ScaleGuess | None:
    """The scale of most drivers, by the least certain of them; None without drivers."""
    scales = [guess.scales[g.column.name] for g in guess.of("driver", certain=True)]
    if not scales:
        return None
    common = Counter(s.scale for s in scales).most_common(1)[0][0]
    return next((s for s in scales if s.scale == common and not s.certain), None) or next(
        s for s in scales if s.scale == common
    )


def _item(guess: Guess, scale: ScaleGuess | None, default: ScaleGuess | None) -> Line:
    column = guess.column
    label = toml_text(column.label or column.name)
    if guess.role == "control":
        return Line(toml_key(column.name), f'{{ label = {label}, role = "control" }}', guess.reason, False)
    own = scale is not None and default is not None and scale.scale != default.scale
    value = f"{{ label = {label}, scale = {_pair(scale.scale)} }}" if own and scale else label
    sure = guess.certain and not (own and scale and not scale.certain)
    return Line(toml_key(column.name), value, guess.reason if not sure else "", sure)


def _loyalty(guess: SurveyGuess) -> Iterator[str]:
    leaving = [*guess.of("left"), *guess.of("stayed")]
    intentions = guess.of("intention")
    if not leaving and not intentions:
        return
    sure = next((g for g in leaving if g.certain), None)
    chosen = next((g for g in intentions if g.certain), None)
    yield "\n[loyalty]" if sure or chosen else "\n# [loyalty]"
    lines = [Line(g.role, toml_text(g.column.name), _reason(g), g is sure) for g in leaving]
    if leaving:
        months = observed_months(leaving[0])
        value, comment = (str(months), "in its name or label") if months else ("12", "the default; how many months?")
        lines.append(Line("period_months", value, comment, bool(months and sure)))
    lines += _first_certain("intention", intentions)
    if intentions and (scale := guess.scales.get(intentions[0].column.name)):
        line = _scale_line("intention_scale", scale)
        lines.append(Line(line.key, line.value, line.comment, line.certain and bool(chosen)))
    yield from toml_lines([*lines, *_score(guess)])


def _score(guess: SurveyGuess) -> Iterator[Line]:
    """The question of a net promoter score: recommending, from 0 to 10. It may be the intention too."""
    for found in guess.of("intention"):
        scale = guess.scales.get(found.column.name)
        asked = scale and scale.scale == Scale(0, 10) and found.column.whole
        if scale and asked and RECOMMEND.search(found.column.words):
            reason = "named like recommending, from 0 to 10: gives the net promoter score"
            yield Line("nps", toml_text(found.column.name), reason, found.certain and scale.certain)


def _value(guess: SurveyGuess) -> Iterator[str]:
    if not (guess.of("left", certain=True) or guess.of("stayed", certain=True)):
        return
    yield "\n# [value]  # what a customer is worth: none of it is guessed but the column"
    margins = guess.of("margin")
    lines = [Line("margin_per_year", toml_text(g.column.name), _reason(g), False) for g in margins]
    if not margins:
        lines.append(Line("margin_per_year", "", "an amount, or a column", False))
    lines.append(Line("discount_rate", "", "a number from 0 to 1: ask the client's controller", False))
    lines.append(Line("horizon_years", "", "years of margin that count", False))
    yield from toml_lines([*lines, Line("customers", "", "customers that the sample stands for", False)])


def _unused(guess: SurveyGuess) -> Iterator[str]:
    for other in (*guess.of("post"), *guess.of("revenue"), *guess.of("words")):
        yield f"\n# Not used: {toml_text(other.column.name)}, {other.reason}."
    if guess.unused:
        names = ", ".join(toml_text(p.name) for p in guess.unused[:_SHOWN])
        more = len(guess.unused) - _SHOWN
        yield f"\n# Without a guess: {names}{f' and {more:,} more' if more > 0 else ''}."


def _pair(scale: Scale) -> str:
    return f"[{scale.low:g}, {scale.high:g}]"
