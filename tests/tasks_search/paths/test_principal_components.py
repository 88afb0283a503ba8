"""Principal components: the first of many are the few, where the solver computes all of them anyhow."""

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

RNG = np.random.default_rng(5)
COUNTS = [{"pca__n_components": count} for count in (2, 1, np.int64(4))]


def table(n_rows: int, n_features: int) -> Table:
    X = RNG.normal(size=(n_rows, n_features)) * np.arange(1, n_features + 1)
    halves = np.arange(n_rows)[::2], np.arange(n_rows)[1::2]
    return Table(X, (X[:, 0] > 0).astype(int), (halves, halves[::-1]))


SMALL = table(80, 6)


def reducing(**settings: Any) -> Pipeline:
    return Pipeline([("pca", PCA(**{"random_state": 0, **settings})), ("model", GaussianNB())])


def ways(pipeline: Pipeline, counts: Any = COUNTS, rows: Table = SMALL) -> set[str]:
    return same_as_plain(pipeline, counts, rows, "classification")


@pytest.mark.parametrize("solver", ["auto", "full", "covariance_eigh"])
@pytest.mark.parametrize("whiten", [True, False])
@pytest.mark.parametrize("form", [np.asfortranarray, np.float32, np.asarray])
def test_the_first_components_are_the_same(solver: str, whiten: bool, form: Any):
    shaped = Table(form(SMALL.X), SMALL.y, SMALL.splits)
    assert "shared" in ways(reducing(svd_solver=solver, whiten=whiten), rows=shaped)


@pytest.mark.parametrize("shape", [(2400, 20), (1100, 120)], ids=["tall", "neither tall nor small"])
def test_automatic_solvers_of_large_tables(shape: tuple[int, int]):
    """A tall table has one solver for any number; of others, few components are searched for at random."""
    counts = [{"pca__n_components": count} for count in (2, shape[1] - 1, shape[1])]
    assert ("shared" in ways(reducing(), counts, table(*shape))) == (shape[1] == 20)
    assert "shared" in ways(reducing(svd_solver="full"), counts, table(*shape))


@pytest.mark.parametrize(
    "settings", [{"svd_solver": "arpack"}, {"svd_solver": "randomized"}, {"copy": False}]
)
def test_other_ways_are_gone_for_each(settings: Any):
    assert "shared" not in ways(reducing(**settings))


@pytest.mark.parametrize("count", [None, 0.9, "mle", 7, 0])
def test_a_number_off_the_path_is_left_to_itself(count: Any):
    assert "shared" in ways(reducing(svd_solver="full"), [*COUNTS, {"pca__n_components": count}])


def test_a_subclass_is_fitted_for_each():
    class Own(PCA):
        pass

    own = Pipeline([("pca", Own(random_state=0)), ("model", GaussianNB())])
    assert "shared" not in ways(own)


def test_sparse_rows_are_fitted_for_each():
    pipeline = reducing(svd_solver="covariance_eigh")
    pipeline.steps.insert(0, ("codes", OneHotEncoder(handle_unknown="ignore")))
    coarse = Table(np.rint(SMALL.X / 4), SMALL.y, SMALL.splits)
    assert "shared" not in ways(pipeline, rows=coarse)
