"""A name that nothing here brings is told from one that is mistyped, and is never put right by guess."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.stored_config import refuse_unavailable, stored_config
from hyperparameter_tuning.registry.unavailable import unavailable, whats_gone
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings
from tests.registry.packages import lay_out, on_path

LOOK_UPS: dict[str, Callable[[str], Any]] = {
    "strategy": get_strategy_spec,
    "model": get_model,
    "metric": get_metric,
}


def said(kind: str, name: str, look_up: Callable[[str], Any] | None = None) -> UnknownNameError:
    with pytest.raises(UnknownNameError) as caught:
        (look_up or LOOK_UPS[kind])(name)
    return unavailable(kind, caught.value)


class TestUnavailable:
    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("strategy", "hill_climbing"),
            ("strategy", "latin_hypercube"),
            ("model", "prototype_classifier"),
            ("model", "xgboost_classifier"),
            ("metric", "g_mean"),
        ],
    )
    def test_a_name_unlike_any_is_of_a_package_that_is_not_here(self, kind: str, name: str) -> None:
        error = said(kind, name)
        assert error.code == f"{kind}_unavailable"
        assert error.message.startswith(f"The {kind} '{name}' is unavailable: no package")
        assert error.details["nearest"] is None
        assert error.details["name"] == name

    @pytest.mark.parametrize(
        ("kind", "name", "meant"),
        [
            ("strategy", "grdi", "grid"),
            ("strategy", "optna", "optuna"),
            ("model", "decison_tree_classifier", "decision_tree_classifier"),
            ("model", "rigde_regression", "ridge_regression"),
            ("metric", "rsme", "rmse"),
        ],
    )
    def test_a_mistyped_name_keeps_its_nearest(self, kind: str, name: str, meant: str) -> None:
        error = said(kind, name)
        assert (error.code, error.details["nearest"]) == (f"unknown_{kind}", meant)

    def test_a_strategy_that_the_settings_do_not_offer_is_there(self) -> None:
        offered = Settings(strategies=("random",))
        error = said("strategy", "optuna", lambda name: get_strategy_spec(name, offered))
        assert error.code == "unknown_strategy"

    def test_a_name_that_stands_for_two_models_is_not_gone(self) -> None:
        assert said("model", "random_forest").code == "ambiguous_model"

    def test_a_name_that_is_left_out_says_why(self, tmp_path: Path) -> None:
        with on_path(lay_out(tmp_path, "broken", "1 / 0", {"strategies/hybrid_grid": "GRID"})):
            error = said("strategy", "hybrid_grid")
        assert error.code == "strategy_unavailable"
        assert "'hybrid_grid' of broken 1.0" in error.message
        assert "ZeroDivisionError" in error.message

    def test_what_a_job_knows_to_come_from_a_package_is_not_mistyped(self) -> None:
        provider = {"kind": "metric", "name": "rsme", "package": "climbers", "version": "1.2"}
        with pytest.raises(UnknownNameError) as caught:
            get_metric("rsme")
        error = unavailable("metric", caught.value, [provider])
        assert error.code == "metric_unavailable"
        assert error.message.endswith("It came from package climbers 1.2, which is not installed.")

    def test_a_version_without_it_is_named(self, tmp_path: Path) -> None:
        provider = {"kind": "strategy", "name": "climb", "package": "climbers", "version": "0.9"}
        with on_path(lay_out(tmp_path, "climbers", "", {})):
            assert whats_gone(provider) == (
                "The strategy 'climb' is unavailable. It came from package climbers 0.9; version 1.0, "
                "which is installed, does not bring it."
            )

    def test_a_version_that_is_broken_says_why(self, tmp_path: Path) -> None:
        provider = {"kind": "strategy", "name": "climb", "package": "climbers", "version": "0.9"}
        with on_path(lay_out(tmp_path, "climbers", "1 / 0", {"strategies/climb": "CLIMB"})):
            assert "the entry point 'climb' of climbers 1.0" in (whats_gone(provider) or "")


class TestStoredConfig:
    def test_is_read_whole(self) -> None:
        config = stored_config({"strategy": {"name": "halving", "factor": 4}}, Settings())
        assert config.strategy.model_dump()["factor"] == 4

    @pytest.mark.parametrize(
        ("document", "code"),
        [
            ({"strategy": {"name": "hill_climbing"}}, "strategy_unavailable"),
            ({"objective": {"metric": "g_mean"}}, "metric_unavailable"),
            ({"objective": {"metric": "auto", "additional_metrics": ["g_mean"]}}, "metric_unavailable"),
        ],
    )
    def test_what_it_names_must_still_be_there(self, document: dict[str, Any], code: str) -> None:
        with pytest.raises(UnknownNameError) as caught:
            stored_config(document, Settings())
        assert caught.value.code == code

    def test_so_must_the_model_and_the_kinds_on_the_way(self) -> None:
        with pytest.raises(UnknownNameError) as caught:
            refuse_unavailable({}, Settings(), model="prototype_classifier")
        assert caught.value.code == "model_unavailable"
        with pytest.raises(UnknownNameError, match="'example_clip' is unavailable") as caught:
            refuse_unavailable({}, Settings(), steps=["scale", "example_clip"])
        assert caught.value.code == "node_kind_unavailable"
