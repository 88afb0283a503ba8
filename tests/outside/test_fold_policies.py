"""A kind of each fold policy, of an installed package, through a real worker: what it saw, what is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.artifacts import open_artifact
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.prediction import load_tuned, predict
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.shared.splits import make_splits
from tests.outside.installing import install, with_installed
from tests.tasks_worker import installation as here
from tests.tasks_worker import test_celery_worker as workers

FOLDS = 3
ROWS = 90


@pytest.fixture(scope="session")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Path(__file__).parent / "policies_plugin"
    return install(project, tmp_path_factory.mktemp("policies") / "packages")


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return here.with_table(sqlite_settings)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()


async def ran(db: Database, settings: Settings, *kinds: PlainStep) -> JobRecord:
    form = here.made.plain().model_copy(update={"steps": kinds})
    job = await here.submitted(db, form, search_space=here.DEPTHS)
    with workers.worker(settings):
        await workers.sent(db, settings, job)
        return await here.until_ended(db, job.id)


def step(name: str, output: str | None = None) -> PlainStep:
    return PlainStep(kind=f"policies_{name}", node_id=f"n_{name}", output=output)


def steps_of(*names: str) -> tuple[PlainStep, ...]:
    return tuple(step(name) for name in names)


def open_model(job: JobRecord, name: str, settings: Settings) -> Any:
    document = (job.outcome or {})[name]
    with open_artifact(document["artifact_key"], settings) as stream:
        return load_tuned(stream, document, trusted=document["trusted_types"])


async def test_each_policy_runs_where_it_may(
    db: Database, settings: Settings, policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saw = tmp_path / "saw"
    monkeypatch.setenv("POLICIES_SAW", str(saw))
    monkeypatch.setenv("PYTHONPATH", with_installed(policies)["PYTHONPATH"])
    path = (step("alternate", "learn"), *steps_of("ratio", "center", "oversample"))
    job = await ran(db, settings, *path)
    assert job.state is JobState.SUCCEEDED, job.error_message

    X, y = here.made.rows(ROWS)
    learn = [row for row in range(ROWS) if row % 3]
    X, y = X.iloc[learn].reset_index(drop=True), y[learn]
    # The sampler stands behind the centring: it saw a fold's training rows, moved by the mean of these.
    seen = [np.array(json.loads(line)) for line in saw.read_text().splitlines()]
    expected = [_moved(X, train) for train, _ in _folds(y)]
    final = _moved(X, np.arange(len(X)))
    *in_folds, last = seen
    assert np.allclose(last, final)
    assert all(
        any(len(rows) == len(fold) and np.allclose(rows, fold) for fold in expected) for rows in in_folds
    )
    assert len(in_folds) % FOLDS == 0

    monkeypatch.syspath_prepend(str(policies))
    raw, prepared = (open_model(job, name, settings) for name in ("tuned_model", "prepared_model"))
    from tuning_policies_plugin.steps import Center, Ratio

    upstream = Center().fit(with_ratio := Ratio().fit(X).transform(X)).transform(with_ratio)
    assert [column.name for column in raw.columns] == list(X)
    one, other = predict(raw, X), predict(prepared, upstream)
    assert one.values.equals(other.values)
    assert one.probabilities is not None
    pd.testing.assert_frame_equal(one.probabilities, other.probabilities)
    sys.modules.pop("tuning_policies_plugin.steps")


async def test_a_step_that_saw_all_rows_is_named_by_the_result(
    db: Database, settings: Settings, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", with_installed(policies)["PYTHONPATH"])
    job = await ran(db, settings, *steps_of("rank"))
    assert job.state is JobState.SUCCEEDED, job.error_message
    outcome = job.outcome or {}
    assert outcome["cautions"] == ["may be optimistic: node n_rank saw all rows"]
    assert outcome["tuned_model"]["steps_before"] == ["n_rank"]
    assert [column["name"] for column in outcome["tuned_model"]["columns"]] == ["a", "b", "c", "rank"]


def _folds(y: Any) -> list[Any]:
    from hyperparameter_tuning.registry.config import TuningConfig

    cv: Any = TuningConfig.model_validate(here.made.config()).cross_validation
    return list(make_splits(cv, y=y, n_samples=len(y), problem_type="classification", seed=42))


def _moved(X: pd.DataFrame, rows: Any) -> Any:
    values = X["a"].to_numpy()[rows]
    return np.sort(values - values.mean())
