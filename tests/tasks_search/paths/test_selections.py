"""Columns by their scores: which scores are shared, and which settings are fitted by themselves."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_selection import (
    SelectKBest,
    SelectPercentile,
    chi2,
    f_classif,
    f_regression,
    mutual_info_classif,
    r_regression,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation.step_paths.selections import KBestPath, PercentilePath
from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Table

HALVES = np.arange(80)[::2], np.arange(80)[1::2]
RNG = np.random.default_rng(5)
X = np.abs(np.round(RNG.normal(size=(80, 5)), 1))
TABLE = Table(X, (X[:, 0] > 0.6).astype(int), (HALVES, HALVES[::-1]))
KS = [{"select__k": k} for k in (1, 2, "all", np.int64(3))]


def seeded(X: Any, y: Any, random_state: int) -> Any:
    """Score as somebody's function does that draws."""
    return f_classif(X, y)


def selecting(selector: Any, model: Any = None) -> Pipeline:
    return Pipeline([("select", selector), ("model", model or GaussianNB())])


@pytest.mark.parametrize(
    "function",
    [
        f_classif,
        chi2,
        f_regression,
        r_regression,
        partial(mutual_info_classif, random_state=0),
        partial(mutual_info_classif, random_state=np.int64(1), n_neighbors=2),
    ],
)
def test_scores_that_are_the_same_at_every_fit_are_shared(function: Any):
    assert "shared" in same_as_plain(selecting(SelectKBest(function)), KS, TABLE, "classification")


@pytest.mark.parametrize(
    "function",
    [
        lambda X, y: f_classif(X, y),
        partial(f_classif),
        partial(seeded, random_state=0),
        partial(mutual_info_classif, random_state=0, copy=False),
    ],
    ids=["somebody's", "somebody's partial", "somebody's with a seed", "in place"],
)
def test_other_scores_are_computed_for_each(function: Any):
    assert "shared" not in same_as_plain(selecting(SelectKBest(function)), KS, TABLE, "classification")


@pytest.mark.parametrize("seed", [None, True, np.random.RandomState(0)])
def test_a_drawing_function_without_a_seed_shares_nothing_at_all(seed: Any):
    pipeline = selecting(SelectKBest(partial(mutual_info_classif, random_state=seed), k=2))
    from tests.tasks_search.paths.compared import scored

    drawn = scored(
        pipeline, [{"model__var_smoothing": value} for value in (0.1, 0.2)], TABLE, "classification"
    )
    assert {fold.how for result in drawn for fold in result.folds} == {"fitted"}


@pytest.mark.parametrize("k", [-1, 2.0, True, None, "some"])
def test_a_number_that_is_none_is_left_to_itself(k: Any):
    assert not KBestPath().has({"k": k})
    assert "shared" in same_as_plain(
        selecting(SelectKBest()), [*KS, {"select__k": k}], TABLE, "classification"
    )


@pytest.mark.parametrize("share", [-1, 100.5, "half", None, True])
def test_a_share_that_is_none_is_left_to_itself(share: Any):
    shares = [{"select__percentile": value} for value in (20, 33.3, np.float64(60.0), 100, share)]
    assert "shared" in same_as_plain(selecting(SelectPercentile()), shares, TABLE, "classification")


@pytest.mark.parametrize("share", [-1, 100.5, "50", None])
def test_a_share_that_is_none_is_no_share(share: Any):
    assert PercentilePath().has({"percentile": np.float64(50.0)})
    assert not PercentilePath().has({"percentile": share})


def test_constant_columns_are_warned_of_for_each_and_too_many_columns_for_who_asks_for_them():
    constant = Table(np.column_stack([X, np.ones(80)]), TABLE.y, TABLE.splits)
    counts = [{"select__k": k} for k in (2, 9, 3)]
    same_as_plain(selecting(SelectKBest()), counts, constant, "classification")
    ours = scored(selecting(SelectKBest()), counts, constant, "classification")
    heard = [{text.partition(" ")[0] for _, text in result.folds[0].warnings} for result in ours]
    assert heard[0] < heard[1]
    assert [result.folds[0].how for result in ours] == ["fitted", "shared", "shared"]


def test_sparse_columns_of_a_step_before_are_selected_from_too():
    steps = [
        ("codes", OneHotEncoder(handle_unknown="ignore")),
        ("select", SelectKBest(chi2)),
        ("model", DecisionTreeClassifier(random_state=0)),
    ]
    assert "shared" in same_as_plain(Pipeline(steps), KS, TABLE, "classification")


def test_a_subclass_is_fitted_for_each():
    class Own(SelectKBest):
        pass

    assert "shared" not in same_as_plain(selecting(Own()), KS, TABLE, "classification")


def test_named_columns_stay_named():
    named = Table(pd.DataFrame(X, columns=list("abcde")), TABLE.y, TABLE.splits)
    pipeline = selecting(SelectKBest()).set_output(transform="pandas")
    assert "shared" in same_as_plain(pipeline, KS, named, "classification")
