import json
from typing import Any

import pytest

from hyperparameter_tuning.shared.errors import NotFoundError
from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form, tuning_nodes, upstream_hash
from hyperparameter_tuning.shared.plain_form import PlainForm
from tests.shared.kinds import KINDS, graph, node

DATA = {"source": "file", "path": "a.csv", "target": "y"}


def plain(
    nodes: list[dict[str, Any]], edges: list[tuple[str, str]]
) -> tuple[PlainForm, list[tuple[str, str, str]]]:
    tune = node("tune", "hyperparameter_tuning")
    form, findings = plain_form(parse_graph(graph([tune, *nodes], edges)), "tune", KINDS)
    return form, [(item.code, item.severity, item.pointer) for item in findings]


class TestTrainingPath:
    def test_is_followed_from_the_dataset_to_the_search(self) -> None:
        form, findings = plain(
            [
                node("data", "dataset", DATA),
                node("fill", "impute", {"numeric": "mean"}),
                node("cut", "split", {"test_size": 0.5}),
                node("size", "scale"),
            ],
            [
                ("data.dataset", "fill.dataset"),
                ("fill.dataset", "cut.dataset"),
                ("cut.train", "size.dataset"),
                ("size.dataset", "tune.dataset"),
            ],
        )
        assert findings == []
        assert form.dataset == DATA
        assert form.dataset_node_id == "data"
        assert form.target == "y"
        assert [(step.node_id, step.kind, step.output) for step in form.steps] == [
            ("fill", "impute", None),
            ("cut", "split", "train"),
            ("size", "scale", None),
        ]
        assert form.steps[0].config == {"numeric": "mean"}

    def test_a_fresh_node_has_an_empty_form_and_no_complaint(self) -> None:
        form, findings = plain([], [])
        assert (form.dataset, form.steps, form.model, form.targets, findings) == (None, (), None, (), [])

    def test_a_path_that_begins_nowhere_has_no_dataset(self) -> None:
        form, findings = plain([node("size", "scale")], [("size.dataset", "tune.dataset")])
        assert (form.dataset, findings) == (None, [])

    def test_a_sample_is_there_to_predict_its_target(self) -> None:
        sample = node("data", "dataset", {"source": "sample", "name": "penguins"})
        assert plain([sample], [("data.dataset", "tune.dataset")])[0].target == "species"

    def test_rows_from_a_node_that_reads_none_are_refused(self) -> None:
        form, findings = plain([node("model", "model")], [("model.model", "tune.dataset")])
        assert form.dataset is None
        assert findings == [("unsupported_source", "error", "/nodes/1")]

    def test_a_kind_that_nothing_here_brings_is_named_where_rows_pass_it(self) -> None:
        form, findings = plain(
            [node("data", "dataset"), node("blob", "webhook")],
            [("data.dataset", "blob.in"), ("blob.out", "tune.dataset")],
        )
        assert form.dataset is None
        assert findings == [("node_kind_unavailable", "error", "/nodes/2")]

    def test_a_kind_that_nothing_here_brings_is_named_where_parameters_go_to_it_alone(self) -> None:
        gone, model = node("gone", "webhook"), node("model", "model", {"model": "ridge_regression"})
        edges = [("tune.best_params", "gone.params"), ("tune.best_params", "model.params")]
        form, findings = plain([gone], edges[:1])
        assert (form.model, findings) == (None, [("node_kind_unavailable", "error", "/nodes/1")])
        form, findings = plain([gone, model], edges)
        assert (len(form.targets), findings) == (1, [])

    def test_a_host_s_own_table_port_is_followed(self) -> None:
        form, _ = plain(
            [node("data", "dataset", DATA), node("cut", "outliers")],
            [("data.dataset", "cut.rows"), ("cut.rows", "tune.dataset")],
        )
        assert [step.kind for step in form.steps] == ["outliers"]

    def test_a_circle_ends_the_walk(self) -> None:
        form, _ = plain(
            [node("a", "scale"), node("b", "scale")],
            [("a.dataset", "b.dataset"), ("b.dataset", "a.dataset"), ("b.dataset", "tune.dataset")],
        )
        assert form.dataset is None

    def test_an_unknown_node_is_not_found(self) -> None:
        with pytest.raises(NotFoundError, match="tuna"):
            plain_form(parse_graph(graph([], [])), "tuna", KINDS)


