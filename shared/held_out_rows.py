"""Rows that are kept for the last test: they come to no search, whichever way a graph is said.

Which rows leave a splitter by which output is not decided here (`shared.split_node`).
"""

from collections.abc import Iterator, Sequence

from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainStep

CODE = "test_rows_in_search"


def is_test_output(kind: NodeKindSpec | None, output: str | None) -> bool:
    """Say whether rows that leave a node of *kind* by *output* are kept for the last test."""
    return kind is not None and kind.fold_policy == "splitter" and output in kind.test_outputs


def refusal(search: str, kind: NodeKindSpec) -> str:
    """Return the sentence that refuses test rows.

    Args:
        search: The node that would see them, as a sentence names it.
        kind: The splitter, which may have another output to take.
    """
    free = next((port.id for port in kind.outputs if port.id not in kind.test_outputs), None)
    advice = "" if free is None else f" Use '{free}'."
    return f"The test rows are connected to {search}: a search must not see them.{advice}"


def held_out_rows_taken(plain: PlainForm, kinds: NodeKinds) -> list[Finding]:
    """Refuse test rows on either way to the tuning node.

    Returns:
        An error per step that is left by a test output; pointers into the plain form.
    """
    search = f"'{plain.node_id}'" if plain.node_id else "the search"
    validation = () if plain.validation is None else plain.validation.steps
    return [
        *_taken(plain.steps, search, kinds, "steps"),
        *_taken(validation, search, kinds, "validation", "steps"),
    ]


def _taken(steps: Sequence[PlainStep], search: str, kinds: NodeKinds, *place: str) -> Iterator[Finding]:
    for index, step in enumerate(steps):
        kind = kinds.get(step.kind)
        if kind is not None and is_test_output(kind, step.output):
            yield Finding(json_pointer(*place, index, "output"), CODE, "error", refusal(search, kind))
