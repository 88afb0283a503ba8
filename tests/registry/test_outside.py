"""What other packages register: the good is there, the broken is left out with a sentence, the rest works."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.registry.metrics import get_metric, metric_specs, registered_metrics
from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.node_kinds import built_in_kinds, node_kinds
from hyperparameter_tuning.registry.offer import built_in_offer, live_offer
from hyperparameter_tuning.registry.outside import Package
from hyperparameter_tuning.registry.services import get_strategy_spec, strategy_specs
from hyperparameter_tuning.shared.settings import Settings
from tests.registry.packages import lay_out, on_path

HEAD = """
from dataclasses import replace
from typing import Literal
from pydantic import BaseModel, ConfigDict, Field
from hyperparameter_tuning.registry import Bounds, FieldSpec, FloatDimension, IntDimension
from hyperparameter_tuning.registry import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec

class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Literal["climb"] = Field("climb", title="Strategy")
    step: float = Field(0.5, gt=0, title="Step")

CLIMB = StrategySpec("climb", "Climb", "Climbs.", Options, "thing.proposers:Climb", aliases=("hill-walk",))
METRIC = MetricSpec("gain", "Gain", "maximize", ("regression",), "thing.scorers:gain", aliases=("lift",))
SPACE = (IntDimension("size", 1, 5),)
MODEL = ModelSpec(
    "net_regressor", "Net", "regression", "thing.nets:Net",
    (FieldSpec("size", "Size", ("int",), 3, int_bounds=Bounds(1, 9)),), SPACE, SPACE, aliases=("net",),
)
KIND = NodeKindSpec("thing_step", "Step", "transformer", builder="thing.steps:build")
"""
GOOD = {
    "strategies/climb": "CLIMB",
    "metrics/gain": "METRIC",
    "models/net": "MODEL",
    "node_kinds/step": "KIND",
}

# What a package may get wrong: group, its object, and the words of the reason.
BROKEN = {
    "a name that is not in the module": ("strategies", "NOTHING", "It does not load: AttributeError"),
    "another type": ("strategies", "METRIC", "It must give a StrategySpec, not a MetricSpec."),
    "a plain value": ("metrics", "4", "It must give a MetricSpec, not an int."),
    "a taken strategy": ("strategies", "replace(CLIMB, value='grid', options=GridLike)", "'grid' is taken"),
    "a taken alias": ("strategies", "replace(CLIMB, aliases=('Bayesian',))", "'bayesian' is taken"),
    "an alias that is a name": ("metrics", "replace(METRIC, aliases=('rmse',))", "'rmse' is taken"),
    "the automatic metric": ("metrics", "replace(METRIC, key='auto')", "'auto' is taken"),
    "a taken model": ("models", "replace(MODEL, key='ridge_regression')", "'ridge_regression' is taken"),
    "a model named as an alias": (
        "models",
        "replace(MODEL, key='random_forest')",
        "'random_forest' is taken",
    ),
    "an alias of the same problem": ("models", "replace(MODEL, aliases=('random_forest',))", "is taken"),
    "a taken kind": ("node_kinds", "replace(KIND, type='model')", "'model' is taken"),
    "the tuning node": ("node_kinds", "replace(KIND, type='hyperparameter_tuning')", "is taken"),
    "a name nobody can write": ("strategies", "replace(CLIMB, value='Hill Climb')", "lower-case letters"),
    "no options model": ("strategies", "replace(CLIMB, options=dict)", "must be a Pydantic model"),
    "no tag": ("strategies", "replace(CLIMB, options=Untagged)", "name: Literal['climb'] = 'climb'"),
    "another tag": ("strategies", "replace(CLIMB, options=GridLike)", "name: Literal['climb'] = 'climb'"),
    "open options": ("strategies", "replace(CLIMB, options=Open)", "must be closed"),
    "options forms cannot show": ("strategies", "replace(CLIMB, options=Free)", "'additionalProperties' at"),
    "a default outside its bounds": (
        "strategies",
        "replace(CLIMB, options=Outside)",
        "option 'step' is refused",
    ),
    "an option without a default": ("strategies", "replace(CLIMB, options=Bare)", "option 'step' is refused"),
    "a proposer that is no path": ("strategies", "replace(CLIMB, proposer='thing')", "'package.module:name'"),
    "a plan that is no path": (
        "strategies",
        "replace(CLIMB, plan='thing')",
        "Its plan must be an import path",
    ),
    "no candidates": ("strategies", "replace(CLIMB, default_max_trials=0)", "default_max_trials"),
    "supports of another type": ("strategies", "replace(CLIMB, supports={})", "must be a Supports"),
    "aliases as one text": ("strategies", "replace(CLIMB, aliases='walk')", "a tuple of texts"),
    "an unknown direction": ("metrics", "replace(METRIC, direction='up')", "maximize or minimize"),
    "no problem": ("metrics", "replace(METRIC, problem_types=())", "classification, regression, or both"),
    "a scorer that is no path": (
        "metrics",
        "replace(METRIC, scorer='a:b:c')",
        "Its scorer must be an import",
    ),
    "an estimator that is no path": ("models", "replace(MODEL, estimator='Net')", "Its estimator must be"),
    "an unknown problem": (
        "models",
        "replace(MODEL, problem_type='ranking')",
        "classification or regression",
    ),
    "a default of another type": ("models", "replace(MODEL, fields=(TEXT,))", "'size' is refused"),
    "a default beyond its bounds": ("models", "replace(MODEL, defaults={'size': 99})", "'size' is refused"),
    "a default of no field": ("models", "replace(MODEL, defaults={'sise': 1})", "'sise', which is none"),
    "a field twice": ("models", "replace(MODEL, fields=MODEL.fields * 2)", "'size' stands twice"),
    "an unknown type": ("models", "replace(MODEL, fields=(LIST,))", "types of its field 'size'"),
    "a seed without a field": ("models", "replace(MODEL, seeded=True)", "no field 'random_state'"),
    "nothing to search": ("models", "replace(MODEL, suggested=())", "nothing to search"),
    "a row beyond the bounds": ("models", "replace(MODEL, suggested=WIDE)", "suggested space is refused"),
    "an endless grid": ("models", "replace(REAL, suggested_grid=REAL.suggested)", "must be finite"),
    "types that are no names": ("models", "replace(MODEL, trusted_types=('Net',))", "full type names"),
    "an unknown fold policy": ("node_kinds", "replace(KIND, fold_policy='magic')", "no fold policy 'magic'"),
    "a type with a slash": ("node_kinds", "replace(KIND, type='a/b')", "stands in addresses"),
    "a transformer without builder": ("node_kinds", "replace(KIND, builder=None)", "needs a builder"),
    "a builder that is no path": ("node_kinds", "replace(KIND, builder='steps')", "Its builder must be"),
    "a path without slash": ("node_kinds", "replace(KIND, params_path='config')", "starts with '/'"),
    "a parameter path without slash": (
        "node_kinds",
        "replace(KIND, config_paths={'size': 'size'})",
        "config_paths['size'] must be a path",
    ),
    "a model without key": ("node_kinds", "replace(KIND, fold_policy='model')", "needs a model_key"),
    "ports of one id": ("node_kinds", "replace(KIND, inputs=(PORT, PORT))", "Two of its inputs"),
    "a test output that is no tuple": (
        "node_kinds",
        "replace(KIND, test_outputs='rest')",
        "Its test_outputs must be a tuple",
    ),
    "ports that are none": ("node_kinds", "replace(KIND, outputs=('dataset',))", "must be PortSpecs"),
    "a hint of its own": (
        "node_kinds",
        "replace(KIND, config_schema={'type': 'object', 'x-form': {'labels': 3}})",
        "kept for the hints of built-in forms",
    ),
    "a schema outside the subset": ("node_kinds", "replace(KIND, config_schema=ANY_OF)", "'anyOf' at ''"),
    "a default outside the schema": (
        "node_kinds",
        "replace(KIND, config_schema=CLOSED, default_config={'size': 0})",
        "does not fit its config_schema",
    ),
    "parts of the wrong type": ("node_kinds", "replace(KIND, config_paths=3)", "It cannot be read: "),
}
PARTS = """
class Untagged(BaseModel):
    model_config = ConfigDict(extra="forbid")