class TestValidationPort:
    NODES = (node("data", "dataset", DATA), node("cut", "split"), node("size", "scale", {"method": "robust"}))
    EDGES = (("data.dataset", "cut.dataset"), ("cut.train", "size.dataset"), ("size.dataset", "tune.dataset"))

    def test_rows_of_the_same_dataset_carry_no_dataset_of_their_own(self) -> None:
        form, findings = plain([*self.NODES], [*self.EDGES, ("cut.validation", "tune.validation")])
        assert findings == []
        assert form.validation is not None
        assert form.validation.dataset is None
        assert [(step.kind, step.output) for step in form.validation.steps] == [("split", "validation")]

    def test_rows_of_another_dataset_name_it(self) -> None:
        other = {"source": "file", "path": "b.csv"}
        form, findings = plain(
            [*self.NODES, node("more", "dataset", other)], [*self.EDGES, ("more.dataset", "tune.validation")]
        )
        assert findings == []
        assert form.validation is not None
        assert form.validation.dataset == other

    def test_the_same_preparation_may_stand_on_the_way(self) -> None:
        form, findings = plain(
            [*self.NODES, node("twin", "scale", {"method": "robust"})],
            [*self.EDGES, ("cut.validation", "twin.dataset"), ("twin.dataset", "tune.validation")],
        )
        assert findings == []
        assert form.validation is not None
        assert [step.kind for step in form.validation.steps] == ["split", "scale"]

    def test_another_preparation_is_refused(self) -> None:
        _, findings = plain(
            [*self.NODES, node("twin", "scale", {"method": "minmax"})],
            [*self.EDGES, ("cut.validation", "twin.dataset"), ("twin.dataset", "tune.validation")],
        )
        assert findings == [("validation_path_differs", "error", "/edges/4")]

    @pytest.mark.parametrize("end", ["cut.train", "size.dataset"])
    def test_the_rows_to_learn_from_at_both_ports_are_a_warning(self, end: str) -> None:
        form, findings = plain([*self.NODES], [*self.EDGES, (end, "tune.validation")])
        assert findings == [("same_rows_at_both_ports", "warning", "/edges/3")]
        assert form.validation is not None

    def test_they_are_so_by_another_node_of_the_same_dataset_too(self) -> None:
        twins = [node("data_2", "dataset", DATA), node("cut_2", "split")]
        ways = [("data_2.dataset", "cut_2.dataset"), ("cut_2.train", "tune.validation")]
        assert plain([*self.NODES, *twins], [*self.EDGES, *ways])[1] == [
            ("same_rows_at_both_ports", "warning", "/edges/4")
        ]

    def test_a_way_without_a_dataset_is_an_open_item(self) -> None:
        form, findings = plain(
            [*self.NODES, node("twin", "scale")], [*self.EDGES, ("twin.dataset", "tune.validation")]
        )
        assert form.validation is None
        assert findings == [("connect_dataset", "todo", "/edges/3")]


