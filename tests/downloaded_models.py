"""A tuned model as somebody else uses it: downloaded in both forms, and rows prepared without any of it."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pandas as pd
from sklearn.pipeline import Pipeline

from hyperparameter_tuning.shared.column_types import conform, infer_columns
from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.prediction import Prediction, TunedModel, load_tuned, predict
from hyperparameter_tuning.shared.preparation import build_steps, make_steps
from hyperparameter_tuning.shared.split_node import select_rows

Get = Callable[[str], httpx.Response]


def downloaded(get: Get, job_path: str, wanted: str, folder: Any) -> TunedModel:
    """Download a model of a job, and open it by its document."""
    document, content = (
        get(f"{job_path}/artifact/document?input={wanted}"),
        get(f"{job_path}/artifact?input={wanted}"),
    )
    assert (document.status_code, content.status_code) == (200, 200), document.text
    file = folder / f"{wanted}.skops"
    file.write_bytes(content.content)
    return load_tuned(file, document.json())


def prepared(graph: Mapping[str, Any], kinds: NodeKinds, table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* as the nodes before the tuning node `tune` leave it, fitted on its training rows."""
    plain, findings = plain_form(parse_graph(dict(graph)), "tune", kinds)
    assert not findings
    target, columns = str(plain.target), infer_columns(table)
    train = select_rows(table, plain.steps, kinds, target=target, problem_type="classification")
    train = [row for row in train if pd.notna(table[target].iloc[row])]
    features = [column for column in columns if column.name != target]
    rows = conform(table, features)
    steps = Pipeline(make_steps(build_steps(plain.steps, features, kinds), "classification"))
    fitted = steps.fit(rows.iloc[train], table[target].iloc[train])
    found: pd.DataFrame = fitted.transform(rows)
    return found


def assert_same(one: Prediction, other: Prediction) -> None:
    """Both say the same of every row, to the bit, and not the same of all rows."""
    assert one.values.equals(other.values)
    assert one.values.nunique() > 1
    assert one.probabilities is not None
    assert other.probabilities is not None
    pd.testing.assert_frame_equal(one.probabilities, other.probabilities, check_exact=True)


def assert_both_predict_alike(
    get: Get, job_path: str, graph: Mapping[str, Any], kinds: NodeKinds, table: pd.DataFrame, folder: Any
) -> tuple[TunedModel, TunedModel]:
    """The raw model on the table's rows says what the prepared one says of prepared rows.

    Returns:
        Both models.
    """
    raw, final = (downloaded(get, job_path, wanted, folder) for wanted in ("raw", "prepared"))
    assert (raw.input, final.input) == ("raw", "prepared")
    rows = prepared(graph, kinds, table)
    assert [column.name for column in final.columns] == list(rows)
    assert_same(predict(raw, table), predict(final, rows))
    return raw, final
