"""A worker: one process for one job, read from standard input; the result is the last line of standard output."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

from drivers.batch.job import Job
from drivers.batch.orphans import die_with_parent
from drivers.batch.startup import quick_imports

with quick_imports():
    from drivers.batch.work import do_job


def main(caller: int) -> None:
    """Do the job that this caller writes on standard input; whatever else is printed goes to standard error."""
    die_with_parent(caller)
    job = Job.read(sys.stdin.readline())
    with redirect_stdout(sys.stderr):
        result = do_job(job)
    sys.stdout.write(result.line())


if __name__ == "__main__":
    main(int(sys.argv[1]))
