import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.shared.errors import InvalidDocumentError
from hyperparameter_tuning.shared.json_pointers import MISSING, value_at
from hyperparameter_tuning.shared.patches import apply_patch, preview
from tests.shared.kinds import graph, node

DEPTH = "/data/config/params/max_depth"


def canvas() -> dict[str, Any]:
    params = {"max_depth": 5, "max_features": 1, "criterion": None}
    return graph(
        [
            node("a", "model", {"model": "x", "params": params}) | {"width": 120},
            node("b", "model", {"model": "x", "params": {"max_depth": 3}}),
        ],
        [("a.model", "b.params")],
    )


def patch(*operations: dict[str, Any], patch_id: str = "p1") -> dict[str, Any]:
    return {"patch_id": patch_id, "base_revision": 3, "ops": list(operations)}


def put(value: Any, node_id: str = "a", path: str = DEPTH, **expectation: Any) -> dict[str, Any]:
    return {"op": "set", "node_id": node_id, "path": path, "value": value, **expectation}


def params_of(document: Any, node_id: str = "a") -> dict[str, Any]:
    params: dict[str, Any] = next(item for item in document["nodes"] if item["id"] == node_id)["data"][
        "config"
    ]["params"]
    return params


class TestSet:
    def test_writes_the_value_and_leaves_everything_else(self) -> None:
        before = canvas()
        outcome = apply_patch(before, patch(put(7, expect=5)))
        expected = canvas()
        expected["nodes"][0]["data"]["config"]["params"]["max_depth"] = 7
        assert outcome.graph == expected
        assert outcome.applied_nodes == ("a",)
        assert before == canvas()

    def test_creates_the_objects_on_the_way(self) -> None:
        path = "/data/config/number_types/max_features"
        outcome = apply_patch(canvas(), patch(put("float", path=path, expect_absent=True)))
        assert outcome.graph["nodes"][0]["data"]["config"]["number_types"] == {"max_features": "float"}

    def test_a_value_that_was_edited_is_a_conflict_and_stays(self) -> None:
        outcome = apply_patch(canvas(), patch(put(7, expect=4)))
        assert outcome.graph == canvas()
        assert outcome.skipped_nodes == ("a",)
        assert outcome.conflicts == (
            {
                "node_id": "a",
                "path": DEPTH,
                "code": "value_changed",
                "expected": 4,
                "actual": 5,
                "actual_absent": False,
                "proposed": 7,
            },
        )

    @pytest.mark.parametrize(
        ("actual", "expected", "same"),
        [
            (1, 1.0, True),
            (1, True, False),
            (1, "1", False),
            (None, None, True),
            (None, False, False),
            ([1, {"a": 2}], [1.0, {"a": 2.0}], True),
            ([1], [1, 2], False),
            ({"a": 1}, {"b": 1}, False),
        ],
    )
    def test_expectations_compare_as_a_browser_keeps_values(
        self, actual: Any, expected: Any, same: bool
    ) -> None:
        document = canvas()
        document["nodes"][0]["data"]["config"]["params"]["max_depth"] = actual
        assert (apply_patch(document, patch(put(9, expect=expected))).conflicts == ()) is same

    def test_a_missing_value_that_was_expected_is_a_conflict(self) -> None:
        outcome = apply_patch(canvas(), patch(put(1, path="/data/config/params/gone", expect=2)))
        assert outcome.conflicts[0]["code"] == "value_absent"
        assert outcome.conflicts[0]["actual_absent"] is True

    def test_a_value_where_none_was_expected_is_a_conflict(self) -> None:
        outcome = apply_patch(
            canvas(), patch(put(1, path="/data/config/params/criterion", expect_absent=True))
        )
        assert outcome.conflicts[0]["code"] == "value_present"

    def test_a_way_through_a_plain_value_is_a_conflict(self) -> None:
        outcome = apply_patch(canvas(), patch(put(1, path=f"{DEPTH}/deeper")))
        assert outcome.conflicts[0]["code"] == "path_blocked"
        assert outcome.graph == canvas()

    def test_an_edited_number_type_stops_the_value_beside_it(self) -> None:
        document = canvas()
        document["nodes"][0]["data"]["config"]["number_types"] = {"max_features": "float"}
        value = put(2, path="/data/config/params/max_features", expect=1)
        kind = put("int", path="/data/config/number_types/max_features", expect="int")
        assert apply_patch(document, patch(value, kind)).graph == document


