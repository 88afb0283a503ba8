"""Smoothing what was counted once, and what is left to fits of its own: warnings, zeros, arrays."""

from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB

from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Table

rng = np.random.default_rng(0)
HALVES = np.arange(80)[::2], np.arange(80)[1::2]
SPLITS = (HALVES, HALVES[::-1])
Y = np.arange(80) // 2 % 3
COUNTS = Table(rng.integers(0, 3, size=(80, 4)) * 1.0, Y, SPLITS)
COUNTING = [BernoulliNB, CategoricalNB, ComplementNB, MultinomialNB]


def values(name: str, *each: Any) -> list[dict[str, Any]]:
    return [{name: value} for value in each]


@pytest.mark.parametrize("cls", COUNTING)
def test_an_alpha_that_warns_is_fitted_by_itself(cls: type):
    X = COUNTS.X.copy()
    X[:, 0] = Y == 0  # never seen with two of the classes: without smoothing, the logarithm of zero
    rare = Table(X, Y, SPLITS)
    candidates = values("alpha", 0.0, 1e-11, 0.5, 1.0, 2)
    for force_alpha in (True, False):
        found = same_as_plain(cls(force_alpha=force_alpha), candidates, rare, "classification")
        assert "prefix" in found


@pytest.mark.parametrize("cls", COUNTING)
def test_an_alpha_that_is_no_number_from_zero_is_fitted_by_itself(cls: type):
    candidates = values("alpha", 0.5, 1.0, -1.0, np.inf, [0.5, 1.0, 0.2, 0.1], None)
    assert "prefix" in same_as_plain(cls(), candidates, COUNTS, "classification")


def test_certainty_that_warns_while_scoring_is_fitted_plainly():
    X = COUNTS.X.copy()
    X[:, 0] = 1.0  # always there: with next to no smoothing its absence has no probability
    candidates = values("alpha", 1e-10, 1e-16, 1.0, 2.0)
    many = Table(np.tile(X, (500, 1)), np.tile(Y, 500), ((np.arange(36_000), np.arange(36_000, 40_000)),))
    same_as_plain(BernoulliNB(), candidates, many, "classification")


def test_a_category_of_the_test_part_only_fails_as_it_does_with_plain_fits():
    X = COUNTS.X.copy()
    X[1, 0] = 7
    same_as_plain(CategoricalNB(), values("alpha", 0.5, 1.0), Table(X, Y, SPLITS), "classification")


def test_a_constant_column_without_smoothing_warns_by_itself():
    X = COUNTS.X.copy()
    X[:, 1] = 2.0
    constant = Table(X, Y, SPLITS)
    candidates = values("var_smoothing", 0, 0.0, 1e-9, 1e-3, 0.5)
    assert "prefix" not in same_as_plain(GaussianNB(), candidates, constant, "classification")
    assert "prefix" in same_as_plain(GaussianNB(), candidates[2:], constant, "classification")


@pytest.mark.parametrize("value", [-1.0, np.inf, "1"])
def test_a_share_of_the_variance_that_is_none_is_fitted_by_itself(value: Any):
    candidates = values("var_smoothing", 1e-9, 1e-3, value)
    assert "prefix" in same_as_plain(GaussianNB(), candidates, COUNTS, "classification")


@pytest.mark.parametrize("kind", [np.float32, np.int64])
def test_the_type_of_the_table_is_kept(kind: type):
    typed = Table((COUNTS.X * 1000).astype(kind), Y, SPLITS)
    candidates = values("var_smoothing", 1e-9, np.float64(1e-3), 1)
    assert "prefix" in same_as_plain(GaussianNB(priors=[0.2, 0.3, 0.5]), candidates, typed, "classification")


def test_likelihoods_are_computed_once_for_all_scorers(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    plain = GaussianNB._joint_log_likelihood
    monkeypatch.setattr(
        GaussianNB, "_joint_log_likelihood", lambda self, X: (asked.append(len(X)), plain(self, X))[1]
    )
    scored(GaussianNB(), values("var_smoothing", 1e-9, 1e-3), COUNTS, "classification")
    assert len(asked) == 2 * 2 * 2  # candidates, folds, sides; there are four scorers
