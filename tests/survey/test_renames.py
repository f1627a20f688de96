import numpy as np
import pytest

from drivers.errors import ConfigError, DriversError, SurveyError
from drivers.survey.loading import load_survey
from survey_files import client_of, survey_frame, write_survey

WAVE = 'weight     = "weight"\nwave = "wave"\n'
MAPPED = ('weight     = "weight"', WAVE), ("[satisfaction]", '[survey.renamed.2023]\nfix = "solved"\n[satisfaction]')


def two_waves():
    """The driver `fix` is called `solved` in the wave of 2023."""
    frame = survey_frame(80).assign(wave=[2023] * 40 + [2024] * 40)
    frame.loc[0, "fix"] = 9.0
    frame["solved"] = frame["fix"].where(frame["wave"] == 2023)
    frame["fix"] = frame["fix"].where(frame["wave"] == 2024)
    return frame


def refusal(client, kind: type[DriversError], wave=None) -> str:
    with pytest.raises(kind) as caught:
        load_survey(client, wave)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["csv", "sav"])
def test_a_column_is_found_under_the_name_it_has_in_its_wave(tmp_path, kind):
    client = client_of(tmp_path, two_waves(), *MAPPED, file=f"survey.{kind}")
    assert load_survey(client, "2023").answers["fix"].tolist() == two_waves()["solved"][:40].tolist()
    assert load_survey(client, "2024").answers["fix"].tolist() == two_waves()["fix"][40:].tolist()


def test_labels_and_declared_missing_codes_move_with_the_column(tmp_path):
    client = client_of(tmp_path, None, *MAPPED, ("[99]", "[]"), file="survey.sav")
    meta = {"column_labels": {"solved": "Old text", "fix": "New text"}, "missing_ranges": {"solved": [9.0]}}
    write_survey(two_waves(), client.survey_path, **meta)
    old, new = (load_survey(client, wave).answers["fix"] for wave in ("2023", "2024"))
    assert (old.isna().sum(), new.isna().sum()) == ((two_waves()["solved"] == 9).sum(), 0)


def test_the_name_of_this_client_file_need_not_be_a_column(tmp_path):
    frame = two_waves().rename(columns={"fix": "fixed"})
    both = MAPPED[0], ("[satisfaction]", '[survey.renamed]\n2023.fix = "solved"\n2024.fix = "fixed"\n[satisfaction]')
    client = client_of(tmp_path, frame, *both)
    assert load_survey(client, "2024").answers["fix"].tolist() == frame["fixed"][40:].tolist()
    client = client_of(tmp_path, frame, *MAPPED)
    text = refusal(client, SurveyError, "2024")
    assert text == (
        'survey.csv, wave 2024 has no answers in column "fix". Did you mean "fixed"? Say what it is called '
        'there: renamed."2024".fix = "fixed" under [survey].'
    )


def test_a_wave_without_answers_under_the_other_name_stops_the_run(tmp_path):
    frame = two_waves().assign(solved=np.nan)
    text = refusal(client_of(tmp_path, frame, *MAPPED), SurveyError, "2023")
    assert 'survey.csv, wave 2023 has no answers in column "solved", which is to be "fix".' in text


def test_answers_under_both_names_stop_the_run(tmp_path):
    text = refusal(client_of(tmp_path, two_waves().assign(fix=5.0), *MAPPED), SurveyError, "2023")
    assert 'both "fix" and "solved" have answers' in text


def test_waves_and_columns_that_do_not_exist_are_named(tmp_path):
    client = client_of(tmp_path, two_waves(), MAPPED[0], (MAPPED[1][0], MAPPED[1][1].replace("2023", "2032")))
    assert 'survey.renamed.2032: the survey has no wave "2032". Did you mean "202' in refusal(client, ConfigError)
    client = client_of(tmp_path, two_waves(), MAPPED[0], (MAPPED[1][0], MAPPED[1][1].replace("solved", "solvd")))
    text = refusal(client, ConfigError)
    assert 'survey.renamed.2023.fix: survey.csv has no column "solvd". Did you mean "solved"?' in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fix =", "fxi =", '"fxi" is used nowhere in this client file. Did you mean "fix"?'),
        ('"solved"', '"friendly"', 'is "friendly", which this client file uses for something else.'),
    ],
)
def test_a_rename_that_contradicts_the_client_file_is_refused(tmp_path, old, new, said):
    with pytest.raises(ConfigError) as caught:
        client_of(tmp_path, two_waves(), MAPPED[0], (MAPPED[1][0], MAPPED[1][1].replace(old, new)))
    assert said in str(caught.value)