class TestUnset:
    def test_removes_the_value(self) -> None:
        outcome = apply_patch(canvas(), patch({"op": "unset", "node_id": "a", "path": DEPTH, "expect": 5}))
        assert "max_depth" not in params_of(outcome.graph)

    def test_of_nothing_changes_nothing(self) -> None:
        outcome = apply_patch(canvas(), patch({"op": "unset", "node_id": "a", "path": "/data/config/gone"}))
        assert (outcome.graph, outcome.inverse, outcome.conflicts) == (canvas(), (), ())


class TestNodes:
    def test_are_changed_wholly_or_not_at_all(self) -> None:
        operations = [put(7, expect=5), put(2, path="/data/config/params/max_features", expect=99)]
        outcome = apply_patch(canvas(), patch(*operations))
        assert outcome.graph == canvas()
        assert [item["path"] for item in outcome.conflicts] == ["/data/config/params/max_features"]

    def test_do_not_stop_each_other(self) -> None:
        outcome = apply_patch(canvas(), patch(put(7, expect=99), put(7, "b", expect=3)))
        assert params_of(outcome.graph, "a")["max_depth"] == 5
        assert params_of(outcome.graph, "b")["max_depth"] == 7
        assert (outcome.applied_nodes, outcome.skipped_nodes) == (("b",), ("a",))

    def test_that_are_gone_are_a_conflict(self) -> None:
        outcome = apply_patch(canvas(), patch(put(7, "gone", expect=5)))
        assert outcome.conflicts[0]["code"] == "node_missing"
        assert outcome.skipped_nodes == ("gone",)


class TestResults:
    def test_go_to_their_own_places(self) -> None:
        outcome = apply_patch(
            canvas(),
            patch(
                {"op": "set_result", "node_id": "a", "value": {"score": 1}},
                {"op": "attach_artifact", "node_id": "b", "value": {"key": "k"}},
            ),
        )
        assert outcome.graph["nodes"][0]["data"]["result"] == {"score": 1}
        assert outcome.graph["nodes"][1]["data"]["artifact"] == {"key": "k"}

    def test_of_a_later_run_replace_those_of_an_earlier(self) -> None:
        first = apply_patch(canvas(), patch({"op": "set_result", "node_id": "a", "value": 1}))
        second = apply_patch(first.graph, patch({"op": "set_result", "node_id": "a", "value": 2}))
        assert second.graph["nodes"][0]["data"]["result"] == 2
        assert apply_patch(second.graph, patch(*second.inverse)).graph == first.graph


class TestPatchId:
    def test_makes_a_second_application_do_nothing(self) -> None:
        outcome = apply_patch(canvas(), patch(put(7, expect=5)), applied={"p1"})
        assert outcome.already
        assert outcome.graph == canvas()
        assert outcome.conflicts == ()


class TestDocuments:
    @pytest.mark.parametrize(
        ("operation", "pointer"),
        [
            (put(1, path="/id"), "/ops/0/path"),
            (put(1, path="/position/x"), "/ops/0/path"),
            (put(1, path="data/config"), "/ops/0/path"),
            (put(1, expect=1, expect_absent=True), "/ops/0"),
            ({"op": "set", "node_id": "a", "path": DEPTH}, "/ops/0"),
            ({"op": "set", "node_id": "a", "value": 1}, "/ops/0"),
            ({"op": "move", "node_id": "a", "path": DEPTH, "value": 1}, "/ops/0/op"),
            (put(float("nan")), "/ops/0/value"),
            (put(1, expct=2), "/ops/0/expct"),
        ],
    )
    def test_that_are_no_patches_are_refused_with_a_pointer(
        self, operation: dict[str, Any], pointer: str
    ) -> None:
        with pytest.raises(InvalidDocumentError) as refusal:
            apply_patch(canvas(), patch(operation))
        assert str(refusal.value.pointer).startswith(pointer)

    def test_may_carry_more_than_we_read(self) -> None:
        assert apply_patch(canvas(), patch(put(7)) | {"provenance": {"job_id": "j"}}).applied_nodes == ("a",)


