"""Pipelines that the origin saved run, end to end, as they are."""

from __future__ import annotations

import pytest

from tests.acceptance.stack import Stack
from tests.registry_versions.saved import TUNING_NODES, saved, write_table

JOBS = "/hyperparameter-tuning-jobs"


def test_an_origins_canvas_runs_and_takes_the_best_parameters(embedded_stack: Stack) -> None:
    write_table(embedded_stack.data_dir / "data")
    pipeline = embedded_stack.create_pipeline(saved("version_0_canvas"))
    job = embedded_stack.submit(pipeline_id=pipeline, base_revision=1)
    done = embedded_stack.settled(job["id"])
    assert done["counts"]["failed"] == 0
    assert done["config"]["cross_validation"]["folds"] == 3
    trials = embedded_stack.get(f"{JOBS}/{job['id']}/trials")["items"]
    searched = [item for item in trials if item["origin"] == "search"]
    assert {item["params"]["max_depth"] for item in searched} <= {3, 6, None}
    assert trials[0]["params"]["min_samples_leaf"] == 2  # the model node's own, from its JSON text
    applied = embedded_stack.request(
        "POST", f"{JOBS}/{job['id']}/apply", json={"trial": searched[0]["number"]}
    )
    assert applied.status_code == 200, applied.text
    trained = embedded_stack.node(pipeline, "node-7")["data"]
    written = {name: trained["config"]["params"][name] for name in ("max_depth", "min_samples_leaf")}
    assert written == {name: searched[0]["params"][name] for name in written}
    assert trained["catalogType"] == "train_model_draft"
    assert embedded_stack.node(pipeline, "node-6")["data"]["result"]["score"] == done["best"]["score"]


@pytest.mark.parametrize("name", ["version_0_later_canvas", "version_0_pipeline"])
def test_the_later_forms_run_inline(embedded_stack: Stack, name: str) -> None:
    write_table(embedded_stack.data_dir / "data")
    job = embedded_stack.submit(graph=saved(name), node_id=TUNING_NODES[name])
    done = embedded_stack.wait(job["id"])
    assert (done["status"], done["counts"]["failed"]) == ("succeeded", 0), done
    assert done["counts"]["complete"] >= 3
