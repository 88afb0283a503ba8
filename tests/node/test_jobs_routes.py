"""Jobs over HTTP: run, list, look, end, delete; what is stored is what was asked, once."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from hyperparameter_tuning.jobs import outbox_repository
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.registry.schema_export import export_schema
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import DIABETES, JOBS, Store, answering
from tests.node.test_bad_input import assert_problem

PLAIN = {
    "dataset": DIABETES,
    "model": {"type": "ridge_regression", "params": {"alpha": 2.0}},
    "target": "target",
}


def submit(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = client.post(JOBS, json=body)
    assert answer.status_code == 202, answer.text
    document: dict[str, Any] = answer.json()
    return document


class TestSubmit:
    def test_it_answers_at_once_with_a_queued_job_and_where_to_find_it(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        answer = client.post(JOBS, json={"pipeline_id": pipeline, "base_revision": 1})
        assert answer.status_code == 202, answer.text
        job = answer.json()
        assert job["status"] == "queued"
        assert (job["pipeline_id"], job["node_id"], job["base_revision"]) == (pipeline, "tune", 1)
        assert (job["model_type"], job["metric"], job["direction"]) == (
            "ridge_regression",
            "rmse",
            "minimize",
        )
        assert client.get(answer.headers["Location"]).json()["id"] == job["id"]

    def test_its_document_keeps_the_published_schema(self, client: httpx.Client, pipeline: str) -> None:
        job = submit(client, pipeline_id=pipeline)
        for document in (job, client.get(job["links"]["self"]).json()):
            jsonschema.validate(document, export_schema("job", "2020-12"))

    def test_the_completed_configuration_is_stored(self, client: httpx.Client, pipeline: str) -> None:
        config = submit(client, pipeline_id=pipeline)["config"]
        assert config["strategy"]["name"] == "random"
        assert config["search_space"], "the rows that will be searched are stored"

    def test_the_same_run_id_gives_the_same_job(self, client: httpx.Client, pipeline: str) -> None:
        first = submit(client, pipeline_id=pipeline, run_id="once")
        second = submit(client, pipeline_id=pipeline, run_id="once")
        assert (first["id"], first["created"]) == (second["id"], True)
        assert second["created"] is False

    def test_a_second_run_of_a_busy_node_is_refused_with_a_link_to_the_first(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        first = submit(client, pipeline_id=pipeline)
        answer = client.post(JOBS, json={"pipeline_id": pipeline})
        problem = assert_problem(answer, 409, "already_running")
        assert client.get(problem["links"]["job"]).json()["id"] == first["id"]
        assert submit(client, pipeline_id=pipeline, concurrent=True)["run_number"] == 2

    def test_a_pipeline_that_was_saved_since_is_refused(
        self, client: httpx.Client, pipeline: str, graph: dict[str, Any]
    ) -> None:
        client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers={"If-Match": "*"})
        answer = client.post(JOBS, json={"pipeline_id": pipeline, "base_revision": 1})
        assert assert_problem(answer, 409, "stale_revision")["revision"] == 2

    @pytest.mark.parametrize("form", ["plain", "canvas", "ref"])
    def test_every_form_of_graph_runs(
        self, client: httpx.Client, pipeline: str, graph: dict[str, Any], form: str
    ) -> None:
        forms = {"plain": PLAIN, "canvas": graph, "ref": {"ref": pipeline, "revision": 1}}
        job = submit(client, graph=forms[form])
        assert job["model_type"] == "ridge_regression"
        assert job["pipeline_id"] == (pipeline if form == "ref" else None)

    def test_it_is_stored_with_a_note_to_send_even_when_the_queue_is_down(
        self, sqlite_settings: Settings, store: Store, graph: dict[str, Any]
    ) -> None:
        settings = Settings(data_dir=sqlite_settings.data_dir, broker_url="redis://127.0.0.1:1/0")
        with answering(create_app(settings)) as client:
            job = submit(client, graph=graph)
        unsent = store(lambda db: db.run(lambda session: outbox_repository.unsent(session, 10), write=False))
        assert unsent == [job["id"]]

    def test_what_is_sent_is_noted_as_sent(self, client: httpx.Client, store: Store, pipeline: str) -> None:
        submit(client, pipeline_id=pipeline)
        # The note is made after the answer: a following request waits for nothing, so ask until it is there.
        for _ in range(200):
            unsent = store(
                lambda db: db.run(lambda session: outbox_repository.unsent(session, 10), write=False)
            )
            if not unsent:
                return
        raise AssertionError("the job was not sent")


class TestDescribe:
    def test_a_run_has_no_name_until_somebody_gives_it_one(self, client: httpx.Client, pipeline: str) -> None:
        job = submit(client, pipeline_id=pipeline)
        assert (job["name"], job["note"]) == (None, None)
        answer = client.patch(job["links"]["self"], json={"name": " More trees ", "note": "Wider depths."})
        assert answer.status_code == 200, answer.text
        listed = client.get(JOBS).json()["items"][0]
        for document in (answer.json(), client.get(job["links"]["self"]).json(), listed):
            assert (document["name"], document["note"]) == ("More trees", "Wider depths.")
            jsonschema.validate(document, export_schema("job", "2020-12"))

    def test_what_is_left_out_stays_and_null_takes_away(self, client: httpx.Client, pipeline: str) -> None:
        job = submit(client, pipeline_id=pipeline)
        path = job["links"]["self"]
        client.patch(path, json={"name": "First", "note": "Kept."})
        assert client.patch(path, json={"name": None}).json()["note"] == "Kept."
        assert client.patch(path, json={}).json()["name"] is None

    def test_nothing_else_changes(self, client: httpx.Client, pipeline: str) -> None:
        job = submit(client, pipeline_id=pipeline)
        before = client.get(job["links"]["self"]).json()
        after = client.patch(job["links"]["self"], json={"name": "First"}).json()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"name"}

    @pytest.mark.parametrize(
        ("body", "code", "pointer"),
        [
            ({"name": "x" * 201}, "invalid_value", "/name"),
            ({"note": "x" * 2001}, "invalid_value", "/note"),
            ({"status": "succeeded"}, "unknown_field", "/status"),
            ({"name": "a\u0000b"}, "invalid_value", "/name"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_with_its_place(
        self, client: httpx.Client, pipeline: str, body: dict[str, Any], code: str, pointer: str
    ) -> None:
        job = submit(client, pipeline_id=pipeline)
        problem = assert_problem(client.patch(job["links"]["self"], json=body), 422, code)
        assert problem["pointer"] == pointer

    def test_a_job_that_is_not_there_is_not_found(self, client: httpx.Client) -> None:
        assert_problem(client.patch(f"{JOBS}/nothing", json={"name": "x"}), 404, "not_found")


class TestList:
    def test_pages_show_every_job_once_newest_first(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        ids = [submit(client, graph=graph)["id"] for _ in range(5)]
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 2}
        while True:
            page = client.get(JOBS, params=query).json()
            assert len(page["items"]) <= 2
            seen += [job["id"] for job in page["items"]]
            if page["next"] is None:
                break
            query["after"] = page["next"]
        assert seen == ids[::-1]

    def test_filters_restrict(self, client: httpx.Client, pipeline: str, graph: dict[str, Any]) -> None:
        kept = submit(client, pipeline_id=pipeline)
        ended = submit(client, graph=graph)
        client.post(ended["links"]["cancel"])

        def found(**query: Any) -> list[str]:
            return [job["id"] for job in client.get(JOBS, params=query).json()["items"]]

        assert found(pipeline_id=pipeline) == [kept["id"]]
        assert found(status="cancelled") == [ended["id"]]
        assert found(status=["cancelled", "queued"]) == [ended["id"], kept["id"]]
        assert found(model_type="svr") == []


class TestCancel:
    def test_a_queued_job_ends_at_once_and_asking_twice_is_fine(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        job = submit(client, pipeline_id=pipeline)
        for _ in range(2):
            answer = client.post(job["links"]["cancel"])
            assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")


class TestStop:
    def test_a_queued_job_has_nothing_to_keep(self, client: httpx.Client, pipeline: str) -> None:
        job = submit(client, pipeline_id=pipeline)
        stopped = client.post(job["links"]["stop"]).json()
        assert (stopped["status"], stopped["stopped_by"]) == ("cancelled", "no_trials")

    @pytest.mark.parametrize("verb", ["stop", "cancel"])
    def test_a_finished_job_refuses(self, client: httpx.Client, store: Store, verb: str) -> None:
        job = store.succeeded()
        problem = assert_problem(client.post(f"{JOBS}/{job.id}/{verb}"), 409, "already_finished")
        assert "succeeded" in problem["detail"]


class TestResume:
    def test_it_is_a_new_job_that_begins_with_what_was_scored(
        self, client: httpx.Client, store: Store
    ) -> None:
        old = store.succeeded()
        answer = client.post(f"{JOBS}/{old.id}/resume", json={"budget": {"max_trials": 50}})
        assert answer.status_code == 202, answer.text
        new = answer.json()
        assert new["resumed_from"] == old.id
        assert new["id"] != old.id
        assert new["counts"]["complete"] == 2
        assert new["config"]["budget"]["max_trials"] == 50
        assert answer.headers["Location"].endswith(new["id"])


class TestDelete:
    def test_an_active_job_is_refused_and_an_ended_one_is_gone(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        job = submit(client, pipeline_id=pipeline)
        path = job["links"]["self"]
        assert_problem(client.delete(path), 409, "not_finished")
        client.post(job["links"]["cancel"])
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404


class TestLook:
    def test_a_running_job_shows_how_far_it_is(self, client: httpx.Client, store: Store) -> None:
        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            begin = {
                "type": "search.started",
                "candidates": 4,
                "fits": 8,
                "splits": 2,
                "metric": "accuracy",
                "direction": "maximize",
            }
            await factories.told(
                db, job, begin, *factories.whole_trial(0, 0.5, "baseline"), *factories.whole_trial(1, 0.7)
            )
            return str(job.id)

        seen = client.get(f"{JOBS}/{store(work)}").json()
        assert seen["status"] == "running"
        assert seen["progress"]["units_done"] == 2
        assert seen["progress"]["fraction"] == pytest.approx(0.25)
        assert seen["progress"]["eta_seconds"] >= 0
        assert seen["counts"]["complete"] == 2

    def test_a_succeeded_job_shows_its_best_beside_its_baseline(
        self, client: httpx.Client, store: Store
    ) -> None:
        seen = client.get(f"{JOBS}/{store.succeeded().id}").json()
        assert seen["best"] == {"trial": 1, "score": 0.9, "params": {"max_depth": 7}, "number_types": {}}
        assert (seen["baseline"]["trial"], seen["baseline"]["score"]) == (0, 0.5)
        assert {patch["kind"] for patch in seen["write_backs"]} == {"result", "params"}

    def test_a_failed_job_says_why_in_a_sentence(self, client: httpx.Client, store: Store) -> None:
        from hyperparameter_tuning.jobs import finishing

        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            await db.run(
                lambda session: finishing.fail(
                    session, job.id, job.lease_token or "", "dataset_changed", "The table changed."
                )
            )
            return str(job.id)

        seen = client.get(f"{JOBS}/{store(work)}").json()
        assert seen["status"] == "failed"
        assert seen["error"] == {"code": "dataset_changed", "message": "The table changed."}
