"""A patch as RFC 6902, for hosts that want the standard: addressed by places in one revision of one graph.

Every expectation becomes a ``test`` operation, and so does the id of every node, since places hold for that
revision only: on another graph the patch fails instead of changing something else. RFC 6902 applies all or
nothing; where our own patch would leave out a node with a conflict, the exported one fails as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from hyperparameter_tuning.shared.findings import json_pointer
from hyperparameter_tuning.shared.json_pointers import MISSING, remove_at, set_at, tokens, value_at
from hyperparameter_tuning.shared.patch_documents import Operation, Patch

JsonPatch = list[dict[str, Any]]


def as_json_patch(graph: Mapping[str, Any], patch: Patch | Mapping[str, Any]) -> JsonPatch:
    """Return the operations of RFC 6902 that do to *graph* what *patch* does.

    Args:
        graph: The graph document, as the host will have it when it applies the result.
        patch: The patch, or its document.

    Returns:
        Operations that give exactly the graph that `shared.patches.apply_patch` gives. Where that would
        refuse a node, one of the tests fails.

    Raises:
        InvalidDocumentError: *patch* is no patch document.
    """
    nodes: list[Any] = list(graph.get("nodes") or ())
    places = {node.get("id"): index for index, node in enumerate(nodes) if isinstance(node, Mapping)}
    result: JsonPatch = []
    for node_id, operations in Patch.parse(patch).by_node().items():
        # A node that is gone is looked for behind the last one, where the test finds nothing.
        place = places.get(node_id, len(nodes))
        result.append(_test(json_pointer("nodes", place, "id"), node_id))
        if node_id in places:
            result += _node_operations(nodes[place], operations, json_pointer("nodes", place))
    return result


def _node_operations(node: Mapping[str, Any], operations: Sequence[Operation], at: str) -> JsonPatch:
    """Try the operations on a copy, since each sees what those before it left."""
    work = deepcopy(dict(node))
    result: JsonPatch = []
    for operation in operations:
        actual = value_at(work, operation.path)
        result += _tests(work, operation, actual, at)
        if operation.refusal(actual) is not None:
            # Known to be a conflict: it must fail, also where a library takes 1 for true.
            result.append(_test(at + "/id", None))
            break
        try:
            result += _changes(work, operation, actual, at)
        except LookupError:
            # Something on the way holds no members; the test asks for an object there.
            result.append(_test(at + _nearest(work, operation.path), {}))
            break
    return result


def _tests(work: Mapping[str, Any], operation: Operation, actual: Any, at: str) -> Iterator[dict[str, Any]]:
    if operation.expects_value:
        yield _test(at + operation.path, operation.expect)
    elif operation.expect_absent:
        # There is no test for absence: what would hold the value is compared whole.
        yield from _absence(work, operation.path, actual, at)


def _absence(work: Mapping[str, Any], path: str, actual: Any, at: str) -> Iterator[dict[str, Any]]:
    if actual is MISSING:
        nearest = _nearest(work, path)
        yield _test(at + nearest, deepcopy(value_at(work, nearest)))
        return
    parent = path.rpartition("/")[0]
    without = deepcopy(value_at(work, parent))
    del without[tokens(path)[-1] if isinstance(without, dict) else int(tokens(path)[-1])]
    yield _test(at + parent, without)


def _changes(work: dict[str, Any], operation: Operation, actual: Any, at: str) -> Iterator[dict[str, Any]]:
    if operation.op == "unset":
        if actual is not MISSING:
            remove_at(work, operation.path, operation.prune)
            yield {"op": "remove", "path": at + _outermost_missing(work, operation.path)}
        return
    created = set_at(work, operation.path, deepcopy(operation.value))
    path = created or operation.path
    verb = "add" if actual is MISSING else "replace"
    yield {"op": verb, "path": at + path, "value": deepcopy(value_at(work, path))}


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")[1:]
    return ["".join("/" + part for part in parts[:length]) for length in range(len(parts) + 1)]


def _nearest(work: Mapping[str, Any], path: str) -> str:
    """Return the pointer of the innermost value on the way that is there."""
    return [prefix for prefix in _prefixes(path) if value_at(work, prefix) is not MISSING][-1]


def _outermost_missing(work: Mapping[str, Any], path: str) -> str:
    return next(prefix for prefix in _prefixes(path) if value_at(work, prefix) is MISSING)


def _test(path: str, value: Any) -> dict[str, Any]:
    return {"op": "test", "path": path, "value": value}
