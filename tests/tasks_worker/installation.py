"""An installation with a table and jobs on it, as the workflow finds them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from hyperparameter_tuning.jobs import claims, progress, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.task import make_task
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings
from tests.tasks_worker import tasks_made as made

DEPTHS = [{"kind": "int", "name": "max_depth", "low": 1, "high": 4}]
FOREST = made.plain("random_forest_classifier")
# One fit takes many seconds on any machine, and does not look up meanwhile.
ENDLESS = [{"kind": "int", "name": "n_estimators", "low": 30_000, "high": 30_003}]
# No two candidates share a fit: they end one by one.
STEADY = [
    {"kind": "int", "name": "n_estimators", "low": 20, "high": 400},
    {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
]


def write_table(settings: Settings, *, n: int = 90, seed: int = 0) -> Path:
    """Write the table that `tasks_made.plain` names into the installation's data root."""
    X, y = made.rows(n, seed)
    path = Path(settings.data_roots[0]) / "rows.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    X.assign(y=y).to_csv(path, index=False)
    return path


def with_table(settings: Settings, **changes: Any) -> Settings:
    """Return settings with a data root that holds the table, and impatient clocks."""
    values = {
        "data_roots": (str(settings.data_dir / "tables"),),
        "heartbeat_seconds": 0.3,
        "grace_seconds": 1.0,
        "n_jobs": 1,
    }
    known = Settings(**{**settings.model_dump(exclude={"database"}), **values, **changes})
    write_table(known)
    return known


async def submitted(
    db: Database, form: PlainForm | None = None, *, graph_ref: str | None = None, **config: Any
) -> JobRecord:
    """Submit a job on the table; what is not said has the values of `tasks_made.config`."""
    settings, plain = db.settings, form or made.plain()
    document = made.config(**config)
    host = load_host(settings)
    summary = await host.datasets.summary(plain.dataset or {})
    await host.close()
    task = make_task(TuningConfig.model_validate(document), plain, summary, settings)
    submission = Submission(
        run_id=uuid4().hex,
        graph_ref=graph_ref,
        node_id=plain.node_id,
        config=document,
        plain=plain,
        data_summary=summary,
        model_type=task.model.key,
        strategy=task.strategy.value,
        metric=task.metric.key,
        direction=task.metric.direction,
        seed=task.seed,
        write_back_mode=task.write_back.mode,
    )
    return await db.run(lambda session: service.submit(session, submission))


async def present(db: Database, job_id: str) -> JobRecord:
    return await db.run(lambda session: service.get(session, job_id), write=False)


async def units(db: Database, job_id: str) -> list[dict[str, Any]]:
    return await db.run(lambda session: progress.recorded_units(session, job_id), write=False)


async def claim(db: Database, job_id: str) -> JobRecord | None:
    return await db.run(lambda session: claims.claim(session, job_id, "another"))


async def until(
    db: Database, job_id: str, ready: Callable[[JobRecord], bool], patience: float = 60.0
) -> JobRecord:
    """Wait until the job's row is as asked."""
    deadline = time.monotonic() + patience
    while not ready(job := await present(db, job_id)):
        assert time.monotonic() < deadline, (job.state, job.error_message, job.n_units)
        assert not job.is_terminal, (job.state, job.error_message)
        await asyncio.sleep(0.02)
    return job


async def until_ended(db: Database, job_id: str, patience: float = 90.0) -> JobRecord:
    deadline = time.monotonic() + patience
    while not (job := await present(db, job_id)).is_terminal:
        assert time.monotonic() < deadline, (job.state, job.error_message, job.n_units)
        await asyncio.sleep(0.05)
    return job


def scored(count: int) -> Callable[[JobRecord], bool]:
    """Return a condition: the job runs and has so many units."""
    return lambda job: job.state is JobState.RUNNING and job.n_units >= count
