import gc
import os
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # workers share the processors

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "noordzee-telecom"


def pytest_collection_finish(session):
    """What is loaded by now stays, so collections of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sample_folder():
    return SAMPLE


@pytest.fixture(scope="session")
def sample_findings(tmp_path_factory):
    """Findings on both waves of the sample client, on few draws: where the number of draws does not matter."""
    from drivers import client_findings, load_client, load_survey

    folder = tmp_path_factory.mktemp("sample")
    text = (SAMPLE / "client.toml").read_text(encoding="utf-8")
    text = text.replace("survey.csv", (SAMPLE / "survey.csv").as_posix()).replace("seed ", "draws = 200\nseed ", 1)
    (folder / "client.toml").write_text(text, encoding="utf-8")
    client = load_client(folder / "client.toml")
    return {wave: client_findings(load_survey(client, wave), client) for wave in ("2024", "2025")}
