"""What the API says of a search means the same to a program that reads JSON as JavaScript does.

A browser writes 1.0 as 1, and for some parameters these are different models. All answers of all searches go
through one run of node.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from shutil import copy
from typing import Any

import jsonpatch
import pytest

from hyperparameter_tuning.jobs import finishing, pipelines_repository, write_back
from hyperparameter_tuning.jobs.fingerprints import run_fingerprint
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.space import typed_value
from hyperparameter_tuning.registry.typed_params import number_types_of, typed_params
from hyperparameter_tuning.shared.patches import apply_patch
from hyperparameter_tuning.shared.settings import Settings
from tests.conftest import RunNode
from tests.jobs import factories
from tests.node.conftest import JOBS, Store, answering

MODEL = get_model("random_forest_classifier")
HELD = {"max_features": 1.0, "min_samples_leaf": 1, "ccp_alpha": 1.0}
OTHER = {"min_samples_leaf": 1, "ccp_alpha": 1.0, "bootstrap": True, "class_weight": None, "n_estimators": 1}
WINNERS: dict[str, dict[str, Any]] = {
    "one column": {"max_features": 1, "max_samples": 1, "min_samples_split": 2, **OTHER},
    "every column": {"max_features": 1.0, "max_samples": 1.0, "min_samples_split": 1.0, **OTHER},
    "a text and none": {"max_features": "sqrt", "max_samples": None, "min_samples_split": 1e-7, **OTHER},
}
TELLING = ("trial.started", "trial.finished", "best.updated")


def number_types(params: dict[str, Any]) -> dict[str, str]:
    return dict(number_types_of(MODEL, params))


def exact(part: Any, params: str = "params") -> dict[str, Any]:
    """What an estimator gets from a part of an answer; tells 1 from 1.0 and from true."""
    typed = typed_params(MODEL, part[params], part["number_types"])
    return {name: typed_value(value) for name, value in typed.items()}


def meant(params: dict[str, Any]) -> dict[str, Any]:
    return {name: typed_value(value) for name, value in params.items()}


def target() -> dict[str, Any]:
    return factories.target() | {"params": HELD, "number_types": number_types(HELD)}


async def searched(db: Any, settings: Settings, winner: dict[str, Any]) -> dict[str, str]:
    """A finished search on a stored pipeline: trial 0 is what the model node holds, trial 1 won."""
    canvas = factories.graph(target())
    canvas["nodes"][-1]["data"]["config"]["model"] = MODEL.key
    stored = await db.run(lambda session: pipelines_repository.create(session, canvas))
    model = {"type": MODEL.key, "params": HELD, "number_types": number_types(HELD)}
    plain = factories.plain(target(), model=model)
    job = await factories.claimed(db, graph_ref=stored.id, base_revision=1, plain=plain, model_type=MODEL.key)
    for number, score, params in ((0, 0.5, HELD), (1, 0.9, winner)):
        origin, told = "search" if number else "baseline", {"params": params}
        begin = factories.started(number, origin, **told, number_types=number_types(params))
        best = {"type": "best.updated", "trial": number, "score": score, **told}
        end = factories.finished(number, score)
        await factories.told(db, job, begin, factories.unit(number), end, best)
    outcome = factories.outcome(1, 0.9, number_types(winner), **winner)
    await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", outcome))
    host = create_host(settings)
    await write_back.deliver(db, host, job.id)
    await host.close()
    return {"job": job.id, "pipeline": stored.id}


def of_run(plain: Any, config: Any = factories.CONFIG) -> str:
    return run_fingerprint(config, plain, "sha256:data")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[str, Any]]:
    """Every answer about every search, as Python reads it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("javascript"))
    copy(sqlite_template, settings.data_dir / "tuning.db")
    store, found = Store(settings), dict[str, Any]()
    with answering(create_app(settings)) as client:
        for name, winner in WINNERS.items():
            ids = store(lambda db, winner=winner: searched(db, settings, winner))
            places = {
                "job": f"{JOBS}/{ids['job']}",
                "trials": f"{JOBS}/{ids['job']}/trials",
                "events": f"{JOBS}/{ids['job']}/events",
                "json_patch": f"{JOBS}/{ids['job']}/apply-preview?format=json-patch",
                "pipeline": f"/pipelines/{ids['pipeline']}",
            }
            found[name] = {
                part: client.get(place, headers={"Accept": "application/json"}).raise_for_status().json()
                for part, place in places.items()
            }
        yield found


@pytest.fixture(scope="module")
def heard(spoken: dict[str, Any], run_node: RunNode) -> Any:
    """The same, as a browser reads and sends it."""
    return run_node("reserialize.mjs", spoken)


