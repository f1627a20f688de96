"""Decisions: what a person must settle before a drafted client file can be relied on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from drivers.survey.guess import SurveyGuess
from drivers.survey.guessers import Guess
from drivers.survey.profiles import ColumnProfile
from drivers.survey.toml import toml_code, toml_text

_MONTHS = re.compile(r"(\d{1,3}) (month|maand)")
_SHOWN = 40  # columns that one decision names


def open_decisions(guess: SurveyGuess) -> Iterator[str]:
    """What must a person decide? One sentence each, in the order of the client file."""
    yield "The name of the client (client)."
    if guess.language is None:
        yield "The language of the report (language)."
    for role in ("respondent", "weight", "wave", "strata", "duration", "date"):
        if guess.of(role) and not guess.of(role, certain=True):
            yield f"Whether {_names(guess.of(role))} is survey.{role}: {guess.of(role)[0].reason}."
    if not guess.of("outcome", certain=True):
        which = f": {_names(guess.of('outcome'))}?" if guess.of("outcome") else "; no name or label says so."
        yield f"Which column is overall satisfaction (satisfaction.column){which}"
    yield from _scale_decisions(guess)
    yield from _item_decisions(guess)
    yield from _loyalty_decisions(guess)


def _scale_decisions(guess: SurveyGuess) -> Iterator[str]:
    doubtful = {
        g.column.name for g in (*guess.of("outcome"), *guess.of("intention"), *guess.of("driver", certain=True))
    }
    scales = [guess.scales[name] for name in sorted(doubtful & set(guess.scales)) if not guess.scales[name].certain]
    for scale in dict.fromkeys(s.scale for s in scales):
        first = next(s for s in scales if s.scale == scale)
        keys = "satisfaction.scale, drivers.scale, loyalty.intention_scale"
        yield f"Whether {scale.low:g} to {scale.high:g} is the scale ({keys}): {first.reason}."
    if doubts := missing_codes(guess)[2]:
        verb = "means" if len(doubts) == 1 else "mean"
        yield f"Whether {', '.join(map(toml_code, doubts))} {verb} no answer (survey.missing)."


def _item_decisions(guess: SurveyGuess) -> Iterator[str]:
    if not guess.of("driver", certain=True):
        yield "Which columns are the drivers (drivers.items)."
    elif not guess.of("outcome", certain=True):
        yield "Whether all of drivers.items are aspects that may drive satisfaction, and none is satisfaction itself."
    if alone := guess.of("driver", certain=False):
        yield f"Whether ratings that stand alone are drivers too: {_names(alone)}."
    if controls := guess.of("control"):
        yield f'Whether {_names(controls)} is to be held constant (role = "control").'
    if spoken := guess.of("words"):
        yield f"Where to get the numbers behind the words of {_names(spoken)}: a rating must be a number."
    if segments := guess.of("segment", certain=False):
        yield f"Which of {len(segments)} columns with groups to compare (survey.segments)."


def _loyalty_decisions(guess: SurveyGuess) -> Iterator[str]:
    leaving = [*guess.of("left"), *guess.of("stayed")]
    sure = [g for g in leaving if g.certain]
    if leaving and not sure:
        yield f"Which column says who left or stayed: {_names(leaving)}."
    if sure and not observed_months(sure[0]):
        yield "Over how many months leaving was observed (loyalty.period_months)."
    if guess.of("intention") and not guess.of("intention", certain=True):
        yield f"Which column is the intention to stay or recommend: {_names(guess.of('intention'))}."
    if sure:
        yield "What a customer is worth (value): margin, discount rate, horizon and number of customers."


def _names(guesses: Sequence[Guess]) -> str:
    names = [toml_text(g.column.name) for g in guesses[:_SHOWN]]
    more = f" and {len(guesses) - _SHOWN} more" if len(guesses) > _SHOWN else ""
    return ", ".join(names) + more


Counts = Mapping[float | str, int]


def missing_codes(guess: SurveyGuess) -> tuple[Counts, Counts, Counts]:
    """Codes that labels or texts call no answer, codes far outside a certain scale, and doubtful ones, with counts."""
    said: Counter[float | str] = Counter()
    far: Counter[float | str] = Counter()
    doubtful: Counter[float | str] = Counter()
    for column in _rated(guess):
        said.update(column.no_answer)
        scale = guess.scales.get(column.name)
        for number, count in scale.codes.items() if scale else ():
            (far if scale and scale.certain and number not in scale.adjacent else doubtful)[number] += count
    for code in (*far, *said):
        doubtful.pop(code, None)
    return said, {c: n for c, n in far.items() if c not in said}, doubtful


def _rated(guess: SurveyGuess) -> list[ColumnProfile]:
    """Columns whose scale matters: satisfaction, drivers that are written, the intention."""
    drivers = guess.of("driver", certain=True)
    return [g.column for g in (*guess.of("outcome"), *drivers, *guess.of("intention"))]


def observed_months(guess: Guess) -> int | None:
    """Months over which leaving was observed, as the name or label says; None where neither does."""
    found = _MONTHS.search(guess.column.words)
    return int(found[1]) if found and 0 < int(found[1]) <= 120 else None
