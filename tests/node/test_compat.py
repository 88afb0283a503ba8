"""The first contract on today's paths: its body, its data, and its answers."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import httpx

from hyperparameter_tuning.jobs import outbox_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.node.compat_documents import OldJob, OldJobBatch
from hyperparameter_tuning.shared.data_roots import packaged_examples
from tests.acceptance.graphs import edge, tuning_graph
from tests.jobs import factories
from tests.node.compat_bodies import COMPAT, accepted, body, one_model, stored
from tests.node.conftest import DIABETES, JOBS, Store

CANVASES = Path(__file__).parents[1] / "registry_versions/fixtures"


class TestBatch:
    def test_one_job_per_model_in_the_order_of_the_body(self, client: httpx.Client) -> None:
        batch = accepted(client, body())
        OldJobBatch.model_validate(batch)
        assert batch["total"] == 2
        assert [job["model_type"] for job in batch["jobs"]] == body()["model_types"]
        assert {job["status"] for job in batch["jobs"]} == {"queued"}
        assert {job["pipeline_id"] for job in batch["jobs"]} == {"canvas-7"}

    def test_without_compat_the_answer_is_a_list_of_todays_documents(self, client: httpx.Client) -> None:
        answer = client.post(JOBS, json=body())
        assert answer.status_code == 202
        assert [item["model_type"] for item in answer.json()["items"]] == body()["model_types"]

    def test_a_body_of_today_may_be_answered_in_the_old_words(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        answer = client.post(JOBS, json={"graph": graph}, params=COMPAT)
        assert answer.status_code == 202
        OldJob.model_validate(answer.json())

    def test_a_model_that_cannot_run_leaves_no_job_of_the_others(self, client: httpx.Client) -> None:
        answer = client.post(JOBS, json=body(model_types=["logistic_regression", "ridge_regression"]))
        assert answer.status_code == 422
        assert client.get(JOBS, params=COMPAT).json()["total"] == 0

    def test_repetitions_and_blanks_among_the_models_are_dropped(self, client: httpx.Client) -> None:
        names = [" logistic_regression ", "", "logistic", "logistic_regression"]
        assert [job["model_type"] for job in accepted(client, one_model(model_types=names))["jobs"]] == [
            "logistic_regression"
        ]

    def test_model_type_alone_is_enough(self, client: httpx.Client) -> None:
        document = one_model(model_type="logistic_regression")
        del document["model_types"]
        assert accepted(client, document)["total"] == 1

    def test_runs_of_one_node_are_numbered_and_may_be_active_together(self, client: httpx.Client) -> None:
        numbers = [accepted(client, one_model())["jobs"][0]["run_number"] for _ in range(2)]
        assert numbers == [1, 2]


class TestFields:
    def test_each_field_becomes_what_it_means_today(self, client: httpx.Client) -> None:
        job = stored(
            client,
            one_model(
                search_strategy="bayesian",
                baseline_hyperparameters={"max_iter": 250, "C": 3.0},
                cross_validation={"enabled": True, "strategy": "kfold", "folds": 4, "shuffle": False},
            ),
        )
        config = job["config"]
        assert (job["strategy"], job["metric"], job["seed"]) == ("optuna", "accuracy", 7)
        assert config["search_space"] == [
            {
                "kind": "categorical",
                "name": "C",
                "choices": [0.1, 1.0, 10.0],
                "enabled": True,
                "number_type": None,
            }
        ]
        assert (config["budget"]["max_trials"], config["budget"]["max_seconds"]) == (4, None)
        assert {row["name"]: row["value"] for row in config["fixed_params"]} == {"max_iter": 250}
        folds = config["cross_validation"]
        assert (folds["kind"], folds["folds"], folds["shuffle"], folds["stratify"]) == (
            "k_fold",
            4,
            False,
            "off",
        )

    def test_the_other_spelling_of_the_folds_is_read_too(self, client: httpx.Client) -> None:
        settings = {
            "cv_enabled": True,
            "cv_strategy": "stratified_kfold",
            "cv_folds": 6,
            "cv_random_state": 11,
            "cv_refit_strategy": "train_plus_validation",
        }
        job = stored(client, one_model(cross_validation=settings, random_state=None))
        assert job["config"]["cross_validation"]["folds"] == 6
        assert job["seed"] == 11
        # Nothing is connected to the validation port, so there is nothing else to fit on.
        assert job["config"]["selection"]["refit_on"] == "train"

    def test_validation_that_was_switched_off_is_three_folds_at_least(self, client: httpx.Client) -> None:
        job = stored(client, one_model(cross_validation={"enabled": False, "folds": 2}))
        assert job["config"]["cross_validation"]["folds"] == 3

    def test_n_iter_is_short_for_n_iterations_and_grid_has_its_own_number(self, client: httpx.Client) -> None:
        document = one_model(n_iter=3)
        del document["n_iterations"]
        assert stored(client, document)["config"]["budget"]["max_trials"] == 3
        assert (
            stored(client, one_model(search_strategy="grid", n_iterations=1))["config"]["budget"][
                "max_trials"
            ]
            is None
        )

    def test_words_for_none_and_parameters_that_scikit_learn_gave_up(self, client: httpx.Client) -> None:
        job = stored(
            client,
            one_model(
                search_space='{"C": [1.0], "class_weight": ["none", "balanced"], "penalty": ["l2", "none"]}',
                baseline_hyperparameters='{"multi_class": "ovr", "tol": 0.01}',
                search_strategy="grid",
            ),
        )
        rows = {row["name"]: row["choices"] for row in job["config"]["search_space"]}
        assert rows == {"C": [1.0], "class_weight": ["balanced", None]}
        assert {row["name"]: row["value"] for row in job["config"]["fixed_params"]} == {"tol": 0.01}

    def test_an_alias_is_resolved_by_the_kind_of_the_target(self, client: httpx.Client) -> None:
        document = body(dataset_source_id="diabetes", model_types=["random_forest"], scoring="r2")
        assert accepted(client, document)["jobs"][0]["model_type"] == "random_forest_regressor"

    def test_the_baseline_is_trial_0(self, client: httpx.Client, store: Store) -> None:
        (job,) = accepted(client, one_model(baseline_hyperparameters={"C": 3.0}))["jobs"]
        plain = store(lambda db: factories.present(db, job["id"])).plain
        assert plain["model"] == {"type": "logistic_regression", "params": {"C": 3.0}, "number_types": {}}


class TestData:
    def test_a_bare_id_is_a_file_below_the_data_roots(self, client: httpx.Client, store: Store) -> None:
        folder = store.settings.data_dir / "data"
        folder.mkdir(exist_ok=True)
        rows = [f"{number},{number % 7},{'yes' if number % 3 else 'no'}" for number in range(60)]
        (folder / "mine.csv").write_text("\n".join(["a,b,answer", *rows]))
        document = one_model(dataset_source_id="mine.csv", metadata={"target_column": "answer"})
        (job,) = accepted(client, document)["jobs"]
        dataset = store(lambda db: factories.present(db, job["id"])).plain["dataset"]
        assert dataset == {"source": "file", "path": "mine.csv"}

    def test_a_dataset_node_on_the_path_decides(self, client: httpx.Client, store: Store) -> None:
        drawn = tuning_graph(DIABETES, "ridge_regression", params={"alpha": 2.0})
        node_id = next(node["id"] for node in drawn["nodes"] if node["type"] == "hyperparameter_tuning")
        document = one_model(
            dataset_source_id="whatever",
            node_id=node_id,
            graph=drawn,
            model_types=["ridge_regression", "lasso"],
            search_space={"alpha": [0.1, 1.0]},
            scoring="r2",
        )
        batch = accepted(client, document)["jobs"]
        ridge, lasso = (store(lambda db, job=job: factories.present(db, job["id"])).plain for job in batch)
        assert ridge["dataset"] == lasso["dataset"] == DIABETES
        # The connected model node is proposed to by its own model only.
        assert [target["params"] for target in ridge["targets"]] == [{"alpha": 2.0}]
        assert ridge["model"]["params"] == {"alpha": 2.0}
        assert (lasso["targets"], lasso["model"]["type"]) == ([], "lasso")

    def test_rows_at_the_validation_port_join_the_last_fit_where_that_was_asked(
        self, client: httpx.Client
    ) -> None:
        drawn = tuning_graph(DIABETES, "ridge_regression", steps=(("split", {"validation_size": 0.2}),))
        drawn["edges"].append(edge("step0", "tune", "validation", "validation"))
        document = one_model(
            node_id="tune",
            graph=drawn,
            model_types=["ridge_regression"],
            search_space={"alpha": [0.1, 1.0]},
            scoring="r2",
            cross_validation={"enabled": True, "refit_strategy": "train_plus_validation"},
        )
        assert stored(client, document)["config"]["selection"]["refit_on"] == "train_and_validation"

    def test_a_canvas_of_that_time_is_read_with_its_steps_and_its_target(
        self, client: httpx.Client, store: Store
    ) -> None:
        folder = store.settings.data_dir / "data"
        folder.mkdir(exist_ok=True)
        shutil.copy(packaged_examples() / "penguins.csv", folder / "penguins.csv")
        drawn = json.loads((CANVASES / "version_0_canvas.json").read_text())
        tuning = next(
            node for node in drawn["nodes"] if node["data"]["catalogType"] == "hyperparameter_tuning"
        )
        document = body(
            dataset_source_id="penguins.csv",
            node_id=tuning["id"],
            model_types=["random_forest_classifier"],
            graph={"nodes": drawn["nodes"], "edges": drawn["edges"]},
        )
        batch = accepted(client, document)
        (job,) = batch["jobs"]
        assert tuning["id"] in [item["node_id"] for item in batch["migrated"]]
        assert any(item["notes"] for item in batch["migrated"])
        (todays,) = client.post(JOBS, json=document).json()["items"]
        assert todays["migrated"] == batch["migrated"]
        plain = store(lambda db: factories.present(db, job["id"])).plain
        assert plain["dataset"]["path"] == "penguins.csv"
        assert plain["target"] == "species"
        assert plain["steps"]

    def test_an_unknown_source_is_named(self, client: httpx.Client) -> None:
        answer = client.post(JOBS, json=one_model(dataset_source_id="nowhere.csv"), params=COMPAT)
        assert answer.status_code == 422
        assert answer.json()["pointer"] == "/dataset_source_id"
        assert "nowhere.csv" in answer.json()["detail"]


class TestHeldJobs:
    def test_a_job_that_shall_not_run_is_stored_and_sent_by_nobody(
        self, client: httpx.Client, store: Store
    ) -> None:
        (job,) = accepted(client, one_model(run_tuning=False))["jobs"]
        assert job["status"] == "queued"

        async def kept(database: Database) -> list[str]:
            sent: list[str] = []

            class Sender:
                def send(self, job_id: str) -> None:
                    sent.append(job_id)

            await database.run(outbox_repository.add_missing)
            await database.run(lambda session: outbox_repository.forget_sending(session, -60.0))
            await publish_pending(database, Sender())
            return sent

        assert store(kept) == []
        assert client.post(f"{JOBS}/{job['id']}/start").status_code == 202
        # The API itself may be sending it just now.
        deadline = time.monotonic() + 30
        while store(kept) != [job["id"]]:
            assert time.monotonic() < deadline

    def test_it_does_not_stand_in_the_way_of_a_run(self, client: httpx.Client, pipeline: str) -> None:
        accepted(client, one_model(run_tuning=False))
        assert client.post(JOBS, json={"pipeline_id": pipeline}).status_code == 202

    def test_a_cancelled_one_cannot_be_started(self, client: httpx.Client) -> None:
        (job,) = accepted(client, one_model(run_tuning=False))["jobs"]
        client.post(f"{JOBS}/{job['id']}/cancel")
        answer = client.post(f"{JOBS}/{job['id']}/start")
        assert (answer.status_code, answer.json()["code"]) == (409, "already_finished")
