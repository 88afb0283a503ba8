"""The report over HTTP: its document as published, whatever became of the job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
from pydantic import BaseModel

from hyperparameter_tuning.registry.published_report import ReportDocument
from hyperparameter_tuning.registry.schema_export import export_schema
from tests.jobs import factories
from tests.node.conftest import JOBS, Store
from tests.node.test_bad_input import assert_problem


async def queued(db: Any) -> str:
    return str((await factories.submitted(db)).id)


async def running(db: Any) -> str:
    job = await factories.claimed(db)
    await factories.told(db, job, *factories.whole_trial(0, 0.5, "baseline", max_depth=1))
    await factories.told(db, job, factories.started(1), factories.finished(1, None))
    return str(job.id)


async def succeeded(db: Any) -> str:
    return str((await factories.succeeded(db)).id)


STATES = {"queued": queued, "running": running, "succeeded": succeeded}


def unknown_keys(document: BaseModel, place: str = "") -> Iterator[str]:
    """Name the keys that the published document does not have."""
    for name in document.model_extra or {}:
        yield f"{place}/{name}"
    for name in type(document).model_fields:
        value = getattr(document, name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, BaseModel):
                yield from unknown_keys(item, f"{place}/{name}")


class TestReport:
    @pytest.mark.parametrize("state", STATES)
    def test_keeps_its_published_schema_in_every_state(
        self, client: httpx.Client, store: Store, state: str
    ) -> None:
        job_id = store(STATES[state])
        document = client.get(f"{JOBS}/{job_id}/report").json()
        assert document["status"] == state
        jsonschema.validate(document, export_schema("report", "2020-12"))
        assert list(unknown_keys(ReportDocument.model_validate(document))) == []

    def test_its_links_lead_to_the_job_and_the_table(self, client: httpx.Client, store: Store) -> None:
        job = client.get(f"{JOBS}/{store(succeeded)}").json()
        document = client.get(job["links"]["report"]).json()
        assert client.get(document["links"]["job"]).json()["id"] == job["id"]
        assert document["links"]["self"] == job["links"]["report"]
        table = client.get(document["trials"]["formats"]["csv"]).text.splitlines()
        assert table[0].split(",") == [column["name"] for column in document["trials"]["columns"]]

    def test_has_no_number_that_json_lacks(self, client: httpx.Client, store: Store) -> None:
        async def odd(db: Any) -> str:
            job = await factories.claimed(db)
            await factories.told(db, job, *factories.whole_trial(0, 0.0, "baseline", max_depth=1))
            return str(job.id)

        def refuse(name: str) -> Any:
            raise AssertionError(name)

        answer = client.get(f"{JOBS}/{store(odd)}/report")
        json.loads(answer.text, parse_constant=refuse)

    def test_somebody_elses_job_has_none(self, client: httpx.Client, store: Store) -> None:
        from hyperparameter_tuning.shared.host import Principal

        async def foreign(db: Any) -> str:
            return str((await factories.succeeded(db, owner=Principal("somebody"))).id)

        assert_problem(client.get(f"{JOBS}/{store(foreign)}/report"), 404, "not_found")
