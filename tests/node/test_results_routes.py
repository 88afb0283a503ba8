"""What a job found: trials as pages and tables, its model, its parameters on the graph and off again."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from hyperparameter_tuning.jobs import finishing
from hyperparameter_tuning.shared.artifacts import ALLOWED_TYPES
from hyperparameter_tuning.shared.artifacts import store as store_artifact
from tests.jobs import factories
from tests.node.conftest import JOBS, Store
from tests.node.test_bad_input import assert_problem

MODEL_FILE = factories.outcome(0, 0.5)["tuned_model"]
FORMULAS = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"]


def many_trials(store: Store, count: int) -> str:
    async def work(db: Any) -> str:
        job = await factories.claimed(db)
        for number in range(count):
            await factories.told(db, job, *factories.whole_trial(number, number / 10, max_depth=number))
        return str(job.id)

    return str(store(work))


class TestTrials:
    def test_pages_show_every_trial_once_in_order(self, client: httpx.Client, store: Store) -> None:
        job_id = many_trials(store, 7)
        seen: list[int] = []
        after: int | None = -1
        while after is not None:
            page = client.get(f"{JOBS}/{job_id}/trials", params={"limit": 3, "after": after}).json()
            seen += [trial["number"] for trial in page["items"]]
            after = page["next"]
        assert seen == list(range(7))

    def test_a_page_says_what_its_numbers_mean(self, client: httpx.Client, store: Store) -> None:
        page = client.get(f"{JOBS}/{many_trials(store, 1)}/trials").json()
        assert (page["metric"], page["direction"]) == ("accuracy", "maximize")
        assert page["items"][0]["scores"] == {"accuracy": 0.0}

    def test_a_candidate_says_how_its_scores_came_about(self, client: httpx.Client, store: Store) -> None:
        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            units = [factories.unit(0, 0, how="prefix"), factories.unit(0, 1), factories.unit(0, 2)]
            await factories.told(db, job, factories.started(0), *units, factories.started(1))
            return str(job.id)

        page = client.get(f"{JOBS}/{store(work)}/trials").json()
        assert [trial["how"] for trial in page["items"]] == [["fitted", "prefix"], []]
        assert [trial["folds"] for trial in page["items"]] == [None, None]
        answer = client.get(f"{JOBS}/{page['job_id']}/trials", params={"format": "csv"})
        assert [row["how"] for row in csv.DictReader(io.StringIO(answer.text))] == ["fitted, prefix", ""]

    def test_each_fold_is_given_where_it_is_asked_for(self, client: httpx.Client, store: Store) -> None:
        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            units = [factories.unit(1, fold, scores={"accuracy": fold / 4}) for fold in (1, 0)]
            await factories.told(db, job, *factories.whole_trial(0), factories.started(1), *units)
            return str(job.id)

        asked = {"folds": True, "after": 0, "limit": 1}
        page = client.get(f"{JOBS}/{store(work)}/trials", params=asked).json()
        assert [[(fold["fold"], fold["scores"]) for fold in trial["folds"]] for trial in page["items"]] == [
            [(0, {"accuracy": 0.0}), (1, {"accuracy": 0.25})]
        ]

    def test_csv_holds_all_of_them_with_a_column_per_parameter_and_metric(
        self, client: httpx.Client, store: Store
    ) -> None:
        answer = client.get(f"{JOBS}/{many_trials(store, 4)}/trials", params={"format": "csv", "limit": 1})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["number"] for row in rows] == ["0", "1", "2", "3"]
        assert [row["param_max_depth"] for row in rows] == ["0", "1", "2", "3"]
        assert rows[3]["score_accuracy"] == "0.3"

    def test_no_csv_cell_is_run_as_a_formula(self, client: httpx.Client, store: Store) -> None:
        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            for number, text in enumerate(FORMULAS):
                messages = factories.whole_trial(number, None, criterion=text, alpha=-0.5)
                await factories.told(db, job, *messages[:-1], messages[-1] | {"error": text})
            return str(job.id)

        answer = client.get(f"{JOBS}/{store(work)}/trials", params={"format": "csv"})
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        for row, text in zip(rows, FORMULAS, strict=True):
            assert row["param_criterion"] == "'" + text
            assert row["error"] == "'" + text
            assert row["param_alpha"] == "-0.5", "a negative number stays a number"

    def test_parquet_keeps_types(self, client: httpx.Client, store: Store) -> None:
        answer = client.get(f"{JOBS}/{many_trials(store, 3)}/trials", params={"format": "parquet"})
        table = pq.read_table(io.BytesIO(answer.content))
        assert table.column("param_max_depth").to_pylist() == [0, 1, 2]
        assert str(table.schema.field("score").type) == "double"

    def test_parquet_writes_values_of_several_types_as_their_json(
        self, client: httpx.Client, store: Store
    ) -> None:
        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            await factories.told(db, job, *factories.whole_trial(0, 0.1, max_features="sqrt"))
            await factories.told(db, job, *factories.whole_trial(1, 0.2, max_features=0.5))
            await factories.told(db, job, *factories.whole_trial(2, 0.3, max_features=None))
            return str(job.id)

        answer = client.get(f"{JOBS}/{store(work)}/trials", params={"format": "parquet"})
        column = pq.read_table(io.BytesIO(answer.content)).column("param_max_features")
        assert column.to_pylist() == ['"sqrt"', "0.5", None]


class TestArtifact:
    def stored(self, store: Store, content: bytes, sha256: str) -> str:
        file = store.settings.data_dir / "model.skops"
        file.write_bytes(content)
        store_artifact(file, "k/m.skops", store.settings)

        async def work(db: Any) -> str:
            job = await factories.claimed(db)
            await factories.told(db, job, *factories.whole_trial(0, 0.5, "baseline", max_depth=1))
            outcome = factories.outcome(0, 0.5, max_depth=1)
            outcome["tuned_model"] |= {"sha256": sha256, "size": len(content)}
            token = job.lease_token or ""
            await db.run(lambda session: finishing.succeed(session, job.id, token, outcome))
            return str(job.id)

        return str(store(work))

    def test_it_comes_whole_with_its_hash(self, client: httpx.Client, store: Store) -> None:
        content = b"model" * 50_000
        sha256 = hashlib.sha256(content).hexdigest()
        answer = client.get(f"{JOBS}/{self.stored(store, content, sha256)}/artifact")
        assert answer.content == content
        assert answer.headers["HPT-Artifact-SHA256"] == sha256
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()
        assert answer.headers["Repr-Digest"] == f"sha-256=:{digest}:"
        assert answer.headers["Content-Length"] == str(len(content))

    def both(self, store: Store, **changes: Any) -> str:
        """A job with a whole pipeline and its model alone, of different content."""
        models: dict[str, Any] = {}
        for name, content in (("tuned_model", b"whole"), ("prepared_model", b"alone")):
            file = store.settings.data_dir / name
            file.write_bytes(content)
            stored = store_artifact(file, f"k/{name}.skops", store.settings)
            models[name] = {
                "artifact_key": stored.key,
                "sha256": stored.sha256,
                "size": stored.size,
                "input": "raw" if name == "tuned_model" else "prepared",
                "columns": [{"name": name, "dtype": "number"}],
                "trusted_types": [f"a.{name}"],
                **changes,
            }
        return store.succeeded(models=models).id

    def test_raw_and_prepared_are_different_files(self, client: httpx.Client, store: Store) -> None:
        path = f"{JOBS}/{self.both(store)}/artifact"
        answers = {wanted: client.get(path, params={"input": wanted}) for wanted in ("raw", "prepared")}
        assert {wanted: answer.content for wanted, answer in answers.items()} == {
            "raw": b"whole",
            "prepared": b"alone",
        }
        assert client.get(path).content == b"whole"
        for answer in answers.values():
            assert answer.headers["HPT-Artifact-SHA256"] == hashlib.sha256(answer.content).hexdigest()
        assert answers["prepared"].headers["HPT-Artifact-Trusted-Types"] == "a.prepared_model"

    def test_the_document_says_what_opens_and_feeds_each(self, client: httpx.Client, store: Store) -> None:
        job_id = self.both(store)
        links = client.get(f"{JOBS}/{job_id}").json()["artifacts"]
        assert [link["input"] for link in links] == ["raw", "prepared"]
        for link, name in zip(links, ("tuned_model", "prepared_model"), strict=True):
            document = client.get(link["document"]).json()
            assert document["columns"] == [{"name": name, "dtype": "number"}]
            assert document["href"] == link["href"]
            assert hashlib.sha256(client.get(link["href"]).content).hexdigest() == document["sha256"]
            assert document["allowed_types"] == [*ALLOWED_TYPES, f"a.{name}"]

    def test_without_steps_one_file_is_both(self, client: httpx.Client, store: Store) -> None:
        job_id = store.succeeded(models={"tuned_model": MODEL_FILE | {"input": "prepared"}}).id
        documents = [
            client.get(f"{JOBS}/{job_id}/artifact/document", params={"input": wanted}).json()
            for wanted in ("raw", "prepared")
        ]
        assert documents[0]["sha256"] == documents[1]["sha256"]
        assert len(client.get(f"{JOBS}/{job_id}").json()["artifacts"]) == 1

    def test_a_model_for_prepared_rows_that_is_not_there_is_missing(
        self, client: httpx.Client, store: Store
    ) -> None:
        path = f"{JOBS}/{store.succeeded().id}/artifact"
        assert_problem(client.get(path, params={"input": "prepared"}), 404, "no_artifact")

    def test_a_damaged_file_is_not_given_out(self, client: httpx.Client, store: Store) -> None:
        job_id = self.stored(store, b"damaged", "ab" * 32)
        assert_problem(client.get(f"{JOBS}/{job_id}/artifact"), 404, "artifact_changed")

    def test_a_job_without_a_model_says_so(self, client: httpx.Client, store: Store) -> None:
        problem = assert_problem(client.get(f"{JOBS}/{many_trials(store, 1)}/artifact"), 404, "no_artifact")
        assert "running" in problem["detail"]


class TestCautions:
    def test_a_job_says_which_nodes_saw_all_rows_before_it_ends(
        self, client: httpx.Client, store: Store
    ) -> None:
        odd = [{"node_id": "odd", "kind": "somebody_elses", "config": {}}]
        job = store(lambda db: factories.claimed(db, plain=factories.plain(steps=odd)))
        found = client.get(f"{JOBS}/{job.id}").json()
        assert found["cautions"] == ["may be optimistic: node odd saw all rows"]

    def test_an_ended_job_keeps_the_labels_it_ended_with(self, client: httpx.Client, store: Store) -> None:
        job = store.succeeded(cautions=["may be optimistic: node gone saw all rows"])
        found = client.get(f"{JOBS}/{job.id}").json()
        assert found["cautions"] == ["may be optimistic: node gone saw all rows"]


class TestApply:
    def params(self, client: httpx.Client, pipeline: str) -> dict[str, Any]:
        nodes = client.get(f"/pipelines/{pipeline}").json()["graph"]["nodes"]
        found: dict[str, Any] = next(node for node in nodes if node["id"] == "model")["data"]["config"][
            "params"
        ]
        return found

    def test_preview_shows_before_and_after_and_changes_nothing(
        self, client: httpx.Client, on_a_pipeline: tuple[str, str]
    ) -> None:
        job_id, pipeline = on_a_pipeline
        rows = client.get(f"{JOBS}/{job_id}/apply-preview").json()["rows"]
        (row,) = [row for row in rows if row["path"].endswith("/max_depth")]
        assert (row["before"], row["after"], row["conflict"]) == (1, 7, None)
        assert self.params(client, pipeline) == {"max_depth": 1}

    def test_preview_shows_a_single_trial(self, client: httpx.Client, on_a_pipeline: tuple[str, str]) -> None:
        rows = client.get(f"{JOBS}/{on_a_pipeline[0]}/apply-preview", params={"trial": 0}).json()["rows"]
        assert all(not row["changed"] for row in rows if row["op"] == "set")

    def test_apply_writes_and_revert_restores(
        self, client: httpx.Client, on_a_pipeline: tuple[str, str]
    ) -> None:
        job_id, pipeline = on_a_pipeline
        answer = client.post(f"{JOBS}/{job_id}/apply", json={})
        assert answer.status_code == 200, answer.text
        assert answer.json()["write_back"]["state"] == "applied"
        assert self.params(client, pipeline)["max_depth"] == 7
        asked = {"pipeline_id": pipeline, "applied": "true"}
        assert [job["id"] for job in client.get(JOBS, params=asked).json()["items"]] == [job_id]
        reverted = client.post(f"{JOBS}/{job_id}/revert")
        assert reverted.status_code == 200, reverted.text
        assert self.params(client, pipeline) == {"max_depth": 1}
        assert client.get(JOBS, params=asked).json()["items"] == []

    def test_a_value_edited_since_is_a_conflict_that_names_it(
        self, client: httpx.Client, on_a_pipeline: tuple[str, str]
    ) -> None:
        job_id, pipeline = on_a_pipeline
        graph = client.get(f"/pipelines/{pipeline}").json()["graph"]
        next(node for node in graph["nodes"] if node["id"] == "model")["data"]["config"]["params"][
            "max_depth"
        ] = 3
        client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers={"If-Match": '"1"'})
        problem = assert_problem(client.post(f"{JOBS}/{job_id}/apply"), 409, "write_back_conflict")
        assert problem["conflicts"][0]["actual"] == 3
        assert "max_depth" in problem["detail"]
        assert self.params(client, pipeline) == {"max_depth": 3}
        assert client.post(f"{JOBS}/{job_id}/apply", json={"overwrite": True}).status_code == 200
        assert self.params(client, pipeline)["max_depth"] == 7

    @pytest.mark.parametrize(
        ("body", "status", "code", "pointer"),
        [
            ({"trial": 9}, 404, "not_found", "/trial"),
            ({"params": ["max_dept"]}, 422, "unknown_name", "/params/0"),
            ({"targets": ["modle"]}, 422, "unknown_name", "/targets/0"),
            ({"trials": 1}, 422, "unknown_field", "/trials"),
        ],
    )
    def test_a_wrong_choice_is_refused(
        self,
        client: httpx.Client,
        on_a_pipeline: tuple[str, str],
        body: dict[str, Any],
        status: int,
        code: str,
        pointer: str,
    ) -> None:
        problem = assert_problem(client.post(f"{JOBS}/{on_a_pipeline[0]}/apply", json=body), status, code)
        assert problem["pointer"] == pointer

    def test_an_inline_graph_gets_the_patch_and_confirms_it(self, client: httpx.Client, store: Store) -> None:
        job = store.succeeded(graph_ref=None)
        proposed = client.post(f"{JOBS}/{job.id}/apply").json()["write_back"]
        assert proposed["state"] == "proposed"
        assert any(op["path"].endswith("/max_depth") and op["value"] == 7 for op in proposed["patch"]["ops"])
        confirmed = client.post(f"{JOBS}/{job.id}/apply", json={"applied": True}).json()["write_back"]
        assert confirmed["state"] == "applied"

    def test_an_inline_graph_gets_the_inverse_and_confirms_it(
        self, client: httpx.Client, store: Store
    ) -> None:
        path = f"{JOBS}/{store.succeeded(graph_ref=None).id}"
        client.post(f"{path}/apply", json={"applied": True})
        asked = client.post(f"{path}/revert", json={}).json()["write_back"]
        assert asked["state"] == "applied"
        assert any(op["path"].endswith("/max_depth") and op["value"] == 1 for op in asked["inverse"])
        confirmed = client.post(f"{path}/revert", json={"applied": True})
        assert confirmed.status_code == 200, confirmed.text
        assert confirmed.json()["write_back"]["state"] == "reverted"
        assert_problem(client.post(f"{path}/revert"), 409, "nothing_to_revert")

    def test_nothing_applied_is_nothing_to_revert(
        self, client: httpx.Client, on_a_pipeline: tuple[str, str]
    ) -> None:
        assert_problem(client.post(f"{JOBS}/{on_a_pipeline[0]}/revert"), 409, "nothing_to_revert")


class TestBestParams:
    def path(self, **query: Any) -> str:
        return "/hyperparameter-tuning/best-params/decision_tree_classifier?" + "&".join(
            f"{name}={value}" for name, value in query.items()
        )

    def test_the_best_score_wins_and_the_newest_stands_beside_it(
        self, client: httpx.Client, store: Store
    ) -> None:
        best = store.succeeded(best=0.95)
        newest = store.succeeded(best=0.8)
        found = client.get(self.path()).json()
        assert (found["best"]["id"], found["newest"]["id"]) == (best.id, newest.id)
        assert found["available"]
        assert found["comparable"]
        assert (found["job_id"], found["best_params"], found["best_score"]) == (
            best.id,
            {"max_depth": 7},
            0.95,
        )
        assert (found["metric"], found["direction"], found["strategy"]) == ("accuracy", "maximize", "random")
        assert found["finished_at"]

    def test_scores_on_other_data_are_never_compared(self, client: httpx.Client, store: Store) -> None:
        other = {"rows": 9, "columns": [], "fingerprint": "sha256:other"}
        store.succeeded(best=0.99, data_summary=other)
        newest = store.succeeded(best=0.8)
        found = client.get(self.path()).json()
        assert found["best"]["id"] == newest.id
        asked = client.get(self.path(dataset_fingerprint="sha256:other")).json()
        assert asked["best"]["best"]["score"] == 0.99
        assert not asked["comparable"]

    def test_where_smaller_is_better_the_smallest_wins(self, client: httpx.Client, store: Store) -> None:
        smaller = store.succeeded(best=0.2, metric="log_loss", direction="minimize")
        store.succeeded(best=0.4, metric="log_loss", direction="minimize")
        assert client.get(self.path()).json()["best"]["id"] == smaller.id

    def test_nothing_found_is_an_answer(self, client: httpx.Client) -> None:
        found = client.get(self.path()).json()
        assert (found["available"], found["best"], found["job_id"]) == (False, None, None)
        assert found["message"]
