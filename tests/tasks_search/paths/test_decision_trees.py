"""Cut and pruned trees: every node is that of a plain fit, and growth that differs is never shared."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from hyperparameter_tuning.tasks.evaluation.paths.decision_trees import DecisionTreePath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Problem, Table

TREES = [
    (DecisionTreeClassifier, "classification"),
    (ExtraTreeClassifier, "classification"),
    (DecisionTreeRegressor, "regression"),
    (ExtraTreeRegressor, "regression"),
]


def table(problem: Problem, n_rows: int = 160, n_features: int = 5) -> Table:
    rng = np.random.default_rng(0)
    X = np.round(rng.normal(size=(n_rows, n_features)), 1)
    y = X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=n_rows) / 2
    if problem == "classification":
        y = np.digitize(y, [-0.5, 0.5])
    halves = np.arange(n_rows)[::2], np.arange(n_rows)[1::2]
    return Table(X, y, (halves, halves[::-1]))


def grid(**values: Any) -> list[dict[str, Any]]:
    return [dict(zip(values, each, strict=True)) for each in product(*values.values())]


@pytest.mark.parametrize(("cls", "problem"), TREES)
def test_cut_and_pruned_nodes_are_those_of_a_plain_fit(cls: type, problem: Problem):
    drawn = table(problem)
    (train, test), _ = drawn.splits
    fold = PreparedFold(drawn.X[train], drawn.y[train], drawn.X[test], drawn.y[test])
    wanted = grid(ccp_alpha=[0.0, 0.005, 0.02], max_leaf_nodes=[2, 3, 7, 20, 500])
    made = DecisionTreePath().prefixes(cls(random_state=1), wanted, PathRows(fold, True))
    for position, prefix in made:
        plain = cls(random_state=1, **wanted[position]).fit(fold.X_train, fold.y_train)
        ours, theirs = prefix.tree_.__getstate__(), plain.tree_.__getstate__()
        assert ours["values"].tobytes() == theirs["values"].tobytes()
        for name in theirs["nodes"].dtype.names:
            np.testing.assert_array_equal(ours["nodes"][name], theirs["nodes"][name], err_msg=name)
        assert prefix.get_params() == plain.get_params()


@pytest.mark.parametrize(("cls", "problem"), TREES)
def test_growth_with_and_without_a_limit_are_not_mixed(cls: type, problem: Problem):
    candidates = grid(ccp_alpha=[0.0, 0.01], max_leaf_nodes=[None, 4, 30])
    settings: dict[str, Any] = {"random_state": 0, "max_features": 2, "max_depth": 6}
    rule = DecisionTreePath()
    assert rule.part(cls(), candidates[0]) != rule.part(cls(), candidates[1])
    assert "prefix" in same_as_plain(cls(**settings), candidates, table(problem), problem)


def test_without_a_seed_each_tree_is_grown():
    drawn = table("classification")
    unseeded = DecisionTreeClassifier(random_state=None)
    found = scored(unseeded, grid(max_leaf_nodes=[2, 3, 4]), drawn, "classification")
    assert "prefix" not in {fold.how for result in found for fold in result.folds}


@pytest.mark.parametrize(
    "odd",
    [
        {"ccp_alpha": -1.0},
        {"ccp_alpha": float("inf")},
        {"ccp_alpha": "0.1"},
        {"max_leaf_nodes": 1},
        {"max_leaf_nodes": 2.0},
    ],
)
def test_a_value_that_is_not_on_the_path_is_refused_by_its_own_fit_only(odd: dict[str, Any]):
    candidates = [{"max_leaf_nodes": 4}, {"max_leaf_nodes": 9}, {"max_leaf_nodes": 6, **odd}]
    tree = DecisionTreeClassifier(random_state=0)
    assert "prefix" in same_as_plain(tree, candidates, table("classification"), "classification")


def test_missing_values_and_monotonic_constraints_are_on_the_path():
    candidates = grid(ccp_alpha=[0.0, 0.01], max_leaf_nodes=[3, 9, 40])
    drawn = table("regression")
    holes = Table(np.where(drawn.X == 0.5, np.nan, drawn.X), drawn.y, drawn.splits)
    assert "prefix" in same_as_plain(DecisionTreeRegressor(random_state=0), candidates, holes, "regression")
    rising = DecisionTreeRegressor(random_state=0, monotonic_cst=[1, 0, 0, -1, 0])
    assert "prefix" in same_as_plain(rising, candidates, drawn, "regression")


@pytest.mark.parametrize(
    ("estimator", "candidates", "value"),
    [
        (DecisionTreeClassifier(random_state=0), grid(ccp_alpha=[0.0, 0.01]), np.inf),
        (RandomForestClassifier(random_state=0), grid(n_estimators=[2, 4]), np.inf),
        (GradientBoostingClassifier(random_state=0), grid(n_estimators=[2, 4]), np.nan),
    ],
)
def test_rows_that_cannot_be_predicted_fail_as_they_do_with_plain_fits(
    estimator: Any, candidates: list[dict[str, Any]], value: float
):
    drawn = table("classification")
    drawn.X[drawn.splits[0][1][0], 0] = value  # a row that is tested only
    one = Table(drawn.X, drawn.y, drawn.splits[:1])
    same_as_plain(estimator, candidates, one, "classification")
