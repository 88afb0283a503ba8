"""Neighbours read off one query: ties in every place, every way of searching."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.metrics._pairwise_distances_reduction import ArgKminClassMode
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from threadpoolctl import threadpool_limits

from hyperparameter_tuning.tasks.evaluation.paths.neighbour_query import NeighbourQuery
from hyperparameter_tuning.tasks.evaluation.paths.neighbours import KnownNeighbours
from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Problem, Table

KINDS = {"classification": KNeighborsClassifier, "regression": KNeighborsRegressor}
WHOLE, THIRDS = 1, 3


def table(problem: Problem, *, per_unit: float, n_train: int, n_test: int, offset: float = 0.0) -> Table:
    """Draw points of a lattice: distances tie in every row."""
    rng = np.random.default_rng(7)
    n_rows = n_train + n_test
    X = np.rint(rng.normal(size=(n_rows, 3)) * 2 * per_unit) / per_unit + offset
    y = rng.integers(0, 4, n_rows) if problem == "classification" else rng.normal(size=n_rows)
    order = np.arange(n_rows)
    return Table(X, y, ((order[:n_train], order[n_train:]),))


def grid(*counts: int) -> list[dict[str, Any]]:
    pairs = product(counts, ["uniform", "distance"])
    return [{"n_neighbors": count, "weights": weights} for count, weights in pairs]


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("per_unit", [WHOLE, THIRDS])
@pytest.mark.parametrize("problem", list(KINDS))
@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_ties_in_trees_end_as_with_a_plain_query(problem: Problem, algorithm: str, per_unit: float, p: int):
    drawn = table(problem, per_unit=per_unit, n_train=90, n_test=60)
    estimator = KINDS[problem](algorithm=algorithm, p=p)
    assert "prefix" in same_as_plain(estimator, grid(1, 4), drawn, problem)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("per_unit", [WHOLE, THIRDS])
@pytest.mark.parametrize("problem", list(KINDS))
@pytest.mark.parametrize(
    ("n_train", "n_test", "chunk"), [(90, 60, 256), (40, 70, 256), (100, 60, 20), (180, 170, 20)]
)
def test_ties_in_either_strategy_of_brute_force_end_as_with_a_plain_query(
    problem: Problem, per_unit: float, p: int, n_train: int, n_test: int, chunk: int
):
    drawn = table(problem, per_unit=per_unit, n_train=n_train, n_test=n_test)
    estimator = KINDS[problem](algorithm="brute", p=p)
    with config_context(pairwise_dist_chunk_size=chunk):  # rows that pay to be divided, instead of columns
        assert "prefix" in same_as_plain(estimator, grid(1, 4), drawn, problem)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("problem", list(KINDS))
@pytest.mark.parametrize("counts", [(1, 4), (2, 5, 9)])
def test_ties_among_threads_end_as_with_a_plain_query(problem: Problem, counts: tuple[int, ...], p: int):
    """Threads that divide the fitted rows keep other neighbours of a tie than one thread does."""
    drawn = table(problem, per_unit=WHOLE, n_train=180, n_test=60)
    estimator = KINDS[problem](algorithm="brute", p=p)
    with threadpool_limits(2), config_context(pairwise_dist_chunk_size=20):
        assert "prefix" in same_as_plain(estimator, grid(*counts), drawn, problem)


@pytest.mark.parametrize(("problem", "p"), [("classification", 1), ("regression", 2)])
def test_ties_in_large_folds_end_as_with_a_plain_query(problem: Problem, p: int):
    drawn = table(problem, per_unit=WHOLE, n_train=1100, n_test=1200)
    estimator = KINDS[problem](algorithm="brute", p=p)
    assert "prefix" in same_as_plain(estimator, grid(2, 5), drawn, problem)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("algorithm", ["kd_tree", "brute"])
def test_the_order_of_tied_votes_by_distance_decides_between_equal_sums(algorithm: str, p: int):
    rng = np.random.default_rng(5)
    X = np.rint(rng.normal(size=(900, 4)))
    X[:, 0] += 0.5
    drawn = Table(X, rng.integers(0, 2, 900), ((np.arange(300), np.arange(300, 900)),))
    weighted = [{"n_neighbors": count, "weights": "distance"} for count in (9, 12, 16, 17)]
    estimator = KNeighborsClassifier(algorithm=algorithm, p=p)
    assert "prefix" in same_as_plain(estimator, weighted, drawn, "classification")


def half_a_lattice() -> Table:
    """Two classes, fewer rows to look for than to look among, and a tie in nearly every row."""
    rng = np.random.default_rng(0)
    X = np.rint(2 * rng.normal(size=(260, 3)))
    X[:, 0] += 0.5
    return Table(X, rng.integers(0, 2, 260), ((np.arange(180), np.arange(180, 260)),))


def test_votes_by_distance_are_summed_in_their_own_order_beside_votes_that_are_counted():
    brute = KNeighborsClassifier(algorithm="brute", p=1)
    assert "prefix" in same_as_plain(brute, grid(9, 12, 16, 17, 24), half_a_lattice(), "classification")


@pytest.mark.parametrize("p", [1, 2])
def test_votes_that_are_not_counted_are_those_of_a_search_by_columns(p: int):
    """Votes of a table with names are looked up, not counted: threads keep other neighbours of a tie."""
    drawn = half_a_lattice()
    named = Table(pd.DataFrame(drawn.X, columns=["a", "b", "c"]), drawn.y, drawn.splits)
    brute = KNeighborsClassifier(algorithm="brute", p=p)
    with threadpool_limits(2), config_context(pairwise_dist_chunk_size=20):
        assert "prefix" in same_as_plain(brute, grid(1, 2, 4, 5, 9), named, "classification")


def test_an_answer_in_any_order_is_not_taken_where_the_order_matters():
    drawn = half_a_lattice()
    # More rows to look for than to look among, so that both answers are searched by rows.
    X, y, asked = drawn.X[180:], drawn.y[180:], np.ascontiguousarray(drawn.X[:180])
    fitted = KNeighborsClassifier(algorithm="brute", p=1).fit(X, y)
    query = NeighbourQuery(fitted, asked, 17)
    _, loose = query.answer(9, ordered=False, counted=True)
    _, strict = query.answer(9, ordered=True, counted=False)
    plain = fitted.kneighbors(asked, 9, return_distance=False)
    assert (y[strict] == y[plain]).all()
    assert (y[loose] != y[plain]).any()


@pytest.mark.parametrize("algorithm", ["kd_tree", "brute"])
def test_the_order_of_tied_numbers_decides_how_their_sum_is_rounded(algorithm: str):
    drawn = table("regression", per_unit=WHOLE, n_train=180, n_test=120)
    uniform = [{"n_neighbors": count} for count in (3, 5, 8, 13)]
    assert "prefix" in same_as_plain(KNeighborsRegressor(algorithm=algorithm), uniform, drawn, "regression")


@pytest.mark.parametrize("form", [pd.DataFrame, np.asfortranarray, np.float32])
@pytest.mark.parametrize("p", [1, 2])
def test_votes_are_counted_as_the_form_of_the_table_has_it(form: Any, p: int):
    drawn = table("classification", per_unit=WHOLE, n_train=120, n_test=80)
    shaped = Table(form(drawn.X), drawn.y, drawn.splits)
    if form is pd.DataFrame:
        shaped.X.columns = ["a", "b", "c"]
    estimator = KNeighborsClassifier(algorithm="brute", p=p)
    assert "prefix" in same_as_plain(estimator, grid(2, 5), shaped, "classification")


@pytest.mark.parametrize("offset", [1e6, 1e9])
@pytest.mark.parametrize("problem", list(KINDS))
def test_distances_of_cancelled_digits_end_as_with_a_plain_query(problem: Problem, offset: float):
    drawn = table(problem, per_unit=WHOLE, n_train=100, n_test=60, offset=offset)
    for algorithm in ("brute", "ball_tree"):
        assert "prefix" in same_as_plain(KINDS[problem](algorithm=algorithm), grid(2, 5), drawn, problem)


def test_auto_searches_by_brute_force_for_many_neighbours_only():
    drawn = table("regression", per_unit=THIRDS, n_train=40, n_test=30)
    assert "prefix" in same_as_plain(KNeighborsRegressor(), grid(3, 4, 19, 20, 21, 40), drawn, "regression")


@pytest.mark.parametrize("problem", list(KINDS))
def test_more_neighbours_than_rows_fail_by_themselves(problem: Problem):
    drawn = table(problem, per_unit=THIRDS, n_train=20, n_test=30)
    uniform = [{"n_neighbors": count} for count in (3, 20, 21)]
    same_as_plain(KINDS[problem](algorithm="brute"), uniform, drawn, problem)


@pytest.mark.parametrize("metric", ["minkowski", "sqeuclidean"])
@pytest.mark.parametrize(
    ("per_unit", "spread", "offset"),
    [(THIRDS, 6, 1000.3), (WHOLE, 2000, 123456789.0), (WHOLE, 1e9, 0.0), (WHOLE, 1e12, 0.0)],
)
def test_products_of_some_rows_alone_have_other_last_bits(
    per_unit: int, spread: float, offset: float, metric: str
):
    """Some rows tie, and would be asked alone; distances by matrix products depend on the rows beside."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X = np.rint(rng.normal(size=(151, 8)) * spread) / per_unit + offset
        X[:20] = X[20:40]
        drawn = Table(X, rng.normal(size=151), ((np.arange(100), np.arange(100, 151)),))
        brute = KNeighborsRegressor(algorithm="brute", metric=metric)
        found = same_as_plain(brute, grid(1, 2), drawn, "regression")
        assert ("prefix" in found) == (metric == "minkowski")


