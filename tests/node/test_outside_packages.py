"""What the API says of other packages: what they bring, what is broken, and what is gone."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from hyperparameter_tuning.node.app import create_app
from tests.node.conftest import JOBS, Store, answering
from tests.registry.packages import lay_out, on_path

MODEL = """
from hyperparameter_tuning.registry import Bounds, FieldSpec, IntDimension, ModelSpec
SPACE = (IntDimension("size", 1, 5),)
NET = ModelSpec(
    "net_regressor", "Net", "regression", "thing.nets:Net",
    (FieldSpec("size", "Size", ("int",), 3, int_bounds=Bounds(1, 9)),), SPACE, SPACE,
    requires="no-such-package",
)
"""


class TestPackages:
    def test_a_model_without_its_own_requirement_is_shown_with_the_hint(
        self, store: Store, tmp_path: Path
    ) -> None:
        with (
            on_path(lay_out(tmp_path / "packages", "thing", MODEL, {"models/net": "NET"})),
            answering(create_app(store.settings)) as client,
        ):
            shown = client.get("/model-hyperparameters/net_regressor").json()
            assert (shown["available"], "pip install no-such-package" in shown["reason"]) == (False, True)
            schema = client.get("/nodes/hyperparameter_tuning").json()["config_schema"]
            assert "net_regressor" not in schema["properties"]["model"]["enum"]
            config = {"config": {"model": "net_regressor"}}
            answer = client.post("/nodes/hyperparameter_tuning/validate", json=config).json()
            assert [(item["pointer"], item["code"]) for item in answer["findings"]][:1] == [
                ("/model", "model_unavailable")
            ]

    def test_what_is_broken_is_logged_at_the_start_and_told_without_failing_anything(
        self, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = lay_out(tmp_path / "packages", "broken", "1 / 0", {"metrics/gain": "GAIN"})
        with (
            caplog.at_level(logging.WARNING),
            on_path(broken),
            answering(create_app(store.settings)) as client,
        ):
            checks = client.get("/readyz").json()["checks"]
            assert client.get("/nodes").status_code == 200
        assert checks["packages"]["ok"] is True
        assert "'gain' of broken 1.0" in checks["packages"]["message"]
        assert "The metric 'gain' is left out" in caplog.text

    def test_without_any_there_is_nothing_to_tell(self, client, caplog: pytest.LogCaptureFixture) -> None:
        said = client.get("/readyz").json()["checks"]["packages"]
        assert said == {"ok": True, "message": "All that other packages register can be used."}
        assert "left out" not in caplog.text


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Folder of a package that brings a model."""
    return lay_out(tmp_path / "packages", "thing", MODEL, {"models/net": "NET"})


class TestGone:
    def test_the_best_parameters_of_a_gone_model_are_told(self, client, store: Store, packages: Path) -> None:
        with on_path(packages):
            job = store.succeeded(model_type="net_regressor")
        found = client.get("/hyperparameter-tuning/best-params/net_regressor").json()
        assert (found["model_type"], found["best"]["id"]) == ("net_regressor", job.id)
        assert client.get("/hyperparameter-tuning/best-params/unheard_of").status_code == 404

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"config": {"strategy": {"name": "hill_climbing"}}}, "strategy_unavailable"),
            ({"config": {"objective": {"metric": "gain"}}}, "metric_unavailable"),
            ({"model_type": "net_regressor"}, "model_unavailable"),
        ],
    )
    def test_a_job_of_it_cannot_be_gone_on_with(
        self, client, store: Store, packages: Path, changes, code: str
    ) -> None:
        with on_path(packages):
            job = store.succeeded(**changes)
        answer = client.post(f"{JOBS}/{job.id}/resume", json={"budget": {"max_trials": 99}})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert client.get(f"{JOBS}/{job.id}").json()["status"] == "succeeded"
