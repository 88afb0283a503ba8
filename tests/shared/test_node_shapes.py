"""Nodes of another shape than ours: where its parts stand is data of the kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form, upstream_hash
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainForm
from tests.shared.kinds import KINDS, graph

OURS = KINDS["model"], KINDS["dataset"], KINDS["scale"], KINDS["hyperparameter_tuning"]
MODEL, DATASET, SCALE, TUNING = OURS


def _shaped(kind: NodeKindSpec, name: str, **shape: Any) -> NodeKindSpec:
    same = {key: getattr(kind, key) for key in ("label", "fold_policy", "inputs", "outputs", "builder")}
    return NodeKindSpec(name, **same, **shape)


THEIRS = {
    kind.type: kind
    for kind in (
        _shaped(DATASET, "store", config_path="/source", target_path="/source/label"),
        _shaped(SCALE, "sizer", config_path=""),
        _shaped(TUNING, "tuner", config_path="/params", result_path="/outcome/tuning"),
        _shaped(
            MODEL,
            "learner",
            model_key="/algo",
            model_names={"Forest": "random_forest_classifier"},
            params_path="/params/hyper",
            config_paths={"max_depth": "/limits/depth"},
        ),
    )
}


def _form(learner: dict[str, Any]) -> PlainForm:
    nodes = [
        {"id": "rows", "type": "store", "data": {"source": {"table_id": 7, "label": "y"}}},
        {"id": "size", "type": "sizer", "data": {"method": "minmax"}},
        {"id": "tune", "type": "tuner", "data": {"params": {"strategy": {"name": "grid"}}}},
        {"id": "forest", "type": "learner", "data": learner},
    ]
    ends = [
        ("rows.dataset", "size.dataset"),
        ("size.dataset", "tune.dataset"),
        ("tune.best_params", "forest.params"),
    ]
    form, findings = plain_form(parse_graph(graph(nodes, ends)), "tune", THEIRS)
    assert findings == ()
    return form


def test_everything_is_read_where_the_kinds_say() -> None:
    form = _form({"algo": "Forest", "params": {"hyper": {"n_estimators": 50}}, "limits": {"depth": 3}})
    assert (form.dataset, form.dataset_kind) == ({"table_id": 7, "label": "y"}, "store")
    assert form.target == "y"
    assert [(step.kind, step.config) for step in form.steps] == [("sizer", {"method": "minmax"})]
    assert (form.node_id, form.node_kind) == ("tune", "tuner")
    assert form.model is not None
    assert form.model.type == "random_forest_classifier"
    assert form.model.params == {"n_estimators": 50, "max_depth": 3}


def test_a_name_that_the_host_did_not_map_is_the_registrys() -> None:
    form = _form({"algo": "ridge_regression", "params": {}})
    assert form.model is not None
    assert form.model.type == "ridge_regression"


def test_configuration_and_place_of_parameters_are_the_kinds_own() -> None:
    data = {"source": {"table_id": 7}, "params": {"strategy": {"name": "grid"}}, "config": {"not": "theirs"}}
    assert THEIRS["store"].config_of(data) == {"table_id": 7}
    assert THEIRS["tuner"].config_of(data) == {"strategy": {"name": "grid"}}
    assert THEIRS["sizer"].config_of(data) == data
    assert THEIRS["learner"].path_of("max_depth") == "/limits/depth"
    assert THEIRS["learner"].path_of("n_estimators") == "/params/hyper/n_estimators"


def test_where_things_stand_does_not_change_what_is_upstream() -> None:
    form = _form({"algo": "Forest"})
    moved = form.model_copy(update={"dataset_kind": None, "node_kind": None})
    assert upstream_hash(form) == upstream_hash(moved)


def test_a_model_whose_kind_has_no_place_for_parameters_is_told() -> None:
    kinds = THEIRS | {"learner": replace(THEIRS["learner"], params_path=None, config_paths={})}
    nodes = [
        {"id": "tune", "type": "tuner", "data": {}},
        {"id": "forest", "type": "learner", "data": {"algo": "Forest"}},
    ]
    parsed = parse_graph(graph(nodes, [("tune.best_params", "forest.params")]))
    (finding,) = plain_form(parsed, "tune", kinds)[1]
    assert (finding.code, finding.severity, finding.pointer) == ("no_params_path", "warning", "/nodes/1")