def test_other_searches_by_brute_force_are_left_to_plain_fits():
    drawn = table("classification", per_unit=WHOLE, n_train=100, n_test=60)
    brute = KNeighborsClassifier(algorithm="brute")
    whole = Table(drawn.X.astype(int), drawn.y, drawn.splits)
    assert "prefix" not in same_as_plain(brute, grid(2, 5), whole, "classification")
    with config_context(enable_cython_pairwise_dist=False):
        assert "prefix" not in same_as_plain(brute, grid(2, 5), drawn, "classification")


def first_half(distances: Any) -> Any:
    """Weights that read how many neighbours there are."""
    return np.arange(distances.shape[1]) < distances.shape[1] / 2 + np.zeros_like(distances)


def farthest(one: Any, other: Any) -> float:
    """A distance of somebody else."""
    return float(np.abs(one - other).max())


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"metric": "cosine", "algorithm": "brute"}, {}),
        ({"metric": "minkowski", "metric_params": {"w": [1.0, 2.0, 0.5]}}, {}),
        ({"p": 0.5, "algorithm": "brute"}, {}),
        ({"metric": farthest}, {}),
        ({"metric": "chebyshev"}, {}),
        ({}, {"weights": None}),
        ({}, {"weights": first_half}),
    ],
)
def test_what_was_not_proven_is_fitted_plainly(settings: dict[str, Any], path: dict[str, Any]):
    drawn = table("regression", per_unit=THIRDS, n_train=60, n_test=30)
    candidates = [{"n_neighbors": count, **path} for count in (2, 3, 4)]
    found = scored(KNeighborsRegressor(**settings), candidates, drawn, "regression")
    assert "prefix" not in {fold.how for result in found for fold in result.folds}


