"""The schedule of a batch: what is tried again, what is not, and that every wave that turns up is rendered."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from drivers.batch import schedule
from drivers.batch.hands import died, over_time
from drivers.batch.job import Job, Result
from drivers.batch.schedule import Limits, run_jobs

JOB = Job("clients/aalst/client.toml", "reports", "report.ipynb", "aalst")
DONE = Result(JOB.client, JOB.slug, None, "done")
DIED = died(JOB, -9, 0.1)
BROKEN = replace(DIED, error="SurveyError", engine_fault=False, exit_code=3)


class Scripted:
    """Hands that end jobs as they are told to, and remember what they were given."""

    places = 2

    def __init__(self, *results):
        self.results, self.jobs, self.closed = list(results), [], False

    def do(self, job, seconds):
        self.jobs.append((job, seconds))
        return self.results.pop(0)

    def close(self):
        self.closed = True


def ended(monkeypatch, hands, spare, *, retries=1, jobs=(JOB,)):
    monkeypatch.setattr(schedule, "ColdHands", lambda: spare)
    started = []
    results = list(run_jobs(jobs, hands, Limits(1, retries, 60), started.append))
    assert hands.closed
    assert spare.closed
    return results, started


def test_a_fault_of_the_engine_is_tried_again_by_a_process_of_its_own(monkeypatch):
    hands, spare = Scripted(DIED), Scripted(DONE)
    results, started = ended(monkeypatch, hands, spare)
    assert results == [DONE]
    assert started == [JOB]
    assert hands.jobs == spare.jobs == [(JOB, 60)]


@pytest.mark.parametrize("result", [BROKEN, over_time(JOB, 60, 60.0), DONE])
def test_what_is_no_fault_of_the_engine_is_not_tried_again(monkeypatch, result):
    spare = Scripted()
    results, _ = ended(monkeypatch, Scripted(result), spare, retries=5)
    assert results == [result]
    assert spare.jobs == []


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_an_engine_that_always_fails_is_tried_as_often_as_allowed(monkeypatch, retries):
    spare = Scripted(*[DIED] * 5)
    results, _ = ended(monkeypatch, Scripted(DIED), spare, retries=retries)
    assert results == [DIED]
    assert len(spare.jobs) == retries


def test_a_second_fault_that_is_one_of_the_data_ends_the_tries(monkeypatch):
    spare = Scripted(BROKEN, DONE)
    assert ended(monkeypatch, Scripted(DIED), spare, retries=3)[0] == [BROKEN]


def test_waves_that_a_job_finds_are_jobs_too_and_look_for_no_more(monkeypatch):
    hands = Scripted(replace(DONE, wave="2024", more=("2025", "2026")), DONE, DONE)
    results, started = ended(monkeypatch, hands, Scripted())
    assert len(results) == 3
    assert [(job.wave, job.every_wave) for job in started] == [(None, True), ("2025", False), ("2026", False)]


def test_who_stops_listening_ends_what_runs_and_starts_no_more(monkeypatch):
    hands, spare = Scripted(*[DONE] * 9), Scripted()
    monkeypatch.setattr(schedule, "ColdHands", lambda: spare)
    running = run_jobs([JOB] * 9, hands, Limits(1, 1, 60), lambda _: None)
    next(running)
    running.close()
    assert hands.closed
    assert spare.closed


def test_where_every_place_of_a_cluster_fails_this_machine_is_not_given_all_at_once(monkeypatch):
    class Counting(Scripted):
        now = most = 0

        def do(self, job, seconds):
            with lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.05)
            with lock:
                self.now -= 1
            return DONE

    lock, spare = threading.Lock(), Counting()
    monkeypatch.setattr(schedule, "ColdHands", lambda: spare)
    hands = Scripted(*[DIED] * 8)
    assert list(run_jobs([JOB] * 8, hands, Limits(8, 1, 60), lambda job: None)) == [DONE] * 8
    assert spare.most == 2
