"""Every night: the reports of every client, as one task of Airflow.

`drivers batch` divides the work over the processors of one worker itself, leaves unchanged clients as they are and can
be run again after any failure, so Airflow needs one task and may retry it.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

DRIVERS = os.environ.get("DRIVERS", "/opt/drivers/.venv/bin/drivers")
HOME = os.environ.get("DRIVERS_HOME", "/srv/drivers")

with DAG(
    dag_id="drivers_nightly",
    description="Reports on customer satisfaction, for every client",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
):
    BashOperator(
        task_id="reports",
        bash_command=f"{DRIVERS} batch clients --out reports --resume",
        cwd=HOME,
        env={"MPLCONFIGDIR": "/tmp/drivers-matplotlib"},  # a cache
        append_env=True,
    )
