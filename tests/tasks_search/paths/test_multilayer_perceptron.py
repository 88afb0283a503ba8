"""Multilayer perceptrons: where a training ends, who is told that it is not done, and a prefix's weights."""

import numpy as np
import pytest
from sklearn.datasets import load_wine, make_regression
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import scale

from hyperparameter_tuning.tasks.evaluation.paths.multilayer_perceptron import MultilayerPerceptronPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

BOTH = {"fitted", "prefix"}
SETTINGS = [
    {"solver": "adam", "early_stopping": True, "learning_rate_init": 0.05},
    {"solver": "adam", "learning_rate_init": 0.1, "tol": 0.05},
    {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.5, "tol": 0.02},
    {"solver": "sgd", "early_stopping": True, "learning_rate_init": 0.2},
]


def wine():
    X, y = load_wine(return_X_y=True)
    return scale(X), y


def halves(X, y):
    even, odd = np.arange(0, len(X), 2), np.arange(1, len(X), 2)
    return Table(X, y, ((even, odd), (odd, even)))


@pytest.mark.parametrize("settings", SETTINGS)
def test_trainings_that_end_by_themselves(settings):
    """Scores, and who is told that the training is unfinished: also the very round at which it stops."""
    X, y = wine()
    model = MLPClassifier((5,), random_state=1, n_iter_no_change=2, max_iter=400, **settings)
    ended = model.fit(X[::2], y[::2]).n_iter_
    assert ended < 400
    candidates = [{"max_iter": epochs} for epochs in (ended - 1, ended, ended + 1, 2, 400)]
    assert same_as_plain(model, candidates, halves(X, y), "classification") == BOTH


def test_the_longest_may_be_unfinished_too():
    X, y = wine()
    candidates = [{"max_iter": epochs} for epochs in (2, 5)]
    model = MLPClassifier((3,), random_state=0)
    assert same_as_plain(model, candidates, halves(X, y), "classification") == BOTH


def test_only_unfinished_candidates_warn():
    X, y = wine()
    rows = PathRows(PreparedFold(X, y, X, y), with_train=False)
    model = MLPClassifier((5,), random_state=1, n_iter_no_change=2, tol=0.05, learning_rate_init=0.1)
    wanted = [{"max_iter": 300}, {"max_iter": 2}]
    assert [position for position, _ in MultilayerPerceptronPath().prefixes(model, wanted, rows)] == [1, 0]
    assert list(rows.own_warnings) == [1]
    assert isinstance(rows.own_warnings[1][0], ConvergenceWarning)


def test_large_folds():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2600, 3))
    model = MLPRegressor(hidden_layer_sizes=(4,), random_state=0, batch_size=100)
    candidates = [{"max_iter": epochs} for epochs in (2, 5)]
    assert same_as_plain(model, candidates, halves(X, X[:, 0]), "regression") == BOTH


def test_other_warnings_end_in_plain_fits():
    X, y = make_regression(60, 2, random_state=0)
    model = MLPRegressor(hidden_layer_sizes=(3,), random_state=0, batch_size=500)
    candidates = [{"max_iter": epochs} for epochs in (2, 5)]
    assert same_as_plain(model, candidates, halves(X, y), "regression") == {"fitted"}


def test_weights_that_are_not_finite_fail_as_plainly():
    X, y = make_regression(60, 2, random_state=0)
    model = MLPRegressor(
        hidden_layer_sizes=(3,), activation="identity", solver="sgd", random_state=0, learning_rate_init=1e6
    )
    candidates = [{"max_iter": epochs} for epochs in (1, 30)]
    same_as_plain(model, candidates, halves(X, y), "regression")


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": 0, "solver": "lbfgs"},
        {"random_state": 0, "warm_start": True},
    ],
)
def test_settings_without_a_path(settings):
    assert not MultilayerPerceptronPath().allows(MLPClassifier(**settings))


@pytest.mark.parametrize("epochs", [True, 0, 2.0, None])
def test_epochs_that_are_not_on_the_path(epochs):
    assert not MultilayerPerceptronPath().has(MLPClassifier(), {"max_iter": epochs})


@pytest.mark.parametrize("early_stopping", [True, False])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_prefix_says_of_itself_what_the_fitted_one_says(early_stopping):
    X, y = wine()
    settings = {"hidden_layer_sizes": (4,), "random_state": 0, "early_stopping": early_stopping}
    wanted = [{"max_iter": 3}, {"max_iter": 12}]
    rows = PathRows(PreparedFold(X, y, X, y), with_train=False)
    for position, prefix in MultilayerPerceptronPath().prefixes(MLPClassifier(**settings), wanted, rows):
        plain = MLPClassifier(**settings, **wanted[position]).fit(X, y)
        assert prefix.get_params() == plain.get_params()
        for name in ("n_iter_", "t_", "loss_", "best_loss_", "loss_curve_", "validation_scores_"):
            assert getattr(prefix, name) == getattr(plain, name)
        for ours, theirs in zip(
            prefix.coefs_ + prefix.intercepts_, plain.coefs_ + plain.intercepts_, strict=True
        ):
            assert np.array_equal(ours, theirs)
