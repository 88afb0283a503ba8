"""Many jobs deleted over HTTP: only on a filter, only those that have ended, and nothing by mistake."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.node.conftest import JOBS
from tests.node.test_bad_input import assert_problem
from tests.node.test_jobs_routes import PLAIN, submit

PURGE = JOBS + "/purge"


@pytest.fixture
def jobs(client: httpx.Client) -> tuple[str, str]:
    """Ids of a job that has ended and of one that waits."""
    ended, live = (submit(client, graph=PLAIN)["id"] for _ in range(2))
    assert client.post(f"{JOBS}/{ended}/cancel").status_code == 202
    return ended, live


def there(client: httpx.Client) -> set[str]:
    return {job["id"] for job in client.get(JOBS).json()["items"]}


def test_a_dry_run_says_what_would_go(client: httpx.Client, jobs: tuple[str, str]) -> None:
    answer = client.post(PURGE, json={"older_than_days": 0, "dry_run": True}).json()
    assert (answer["dry_run"], answer["count"], answer["job_ids"]) == (True, 1, [jobs[0]])
    assert there(client) == set(jobs)


@pytest.mark.parametrize("body", [{"older_than_days": 0}, {"states": ["cancelled", "failed"]}])
def test_what_has_ended_goes_and_what_lives_stays(
    client: httpx.Client, jobs: tuple[str, str], body: dict[str, Any]
) -> None:
    answer = client.post(PURGE, json=body).json()
    assert (answer["dry_run"], answer["count"], answer["job_ids"]) == (False, 1, [jobs[0]])
    assert there(client) == {jobs[1]}


@pytest.mark.parametrize("body", [{"older_than_days": 1}, {"states": ["succeeded"]}])
def test_what_does_not_match_stays(client: httpx.Client, jobs: tuple[str, str], body: dict[str, Any]) -> None:
    assert client.post(PURGE, json=body).json()["count"] == 0
    assert there(client) == set(jobs)


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "filter_required", ""),
        ({"dry_run": True}, "filter_required", ""),
        ({"older_than_days": False}, "invalid_value", "/older_than_days"),
        ({"older_than_days": -1}, "invalid_value", "/older_than_days"),
        ({"older_than_days": 0, "dry_run": 0}, "invalid_value", "/dry_run"),
        ({"states": ["queued"]}, "invalid_value", "/states/0"),
    ],
)
def test_what_is_not_said_well_deletes_nothing(
    client: httpx.Client, jobs: tuple[str, str], body: dict[str, Any], code: str, pointer: str
) -> None:
    problem = assert_problem(client.post(PURGE, json=body), 422, code)
    assert problem.get("pointer", "") == pointer
    assert there(client) == set(jobs)