def parameters_patch(answers: Any) -> Any:
    (found,) = [item["patch"] for item in answers["job"]["write_backs"] if item["kind"] == "params"]
    return found


def data_of(graph: Any, node_id: str) -> Any:
    (node,) = [item for item in graph["nodes"] if item["id"] == node_id]
    return node["data"]


def whole(winner: dict[str, Any]) -> dict[str, Any]:
    """What the model node comes to: a winner over what it holds."""
    return meant(HELD | winner)


def test_javascript_takes_a_numbers_type(spoken: dict[str, Any], heard: Any) -> None:
    shares = [
        part["every column"]["job"]["outcome"]["best_params"]["max_features"] for part in (spoken, heard)
    ]
    assert [type(share) for share in shares] == [float, int]


@pytest.mark.parametrize("name", WINNERS)
class TestParameters:
    def test_of_a_trial(self, heard: Any, name: str) -> None:
        baseline, won = heard[name]["trials"]["items"]
        assert exact(baseline) == meant(HELD)
        assert exact(won) == meant(WINNERS[name])

    @pytest.mark.parametrize("kind", TELLING)
    def test_of_an_event(self, heard: Any, name: str, kind: str) -> None:
        told = {
            item["data"]["trial"]: item["data"]
            for item in heard[name]["events"]["items"]
            if item["type"] == kind
        }
        assert exact(told[0]) == meant(HELD)
        assert exact(told[1]) == meant(WINNERS[name])

    def test_of_the_best_trial_and_of_trial_0(self, heard: Any, name: str) -> None:
        job = heard[name]["job"]
        assert exact(job["best"]) == meant(WINNERS[name])
        assert exact(job["baseline"]) == meant(HELD)

    def test_of_the_result_on_the_job_and_on_the_tuning_node(self, heard: Any, name: str) -> None:
        result = data_of(heard[name]["pipeline"]["graph"], "tune")["result"]
        for part in (heard[name]["job"]["outcome"], result):
            assert exact(part, "best_params") == meant(WINNERS[name])

    def test_of_the_model_node_after_the_patch(self, heard: Any, name: str) -> None:
        outcome = apply_patch(heard[name]["pipeline"]["graph"], parameters_patch(heard[name]))
        assert outcome.conflicts == ()
        assert exact(data_of(outcome.graph, "model")["config"]) == whole(WINNERS[name])

    def test_of_the_model_node_after_the_json_patch(self, heard: Any, name: str) -> None:
        graph = jsonpatch.apply_patch(deepcopy(heard[name]["pipeline"]["graph"]), heard[name]["json_patch"])
        assert exact(data_of(graph, "model")["config"]) == whole(WINNERS[name])

    def test_of_the_model_node_after_undo(self, heard: Any, name: str, run_node: RunNode) -> None:
        graph = heard[name]["pipeline"]["graph"]
        applied = apply_patch(graph, parameters_patch(heard[name]))
        back, there = run_node(
            "reserialize.mjs", [{"patch_id": "back", "ops": list(applied.inverse)}, applied.graph]
        )
        undone = apply_patch(there, back)
        assert undone.conflicts == ()
        assert exact(data_of(undone.graph, "model")["config"]) == meant(HELD)


@pytest.mark.parametrize("name", WINNERS)
class TestFingerprint:
    def plain_of(self, config: Any) -> Any:
        held = {key: config[key] for key in ("params", "number_types")}
        return factories.plain(target() | held, model={"type": config["model"], **held})

    def test_of_the_graph_is_the_results_own(self, heard: Any, name: str) -> None:
        graph = heard[name]["pipeline"]["graph"]
        plain = self.plain_of(data_of(graph, "model")["config"])
        result = data_of(graph, "tune")["result"]
        assert of_run(plain, heard[name]["job"]["config"]) == result["fingerprint"]

    def test_of_the_graph_with_the_patch_is_the_one_that_the_result_foretold(
        self, heard: Any, name: str
    ) -> None:
        graph = heard[name]["pipeline"]["graph"]
        after = apply_patch(graph, parameters_patch(heard[name])).graph
        plain = self.plain_of(data_of(after, "model")["config"])
        result = data_of(graph, "tune")["result"]
        assert of_run(plain, heard[name]["job"]["config"]) == result["applied_fingerprint"]


def test_fingerprints_tell_the_winners_apart(heard: Any) -> None:
    results = [data_of(heard[name]["pipeline"]["graph"], "tune")["result"] for name in WINNERS]
    assert len({result["applied_fingerprint"] for result in results}) == len(WINNERS)
