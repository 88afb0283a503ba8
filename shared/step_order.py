"""Where the steps of a path run: once, before the folds, or inside every fold.

What the steps do is in `shared.step_contracts`, which rows splitters let through in `shared.split_node`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainStep

Place = Literal["once", "folds"]

FITTED_IN_FOLDS = frozenset({"transformer", "sampler"})
"""Policies that learn from the training rows of a fold; everything after such a step is inside the folds."""


def places(steps: Sequence[PlainStep], kinds: NodeKinds) -> list[Place | None]:
    """Say of each step where it runs; None for splitters, which only pick rows.

    Row-wise and unsafe steps run once while nothing before them is fitted inside the folds.
    """
    found: list[Place | None] = []
    place: Place = "once"
    for step in steps:
        policy = policy_of(step, kinds)
        if policy in FITTED_IN_FOLDS:
            place = "folds"
        found.append(None if policy == "splitter" else place)
    return found


def positions_of(place: Place, steps: Sequence[PlainStep], kinds: NodeKinds) -> list[int]:
    """Return the positions of the steps that run at *place*."""
    return [index for index, found in enumerate(places(steps, kinds)) if found == place]


def repeated_positions(steps: Sequence[PlainStep], kinds: NodeKinds) -> list[int]:
    """Return the positions of the steps before the folds that the tuned model repeats at prediction.

    They are those after the last unsafe one, which nothing can repeat on new rows.
    """
    once = positions_of("once", steps, kinds)
    unsafe = [index for index in once if policy_of(steps[index], kinds) == "unsafe"]
    return [index for index in once if not unsafe or index > unsafe[-1]]


def policy_of(step: PlainStep, kinds: NodeKinds) -> str:
    """Return the fold policy of a step; nothing is known of an unknown kind, so it is ``unsafe``."""
    kind = kinds.get(step.kind)
    return "unsafe" if kind is None else kind.fold_policy


def misplaced(steps: Sequence[PlainStep], kinds: NodeKinds) -> list[Finding]:
    """Return an error for every unsafe step that comes after a step of the folds.

    It would need rows that exist only inside a fold, and it cannot be fitted again there.
    """
    findings = []
    for index, (step, place) in enumerate(zip(steps, places(steps, kinds), strict=True)):
        kind = kinds.get(step.kind)
        # What has no way to run here is refused for that, wherever it stands.
        if place == "folds" and kind is not None and kind.fold_policy == "unsafe" and kind.builder:
            first = next(item for item in steps if policy_of(item, kinds) in FITTED_IN_FOLDS)
            message = (
                f"This node learns from rows and cannot be fitted again in every fold, but {_name(first)} "
                f"before it is: move it before {_name(first)}."
            )
            findings.append(Finding(json_pointer("steps", index), "unsafe_after_fitted", "error", message))
    return findings


def unsafe_steps(plain: Mapping[str, Any], kinds: NodeKinds) -> list[str]:
    """Return the steps of a plain form's document that learn from all rows, by node id or else by kind."""
    return [
        step.get("node_id") or step["kind"]
        for step in plain.get("steps") or ()
        if step["kind"] not in kinds or kinds[step["kind"]].fold_policy == "unsafe"
    ]


def cautions(names: Iterable[str]) -> list[str]:
    """Return the label that a result carries for each of the *names* from `unsafe_steps`."""
    return [f"may be optimistic: node {name} saw all rows" for name in names]


def _name(step: PlainStep) -> str:
    return f"the {step.kind} node '{step.node_id}'" if step.node_id else f"the {step.kind} step"