class TestTargets:
    def model(self, node_id: str, model: str = "svc", **params: Any) -> dict[str, Any]:
        return node(node_id, "model", {"model": model, "params": params, "number_types": {}})

    def test_are_ordered_by_id_and_the_first_is_tuned(self) -> None:
        form, findings = plain(
            [self.model("z", C=1), self.model("a", C=2)],
            [("tune.best_params", "z.params"), ("tune.best_params", "a.params")],
        )
        assert findings == []
        assert [(target.node_id, target.params) for target in form.targets] == [
            ("a", {"C": 2}),
            ("z", {"C": 1}),
        ]
        assert form.model is not None
        assert form.model.params == {"C": 2}

    def test_two_types_are_refused_naming_both_nodes(self) -> None:
        nodes = [node("tune", "hyperparameter_tuning"), self.model("a"), self.model("b", "ridge_regression")]
        edges = [("tune.best_params", "a.params"), ("tune.best_params", "b.params")]
        _, (finding,) = plain_form(parse_graph(graph(nodes, edges)), "tune", KINDS)
        assert (finding.code, finding.severity, finding.pointer) == ("models_differ", "error", "/nodes/2")
        assert "(a)" in finding.message
        assert "(b)" in finding.message

    def test_a_model_without_a_name_is_a_target_but_not_the_model(self) -> None:
        form, findings = plain([node("a", "model")], [("tune.best_params", "a.params")])
        assert (form.model, [target.node_id for target in form.targets], findings) == (None, ["a"], [])

    def test_a_host_s_own_shape_is_read_by_its_paths(self) -> None:
        ridge = node("a", "ridge_node", {"settings": {"solver": "svd"}}, strength=3)
        form, _ = plain([ridge], [("tune.best_params", "a.params")])
        assert form.model is not None
        assert form.model.type == "ridge_regression"
        assert form.model.params == {"solver": "svd", "alpha": 3}

    def test_only_the_parameters_port_makes_a_target(self) -> None:
        form, _ = plain([self.model("a")], [("tune.tuned_model", "a.params"), ("tune.trials", "a.dataset")])
        assert form.targets == ()

    def test_number_types_come_along(self) -> None:
        config = {"model": "x", "params": {"max_features": 1}, "number_types": {"max_features": "float"}}
        form, _ = plain([node("a", "model", config)], [("tune.best_params", "a.params")])
        assert form.targets[0].number_types == {"max_features": "float"}

    @pytest.mark.parametrize(
        ("source", "differs"), [("size.dataset", False), ("data.dataset", True), (None, False)]
    )
    def test_a_model_on_another_path_is_marked(self, source: str | None, differs: bool) -> None:
        edges = [
            ("data.dataset", "size.dataset"),
            ("size.dataset", "tune.dataset"),
            ("tune.best_params", "a.params"),
        ]
        nodes = [node("data", "dataset", DATA), node("size", "scale"), self.model("a")]
        form, _ = plain(nodes, [*edges, *([(source, "a.dataset")] if source else [])])
        assert form.targets[0].path_differs is differs

    def test_a_path_of_equal_nodes_is_the_same_path(self) -> None:
        edges = [
            ("data.dataset", "one.dataset"),
            ("data.dataset", "two.dataset"),
            ("one.dataset", "tune.dataset"),
            ("two.dataset", "a.dataset"),
            ("tune.best_params", "a.params"),
        ]
        nodes = [node("data", "dataset", DATA), node("one", "scale"), node("two", "scale"), self.model("a")]
        assert plain(nodes, edges)[0].targets[0].path_differs is False


class TestUpstreamHash:
    def form(self, **changes: Any) -> PlainForm:
        step = {"kind": "scale", "config": {"x": 1}, "node_id": "n"} | changes.pop("step", {})
        return PlainForm.model_validate({"dataset": DATA, "steps": [step], "target": "y"} | changes)

    @pytest.mark.parametrize(
        "changes",
        [{"dataset": {"source": "file", "path": "b.csv"}}, {"target": "z"}, {"step": {"config": {"x": 2}}}],
    )
    def test_changes_with_everything_before_the_search(self, changes: dict[str, Any]) -> None:
        assert upstream_hash(self.form(**changes)) != upstream_hash(self.form())

    @pytest.mark.parametrize(
        "changes",
        [
            {"node_id": "tune"},
            {"step": {"node_id": "m"}},
            {"model": {"type": "svc"}},
            {"step": {"config": {"x": 1.0}}},
        ],
    )
    def test_does_not_change_with_names_models_or_how_numbers_are_spelled(
        self, changes: dict[str, Any]
    ) -> None:
        assert upstream_hash(self.form(**changes)) == upstream_hash(self.form())


def test_tuning_nodes_are_found_in_the_order_of_the_canvas() -> None:
    nodes = [node("b", "hyperparameter_tuning"), node("x", "scale"), node("a", "hyperparameter_tuning")]
    assert tuning_nodes(parse_graph(graph(nodes, [])), KINDS) == ("b", "a")


def test_the_plain_form_survives_its_own_json() -> None:
    form, _ = plain([node("data", "dataset", DATA)], [("data.dataset", "tune.dataset")])
    assert PlainForm.model_validate(json.loads(form.model_dump_json())) == form
