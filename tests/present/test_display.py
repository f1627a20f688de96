import pandas as pd
import pytest

from drivers import Survey, driver_importance, joint_resample, potential
from drivers.present.display import _RESULTS, register_results, result_html


@pytest.fixture(scope="module")
def importance(sample_findings):
    return sample_findings["2025"].importance


def test_every_registered_result_exists():
    from importlib import import_module

    for module, names in _RESULTS.items():
        for name in names:
            assert hasattr(import_module(module), name)


def test_results_register_by_name_so_that_nothing_is_imported_early():
    registered = []
    register_results(lambda module, name, show: registered.append((module, name)))
    assert ("drivers.analyses.importance", "DriverImportance") in registered


def test_a_result_shows_its_sentence_picture_and_table(importance):
    html = result_html(importance)
    assert "is the strongest driver" in html
    assert "<svg" in html
    assert "<table" in html


@pytest.mark.parametrize("name", ["potential", "loyalty", "value", "chain", "quality"])
def test_every_kind_of_result_shows_itself(sample_findings, name):
    assert "<table" in result_html(getattr(sample_findings["2025"], name))


def test_a_label_is_text_in_jupyter_too():
    frame = pd.DataFrame({"y": range(1, 61), "<b>x</b>": [i % 7 + i // 9 for i in range(60)]})
    survey = Survey.from_frame(frame, "y")
    with pytest.warns(UserWarning):
        html = result_html(driver_importance(survey, joint_resample(survey, draws=100)))
    assert "<b>x</b>" not in html
    assert potential(survey, draws=100).base == 60
