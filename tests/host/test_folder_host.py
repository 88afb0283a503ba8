"""The whole chain in a host that keeps graphs and tables in a folder: every port, in every process."""

from __future__ import annotations

import time
from typing import Any

from tests.host.conftest import CONFIG, JOBS, FolderInstallation

ALL = {action: ["ada"] for action in ("read", "run", "write")}


class TestChain:
    def test_a_run_writes_onto_the_folders_graph_and_is_undone(
        self, installation: FolderInstallation
    ) -> None:
        installation.keep("chain", **ALL)
        job = installation.ended("ada", "chain")
        assert [(item["kind"], item["state"]) for item in job["write_backs"]] == [
            ("result", "applied"),
            ("params", "applied"),
        ]
        assert installation.data("chain", "tune")["result"]["job_id"] == job["id"]
        assert installation.data("chain", "model")["config"]["params"]["alpha"] != 5000.0
        assert installation.kept("chain")["revision"] == 3

        reverted = installation.ask("ada", "POST", f"{JOBS}/{job['id']}/revert")
        assert reverted.status_code == 200, reverted.text
        assert installation.data("chain", "model")["config"]["params"] == {"alpha": 5000.0}

    def test_a_proposal_waits_for_its_person(self, installation: FolderInstallation) -> None:
        installation.keep("proposal", **ALL)
        config = CONFIG | {"write_back": {"mode": "propose"}}
        job = installation.ended("ada", "proposal", config)
        assert installation.data("proposal", "model")["config"]["params"] == {"alpha": 5000.0}
        applied = installation.ask("ada", "POST", f"{JOBS}/{job['id']}/apply")
        assert applied.status_code == 200, applied.text
        assert installation.data("proposal", "model")["config"]["params"]["alpha"] != 5000.0

    def test_pipelines_are_the_hosts_own_matter(self, installation: FolderInstallation) -> None:
        assert installation.ask("ada", "GET", "/pipelines").status_code == 404
        assert "/pipelines" not in installation.stack.get("/openapi.json")["paths"]


class TestRights:
    def test_nobody_is_told_to_sign_in(self, installation: FolderInstallation) -> None:
        answer = installation.ask(None, "GET", JOBS)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.json()["detail"] == "Say who you are in the header X-User."
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_who_may_not_read_learns_nothing(self, installation: FolderInstallation) -> None:
        installation.keep("private", **ALL)
        for ref in ("private", "nothing"):
            answer = installation.run("carl", ref)
            assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no '{ref}'.")

    def test_who_may_only_read_is_told_so(self, installation: FolderInstallation) -> None:
        installation.keep("shown", read=["carl"])
        answer = installation.run("carl", "shown")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert answer.json()["detail"] == "You may read 'shown', but not run it."

    def test_a_graph_that_a_request_carries_is_the_hosts_to_allow(
        self, installation: FolderInstallation
    ) -> None:
        # It may name any table, so this host says no.
        plain = {
            "dataset": {"source": "file", "path": "diabetes.csv"},
            "model": {"type": "ridge_regression"},
        }
        for path in (JOBS, "/nodes/hyperparameter_tuning/validate"):
            refused = installation.ask("ada", "POST", path, json={"config": {}, "graph": plain})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
            assert refused.json()["pointer"] == "/graph"

    def test_the_right_to_write_is_asked_again_when_the_result_comes(
        self, installation: FolderInstallation
    ) -> None:
        installation.keep("unwritten", read=["bob"], run=["bob"], write=["ada"])
        job = installation.ended("bob", "unwritten")
        assert {(item["state"], item["reason"]) for item in job["write_backs"]} == {
            ("skipped", "not_allowed")
        }
        assert installation.kept("unwritten")["revision"] == 1
        events = installation.stored_events("bob", job["id"])
        skipped = [event["data"]["reason"] for event in events if event["type"] == "writeback.skipped"]
        assert skipped == ["not_allowed", "not_allowed"]
        applied = installation.ask("bob", "POST", f"{JOBS}/{job['id']}/apply")
        assert (applied.status_code, applied.json()["code"]) == (403, "not_allowed")

    def test_jobs_of_others_are_not_found(self, installation: FolderInstallation) -> None:
        installation.keep("shared", read=["ada", "bob"], run=["ada", "bob"], write=["ada", "bob"])
        job = installation.ended("ada", "shared")
        path = f"{JOBS}/{job['id']}"
        looks = [("GET", ""), ("GET", "/trials"), ("GET", "/events?after=0"), ("GET", "/artifact")]
        looks += [("GET", "/apply-preview"), ("DELETE", "")]
        looks += [("POST", f"/{verb}") for verb in ("cancel", "stop", "resume", "apply", "revert")]
        for method, verb in looks:
            answer = installation.ask("bob", method, path + verb)
            assert answer.status_code == 404, (method, verb, answer.text)
        named = installation.ask("bob", "PATCH", path, json={"name": "Mine"})
        assert named.status_code == 404, named.text
        assert installation.ask("ada", "GET", path).json()["name"] is None
        listed = installation.ask("bob", "GET", f"{JOBS}?pipeline_id=shared").json()["items"]
        assert listed == []


class TestEvents:
    def test_a_host_that_was_away_is_told_everything_in_order(self, installation: FolderInstallation) -> None:
        installation.keep("told", **ALL)
        (installation.folder / "events are down").touch()
        job = installation.ended("ada", "told")
        assert installation.events(job["id"]) == []
        (installation.folder / "events are down").unlink()
        stored = installation.stored_events("ada", job["id"])
        told = _waited_for(installation, job["id"], len(stored))
        assert [event["seq"] for event in told] == list(range(1, len(stored) + 1))
        assert [event["type"] for event in told] == [event["type"] for event in stored]


def _waited_for(installation: FolderInstallation, job_id: str, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 60
    while len(told := installation.events(job_id)) < count:
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    return told
