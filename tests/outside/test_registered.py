"""An installed package is in every list of a live process, and in none of a process without it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.outside.installing import said_by

LISTS = """
import json
from hyperparameter_tuning.registry.descriptor import catalogue, tuning_descriptor
from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.registry.schema_export import exported_files
from hyperparameter_tuning.registry import get_metric, get_model, get_strategy_spec
live, published = tuning_descriptor(), tuning_descriptor(live=False)
print(json.dumps({
    "live": live,
    "published": published,
    "kinds": [document["type"] for document in catalogue()],
    "published_kinds": [document["type"] for document in catalogue(live=False)],
    "files": exported_files(),
    "left_out": [item.sentence for item in left_out()],
}))
"""
ALIASES = """
from hyperparameter_tuning.registry import get_metric, get_model, get_strategy_spec
print(get_strategy_spec("LHS").value, get_model("prototype").key, get_metric("geometric-mean").key)
"""

IN_LOKY = """
from joblib import Parallel, delayed
from hyperparameter_tuning.registry import get_metric, get_model
wanted = [delayed(get_model)("prototype"), delayed(get_metric)("g_mean")]
print(*(spec.key for spec in Parallel(n_jobs=2, backend="loky")(wanted)))
"""


@pytest.fixture(scope="module")
def with_plugin(plugin: Path) -> dict[str, Any]:
    return dict(json.loads(said_by(LISTS, plugin)))


@pytest.fixture(scope="module")
def without() -> dict[str, Any]:
    return dict(json.loads(said_by(LISTS)))


def branches(document: dict[str, Any]) -> list[str]:
    union = document["config_schema"]["properties"]["strategy"]["oneOf"]
    return [branch["properties"]["name"]["const"] for branch in union]


def choices(document: dict[str, Any], *path: str) -> list[Any]:
    schema = document["config_schema"]
    for name in path:
        schema = schema["properties"][name]
    return list(schema["enum"])


class TestInstalled:
    def test_nothing_is_left_out(self, with_plugin: dict[str, Any]) -> None:
        assert with_plugin["left_out"] == []

    def test_strategies_are_branches_behind_our_own(
        self, with_plugin: dict[str, Any], without: dict[str, Any]
    ) -> None:
        assert branches(with_plugin["live"]) == [
            *branches(without["live"]),
            "hill_climbing",
            "latin_hypercube",
        ]
        assert with_plugin["live"]["strategy_defaults"]["latin_hypercube"]["budget"]["max_trials"] == 16
        shown = {item["value"]: item for item in with_plugin["live"]["strategies"]}
        assert shown["latin_hypercube"]["available"] is True
        assert shown["latin_hypercube"]["aliases"] == ["lhs"]

    def test_models_and_metrics_can_be_chosen(self, with_plugin: dict[str, Any]) -> None:
        assert "prototype_classifier" in choices(with_plugin["live"], "model")
        assert {"g_mean", "error_90"} <= set(choices(with_plugin["live"], "objective", "metric"))

    def test_node_kinds_stand_last_in_the_palette(
        self, with_plugin: dict[str, Any], without: dict[str, Any]
    ) -> None:
        assert with_plugin["kinds"] == [*without["kinds"], "example_clip", "example_prototypes"]

    def test_aliases_resolve(self, plugin: Path) -> None:
        assert said_by(ALIASES, plugin).split() == ["latin_hypercube", "prototype_classifier", "g_mean"]

    def test_processes_of_a_pool_see_the_same(self, plugin: Path) -> None:
        assert said_by(IN_LOKY, plugin).split() == ["prototype_classifier", "g_mean"]

    def test_what_is_published_stays_the_same_on_every_machine(
        self, with_plugin: dict[str, Any], without: dict[str, Any]
    ) -> None:
        for name in ("published", "published_kinds", "files"):
            assert with_plugin[name] == without[name]

    def test_listing_loads_no_code_behind_a_registration(self, plugin: Path) -> None:
        program = (
            LISTS
            + "import sys\nprint([name for name in sys.modules if name.startswith(('tuning', 'sklearn'))])"
        )
        loaded = said_by(program, plugin).splitlines()[-1]
        assert "tuning_example_plugin.strategies" in loaded
        for module in ("proposers", "estimator", "scorers", "clipper"):
            assert f"tuning_example_plugin.{module}" not in loaded
        assert "'sklearn'" not in loaded


class TestUninstalled:
    def test_nothing_of_it_is_left(self, with_plugin: dict[str, Any], without: dict[str, Any]) -> None:
        assert "latin_hypercube" not in branches(without["live"])
        assert "prototype_classifier" not in choices(without["live"], "model")
        assert "g_mean" not in choices(without["live"], "objective", "metric")
        assert "example_clip" not in without["kinds"]
        assert with_plugin["live"]["schema_hash"] != without["live"]["schema_hash"]
