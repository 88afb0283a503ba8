"""XGBoost and LightGBM: which settings have a path, how rounds are cut, and that neither is needed."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.model_selection import StratifiedKFold
from xgboost import XGBClassifier, XGBRegressor, XGBRFRegressor
from xgboost.callback import EvaluationMonitor

from hyperparameter_tuning.tasks.evaluation.paths.rounds import LightGBMPath, XGBoostPath, _FirstRounds
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.paths.table import rule_of
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

ROUNDS = [{"n_estimators": count} for count in (4, 25, 1, 9)]
ALONE = {"n_jobs": 1}
QUIET = {"n_jobs": 1, "verbosity": -1}


@pytest.mark.parametrize(
    "model",
    [
        XGBClassifier(**ALONE, subsample=0.5, colsample_bytree=0.5),
        XGBClassifier(**ALONE, random_state=3, grow_policy="lossguide", max_leaves=5, num_parallel_tree=2),
        LGBMClassifier(**QUIET, subsample=0.5, subsample_freq=2, colsample_bytree=0.5),
        LGBMClassifier(**QUIET, class_weight="balanced", random_state=3),
    ],
    ids=lambda model: type(model).__name__,
)
@pytest.mark.parametrize("load", [load_wine, load_breast_cancer])
def test_rows_and_columns_drawn_by_round(model, load):
    X, y = load(return_X_y=True)
    table = Table(X, y, tuple(StratifiedKFold(2).split(X, y)))
    assert same_as_plain(model, ROUNDS, table, "classification") == {"fitted", "prefix"}


def test_rounds_that_lightgbm_drops_are_not_counted():
    X, y = load_wine(return_X_y=True)
    model = LGBMClassifier(**QUIET, subsample=0.5, subsample_freq=1)
    assert model.set_params(n_estimators=25).fit(X[::2], y[::2])._Booster.current_iteration() < 25
    table = Table(X, y, ((np.arange(0, 178, 2), np.arange(178)),))
    candidates = [{"n_estimators": count} for count in range(1, 26)]
    assert same_as_plain(model, candidates, table, "classification") == {"fitted", "prefix"}


@pytest.mark.parametrize("model", [XGBRegressor(**ALONE), LGBMRegressor(**QUIET)])
def test_a_fit_that_warns_is_not_shared(model, monkeypatch):
    """The longest may warn of what the others would not."""
    as_ever = type(model).fit

    def warned(self, X, y, **told):
        if self.n_estimators > 20:
            warnings.warn("so many rounds", UserWarning, stacklevel=2)
        return as_ever(self, X, y, **told)

    monkeypatch.setattr(type(model), "fit", warned)
    X, y = load_wine(return_X_y=True)
    table = Table(X, y, ((np.arange(0, 178, 2), np.arange(178)),))
    assert same_as_plain(model, ROUNDS, table, "regression") == {"fitted"}


def test_a_booster_of_no_round_is_none():
    """LightGBM would predict from all rounds, asked for the first none."""
    X, y = load_wine(return_X_y=True)
    booster = LGBMRegressor(**QUIET, n_estimators=3).fit(X, y)._Booster
    assert np.array_equal(booster.predict(X, num_iteration=0), booster.predict(X))
    assert np.array_equal(_FirstRounds(booster, 1).predict(X), booster.predict(X, num_iteration=1))
    with pytest.raises(ValueError, match="no round was kept"):
        _FirstRounds(booster, 0)


@pytest.mark.parametrize("model", [XGBRegressor(**ALONE), LGBMRegressor(**QUIET)])
def test_large_folds_and_missing_values(model):
    rng = np.random.default_rng(0)
    X = np.rint(rng.normal(size=(2600, 4)) * 3)
    y = X[:, 0] + rng.normal(size=2600)
    X[::5, 0] = np.nan
    table = Table(X, y, ((np.arange(1300), np.arange(1300, 2600)),))
    assert same_as_plain(model, ROUNDS, table, "regression") == {"fitted", "prefix"}


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": np.random.RandomState(0)},
        {"n_jobs": 2},
        {"n_jobs": None},
        {"objective": lambda y, predicted: (predicted - y, np.ones_like(y))},
        {"booster": "dart"},
        {"booster": "gblinear"},
        {"device": "cuda"},
        {"early_stopping_rounds": 2},
        {"callbacks": [EvaluationMonitor()]},
        {"process_type": "update"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_settings_of_xgboost_without_a_path(settings):
    assert XGBoostPath().allows(XGBRegressor(n_jobs=1))
    assert not XGBoostPath().allows(XGBRegressor(**{"n_jobs": 1, **settings}))


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": np.random.RandomState(0)},
        {"n_jobs": 2},
        {"n_jobs": None},
        {"objective": lambda y, predicted: (predicted - y, np.ones_like(y))},
        {"boosting_type": "dart"},
        {"boosting_type": "rf"},
        {"data_sample_strategy": "goss"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_settings_of_lightgbm_without_a_path(settings):
    assert LightGBMPath().allows(LGBMRegressor(**QUIET))
    assert not LightGBMPath().allows(LGBMRegressor(**{**QUIET, **settings}))


@pytest.mark.parametrize("count", [True, 0, 2.0, None])
def test_counts_that_are_not_on_the_path(count):
    assert not LightGBMPath().has(LGBMRegressor(), {"n_estimators": count})


def test_only_exactly_these_classes_have_a_path():
    class Own(LGBMRegressor):
        pass

    assert isinstance(rule_of(XGBRegressor()), XGBoostPath)
    assert isinstance(rule_of(LGBMRegressor()), LightGBMPath)
    assert rule_of(XGBRFRegressor()) is None
    assert rule_of(Own()) is None


@pytest.mark.parametrize("model", [XGBClassifier(**ALONE), LGBMClassifier(**QUIET)])
def test_a_prefix_is_the_fitted_one_for_any_table(model):
    X, y = load_wine(return_X_y=True)
    rule = rule_of(model)
    rows = PathRows(PreparedFold(X, y, X, y), with_train=False)
    for position, prefix in rule.prefixes(model, ROUNDS, rows):
        plain = type(model)(**model.get_params()).set_params(**ROUNDS[position]).fit(X, y)
        assert prefix.n_estimators == plain.n_estimators
        assert np.array_equal(prefix.predict_proba(X[:40] * 0.9), plain.predict_proba(X[:40] * 0.9))
        assert np.array_equal(prefix.predict(X), plain.predict(X))


def test_the_table_of_paths_loads_neither_package():
    code = (
        "import sys, hyperparameter_tuning.tasks.evaluation.paths.table;"
        "sys.exit(any(name in sys.modules for name in ('xgboost', 'lightgbm')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
