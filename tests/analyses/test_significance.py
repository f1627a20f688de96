from drivers.analyses.basis import linear_basis
from drivers.analyses.significance import effect_freedom
from made_surveys import made_survey, made_weights, with_weights


def test_degrees_of_freedom_are_answers_less_coefficients_or_units_less_strata():
    survey = made_survey(100)
    assert effect_freedom(linear_basis(survey)) == 100 - 5  # intercept, a control, three drivers
    weights = made_weights(100)
    assert effect_freedom(linear_basis(with_weights(survey, weights))) == (weights > 0).sum() - 1
