"""What an installed package brings runs through API, queue, worker and child, and can go again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.shared.artifacts import load
from hyperparameter_tuning.shared.errors import DataError
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving
from tests.outside.installing import with_installed
from tests.registry.packages import lay_out, on_path

VALIDATE = "/nodes/hyperparameter_tuning/validate"
JOBS = "/hyperparameter-tuning-jobs"
PENGUINS = {"source": "file", "path": "examples/penguins.csv", "target": "species"}
DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}
STEPS = (("impute", {}), ("encode", {}), ("example_clip", {"share": 0.02}), ("scale", {}))
GONE = "It came from package tuning-example-plugin 1.0, which is not installed."
FOLDS = {"cross_validation": {"kind": "k_fold", "folds": 2}, "write_back": {"mode": "auto"}}
LATIN = {
    "strategy": {"name": "latin_hypercube", "centred": True},
    "budget": {"max_trials": 6},
    "objective": {"metric": "g_mean", "additional_metrics": ["accuracy"]},
    **FOLDS,
}
CLIMB = {
    "strategy": {"name": "hill_climbing", "step": 0.5},
    "budget": {"max_trials": 4},
    "objective": {"metric": "error_90"},
    **FOLDS,
}


@dataclass(frozen=True)
class Ran:
    """What was run while the package was installed."""

    data_dir: Path
    catalogue: dict[str, Any]
    prototype: dict[str, Any]
    pipeline: str
    before: dict[str, Any]
    after: dict[str, Any]
    own_kind: dict[str, Any]
    own_kind_node: dict[str, Any]
    own_kind_pipeline: str
    own_kind_graph: dict[str, Any]
    regression: dict[str, Any]
    artifact: bytes
    readiness: dict[str, Any]
    fields: dict[str, Any]
    unbounded: dict[str, Any]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that does not load."""
    folder = tmp_path_factory.mktemp("broken")
    return lay_out(folder, "broken_plugin", "import no_such_module", {"strategies/tabu_search": "TABU"})


def graph_of(model: str, dataset: dict[str, Any], config: dict[str, Any], **options: Any) -> dict[str, Any]:
    return tuning_graph(dataset, model, config=config, **options)


def of_own_kind() -> dict[str, Any]:
    """A graph whose model node is of the package's own kind."""
    config = {**LATIN, "strategy": {"name": "random"}, "budget": {"max_trials": 3}}
    graph = graph_of("prototype_classifier", PENGUINS, config, steps=STEPS)
    node = next(item for item in graph["nodes"] if item["id"] == "model")
    node |= {"type": "example_prototypes"}
    node["data"]["config"] = {"shrinkage": 1, "power": 8}
    return graph


def run_all(stack: Stack) -> Ran:
    graph = graph_of("prototype_classifier", PENGUINS, LATIN, steps=STEPS, params={"shrinkage": 1.0})
    own_graph = of_own_kind()
    pipeline, own = stack.create_pipeline(graph), stack.create_pipeline(own_graph)
    third = stack.create_pipeline(graph_of("ridge_regression", DIABETES, CLIMB))
    started = [stack.submit(pipeline_id=name, node_id="tune") for name in (pipeline, own, third)]
    first, second, regression = (stack.settled(job["id"]) for job in started)
    endless = {
        "strategy": {"name": "hill_climbing"},
        "model": "ridge_regression",
        "budget": {"max_trials": None, "max_seconds": None},
    }
    asked = stack.request("POST", VALIDATE, json={"config": endless})
    return Ran(
        data_dir=stack.data_dir,
        catalogue=stack.get("/nodes"),
        prototype=first,
        pipeline=pipeline,
        before=graph,
        after=stack.get(f"/pipelines/{pipeline}")["graph"],
        own_kind=second,
        own_kind_node=stack.node(own, "model"),
        own_kind_pipeline=own,
        own_kind_graph=own_graph,
        regression=regression,
        artifact=stack.request("GET", f"{JOBS}/{first['id']}/artifact").content,
        readiness=stack.get("/readyz"),
        fields=stack.get("/model-hyperparameters/prototype"),
        unbounded=asked.json(),
    )


