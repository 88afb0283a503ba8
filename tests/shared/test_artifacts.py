import hashlib
import os
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.linear_model import LinearRegression

from hyperparameter_tuning.registry.models.catalog import load_estimator_class, model_specs
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.artifacts import ALLOWED_TYPES
from hyperparameter_tuning.shared.errors import DataError, NotFoundError, TuningError
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import build_pipeline, build_steps
from hyperparameter_tuning.shared.settings import Settings
from tests.shared.kinds import KINDS
from tests.shared.test_preparation import COLUMNS, mixed_table

X = np.abs(np.random.default_rng(0).normal(size=(60, 3)))
CLASSES = np.array(["a", "b", "c"] * 20, dtype=object)
NUMBERS = X[:, 0] + 1.5

VARIANTS: dict[str, list[dict[str, Any]]] = {
    "k_neighbors_classifier": [
        {"algorithm": name, "p": p} for name in ("kd_tree", "ball_tree", "brute") for p in (1, 2, 3)
    ],
    "k_neighbors_regressor": [{"algorithm": "ball_tree"}, {"algorithm": "kd_tree", "metric": "chebyshev"}],
    "hist_gradient_boosting_regressor": [{"loss": name} for name in ("absolute_error", "poisson", "gamma")],
    "gradient_boosting_regressor": [{"loss": name} for name in ("huber", "quantile", "absolute_error")],
    "sgd_classifier": [{"loss": name} for name in ("log_loss", "modified_huber", "perceptron", "huber")],
    "logistic_regression": [{"C": 0.1, "class_weight": "balanced"}],
}


def fitted(key: str, params: dict[str, Any]) -> tuple[Any, Any]:
    spec = model_specs()[key]
    y = CLASSES if spec.problem_type == "classification" else NUMBERS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how well a model fits noise is not the question
        return load_estimator_class(spec)(**{**spec.defaults, **params}).fit(X, y), spec


CASES = [(key, params) for key in model_specs() for params in [{}, *VARIANTS.get(key, [])]]


class TestEveryModel:
    @pytest.mark.parametrize(("key", "params"), CASES, ids=[f"{key}-{params}" for key, params in CASES])
    def test_is_opened_by_the_published_list_and_predicts_the_same(
        self, tmp_path: Path, key: str, params: dict[str, Any]
    ) -> None:
        model, _ = fitted(key, params)
        artifacts.dump(model, tmp_path / "m.skops")
        opened = skops.io.load(tmp_path / "m.skops", trusted=ALLOWED_TYPES)
        assert np.array_equal(opened.predict(X), model.predict(X))

    @pytest.mark.parametrize("method", ["one_hot", "ordinal", "target"])
    @pytest.mark.parametrize(
        "last",
        [
            PlainStep(kind="select_features", config={"k": 2, "score": "mutual_info"}),
            PlainStep(kind="select_features", config={"method": "percentile"}),
            PlainStep(kind="select_features", config={"method": "variance"}),
            PlainStep(kind="reduce", config={"n_components": 2}),
            PlainStep(kind="reduce", config={"method": "truncated_svd"}),
        ],
        ids=lambda step: f"{step.kind}-{step.config}",
    )
    def test_is_opened_with_every_preparation_inside(
        self, tmp_path: Path, method: str, last: PlainStep
    ) -> None:
        steps = [PlainStep(kind="impute", config={"add_indicator": True}), PlainStep(kind="scale")]
        steps += [PlainStep(kind="encode", config={"method": method}), last]
        pipeline = build_pipeline(build_steps(steps, COLUMNS, KINDS), LinearRegression())
        pipeline.fit(mixed_table(), np.arange(60) % 7)
        opened = artifacts.load(artifacts.dump(pipeline, tmp_path / "m.skops"))
        assert np.array_equal(opened.predict(mixed_table()), pipeline.predict(mixed_table()))


class Stranger(BaseEstimator):
    """An estimator that the allow-list does not name."""

    def fit(self, X: Any, y: Any = None) -> "Stranger":
        self.fitted_ = True
        return self