class GridLike(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Literal["grid"] = "grid"
class Open(BaseModel):
    name: Literal["climb"] = "climb"
class Free(Options):
    weights: dict[str, float] = {}
class Outside(Options):
    step: float = Field(-1.0, gt=0, title="Step")
class Bare(Options):
    step: float = Field(gt=0, title="Step")
TEXT = FieldSpec("size", "Size", ("int",), "three")
LIST = FieldSpec("size", "Size", ("list",), 3)
WIDE = (IntDimension("size", 1, 50),)
REAL = replace(
    MODEL, fields=(FieldSpec("rate", "Rate", ("float",), 0.5),), suggested=(FloatDimension("rate", 0.1, 1.0),)
)
PORT = PortSpec("dataset", "Dataset", "table")
ANY_OF = {"title": "Any", "anyOf": [{"type": "string"}]}
CLOSED = {
    "type": "object", "properties": {"size": {"type": "integer", "minimum": 1}}, "additionalProperties": False
}
"""


class TestGoodRegistrations:
    def test_are_found_by_name_and_alias(self, tmp_path: Path) -> None:
        with on_path(lay_out(tmp_path, "thing", HEAD, GOOD)):
            assert left_out() == ()
            assert get_strategy_spec("climb").label == get_strategy_spec("Hill Walk").label == "Climb"
            assert get_metric("lift").key == "gain"
            assert get_model("net", "regression").key == "net_regressor"
            assert node_kinds()["thing_step"].builder == "thing.steps:build"
            assert registered_metrics().providers == {"gain": Package("thing", "1.0")}

    def test_stand_behind_the_built_ins_in_the_live_offer_only(self, tmp_path: Path) -> None:
        with on_path(lay_out(tmp_path, "thing", HEAD, GOOD)):
            live, ours = live_offer(), built_in_offer()
            assert [spec.value for spec in live.strategies[-1:]] == ["climb"]
            assert live.strategies[:-1] == ours.strategies
            assert [spec.key for spec in live.models[len(ours.models) :]] == ["net_regressor"]
            assert [spec.key for spec in live.metrics[len(ours.metrics) :]] == ["gain"]
            assert list(node_kinds()) == [*built_in_kinds(), "thing_step"]
            assert live_offer() is live

    def test_may_come_as_a_list_or_from_a_function(self, tmp_path: Path) -> None:
        pair = "PAIR = (METRIC, replace(METRIC, key='loss', aliases=()))\n"
        text = f"{HEAD}{pair}def both():\n    return [*PAIR]\n"
        with on_path(lay_out(tmp_path, "thing", text, {"metrics/any": "both"})):
            assert list(metric_specs())[-2:] == ["gain", "loss"]
        with on_path(lay_out(tmp_path / "again", "thing", text, {"metrics/any": "PAIR"})):
            assert list(metric_specs())[-2:] == ["gain", "loss"]

    def test_one_alias_may_stand_for_a_classifier_and_a_regressor(self, tmp_path: Path) -> None:
        text = HEAD + "NETS = (MODEL, replace(MODEL, key='net_classifier', problem_type='classification'))\n"
        with on_path(lay_out(tmp_path, "thing", text, {"models/nets": "NETS"})):
            assert left_out() == ()
            assert get_model("net", "classification").key == "net_classifier"

    def test_can_be_restricted_and_ordered_by_the_settings(self, tmp_path: Path) -> None:
        with on_path(lay_out(tmp_path, "thing", HEAD, GOOD)):
            offered = strategy_specs(Settings(strategies=("climb", "random")))
            assert [spec.value for spec in offered] == ["climb", "random"]

    def test_a_kind_made_from_a_built_in_one_keeps_what_its_form_is_told(self, tmp_path: Path) -> None:
        text = """
from dataclasses import replace
from hyperparameter_tuning.registry.node_kinds import built_in_kinds
KINDS = [replace(kind, type="my_" + name) for name, kind in built_in_kinds().items()]
"""
        with on_path(lay_out(tmp_path, "derived", text, {"node_kinds/all": "KINDS"})):
            assert {f"my_{name}" for name in built_in_kinds()} <= set(node_kinds())

    def test_are_gone_with_their_package(self, tmp_path: Path) -> None:
        with on_path(lay_out(tmp_path, "thing", HEAD, GOOD)):
            assert "net_regressor" in model_specs()
        assert "net_regressor" not in model_specs()
        assert "thing_step" not in node_kinds()


class TestBrokenRegistrations:
    @pytest.mark.parametrize(("group", "given", "reason"), BROKEN.values(), ids=list(BROKEN))
    def test_are_left_out_with_one_sentence(
        self, tmp_path: Path, group: str, given: str, reason: str
    ) -> None:
        text = f"{HEAD}{PARTS}\nGIVEN = {given}\n" if given != "NOTHING" else HEAD
        names = {key: value for key, value in GOOD.items() if not key.startswith(group)}
        with on_path(lay_out(tmp_path, "thing", text, {**names, f"{group}/bad": "GIVEN"})):
            (one,) = left_out()
            assert reason in one.reason
            assert one.sentence.startswith(f"The {one.noun} '{one.name}' is left out: ")
            assert f"'bad' of thing 1.0 in hyperparameter_tuning.{group}" in one.sentence
            assert "\n" not in one.sentence
            found = {
                *(spec.value for spec in strategy_specs()),
                *model_specs(),
                *metric_specs(),
                *node_kinds(),
            }
            assert len({"climb", "net_regressor", "gain", "thing_step"} & found) == 3

    @pytest.mark.parametrize(
        "text",
        [
            "import no_such_module",
            "raise SystemExit(3)",
            "1 / 0",
            "def broken(:",
            "raise ValueError('a\\nb')",
        ],
    )
    def test_a_package_that_does_not_load_takes_nothing_with_it(self, tmp_path: Path, text: str) -> None:
        lay_out(tmp_path, "broken", text, {"strategies/climb": "CLIMB", "node_kinds/step": "KIND"})
        with on_path(lay_out(tmp_path, "thing", HEAD, GOOD)):
            assert [item.distribution for item in left_out()] == ["broken 1.0", "broken 1.0"]
            assert all(item.reason.startswith("It does not load: ") for item in left_out())
            assert get_strategy_spec("climb").label == "Climb"
            assert "thing_step" in node_kinds()

    def test_of_two_packages_with_one_name_the_first_by_name_keeps_it(self, tmp_path: Path) -> None:
        lay_out(tmp_path, "another", HEAD, {"metrics/gain": "METRIC"})
        with on_path(lay_out(tmp_path, "thing", HEAD, {"metrics/gain": "METRIC"})):
            assert registered_metrics().providers == {"gain": Package("another", "1.0")}
            (one,) = left_out()
            assert (one.distribution, one.name) == ("thing 1.0", "gain")

    def test_of_a_list_only_the_broken_part_is_left_out(self, tmp_path: Path) -> None:
        text = HEAD + "PAIR = [METRIC, replace(METRIC, key='other', direction='up', aliases=())]\n"
        with on_path(lay_out(tmp_path, "thing", text, {"metrics/pair": "PAIR"})):
            assert list(metric_specs())[-1] == "gain"
            assert [item.name for item in left_out()] == ["other"]
