import math
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.shared.errors import InvalidDocumentError, TooLargeError
from hyperparameter_tuning.shared.graph import check_graph, parse_graph
from tests.shared.kinds import KINDS, edge, graph, node

NODES = [
    node("data", "dataset"),
    node("split", "split"),
    node("scale", "scale"),
    node("tune", "hyperparameter_tuning"),
    node("model", "model"),
]
EDGES = [
    ("data.dataset", "split.dataset"),
    ("split.train", "scale.dataset"),
    ("scale.dataset", "tune.dataset"),
    ("split.validation", "tune.validation"),
    ("tune.best_params", "model.params"),
]


def found(nodes: list[dict[str, Any]], edges: list[tuple[str, str]]) -> list[tuple[str, str]]:
    findings = check_graph(parse_graph(graph(nodes, edges)), KINDS)
    return [(finding.code, finding.pointer) for finding in findings]


class TestParseGraph:
    def test_keeps_what_it_does_not_know(self) -> None:
        document = graph([node("data", "dataset") | {"width": 80}], []) | {"theme": "dark"}
        assert parse_graph(document).document == document

    @pytest.mark.parametrize(
        ("document", "pointer"),
        [
            ([], ""),
            ({"edges": []}, "/nodes"),
            ({"nodes": [1]}, "/nodes/0"),
            ({"nodes": [{"type": "dataset"}]}, "/nodes/0/id"),
            ({"nodes": [{"id": "a", "data": []}]}, "/nodes/0/data"),
            ({"nodes": [], "edges": [{"source": "a"}]}, "/edges/0"),
            ({"nodes": [node("a", "x"), node("a", "y")]}, "/nodes/1/id"),
            ({"nodes": [], "graph_version": 2}, "/graph_version"),
            ({"nodes": [], "zoom": math.nan}, ""),
        ],
    )
    def test_refuses_what_is_no_graph_and_says_where(self, document: Any, pointer: str) -> None:
        with pytest.raises(InvalidDocumentError) as refusal:
            parse_graph(document)
        assert refusal.value.pointer == pointer

    def test_refuses_a_document_above_the_limit(self) -> None:
        with pytest.raises(TooLargeError, match="at most 100"):
            parse_graph(graph([node("data", "dataset", {"note": "x" * 100})], []), max_bytes=100)

    def test_refuses_a_document_nested_too_deeply(self) -> None:
        deep: Any = 1
        for _ in range(100_000):
            deep = [deep]
        with pytest.raises(InvalidDocumentError):
            parse_graph({"nodes": [], "deep": deep})

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        ["nodes", "edges", "id", "type", "data", "source", "target", "sourceHandle"]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=25,
        )
    )
    def test_answers_any_document_with_a_graph_or_findings(self, document: Any) -> None:
        with suppress(InvalidDocumentError):
            check_graph(parse_graph(document), KINDS)


class TestCheckGraph:
    def test_a_sound_graph_has_no_findings(self) -> None:
        assert found(NODES, EDGES) == []

    def test_ports_of_other_types_do_not_match(self) -> None:
        assert found(NODES, [("tune.best_params", "scale.dataset")]) == [("port_mismatch", "/edges/0")]

    def test_a_dotted_type_matches_its_prefix(self) -> None:
        takes_models = {
            "report": KINDS["model"].__class__(
                "report",
                "Report",
                "unsafe",
                inputs=(KINDS["model"].outputs[0].__class__("models", "Models", "model"),),
            )
        }
        document = graph([*NODES, node("report", "report")], [("tune.tuned_model", "report.models")])
        assert check_graph(parse_graph(document), KINDS | takes_models) == []

    def test_an_unknown_handle_is_named_with_the_known_ones(self) -> None:
        (finding,) = check_graph(parse_graph(graph(NODES, [("split.trian", "scale.dataset")])), KINDS)
        assert finding.code == "unknown_handle"
        assert finding.pointer == "/edges/0/sourceHandle"
        assert "'train'" in finding.message

    def test_a_handle_may_be_left_out_where_there_is_one_port_only(self) -> None:
        assert found(NODES, [("data", "split")]) == []
        assert found(NODES, [("split", "scale")]) == [("unknown_handle", "/edges/0/sourceHandle")]

    def test_a_second_edge_into_a_port_for_one_is_refused(self) -> None:
        edges = [*EDGES, ("data.dataset", "tune.dataset")]
        assert found(NODES, edges) == [("too_many_edges", "/edges/5")]

    def test_an_output_may_feed_many(self) -> None:
        assert found(NODES, [*EDGES, ("scale.dataset", "model.dataset")]) == []

    def test_an_edge_to_a_node_that_is_gone_is_reported(self) -> None:
        assert found(NODES, [("data.dataset", "gone.dataset")]) == [("unknown_node", "/edges/0")]

    def test_a_circle_is_reported(self) -> None:
        nodes = [*NODES, node("impute", "impute")]
        edges = [("scale.dataset", "impute.dataset"), ("impute.dataset", "scale.dataset")]
        assert [code for code, _ in found(nodes, edges)] == ["cycle"]

    def test_nodes_of_unknown_kinds_are_opaque(self) -> None:
        assert found([*NODES, node("note", "sticky")], [("data.whatever", "note.anything")]) == []

    def test_test_rows_must_not_enter_the_search(self) -> None:
        assert found(NODES, [("split.test", "tune.dataset")]) == [("test_rows_in_search", "/edges/0")]

    def test_test_rows_must_not_enter_the_search_by_the_validation_port(self) -> None:
        assert found(NODES, [("split.test", "tune.validation")]) == [("test_rows_in_search", "/edges/0")]

    def test_test_rows_must_not_enter_the_search_by_a_detour(self) -> None:
        edges = [("split.test", "scale.dataset"), ("scale.dataset", "tune.dataset")]
        assert found(NODES, edges) == [("test_rows_in_search", "/edges/0")]

    def test_the_test_rows_of_another_splitter_are_those_it_names(self) -> None:
        kinds = {**KINDS, "split": replace(KINDS["split"], test_outputs=("validation",))}
        edges = [("split.test", "tune.dataset"), ("split.validation", "tune.validation")]
        (finding,) = check_graph(parse_graph(graph(NODES, edges)), kinds)
        assert (finding.code, finding.pointer) == ("test_rows_in_search", "/edges/1")
        assert finding.message.endswith("a search must not see them. Use 'train'.")

    def test_test_rows_may_feed_a_model(self) -> None:
        assert found(NODES, [("split.test", "model.dataset")]) == []

    def test_every_pointer_leads_to_an_edge(self) -> None:
        document = graph(
            NODES, [("split.test", "tune.dataset"), ("a.b", "c.d"), ("tune.trials", "model.params")]
        )
        for finding in check_graph(parse_graph(document), KINDS):
            assert finding.pointer.split("/")[1] == "edges"
            assert document["edges"][int(finding.pointer.split("/")[2])]


def test_an_edge_without_id_is_fine() -> None:
    bare = {key: value for key, value in edge("data.dataset", "split.dataset").items() if key != "id"}
    document = graph(NODES, []) | {"edges": [bare]}
    assert check_graph(parse_graph(document), KINDS) == []
