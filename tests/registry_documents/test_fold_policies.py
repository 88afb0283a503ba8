"""What is said before a run of steps that learn from rows in ways of their own."""

from dataclasses import replace

from hyperparameter_tuning.shared.plain_form import PlainStep
from tests.registry_documents.cases import codes, graph, judged, only
from tests.tasks_worker.leaky_steps import KINDS


def steps(*kinds: str) -> tuple[PlainStep, ...]:
    return tuple(PlainStep(kind=kind, node_id=f"n_{kind}") for kind in kinds)


def test_a_step_that_learns_from_all_rows_runs_with_a_warning() -> None:
    validation = judged({}, graph(steps=steps("tell", "scale")), kinds=KINDS)
    finding = only(validation, "unsafe_upstream")
    assert finding.severity == "warning"
    assert "may be optimistic: node n_tell saw all rows" in finding.message
    assert validation.task is not None


def test_behind_a_transformer_it_is_refused_with_what_to_move() -> None:
    finding = only(judged({}, graph(steps=steps("scale", "tell")), kinds=KINDS), "unsafe_after_fitted")
    assert finding.severity == "error"
    assert finding.message.startswith("The tell node 'n_tell': ")
    assert "move it before the scale node 'n_scale'" in finding.message


def test_without_a_builder_it_is_refused_and_nothing_is_promised() -> None:
    known = {**KINDS, "tell": replace(KINDS["tell"], builder=None)}
    validation = judged({}, graph(steps=steps("tell")), kinds=known)
    assert codes(validation, "error") == ["unsupported_step"]
    assert "unsafe_upstream" not in codes(validation)


def test_the_other_policies_run_without_a_remark() -> None:
    validation = judged({}, graph(steps=steps("remember_row", "remember", "double")), kinds=KINDS)
    assert codes(validation) == []


def test_rows_behind_a_splitter_of_another_kind_are_counted_whole() -> None:
    parity = PlainStep(kind="parity", config={"column": "plot", "test_size": 0.99}, output="odd")
    config = {"cross_validation": {"kind": "k_fold", "folds": 10}}
    assert codes(judged(config, graph(steps=(parity,)), kinds=KINDS), "error") == []