@pytest.mark.parametrize("count", [0, 2.0, "3"])
def test_a_number_of_neighbours_that_is_none_is_refused_by_its_own_fit_only(count: Any):
    drawn = table("regression", per_unit=THIRDS, n_train=60, n_test=30)
    candidates = [{"n_neighbors": each} for each in (2, 3, count)]
    assert "prefix" in same_as_plain(KNeighborsRegressor(), candidates, drawn, "regression")


def test_weights_that_are_none_are_refused_by_their_own_fit_only():
    drawn = table("regression", per_unit=THIRDS, n_train=60, n_test=30)
    candidates = [{"n_neighbors": 3, "weights": weights} for weights in ("uniform", "distance", "near")]
    assert "prefix" in same_as_plain(KNeighborsRegressor(), candidates, drawn, "regression")


def test_known_votes_are_not_counted_again(monkeypatch: pytest.MonkeyPatch):
    counted: list[Any] = []
    as_ever = ArgKminClassMode.compute
    monkeypatch.setattr(
        ArgKminClassMode, "compute", lambda *args, **told: counted.append(told) or as_ever(*args, **told)
    )
    drawn = table("classification", per_unit=WHOLE, n_train=120, n_test=80)
    candidates = [{"n_neighbors": count} for count in range(2, 9)]
    brute = KNeighborsClassifier(algorithm="brute", p=1)
    scored(brute, candidates, drawn, "classification", shared_fits=False)
    plainly = len(counted)
    scored(brute, candidates, drawn, "classification")
    assert plainly >= 2 * len(candidates)
    # Those of the one candidate that the self-check fits.
    assert len(counted) - plainly <= plainly / len(candidates)


def test_neighbours_are_known_for_their_own_table_and_number_only():
    table, other = np.zeros((2, 1)), np.ones((2, 1))
    asked: list[Any] = []
    known = KnownNeighbours(lambda *told: asked.append(told), [(table, "distances", "indices")])
    assert known(table) == ("distances", "indices")
    assert known(table, return_distance=False) == "indices"
    known(table, 3)
    known(other)
    assert asked == [(table, 3, True), (other, None, True)]