@pytest.fixture(scope="module")
def ran(plugin: Path, broken: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Three jobs on an installation that has the package, and beside it one that is broken."""
    data_dir = tmp_path_factory.mktemp("installed") / "data"
    alone = {
        "HPT_N_JOBS": "1",
        "HPT_CONCURRENCY": "2",
    }  # pools are tried elsewhere, and take seconds to start
    with serving(data_dir, with_installed(plugin, broken) | alone) as stack:
        return run_all(stack)


@pytest.fixture(scope="module")
def without(ran: Ran) -> Iterator[Stack]:
    """The same installation, the package gone."""
    with serving(ran.data_dir, {}) as stack:
        yield stack


class TestInstalled:
    def test_node_kinds_and_strategies_are_in_the_catalogue(self, ran: Ran) -> None:
        kinds = {item["type"]: item for item in ran.catalogue["items"]}
        assert kinds["example_clip"]["default_config"] == {"share": 0.05}
        tags = [item["value"] for item in kinds["hyperparameter_tuning"]["strategies"]]
        assert {"latin_hypercube", "hill_climbing"} <= set(tags)

    def test_fields_of_the_model_are_told(self, ran: Ran) -> None:
        assert ran.fields["model_type"] == "prototype_classifier"
        assert [item["name"] for item in ran.fields["fields"]] == ["shrinkage", "power"]
        assert ran.fields["available"] is True

    def test_a_strategy_without_a_plan_needs_a_limit(self, ran: Ran) -> None:
        found = [item for item in ran.unbounded["findings"] if item["code"] == "unbounded_search"]
        assert [item["pointer"] for item in found] == ["/budget/max_trials"]

    def test_strategy_model_metric_and_step_run_and_write_back(self, ran: Ran) -> None:
        job = ran.prototype
        assert (job["strategy"], job["model_type"], job["metric"]) == (
            "latin_hypercube",
            "prototype_classifier",
            "g_mean",
        )
        # Six of the strategy, the node's own parameters, and the model's defaults.
        assert (job["counts"], job["progress"]["planned"]) == ({"complete": 8, "failed": 0, "pruned": 0}, 8)
        assert 0.5 < job["best"]["score"] <= 1.0
        model = next(node for node in ran.after["nodes"] if node["id"] == "model")
        # What the node leaves out is the model's default.
        written = {"shrinkage": 0.0, "power": 2} | model["data"]["config"]["params"]
        assert written == job["best"]["params"]
        assert written["shrinkage"] < 1.0

    def test_a_model_kind_is_written_where_it_keeps_its_parameters(self, ran: Ran) -> None:
        job, config = ran.own_kind, ran.own_kind_node["data"]["config"]
        assert job["model_type"] == "prototype_classifier"
        assert config == {**config, **job["best"]["params"]}
        assert config != {"shrinkage": 1, "power": 8}

    def test_a_loss_of_the_package_is_minimised_in_its_own_unit(self, ran: Ran) -> None:
        job = ran.regression
        assert (job["strategy"], job["metric"], job["direction"]) == ("hill_climbing", "error_90", "minimize")
        # Four of the strategy, and the node's parameters, which are the defaults.
        assert job["counts"]["complete"] == 5
        assert job["best"]["score"] > 0
        assert job["best"]["score"] <= job["baseline"]["score"]

    def test_the_job_says_which_types_its_model_holds(self, ran: Ran) -> None:
        types = [
            "tuning_example_plugin.clipper.Clipper",
            "tuning_example_plugin.estimator.PrototypeClassifier",
        ]
        assert ran.prototype["artifact"]["trusted_types"] == types
        assert ran.prototype["outcome"]["prepared_model"]["trusted_types"] == types[1:]
        assert ran.regression["artifact"]["trusted_types"] == []

    def test_the_model_opens_with_these_types_and_not_without(
        self, ran: Ran, plugin: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "model.skops"
        file.write_bytes(ran.artifact)
        types = ran.prototype["artifact"]["trusted_types"]
        with on_path(plugin):
            with pytest.raises(DataError, match="PrototypeClassifier"):
                load(file)
            model = load(file, trusted=types)
            assert type(model.steps[-1][1]).__name__ == "PrototypeClassifier"

    def test_the_broken_package_is_named_and_stops_nothing(self, ran: Ran) -> None:
        said = ran.readiness["checks"]["packages"]
        assert said["ok"] is True
        assert "'tabu_search' of broken_plugin 1.0" in said["message"]
        assert ran.readiness["status"] == "ready"

    @pytest.mark.parametrize("process", ["api", "worker", "keeper"])
    def test_every_process_logs_it_at_its_start(self, ran: Ran, process: str) -> None:
        (log,) = (ran.data_dir / "logs").glob(f"{process}*.log")
        assert "broken_plugin 1.0" in log.read_text()

    def test_doctor_tells_what_is_there_and_what_is_left_out(
        self, plugin: Path, broken: Path, tmp_path: Path
    ) -> None:
        command = [
            sys.executable,
            "-m",
            "hyperparameter_tuning.node.cli",
            "--data-dir",
            str(tmp_path / "new"),
        ]
        done = subprocess.run(
            [*command, "doctor", "--json"], env=with_installed(plugin, broken), capture_output=True, text=True
        )
        found = {item["name"]: item for item in json.loads(done.stdout)["checks"]}
        assert (done.returncode, found["broken_plugin 1.0"]["state"]) == (0, "idle")
        assert "no_such_module" in found["broken_plugin 1.0"]["message"]
        assert "latin_hypercube" in found["tuning-example-plugin 1.0"]["message"]


class TestUninstalled:
    def test_the_saved_pipeline_opens_as_it_was(self, ran: Ran, without: Stack) -> None:
        assert without.get(f"/pipelines/{ran.pipeline}")["graph"] == ran.after

    def test_it_is_gone_from_the_catalogue(self, without: Stack) -> None:
        kinds = {item["type"]: item for item in without.get("/nodes")["items"]}
        assert "example_clip" not in kinds
        tags = [item["value"] for item in kinds["hyperparameter_tuning"]["strategies"]]
        assert "latin_hypercube" not in tags
        assert without.request("GET", "/model-hyperparameters/prototype").status_code == 404

    @pytest.mark.parametrize(
        ("config", "pointer", "code", "name"),
        [
            ({"strategy": LATIN["strategy"]}, "/strategy/name", "strategy_unavailable", "latin_hypercube"),
            ({"strategy": CLIMB["strategy"]}, "/strategy/name", "strategy_unavailable", "hill_climbing"),
            ({"model": "prototype_classifier"}, "/model", "model_unavailable", "prototype_classifier"),
            ({"objective": {"metric": "g_mean"}}, "/objective/metric", "metric_unavailable", "g_mean"),
        ],
    )
    def test_a_saved_configuration_gets_one_finding_and_keeps_its_value(
        self, without: Stack, config: dict[str, Any], pointer: str, code: str, name: str
    ) -> None:
        answer = without.request("POST", VALIDATE, json={"config": config}).json()
        (finding,) = answer["findings"]
        assert (finding["pointer"], finding["code"], finding["severity"]) == (pointer, code, "error")
        assert f"'{name}' is unavailable" in finding["message"]
        assert finding.get("fix") is None
        assert answer["config"].items() >= config.items()

    def test_a_run_is_refused(self, ran: Ran, without: Stack) -> None:
        body = {"pipeline_id": ran.pipeline, "node_id": "tune"}
        answer = without.request("POST", JOBS, json=body)
        assert answer.status_code == 422, answer.text
        codes = {item["code"] for item in answer.json()["findings"]}
        assert {"strategy_unavailable", "node_kind_unavailable"} <= codes

    def test_a_model_node_of_a_gone_kind_is_named(self, without: Stack) -> None:
        body = {"graph": of_own_kind(), "node_id": "tune"}
        answer = without.request("POST", VALIDATE, json=body).json()
        said = [item["message"] for item in answer["findings"] if item["code"] == "node_kind_unavailable"]
        assert any("'example_prototypes'" in message for message in said)

    def test_going_on_with_a_job_is_refused(self, ran: Ran, without: Stack) -> None:
        answer = without.request(
            "POST", f"{JOBS}/{ran.prototype['id']}/resume", json={"budget": {"max_trials": 9}}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "strategy_unavailable")
        assert answer.json()["detail"].endswith(GONE)

    def test_a_job_tells_which_package_it_came_from(self, ran: Ran, without: Stack) -> None:
        names = {
            "latin_hypercube": "strategy",
            "prototype_classifier": "model",
            "g_mean": "metric",
            "example_clip": "node_kind",
        }
        brought = [
            {"kind": kind, "name": name, "package": "tuning-example-plugin", "version": "1.0"}
            for name, kind in names.items()
        ]
        assert ran.prototype["providers"] == [item | {"unavailable": None} for item in brought]
        told = without.get(f"{JOBS}/{ran.prototype['id']}")["providers"]
        assert [{name: item[name] for name in brought[0]} for item in told] == brought
        for item in told:
            noun = item["kind"].replace("_", " ")
            assert item["unavailable"] == f"The {noun} '{item['name']}' is unavailable. {GONE}"

    def test_findings_on_the_saved_node_tell_it(self, ran: Ran, without: Stack) -> None:
        asked = {"pipeline_id": ran.pipeline, "node_id": "tune"}
        answer = without.request("POST", VALIDATE, json=asked).json()
        gone = [item for item in answer["findings"] if item["code"].endswith("_unavailable")]
        assert {"strategy_unavailable", "node_kind_unavailable"} <= {item["code"] for item in gone}
        assert all(item["message"].endswith(GONE) for item in gone), gone

    @pytest.mark.parametrize("job", ["prototype", "own_kind"])
    @pytest.mark.parametrize("body", [{}, {"trial": 0}], ids=["best", "baseline"])
    @pytest.mark.parametrize(("method", "verb"), [("POST", "apply"), ("GET", "apply-preview")])
    def test_its_parameters_are_not_applied_without_the_model(
        self, ran: Ran, without: Stack, method: str, verb: str, body: dict[str, Any], job: str
    ) -> None:
        path = f"{JOBS}/{getattr(ran, job)['id']}/{verb}"
        asked = {"json": body} if method == "POST" else {"params": body}
        answer = without.request(method, path, **asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "model_unavailable"), answer.text
        assert answer.json()["detail"].startswith("The model 'prototype_classifier' is unavailable: ")
        assert answer.json()["detail"].endswith(GONE)

    def test_what_it_wrote_is_taken_back_without_it(self, ran: Ran, without: Stack) -> None:
        graph = {node["id"]: node for node in ran.own_kind_graph["nodes"]}
        assert graph["model"]["data"]["config"] == {"shrinkage": 1, "power": 8}
        answer = without.request("POST", f"{JOBS}/{ran.own_kind['id']}/revert", json={})
        assert answer.status_code == 200, answer.text
        assert answer.json()["write_back"]["state"] == "reverted"
        assert without.node(ran.own_kind_pipeline, "model") == graph["model"]

    def test_its_report_keeps_the_labels_it_had(self, ran: Ran, without: Stack) -> None:
        assert without.get(f"{JOBS}/{ran.prototype['id']}/report")["labels"] == []

    def test_old_jobs_stay_readable(self, ran: Ran, without: Stack) -> None:
        path = f"{JOBS}/{ran.prototype['id']}"
        job = without.get(path)
        assert (job["best"], job["config"]) == (ran.prototype["best"], ran.prototype["config"])
        assert job["id"] in [item["id"] for item in without.get(JOBS)["items"]]
        assert len(without.get(f"{path}/trials")["items"]) == 8
        assert without.get(f"{path}/events?after=0", headers={"Accept": "application/json"})["items"]
        assert without.request("GET", f"{path}/artifact").content == ran.artifact

    def test_the_best_parameters_so_far_are_told(self, ran: Ran, without: Stack) -> None:
        found = without.get("/hyperparameter-tuning/best-params/prototype_classifier")
        assert found["best"]["best"]["score"] >= ran.prototype["best"]["score"]
        gone = without.request("GET", "/hyperparameter-tuning/best-params/never_heard_of")
        assert gone.status_code == 404

    def test_a_model_of_it_cannot_be_opened_and_the_package_is_named(self, ran: Ran, tmp_path: Path) -> None:
        file = tmp_path / "model.skops"
        file.write_bytes(ran.artifact)
        with pytest.raises(DataError, match="tuning_example_plugin") as caught:
            load(file, trusted=ran.prototype["artifact"]["trusted_types"])
        assert caught.value.code == "artifact_package_missing"
