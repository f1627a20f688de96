"""Why there is no result: one sentence, in the language of the report."""

from dataclasses import replace

import numpy as np
import pytest

from drivers.analyses.basis import linear_basis
from drivers.core.design import sampling_design
from drivers.core.dominance import general_dominance
from drivers.errors import EstimationError
from drivers.present.language import Language
from made_surveys import made_survey, with_answers

SURVEY = made_survey(60)
HALF = np.arange(60) < 30
CASES = {
    "few": (
        lambda: linear_basis(with_answers(SURVEY, d0=SURVEY.answers["d0"].where(np.arange(60) < 4)), policy="complete"),
        "4 complete answers cannot support 4 drivers.",
        "4 volledige vragenlijsten zijn te weinig voor 4 drivers.",
    ),
    "constant": (
        lambda: linear_basis(with_answers(SURVEY, csat=7.0)),
        "Everyone gave the same answer on csat,",
        "Iedereen gaf hetzelfde antwoord op ‘csat’;",
    ),
    "apart": (
        lambda: linear_basis(
            with_answers(SURVEY, d0=SURVEY.answers["d0"].where(HALF), d1=SURVEY.answers["d1"].where(~HALF)),
            policy="available",
        ),
        "Fewer than 10 respondents answered both d0 and d1,",
        "Minder dan 10 respondenten beantwoordden zowel ‘d0’ als ‘d1’;",
    ),
    "donors": (
        lambda: linear_basis(with_answers(SURVEY, d0=SURVEY.answers["d0"].where(np.arange(60) < 9)), policy="imputed"),
        "Fewer than 10 respondents answered d0,",
        "Minder dan 10 respondenten beantwoordden ‘d0’;",
    ),
    "strata": (
        lambda: linear_basis(replace(SURVEY, strata=np.r_[1, np.zeros(59, dtype=int)])),
        "1 strata hold fewer than two sampling units,",
        "1 strata hebben minder dan twee steekproefeenheden;",
    ),
    "nested": (
        lambda: sampling_design(np.ones(4), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])),
        "rows lie in another stratum than the rest of their sampling unit;",
        "rijen liggen in een ander stratum dan de rest van hun steekproefeenheid;",
    ),
    "drivers": (
        lambda: general_dominance(np.eye(32)),
        "31 drivers are too many for going through all subsets: at most 30 are possible.",
        "31 drivers zijn te veel voor het doorlopen van alle deelverzamelingen: hoogstens 30 zijn mogelijk.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_refusal_is_told_in_the_language_of_the_report(case):
    refused, english, dutch = CASES[case]
    with pytest.raises(EstimationError) as error:
        refused()
    assert english in str(error.value)
    assert english in str(error.value.reason)
    assert dutch in Language("nl").say(error.value.reason)


def test_a_plain_text_is_a_reason_as_it_stands():
    assert str(EstimationError("Of {braces} too.").reason) == "Of {braces} too."
