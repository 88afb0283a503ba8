"""What a job's child is told, and what it says when a package has gone since submit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.job_documents import JobDocuments
from tests.tasks_worker import tasks_made

PACKAGE = {"package": "climbers", "version": "1.2"}


def documents(**changes: object) -> JobDocuments:
    whole = JobDocuments("job", tasks_made.config(), tasks_made.plain(), tasks_made.summary())
    return replace(whole, **changes)


def test_they_arrive_as_they_were_sent() -> None:
    sent = documents(model_type="ridge_regression", providers=[{"kind": "model", "name": "net", **PACKAGE}])
    assert JobDocuments.from_payload(json.loads(json.dumps(sent.as_payload()))) == sent


@pytest.mark.parametrize(
    ("kind", "name", "changes"),
    [
        ("strategy", "climb", {"config": {**tasks_made.config(), "strategy": {"name": "climb"}}}),
        ("model", "climbing_net_classifier", {"model_type": "climbing_net_classifier"}),
    ],
)
def test_the_package_that_has_gone_is_named(kind: str, name: str, changes: dict[str, object]) -> None:
    gone = documents(providers=[{"kind": kind, "name": name, **PACKAGE}], **changes)
    with pytest.raises(UnknownNameError, match="climbers 1\\.2, which is not installed") as caught:
        gone.task(Settings())
    assert caught.value.code == f"{kind}_unavailable"
