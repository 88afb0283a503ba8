"""Drag, connect, Run: every model succeeds with no field touched, on data prepared upstream."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperparameter_tuning.registry.models import model_specs
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving

PENGUINS = {"source": "file", "path": "examples/penguins.csv", "target": "species"}
DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}


@pytest.fixture(scope="module")
def quick_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation whose ceiling ends a search after a few seconds; configurations stay the defaults."""
    with serving(Path(tmp_path_factory.mktemp("defaults")), {"HPT_MAX_SECONDS": "5"}) as running:
        yield running


@pytest.mark.parametrize("key", sorted(model_specs()))
def test_defaults_run(quick_stack: Stack, key: str) -> None:
    model = model_specs()[key]
    classification = model.problem_type == "classification"
    steps = [("split", {}), ("impute", {}), ("encode", {})] if classification else [("split", {})]
    steps.append(("scale", {"method": "minmax"}))
    graph = tuning_graph(PENGUINS if classification else DIABETES, key, steps=tuple(steps))
    pipeline = quick_stack.create_pipeline(graph)
    job = quick_stack.settled(quick_stack.submit(pipeline_id=pipeline, node_id="tune")["id"])

    assert job["counts"]["complete"] >= 1
    assert job["counts"]["failed"] == 0
    assert quick_stack.node(pipeline, "tune")["data"]["result"]["best_params"] == job["best"]["params"]