class TestForeignTypes:
    def test_are_not_written(self, tmp_path: Path) -> None:
        with pytest.raises(TuningError, match="Stranger"):
            artifacts.dump(Stranger().fit(X), tmp_path / "m.skops")
        assert list(tmp_path.iterdir()) == []

    def test_are_not_opened(self, tmp_path: Path) -> None:
        skops.io.dump(Stranger().fit(X), tmp_path / "m.skops")
        with pytest.raises(DataError, match="Stranger") as refusal:
            artifacts.load(tmp_path / "m.skops")
        assert refusal.value.code == "artifact_type_not_allowed"

    def test_are_written_and_opened_where_a_registration_names_them(self, tmp_path: Path) -> None:
        name = f"{Stranger.__module__}.Stranger"
        file = artifacts.dump(Stranger().fit(X), tmp_path / "m.skops", (name,))
        assert artifacts.foreign_types(file) == (name,)
        assert isinstance(artifacts.load(file, trusted=(name,)), Stranger)
        with pytest.raises(DataError, match="Stranger"):
            artifacts.load(file, trusted=("another.Type",))

    def test_models_of_scikit_learn_hold_none(self, tmp_path: Path) -> None:
        file = artifacts.dump(LinearRegression().fit(X, NUMBERS), tmp_path / "m.skops")
        assert artifacts.foreign_types(file) == ()

    @pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
    def test_and_files_that_are_no_models_are_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "m.skops").write_bytes(content)
        with pytest.raises(DataError) as refusal:
            artifacts.load(tmp_path / "m.skops")
        assert refusal.value.code == "artifact_unreadable"


class TestDump:
    def test_a_failure_leaves_the_old_file_and_no_rubbish(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = LinearRegression().fit(X, NUMBERS)
        before = artifacts.dump(model, tmp_path / "m.skops").read_bytes()

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="space"):
            artifacts.dump(model, tmp_path / "m.skops")
        assert [item.name for item in tmp_path.iterdir()] == ["m.skops"]
        assert (tmp_path / "m.skops").read_bytes() == before


@pytest.fixture(params=["folder", "object store"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = f"memory://{tmp_path.name}" if request.param == "object store" else None
    return Settings(data_dir=tmp_path / "home", artifacts_url=url)


class TestStore:
    def local(self, tmp_path: Path, content: bytes = b"model") -> Path:
        path = tmp_path / "local.skops"
        path.write_bytes(content)
        return path

    def test_gives_back_what_was_stored(self, tmp_path: Path, settings: Settings) -> None:
        stored = artifacts.store(self.local(tmp_path), "jobs/j1/model.skops", settings)
        assert stored == artifacts.Artifact("jobs/j1/model.skops", hashlib.sha256(b"model").hexdigest(), 5)
        with artifacts.open_artifact(stored.key, settings) as stream:
            assert stream.read() == b"model"

    def test_a_deleted_file_is_gone(self, tmp_path: Path, settings: Settings) -> None:
        artifacts.store(self.local(tmp_path), "a.skops", settings)
        assert artifacts.delete("a.skops", settings) is True
        assert artifacts.delete("a.skops", settings) is False
        with pytest.raises(NotFoundError):
            artifacts.open_artifact("a.skops", settings)

    @pytest.mark.parametrize("key", ["../a", "/a", "a//b", "a/../b", "", ".hidden", "a\\b", "a\n", "~/a"])
    def test_keys_cannot_leave_the_folder(self, tmp_path: Path, settings: Settings, key: str) -> None:
        for use in (
            lambda: artifacts.store(self.local(tmp_path), key, settings),
            lambda: artifacts.open_artifact(key, settings),
            lambda: artifacts.delete(key, settings),
        ):
            with pytest.raises(ValueError, match="artifact key"):
                use()

    def test_orphans_are_old_files_that_no_row_names(self, tmp_path: Path, settings: Settings) -> None:
        assert artifacts.orphans([], settings) == []
        for key in ("jobs/known.skops", "jobs/lost.skops"):
            artifacts.store(self.local(tmp_path), key, settings)
        time.sleep(0.05)
        assert artifacts.orphans({"jobs/known.skops"}, settings, older_than=0.01) == ["jobs/lost.skops"]
        assert artifacts.orphans({"jobs/known.skops"}, settings, older_than=60) == []

    def test_orphans_can_be_deleted(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path)
        artifacts.store(self.local(tmp_path), "a.skops", settings)
        (tmp_path / "artifacts" / "a.skops").rename(tmp_path / "artifacts" / "a.skops.0af3.part")
        (left,) = artifacts.orphans([], settings, older_than=-1)
        assert artifacts.delete(left, settings) is True


class TestLoad:
    def test_refuses_a_file_with_another_hash(self, tmp_path: Path) -> None:
        path = artifacts.dump(LinearRegression().fit(X, NUMBERS), tmp_path / "m.skops")
        assert artifacts.load(path, artifacts.sha256_of(path))
        with pytest.raises(DataError) as refusal:
            artifacts.load(path, "0" * 64)
        assert refusal.value.code == "artifact_changed"
