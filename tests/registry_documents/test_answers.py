"""Published schemas of answers against the documents that the API really makes."""

from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from hyperparameter_tuning.jobs.records import EventRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node import job_documents
from hyperparameter_tuning.registry import published_answers
from hyperparameter_tuning.registry.schema_export import export_schema

PAIRS = [
    (job_documents.JobDocument, published_answers.JobDocument),
    (job_documents.Progress, published_answers.JobProgress),
    (job_documents.Counts, published_answers.TrialCounts),
    (job_documents.BestTrial, published_answers.BestTrial),
    (job_documents.JobError, published_answers.JobError),
    (job_documents.ArtifactLink, published_answers.ArtifactLink),
    (job_documents.WriteBackDocument, published_answers.WriteBackDocument),
]


def nullable(model: type[BaseModel], name: str) -> bool:
    return type(None) in getattr(model.model_fields[name].annotation, "__args__", ())


class TestJobs:
    @pytest.mark.parametrize(("made", "published"), PAIRS, ids=[made.__name__ for made, _ in PAIRS])
    def test_have_the_same_fields_and_the_same_gaps(
        self, made: type[BaseModel], published: type[BaseModel]
    ) -> None:
        assert set(made.model_fields) == set(published.model_fields)
        assert {name for name in made.model_fields if nullable(made, name)} == {
            name for name in published.model_fields if nullable(published, name)
        }

    def test_states_are_those_of_the_store(self) -> None:
        assert export_schema("job")["properties"]["status"]["enum"] == [state.value for state in JobState]


class TestEvents:
    def test_fit_their_schema(self) -> None:
        from datetime import UTC, datetime

        event = EventRecord(job_id="j", seq=1, type="job.queued", data={"a": 1}, created_at=datetime.now(UTC))
        document: dict[str, Any] = event.as_document()
        jsonschema.validate(document, export_schema("event"))
        assert set(document) == set(export_schema("event")["properties"])
