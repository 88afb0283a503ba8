"""What is said before a run of steps that learn from rows in ways of their own."""

from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.shared.plain_form import PlainStep, PlainValidation
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


SPLIT = PlainStep(kind="split", node_id="cut", config={"test_size": 0.2}, output="test")
SAID = "The test rows are connected to 'tune': a search must not see them. Use 'train'."


@pytest.mark.parametrize(
    "ways",
    [
        {"steps": (SPLIT,)},
        {"steps": (SPLIT, SPLIT.model_copy(update={"output": "train"}))},
        {"validation": PlainValidation(steps=(SPLIT,))},
        {"validation": PlainValidation(dataset={"source": "sample", "name": "iris"}, steps=(SPLIT,))},
    ],
    ids=["training", "before another split", "validation", "a table of its own"],
)
def test_test_rows_do_not_enter_the_search(ways: dict[str, Any]) -> None:
    validation = judged({}, graph(**ways))
    finding = only(validation, "test_rows_in_search")
    assert (finding.pointer, finding.severity, finding.message) == ("", "error", SAID)
    assert validation.task is None


def leaving_by(output: str | None) -> PlainStep:
    return SPLIT.model_copy(update={"config": {"validation_size": 0.2}, "output": output})


def test_the_rows_to_learn_from_at_both_ports_are_a_warning() -> None:
    both = graph(steps=(leaving_by("train"),), validation=PlainValidation(steps=(leaving_by(None),)))
    finding = only(judged({}, both), "same_rows_at_both_ports")
    assert (finding.severity, finding.pointer) == ("warning", "")
    own = graph(steps=(leaving_by("train"),), validation=PlainValidation(steps=(leaving_by("validation"),)))
    other = {"source": "sample", "name": "wine"}
    elsewhere = graph(
        steps=(leaving_by("train"),), validation=PlainValidation(dataset=other, steps=(leaving_by("train"),))
    )
    for apart in (own, elsewhere):
        assert "same_rows_at_both_ports" not in codes(judged({}, apart))


def test_an_output_that_is_not_there_is_named_on_the_way_to_the_validation_port() -> None:
    way = PlainValidation(steps=(leaving_by("vaildation"),))
    finding = only(judged({}, graph(steps=(leaving_by("train"),), validation=way)), "unknown_output")
    assert finding.severity == "error"
    assert finding.message.endswith("Did you mean 'validation'?")


@pytest.mark.parametrize("output", ["train", "validation"])
def test_rows_that_leave_by_another_output_do(output: str) -> None:
    step = SPLIT.model_copy(update={"config": {"validation_size": 0.5}, "output": output})
    assert "test_rows_in_search" not in codes(judged({}, graph(steps=(step,))))


def test_another_splitter_says_itself_which_are_its_test_rows() -> None:
    kinds = {**KINDS, "parity": replace(KINDS["parity"], test_outputs=("even",))}
    config = {"column": "plot"}
    odd, even = (PlainStep(kind="parity", config=config, output=output) for output in ("odd", "even"))
    finding = only(judged({}, graph(steps=(even,)), kinds=kinds), "test_rows_in_search")
    assert finding.message.endswith("Use 'odd'.")
    assert codes(judged({}, graph(steps=(odd,)), kinds=kinds), "error") == []


def test_rows_behind_a_splitter_of_another_kind_are_counted_whole() -> None:
    parity = PlainStep(kind="parity", config={"column": "plot", "test_size": 0.99}, output="odd")
    config = {"cross_validation": {"kind": "k_fold", "folds": 10}}
    assert codes(judged(config, graph(steps=(parity,)), kinds=KINDS), "error") == []
