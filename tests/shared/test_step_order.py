"""Where steps run, and what is said of those that cannot run where they stand."""

from dataclasses import replace

import pytest

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import build_steps
from hyperparameter_tuning.shared.step_order import (
    cautions,
    places,
    positions_of,
    repeated_positions,
    unsafe_steps,
)
from tests.tasks_worker.leaky_steps import KINDS

COLUMNS = (Column(name="id", dtype="integer", distinct=9), Column(name="a", dtype="number", distinct=9))


def steps(*kinds: str) -> list[PlainStep]:
    return [PlainStep(kind=kind, node_id=f"n_{kind}") for kind in kinds]


def errors(*kinds: str, known: dict[str, NodeKindSpec] | None = None) -> list[Finding]:
    path = build_steps(steps(*kinds), COLUMNS, known or KINDS)
    return [finding for finding in path.findings if finding.severity == "error"]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        (["remember_row", "split", "tell", "scale"], ["once", None, "once", "folds"]),
        (["scale", "remember_row", "impute"], ["folds", "folds", "folds"]),
        (["double", "remember_row"], ["folds", "folds"]),
        (["nobody_knows"], ["once"]),
    ],
)
def test_a_step_runs_once_while_nothing_before_it_is_fitted_in_folds(
    kinds: list[str], found: list[str | None]
) -> None:
    assert places(steps(*kinds), KINDS) == found


def test_the_tuned_model_repeats_what_comes_after_the_last_unsafe_step() -> None:
    path = steps("remember_row", "tell", "remember_row", "scale")
    assert positions_of("once", path, KINDS) == [0, 1, 2]
    assert repeated_positions(path, KINDS) == [2]


@pytest.mark.parametrize("before", ["scale", "double"])
def test_an_unsafe_step_inside_the_folds_is_told_to_move(before: str) -> None:
    (finding,) = errors(before, "tell")
    assert (finding.pointer, finding.code) == ("/steps/1", "unsafe_after_fitted")
    assert f"move it before the {before} node 'n_{before}'" in finding.message


@pytest.mark.parametrize("kind", ["nobody_knows", "tell"])
def test_a_step_without_a_way_to_run_here_is_refused_once(kind: str) -> None:
    known = {**KINDS, "tell": replace(KINDS["tell"], builder=None)}
    (finding,) = errors("scale", kind, known=known)
    assert (finding.pointer, finding.code) == ("/steps/1", "unsupported_step")
    assert f"A '{kind}' node" in finding.message


@pytest.mark.parametrize(
    ("builder", "said"),
    [
        ("no_such_module:build", "ModuleNotFoundError"),
        ("tests.tasks_worker.leaky_steps:no_such_function", "AttributeError"),
        ("tests.tasks_worker.leaky_steps:double", "answered a SamplerStep"),
        ("tests.tasks_worker.leaky_steps:by_parity", "TypeError"),
    ],
)
def test_a_builder_that_cannot_be_used_is_a_finding(builder: str, said: str) -> None:
    known = {**KINDS, "remember": replace(KINDS["remember"], builder=builder)}
    (finding,) = errors("remember", known=known)
    assert (finding.pointer, finding.code) == ("/steps/0", "builder_failed")
    assert said in finding.message


def test_a_splitter_is_left_by_an_output_that_it_has() -> None:
    path = build_steps([PlainStep(kind="parity", output="train")], COLUMNS, KINDS)
    (finding,) = path.findings
    assert (finding.pointer, finding.code) == ("/steps/0/output", "unknown_output")
    assert "no output 'train'. It has 'odd', 'even'" in finding.message
    (finding,) = build_steps([PlainStep(kind="parity")], COLUMNS, KINDS).findings
    assert "is not said" in finding.message


def test_a_result_is_labelled_by_the_nodes_that_saw_all_rows() -> None:
    plain = {"steps": [step.model_dump() for step in steps("scale", "tell", "nobody_knows")]}
    names = unsafe_steps(plain, KINDS)
    assert cautions(names) == [
        "may be optimistic: node n_tell saw all rows",
        "may be optimistic: node n_nobody_knows saw all rows",
    ]
