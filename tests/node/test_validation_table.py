"""The validation port's own table is checked at submit, and frozen like the training table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.job_documents import JobDocuments
from hyperparameter_tuning.tasks.loader import load
from tests.acceptance.graphs import edge, node
from tests.node.conftest import JOBS, Store, answering
from tests.node.test_bad_input import assert_problem

HEADER = "size,weight,price"


def write_table(path: Path, rows: int, header: str = HEADER) -> None:
    columns = header.count(",") + 1
    lines = [",".join(str(row * 1.5 + column) for column in range(columns)) for row in range(rows)]
    path.write_text("\n".join([header, *lines]) + "\n")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    write_table(folder / "train.csv", 60)
    write_table(folder / "later.csv", 20)
    return folder


@pytest.fixture
def settings(sqlite_settings: Settings, tables: Path) -> Settings:
    return sqlite_settings.model_copy(update={"data_roots": (str(tables),)})


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    with answering(create_app(settings)) as running:
        yield running


@pytest.fixture
def plain() -> dict[str, Any]:
    return {
        "dataset": {"source": "file", "path": "train.csv"},
        "validation": {"dataset": {"source": "file", "path": "later.csv"}},
        "model": {"type": "ridge_regression"},
        "target": "price",
    }


class Told:
    """Keeps what a loader says."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)


def loaded(job: JobRecord, settings: Settings, folder: Path) -> dict[str, Any]:
    """What the worker's loader does with a stored job."""
    documents = JobDocuments(
        job_id=job.id,
        config=job.config,
        plain=PlainForm.model_validate(job.plain),
        summary=DataSummary.model_validate(job.data_summary),
        validation_fingerprint=job.fingerprints.get("validation"),
    )
    told: Any = Told()
    load({"documents": documents.as_payload(), "folder": str(folder)}, settings, told)
    last: dict[str, Any] = told.messages[-1]
    return last


class TestRun:
    @pytest.fixture
    def job(self, client: httpx.Client, store: Store, plain: dict[str, Any]) -> JobRecord:
        answer = client.post(JOBS, json={"graph": plain})
        assert answer.status_code == 202, answer.text
        job: JobRecord = store(
            lambda db: db.run(lambda session: service.get(session, answer.json()["id"]), write=False)
        )
        return job

    def test_the_validation_table_of_submit_is_read(
        self, job: JobRecord, settings: Settings, tmp_path: Path
    ) -> None:
        folder = tmp_path / "bundle"
        folder.mkdir()
        assert loaded(job, settings, folder) == {"type": "loaded", "rows": 60, "validation_rows": 20}

    def test_a_validation_table_that_changed_since_submit_fails_the_job(
        self, job: JobRecord, settings: Settings, tables: Path, tmp_path: Path
    ) -> None:
        write_table(tables / "later.csv", 21)
        with pytest.raises(DataError) as refused:
            loaded(job, settings, tmp_path / "bundle")
        assert refused.value.code == "dataset_changed"


class TestRefuse:
    def test_a_table_without_the_training_columns(
        self, client: httpx.Client, tables: Path, plain: dict[str, Any]
    ) -> None:
        write_table(tables / "later.csv", 20, "size,price")
        problem = assert_problem(client.post(JOBS, json={"graph": plain}), 422, "validation_columns_missing")
        assert (problem["pointer"], "'weight'" in problem["detail"]) == ("/validation/dataset", True)

    def test_a_table_that_is_not_there(self, client: httpx.Client, plain: dict[str, Any]) -> None:
        plain["validation"]["dataset"]["path"] = "lter.csv"
        problem = assert_problem(client.post(JOBS, json={"graph": plain}), 422, "dataset_missing")
        assert problem["pointer"] == "/validation/dataset"

    def test_on_a_canvas_the_pointer_leads_to_the_dataset_node(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        graph["nodes"].append(node("later", "dataset", source="file", path="lter.csv", target="target"))
        graph["edges"].append(edge("later", "tune", "dataset", "validation"))
        problem = assert_problem(client.post(JOBS, json={"graph": graph}), 422, "dataset_missing")
        place = len(graph["nodes"]) - 1
        assert problem["pointer"] == f"/nodes/{place}/data/config"
