"""Drag, connect, Run: every model succeeds with no field touched, on data prepared upstream."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperparameter_tuning.registry.models import model_specs
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving

PENGUINS = {"source": "file", "path": "examples/penguins.csv", "target": "species"}
DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}
QUICK = {"logistic_regression", "random_forest_classifier", "gaussian_nb", "ridge_regression", "svr"}
"""One of each family and problem; the others are in the long form."""
MODELS = [pytest.param(key, marks=[pytest.mark.long] * (key not in QUICK)) for key in sorted(model_specs())]


@pytest.fixture(scope="module")
def quick_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation that ends a search soon, two jobs at a time; configurations stay the defaults."""
    variables = {"HPT_MAX_SECONDS": "2", "HPT_N_JOBS": "1", "HPT_CONCURRENCY": "2"}
    with serving(Path(tmp_path_factory.mktemp("defaults")), variables) as running:
        yield running


def sent(stack: Stack, key: str) -> tuple[str, str]:
    """The pipeline of a model with no field touched, and its job on its way."""
    classification = model_specs()[key].problem_type == "classification"
    steps = [("split", {}), ("impute", {}), ("encode", {})] if classification else [("split", {})]
    steps.append(("scale", {"method": "minmax"}))
    graph = tuning_graph(PENGUINS if classification else DIABETES, key, steps=tuple(steps))
    pipeline = stack.create_pipeline(graph)
    return pipeline, str(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])


@pytest.fixture(scope="module")
def jobs(request: pytest.FixtureRequest, quick_stack: Stack) -> dict[str, tuple[str, str]]:
    """Pipeline and job of each model that is asked for, all sent at once."""
    asked = {item.callspec.params["key"] for item in request.session.items if item.path == request.path}
    return {key: sent(quick_stack, key) for key in sorted(asked)}


@pytest.mark.parametrize("key", MODELS)
def test_defaults_run(quick_stack: Stack, jobs: dict[str, tuple[str, str]], key: str) -> None:
    pipeline, job_id = jobs[key]
    job = quick_stack.settled(job_id)

    assert job["counts"]["complete"] >= 1
    assert job["counts"]["failed"] == 0
    assert quick_stack.node(pipeline, "tune")["data"]["result"]["best_params"] == job["best"]["params"]
