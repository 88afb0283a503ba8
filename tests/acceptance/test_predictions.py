"""The two files of a tuned model, one for the table's rows and one for prepared rows, predict alike."""

from pathlib import Path

import pytest

from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.data import read_table
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.prediction import predict
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack
from tests.downloaded_models import assert_both_predict_alike

PENGUINS = {"source": "file", "path": "examples/penguins.csv", "target": "species"}
STEPS = (("split", {"test_size": 0.25}), ("impute", {}), ("encode", {}), ("scale", {}))
CONFIG = {
    "strategy": {"name": "random"},
    "budget": {"max_trials": 3},
    "cross_validation": {"kind": "k_fold", "folds": 2},
}


def test_raw_rows_and_prepared_rows_are_predicted_alike(embedded_stack: Stack, tmp_path: Path) -> None:
    # Coefficients show any difference of the prepared values; the thresholds of a tree would hide small ones.
    graph = tuning_graph(PENGUINS, "logistic_regression", steps=STEPS, config=CONFIG)
    job = embedded_stack.submit(pipeline_id=embedded_stack.create_pipeline(graph), node_id="tune")
    assert embedded_stack.wait(job["id"])["status"] == "succeeded"

    table = read_table(PENGUINS, Settings())
    raw, prepared = assert_both_predict_alike(
        lambda path: embedded_stack.request("GET", path),
        f"/hyperparameter-tuning-jobs/{job['id']}",
        graph,
        node_kinds(),
        table,
        tmp_path,
    )
    assert [column.name for column in raw.columns] == [name for name in table if name != "species"]
    with pytest.raises(DataError) as refused:
        predict(prepared, table)
    assert refused.value.code == "column_missing"
