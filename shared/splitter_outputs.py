"""The outputs by which paths leave splitters: that each exists, and that two ports do not get the same rows.

Which rows leave by which output is in `shared.split_node`, which of them no search may see in
`shared.held_out_rows`.
"""

from collections.abc import Iterator, Sequence

from hyperparameter_tuning.shared.findings import Finding, json_pointer, nearest_name
from hyperparameter_tuning.shared.fingerprints import fingerprint, integral_numbers
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainStep

UNKNOWN_OUTPUT = "unknown_output"
SAME_ROWS = "same_rows_at_both_ports"
SAME_ROWS_SENTENCE = (
    "The same rows arrive at the dataset port and at the validation port: what is scored on them is scored "
    "on the rows that it was trained on. Connect another output, or another dataset, to the validation port."
)
DEFAULT_OUTPUT = "train"
"""By which a splitter is left where a step does not say."""


def unknown_outputs(plain: PlainForm, kinds: NodeKinds) -> Iterator[Finding]:
    """Yield an error per splitter that is left by an output that it has not; pointers into the plain form."""
    for index, step in enumerate(plain.steps):
        yield from unknown_output(step, kinds.get(step.kind), "steps", index)
    yield from unknown_validation_outputs(plain, kinds)


def unknown_validation_outputs(plain: PlainForm, kinds: NodeKinds) -> Iterator[Finding]:
    """Yield the same for the way to the validation port alone."""
    steps = () if plain.validation is None else plain.validation.steps
    for index, step in enumerate(steps):
        yield from unknown_output(step, kinds.get(step.kind), "validation", "steps", index)


def unknown_output(step: PlainStep, kind: NodeKindSpec | None, *place: str | int) -> Iterator[Finding]:
    """Yield an error where a step is a splitter that is left by an output that it has not.

    Args:
        step: The step.
        kind: Its kind; None where there is no such kind, which is told elsewhere.
        place: Where the step stands in the document.
    """
    known = [port.id for port in kind.outputs] if kind is not None and _splits(kind) else []
    if known and (step.output or DEFAULT_OUTPUT) not in known:
        pointer = json_pointer(*place, "output")
        yield Finding(pointer, UNKNOWN_OUTPUT, "error", _no_such_output(step.output, known))


def same_rows_at_both_ports(plain: PlainForm, kinds: NodeKinds) -> bool:
    """Say whether one dataset arrives at both ports by the same outputs of the same splitters."""
    validation = plain.validation
    if validation is None or plain.dataset is None or validation.dataset not in (None, plain.dataset):
        return False
    return _picked(plain.steps, kinds) == _picked(validation.steps, kinds)


def _no_such_output(output: str | None, known: Sequence[str]) -> str:
    if output is None:
        return (
            "The rows cannot leave this splitter: which output they leave by is not said. It has "
            f"{', '.join(map(repr, known))}."
        )
    nearest = nearest_name(output, known)
    hint = f" Did you mean '{nearest}'?" if nearest else ""
    return (
        f"The rows cannot leave this splitter: it has no output '{output}'. It has "
        f"{', '.join(map(repr, known))}.{hint}"
    )


def _picked(steps: Sequence[PlainStep], kinds: NodeKinds) -> list[str]:
    return [
        fingerprint(integral_numbers([step.kind, step.config, step.output or DEFAULT_OUTPUT]))
        for step in steps
        if step.kind in kinds and _splits(kinds[step.kind])
    ]


def _splits(kind: NodeKindSpec) -> bool:
    return kind.fold_policy == "splitter"
