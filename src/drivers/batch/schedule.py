"""The schedule of a batch: jobs to hands, side by side, with new tries where the engine failed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import BoundedSemaphore

from drivers.batch.hands import ColdHands, Hands
from drivers.batch.job import Job, Result


@dataclass(frozen=True, slots=True)
class Limits:
    """How a batch treats its jobs.

    Attributes
    ----------
    workers
        Jobs that run side by side; None for as many as whoever does them finds wise.
    retries
        More tries of a job whose engine failed; never of one whose data or client file are wrong.
    seconds
        Time that one report may take; None for no limit.
    """

    workers: int | None
    retries: int
    seconds: float | None


def run_jobs(jobs: Sequence[Job], hands: Hands, limits: Limits, started: Callable[[Job], None]) -> Generator[Result]:
    """Each job's result as it comes, and those of the further waves that a job finds.

    Parameters
    ----------
    jobs
        One for each client.
    hands
        Who does them; they are closed in the end. A job whose engine failed is tried again by a process of its own.
    limits
        Workers, tries and time.
    started
        Told of each job when it starts, from the thread of its worker.
    """
    spare = ColdHands()
    room = BoundedSemaphore(spare.places)  # where a cluster of many machines fails, this one is left with all

    def tried(job: Job) -> tuple[Job, Result]:
        started(job)
        return job, _tried(job, hands, limits, again)

    def again(job: Job) -> Result:
        with room:
            return spare.do(job, limits.seconds)

    with ThreadPoolExecutor(limits.workers or hands.places, "drivers") as pool:
        try:
            running = {pool.submit(tried, job) for job in jobs}
            while running:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for job, result in (future.result() for future in ended):
                    further = (replace(job.for_wave(wave), engine=job.engine) for wave in result.more)
                    running |= {pool.submit(tried, one) for one in further}
                    yield result
        finally:  # whoever stops in between waits for nothing: jobs that run are ended
            pool.shutdown(wait=False, cancel_futures=True)
            spare.close()  # first, for a job whose hands are gone would be tried again
            hands.close()


def _tried(job: Job, hands: Hands, limits: Limits, again: Callable[[Job], Result]) -> Result:
    result = hands.do(job, limits.seconds)
    for _ in range(limits.retries):
        if not result.engine_fault:
            break
        result = again(job)
    return result
