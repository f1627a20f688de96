import gc
import os

import pytest

from quick_clients import SAMPLES, quick_client

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # workers share the processors

SAMPLE = SAMPLES / "noordzee-telecom"
QUICK = ("analyses", "client", "core", "present", "survey")
"""Folders of tests that run in one process."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One more than there are processors, for some tests wait for the programs that they start."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items):
    """Files that start programs come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.parent.name in QUICK)


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

    client = load_client(quick_client(SAMPLE.name, tmp_path_factory.mktemp("sample"), draws=200))
    return {wave: client_findings(load_survey(client, wave), client) for wave in ("2024", "2025")}