class TestPreview:
    def test_shows_before_and_after_and_changes_nothing(self) -> None:
        document = canvas()
        rows = preview(
            document, patch(put(7, expect=5), put("gini", path="/data/config/params/criterion", expect=1))
        )
        assert document == canvas()
        assert [
            (row["label"], row["before"], row["after"], row["changed"], row["conflict"]) for row in rows
        ] == [
            ("A", 5, 7, True, None),
            ("A", None, "gini", True, "value_changed"),
        ]

    def test_tells_absent_from_null(self) -> None:
        rows = preview(canvas(), patch(put(None, path="/data/config/params/new"), put(5)))
        assert [(row["before_absent"], row["changed"]) for row in rows] == [(True, True), (False, False)]


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, "x", ""])
names = st.sampled_from(["a", "b", "c", "d~e", "f/g"])
trees = st.recursive(scalars, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=8)


@st.composite
def patches(draw: Any) -> dict[str, Any]:
    def pointer() -> str:
        parts = draw(st.lists(names, min_size=1, max_size=3))
        return "/data/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)

    operations = []
    for _ in range(draw(st.integers(1, 6))):
        operation = {"op": draw(st.sampled_from(["set", "unset"])), "node_id": draw(names), "path": pointer()}
        if operation["op"] == "set":
            operation["value"] = draw(trees)
        expectation = draw(st.sampled_from(["none", "none", "absent", "value"]))
        if expectation == "absent":
            operation["expect_absent"] = True
        elif expectation == "value":
            operation["expect"] = draw(scalars)
        operations.append(operation)
    return patch(*operations)


graphs = st.lists(
    st.tuples(names, st.dictionaries(names, trees, max_size=4)), unique_by=lambda item: item[0]
).map(lambda items: {"nodes": [{"id": name, "type": "t", "data": data} for name, data in items], "edges": []})


class TestLaws:
    @given(graphs, patches())
    def test_the_inverse_restores_the_graph_exactly(self, before: Any, change: dict[str, Any]) -> None:
        kept = deepcopy(before)
        outcome = apply_patch(before, change)
        back = apply_patch(outcome.graph, patch(*outcome.inverse, patch_id="back"))
        assert json.dumps(before) == json.dumps(kept)
        assert back.conflicts == ()
        assert sorted_json(back.graph) == sorted_json(kept)

    @given(graphs, patches())
    def test_a_node_with_a_conflict_is_untouched_and_every_other_is_changed_as_told(
        self, before: Any, change: dict[str, Any]
    ) -> None:
        outcome = apply_patch(before, change)
        after = {item["id"]: item for item in outcome.graph["nodes"]}
        for item in before["nodes"]:
            last = {op["path"]: op for op in change["ops"] if op["node_id"] == item["id"]}
            if item["id"] in outcome.skipped_nodes or not last:
                assert after[item["id"]] == item
        assert {item["node_id"] for item in outcome.conflicts} == set(outcome.skipped_nodes)
        assert set(outcome.applied_nodes) | set(outcome.skipped_nodes) == {
            op["node_id"] for op in change["ops"]
        }

    @given(graphs, patches(), trees)
    def test_an_edit_after_the_patch_stops_its_undoing(
        self, before: Any, change: dict[str, Any], edit: Any
    ) -> None:
        outcome = apply_patch(before, change)
        for operation in outcome.inverse[:1]:
            present = value_at(
                next(n for n in outcome.graph["nodes"] if n["id"] == operation["node_id"]), operation["path"]
            )
            if present is MISSING or same(present, edit):
                continue
            edited = apply_patch(
                outcome.graph,
                patch({**{k: operation[k] for k in ("node_id", "path")}, "op": "set", "value": edit}),
            )
            back = apply_patch(edited.graph, patch(*outcome.inverse, patch_id="back"))
            assert operation["node_id"] in back.skipped_nodes

    @given(graphs, patches())
    def test_a_browser_in_between_changes_nothing(self, before: Any, change: dict[str, Any]) -> None:
        first = apply_patch(before, change)
        second = apply_patch(as_browser(before), as_browser(change))
        assert as_browser(second.graph) == as_browser(first.graph)
        assert second.skipped_nodes == first.skipped_nodes


def same(left: Any, right: Any) -> bool:
    return sorted_json(as_browser(left)) == sorted_json(as_browser(right))


def sorted_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def as_browser(value: Any) -> Any:
    """What JSON.parse and JSON.stringify make of a value: 1.0 becomes 1."""
    return json.loads(
        json.dumps(value),
        parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text),
    )
