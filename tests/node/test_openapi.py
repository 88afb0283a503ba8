"""Whatever is asked, the answer is one that the OpenAPI document describes, and no mistake of ours. T16.

`schemathesis` reads the document and asks: its examples, the limits of every field, and drawn requests, right
and wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.jobs import finishing, leases_repository, pipelines_repository
from hyperparameter_tuning.jobs.keeper import LEASE
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import Store, answering

PROGRAM = Path(sys.executable).parent / "schemathesis"
HOOKS = Path(__file__).parent / "openapi_hooks.py"
# Drawn requests of each operation, besides those that the document leads to by itself.
EXAMPLES = [3, pytest.param(200, marks=pytest.mark.long)]
OPTIONS = (
    "--phases=examples,coverage,fuzzing",
    # What a document may hold is told by its schema; what it may mean is not, and gets a 422 with a sentence.
    "--exclude-checks=positive_data_acceptance",
    # The same requests each time: a gate judges the change.
    "--seed=1",
    "--generation-deterministic",
    "--suppress-health-check=all",
    "--warnings=off",
    "--continue-on-failure",
    "--request-timeout=30",
)


def known_ids(settings: Settings) -> dict[str, list[str]]:
    """Store a job of each kind and what it was run on; return values of parameters by their names."""

    async def work(db: Any) -> dict[str, list[str]]:
        # Ready is who has a keeper.
        await db.run(lambda session: leases_repository.take(session, LEASE, "keeper", 3600.0))
        pipeline = await db.run(lambda session: pipelines_repository.create(session, factories.graph()))
        done = await factories.succeeded(db, graph_ref=pipeline.id, base_revision=1)
        broken = await factories.claimed(db)
        token = broken.lease_token or ""
        await db.run(lambda session: finishing.fail(session, broken.id, token, "broken", "It broke."))
        jobs = [done.id, broken.id, (await factories.claimed(db)).id, (await factories.submitted(db)).id]
        return {
            "job_id": jobs,
            "pipeline_id": [pipeline.id],
            "node_type": ["hyperparameter_tuning", "model", "dataset"],
            "model_type": ["ridge_regression", "random_forest"],
        }

    found: dict[str, list[str]] = Store(settings)(work)
    return found


def ask(url: str, known: dict[str, list[str]], folder: Path, *options: str) -> None:
    """Let `schemathesis` ask whatever it can think of, and say what was wrong with the answers."""
    command = [str(PROGRAM), "--no-color", "run", f"{url}/openapi.json", *OPTIONS, *options]
    told = {"SCHEMATHESIS_HOOKS": str(HOOKS), "HPT_TEST_KNOWN_IDS": json.dumps(known)}
    done = subprocess.run(command, cwd=folder, env=os.environ | told, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_every_answer_is_described(settings: Settings, tmp_path: Path, examples: int) -> None:
    known = known_ids(settings)
    with answering(create_app(settings)) as client:
        ask(str(client.base_url), known, tmp_path, f"--max-examples={examples}")
