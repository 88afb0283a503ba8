import hashlib
import json
import os
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.linear_model import LinearRegression

from hyperparameter_tuning.registry.models.catalog import load_estimator_class, model_specs
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.artifact_stores import PATIENCE, Store, open_store
from hyperparameter_tuning.shared.artifacts import ALLOWED_TYPES
from hyperparameter_tuning.shared.errors import DataError, NotFoundError, TuningError, UnavailableError
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import build_pipeline, build_steps
from hyperparameter_tuning.shared.settings import Settings
from tests import servers
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


STORES = ("folder", "memory", "s3")


def in_bucket(endpoint: str, bucket: str, folder: Path) -> Settings:
    """Settings of tuned models in a bucket."""
    options = json.dumps(servers.s3_options(endpoint))
    return Settings(
        data_dir=folder / "home", artifacts_url=f"s3://{bucket}/models", artifacts_options=options
    )


@pytest.fixture(params=STORES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Every kind of store: a folder, a store that has no folders, and S3."""
    if request.param == "s3":
        endpoint, bucket = request.getfixturevalue("s3_endpoint"), f"test-{uuid4().hex[:12]}"
        servers.make_bucket(endpoint, bucket)
        return in_bucket(endpoint, bucket, tmp_path)
    url = f"memory://{tmp_path.name}" if request.param == "memory" else None
    return Settings(data_dir=tmp_path / "home", artifacts_url=url)


def local(tmp_path: Path, content: bytes = b"model") -> Path:
    path = tmp_path / "local.skops"
    path.write_bytes(content)
    return path


class TestStore:
    def test_gives_back_what_was_stored(self, tmp_path: Path, settings: Settings) -> None:
        stored = artifacts.store(local(tmp_path), "jobs/j1/model.skops", settings)
        assert stored == artifacts.Artifact("jobs/j1/model.skops", hashlib.sha256(b"model").hexdigest(), 5)
        with artifacts.open_artifact(stored.key, settings) as stream:
            assert stream.read() == b"model"

    def test_gives_out_what_has_the_hash_of_the_row(self, tmp_path: Path, settings: Settings) -> None:
        content = os.urandom(artifacts.COPY_IN_MEMORY_BYTES // 8)
        stored = artifacts.store(local(tmp_path, content), "large.skops", settings)
        with artifacts.open_verified(stored.key, stored.sha256, settings) as stream:
            assert stream.read() == content

    def test_a_file_that_was_swapped_is_not_given_out(self, tmp_path: Path, settings: Settings) -> None:
        stored = artifacts.store(local(tmp_path, b"mine"), "a/model.skops", settings)
        artifacts.store(local(tmp_path, b"evil"), "a/model.skops", settings)
        with pytest.raises(NotFoundError, match="damaged") as refusal:
            artifacts.open_verified(stored.key, stored.sha256, settings)
        assert refusal.value.code == "artifact_changed"

    def test_a_deleted_file_is_gone(self, tmp_path: Path, settings: Settings) -> None:
        artifacts.store(local(tmp_path), "a.skops", settings)
        assert artifacts.delete("a.skops", settings) is True
        assert artifacts.delete("a.skops", settings) is False
        with pytest.raises(NotFoundError):
            artifacts.open_artifact("a.skops", settings)
        assert artifacts.orphans([], settings, older_than=-60) == []

    @pytest.mark.parametrize("key", ["../a", "/a", "a//b", "a/../b", "", ".hidden", "a\\b", "a\n", "~/a"])
    def test_keys_cannot_leave_the_folder(self, tmp_path: Path, key: str) -> None:
        settings = Settings(data_dir=tmp_path / "home")
        for use in (
            lambda: artifacts.store(local(tmp_path), key, settings),
            lambda: artifacts.open_artifact(key, settings),
            lambda: artifacts.delete(key, settings),
        ):
            with pytest.raises(ValueError, match="artifact key"):
                use()

    def test_orphans_are_old_files_that_no_row_names(self, tmp_path: Path, settings: Settings) -> None:
        assert artifacts.orphans([], settings) == []
        for key in ("jobs/known.skops", "jobs/lost.skops"):
            artifacts.store(local(tmp_path), key, settings)
        time.sleep(0.05)
        assert artifacts.orphans({"jobs/known.skops"}, settings, older_than=0.01) == ["jobs/lost.skops"]
        assert artifacts.orphans({"jobs/known.skops"}, settings, older_than=60) == []

    def test_what_others_store_and_remove_is_seen_at_once(self, tmp_path: Path, settings: Settings) -> None:
        """Listings are remembered by some clients; workers write what the keeper and the API look for."""
        assert artifacts.orphans([], settings, older_than=-60) == []
        place = open_store(settings)
        with place.filesystem.open(_made(place, "by/another.skops"), "wb") as stream:
            stream.write(b"x")
        assert artifacts.orphans([], settings, older_than=-60) == ["by/another.skops"]
        place.filesystem.rm_file(place.path("by/another.skops"))
        assert artifacts.orphans([], settings, older_than=-60) == []

    def test_orphans_can_be_deleted(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path)
        artifacts.store(local(tmp_path), "a.skops", settings)
        (tmp_path / "artifacts" / "a.skops").rename(tmp_path / "artifacts" / "a.skops.0af3.part")
        (left,) = artifacts.orphans([], settings, older_than=-1)
        assert artifacts.delete(left, settings) is True

    # Memory is within one process, and nobody reads there while somebody writes.
    @pytest.mark.parametrize("settings", ["folder", "s3"], indirect=True)
    def test_is_whole_as_soon_as_it_can_be_seen(self, tmp_path: Path, settings: Settings) -> None:
        content = os.urandom(3_000_000)
        whole, source = hashlib.sha256(content).hexdigest(), local(tmp_path, content)
        count = 12

        def write() -> None:
            for number in range(count):
                artifacts.store(source, f"{number}.skops", settings)

        def is_there(key: str) -> bool:
            try:
                artifacts.open_verified(key, whole, settings).close()
            except NotFoundError as missing:
                if missing.code != "artifact_missing":
                    raise
                return False
            return True

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            for number in range(count):
                is_over = writing.done()
                while not is_there(f"{number}.skops"):
                    assert not is_over, writing.exception()
                    is_over = writing.done()


def _made(place: Store, key: str) -> str:
    """The store's name of a key, whose folder is there."""
    path = place.path(key)
    if place.has_folders:
        place.filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
    return path


class TestStoreThatIsAway:
    @pytest.fixture
    def away(self, tmp_path: Path) -> Settings:
        """A store behind a port on which nobody listens, and that is not asked twice."""
        options: dict[str, Any] = servers.s3_options(f"http://127.0.0.1:{servers.free_port()}")
        options |= {"secret": "s3cret", "config_kwargs": {"retries": {"total_max_attempts": 1}}}
        url = "s3://bucket/models"
        return Settings(data_dir=tmp_path, artifacts_url=url, artifacts_options=json.dumps(options))

    def test_is_a_sentence_whatever_is_asked_of_it(self, tmp_path: Path, away: Settings) -> None:
        source = local(tmp_path)
        for use in (
            lambda: artifacts.store(source, "a.skops", away),
            lambda: artifacts.open_artifact("a.skops", away),
            lambda: artifacts.open_verified("a.skops", "0" * 64, away),
            lambda: artifacts.delete("a.skops", away),
            lambda: artifacts.orphans([], away),
        ):
            with pytest.raises(UnavailableError, match="store of tuned models does not answer") as refusal:
                use()
            assert refusal.value.code == "artifacts_unavailable"
            assert "s3cret" not in refusal.value.message

    def test_without_folder_in_its_bucket_is_a_sentence_for_the_keeper_too(self, away: Settings) -> None:
        root = Settings(**{**away.model_dump(exclude={"database"}), "artifacts_url": "s3://bucket"})
        with pytest.raises(UnavailableError):
            artifacts.orphans([], root)

    def test_a_bucket_that_is_not_there_is_named(self, tmp_path: Path, s3_endpoint: str) -> None:
        missing = in_bucket(s3_endpoint, f"missing-{uuid4().hex[:8]}", tmp_path)
        with pytest.raises(UnavailableError, match="make its bucket"):
            artifacts.store(local(tmp_path), "a.skops", missing)
        assert artifacts.orphans([], missing) == []

    def test_is_not_waited_for_as_long_as_its_client_would(self, tmp_path: Path, away: Settings) -> None:
        patient = Settings(data_dir=tmp_path, artifacts_url="s3://bucket/models")
        assert open_store(patient).filesystem.config_kwargs == PATIENCE["s3"]["config_kwargs"]
        own = {"retries": {"total_max_attempts": 1}}
        assert open_store(away).filesystem.config_kwargs == own, "the settings come first"


class TestLoad:
    def test_refuses_a_file_with_another_hash(self, tmp_path: Path) -> None:
        path = artifacts.dump(LinearRegression().fit(X, NUMBERS), tmp_path / "m.skops")
        assert artifacts.load(path, artifacts.sha256_of(path))
        with pytest.raises(DataError) as refusal:
            artifacts.load(path, "0" * 64)
        assert refusal.value.code == "artifact_changed"
