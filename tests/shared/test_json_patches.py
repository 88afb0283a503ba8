"""The export as RFC 6902, applied by the public `jsonpatch` library: the same graph, or a failing test."""

from copy import deepcopy
from typing import Any

import jsonpatch
import pytest
from hypothesis import given

from hyperparameter_tuning.shared.json_patches import as_json_patch
from hyperparameter_tuning.shared.patches import apply_patch
from tests.shared.test_patches import DEPTH, canvas, graphs, patch, patches, put

FAILURES = (jsonpatch.JsonPatchTestFailed,)


def applied(graph: Any, change: Any) -> Any:
    return jsonpatch.apply_patch(deepcopy(graph), as_json_patch(graph, change))


class TestExport:
    def test_it_names_the_node_and_the_expected_value(self) -> None:
        place = "/nodes/0/data/config/params/max_depth"
        assert as_json_patch(canvas(), patch(put(7, expect=5))) == [
            {"op": "test", "path": "/nodes/0/id", "value": "a"},
            {"op": "test", "path": place, "value": 5},
            {"op": "replace", "path": place, "value": 7},
        ]

    def test_objects_on_the_way_are_added_whole(self) -> None:
        path = "/data/config/number_types/max_features"
        operations = as_json_patch(canvas(), patch(put("float", path=path)))
        assert operations[1:] == [
            {"op": "add", "path": "/nodes/0/data/config/number_types", "value": {"max_features": "float"}}
        ]

    def test_what_must_be_absent_is_tested_by_what_would_hold_it(self) -> None:
        change = patch(put(1, path="/data/config/params/min_samples_leaf", expect_absent=True))
        test = as_json_patch(canvas(), change)[1]
        assert test == {
            "op": "test",
            "path": "/nodes/0/data/config/params",
            "value": canvas()["nodes"][0]["data"]["config"]["params"],
        }

    def test_objects_left_empty_are_removed_as_the_undo_asks(self) -> None:
        path = "/data/config/number_types/max_features"
        there = apply_patch(canvas(), patch(put("float", path=path)))
        back = patch(*there.inverse, patch_id="back")
        assert as_json_patch(there.graph, back)[-1] == {
            "op": "remove",
            "path": "/nodes/0/data/config/number_types",
        }
        assert applied(there.graph, back) == canvas()

    @pytest.mark.parametrize(
        "change",
        [
            put(7, expect=4),
            put(7, expect_absent=True),
            put(7, node_id="gone"),
            put(7, path=f"{DEPTH}/deeper"),
            put(7, path="/data/config/new", expect=None),
            {"op": "unset", "node_id": "a", "path": DEPTH, "expect": 6},
        ],
    )
    def test_a_conflict_fails_the_whole_patch(self, change: dict[str, Any]) -> None:
        both = patch(put(9, node_id="b"), change)
        assert apply_patch(canvas(), both).skipped_nodes
        with pytest.raises(FAILURES):
            applied(canvas(), both)

    @pytest.mark.parametrize(
        "edit",
        [
            lambda graph: graph["nodes"].reverse(),
            lambda graph: graph["nodes"].insert(0, {"id": "new", "type": "model", "data": {}}),
            lambda graph: graph["nodes"][0]["data"]["config"]["params"].update(max_depth=6),
            lambda graph: graph["nodes"][0]["data"]["config"]["params"].update(new=1),
        ],
    )
    def test_on_another_revision_it_fails_instead_of_changing_something_else(self, edit: Any) -> None:
        new = put(1, path="/data/config/params/new", expect_absent=True)
        operations = as_json_patch(canvas(), patch(put(7, expect=5), new))
        later = canvas()
        edit(later)
        with pytest.raises(FAILURES):
            jsonpatch.apply_patch(later, operations)

    def test_true_is_not_1(self) -> None:
        """The library compares as Python does."""
        document = canvas()
        document["nodes"][0]["data"]["config"]["params"]["max_depth"] = 1
        with pytest.raises(FAILURES):
            applied(document, patch(put(7, expect=True)))

    def test_a_place_in_a_list_is_replaced_and_not_inserted(self) -> None:
        document = canvas()
        document["nodes"][0]["data"]["rows"] = [1, 2]
        change = patch(put(9, path="/data/rows/0", expect=1))
        assert applied(document, change) == apply_patch(document, change).graph

    def test_neither_graph_nor_patch_is_changed(self) -> None:
        document, change = canvas(), patch(put({"x": [1]}, path="/data/config/deep/er"))
        kept = deepcopy((document, change))
        operations = as_json_patch(document, change)
        operations[-1]["value"]["er"]["x"].append(2)
        assert (document, change) == kept


@given(graphs, patches())
def test_it_gives_the_graph_that_our_own_patch_gives_or_fails(before: Any, change: dict[str, Any]) -> None:
    outcome = apply_patch(before, change)
    if outcome.conflicts:
        with pytest.raises(FAILURES):
            applied(before, change)
    else:
        assert applied(before, change) == outcome.graph
