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

from hyperparameter_tuning.jobs import finishing, leases_repository, pipelines_repository, tokens
from hyperparameter_tuning.jobs.keeper import LEASE
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import Store, answering

PROGRAM = Path(sys.executable).parent / "schemathesis"
HOOKS = Path(__file__).parent / "openapi_hooks.py"
# Who asks: anybody at an API on this machine alone, or somebody with or without a token at one that asks who.
ASKERS = [("sqlite_settings", "anybody"), ("postgres_settings", "ada"), ("sqlite_settings", "nobody")]
# Drawn requests of each operation, besides those that the document leads to by itself.
DRAWN: list[tuple[int, Any]] = [(3, ()), (200, pytest.mark.faults)]
CASES = [pytest.param(*asker, count, marks=marks) for count, marks in DRAWN for asker in ASKERS]
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


def known_ids(settings: Settings, owner: str) -> dict[str, list[str]]:
    """Store a job of each kind and what it was run on; return values of parameters by their names."""

    async def work(db: Any) -> dict[str, list[str]]:
        # Ready is who has a keeper.
        await db.run(lambda session: leases_repository.take(session, LEASE, "keeper", 3600.0))
        graph = factories.graph()
        pipeline = await db.run(lambda session: pipelines_repository.create(session, graph, owner_id=owner))
        own: dict[str, Any] = {"owner": Principal(owner)}
        done = await factories.succeeded(db, graph_ref=pipeline.id, base_revision=1, **own)
        broken = await factories.claimed(db, **own)
        token = broken.lease_token or ""
        await db.run(lambda session: finishing.fail(session, broken.id, token, "broken", "It broke."))
        jobs = [
            done.id,
            broken.id,
            (await factories.claimed(db, **own)).id,
            (await factories.submitted(db, **own)).id,
        ]
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
@pytest.mark.parametrize(("store", "asker", "examples"), CASES)
def test_every_answer_is_described(
    store: str, asker: str, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings: Settings = request.getfixturevalue(store)
    options = [f"--max-examples={examples}"]
    if asker != "anybody":
        settings = settings.model_copy(update={"auth": "tokens"})
    if asker == "ada":
        made = Store(settings)(lambda db: db.run(lambda session: tokens.create(session, asker)))
        options.append(f"--header=Authorization: Bearer {made.token}")
    known = known_ids(settings, "local" if asker == "anybody" else "ada")
    with answering(create_app(settings)) as client:
        ask(str(client.base_url), known, tmp_path, *options)
