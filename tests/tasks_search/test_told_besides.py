"""What a search is told besides rows and target: weights, groups, callbacks, routed metadata; every class."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import config_context
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, get_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.searchers import GridSearch
from tests.tasks_search.test_search_estimators import SEARCHES

X, Y = load_wine(return_X_y=True)
WEIGHTS = np.random.RandomState(0).uniform(0.1, 5.0, len(Y))
GROUPS = np.arange(len(Y)) % 7
every_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=list(SEARCHES))


class Diary:
    """A callback that writes down what it is told, from whatever process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def setup(self, estimator: Any, context: Any) -> None:
        self._write("setup", context)

    def on_fit_task_begin(
        self, estimator: Any, context: Any, *, X: Any = None, y: Any = None, metadata: Any = None
    ) -> None:
        self._write(f"begin {None if X is None else X.shape} {metadata and list(metadata)}", context)

    def on_fit_task_end(self, estimator: Any, context: Any, *, X: Any = None) -> None:
        self._write(f"end {None if X is None else X.shape}", context)

    def teardown(self, estimator: Any, context: Any) -> None:
        self._write("teardown", context)

    def _write(self, event: str, context: Any) -> None:
        with self.path.open("a") as lines:
            lines.write(f"{event} {context.task_name} {context.task_id} of {context.parent}\n")


class PassedOn(Diary):
    """Is passed on to the estimator that is fitted."""

    max_propagation_depth = None


@every_search
class TestEverySearch:
    def test_weights_reach_fits_and_scores(self, make):
        splits = list(StratifiedKFold(3).split(X, Y))
        search = make(cv=splits).fit(X, Y, sample_weight=WEIGHTS)
        best = search.best_estimator_
        told = DecisionTreeClassifier(random_state=0, **search.best_params_).fit(X, Y, WEIGHTS)
        assert np.array_equal(best.predict_proba(X), told.predict_proba(X))
        if "iter" in search.cv_results_:
            return  # rows of a round are drawn
        for number, (train, test) in enumerate(splits):
            own = DecisionTreeClassifier(random_state=0, **search.best_params_)
            own.fit(X[train], Y[train], sample_weight=WEIGHTS[train])
            expected = accuracy_score(Y[test], own.predict(X[test]), sample_weight=WEIGHTS[test])
            assert search.cv_results_[f"split{number}_test_score"][search.best_index_] == expected

    def test_groups_reach_the_splitter(self, make):
        search = make(cv=GroupKFold(7)).fit(X, Y, groups=GROUPS)
        assert search.n_splits_ == 7

    def test_routed_metadata_reaches_who_asks_for_it(self, make, pool_at_once):
        with config_context(enable_metadata_routing=True):
            scorer = get_scorer("accuracy").set_score_request(sample_weight=True)
            tree = DecisionTreeClassifier(random_state=0).set_fit_request(sample_weight=True)
            search = make(cv=GroupKFold(7), n_jobs=2, scoring=scorer).set_params(estimator=tree)
            search.fit(X, Y, sample_weight=WEIGHTS, groups=GROUPS)
        told = DecisionTreeClassifier(random_state=0, **search.best_params_).fit(X, Y, WEIGHTS)
        assert np.array_equal(search.predict_proba(X), told.predict_proba(X))

    def test_callbacks_are_told_of_every_fit(self, make, tmp_path):
        search = make(cv=2).set_callbacks(Diary(tmp_path / "diary")).fit(X, Y, sample_weight=WEIGHTS)
        lines = (tmp_path / "diary").read_text().splitlines()
        fits = [line for line in lines if " candidate-split-evaluation " in line]
        assert len(fits) == 2 * 2 * len(search.cv_results_["params"])
        assert lines[0].startswith("setup fit")
        assert lines[1] == f"begin {X.shape} ['sample_weight'] fit 0 of None"
        assert lines[-2].startswith(f"end {X.shape} fit 0")
        assert lines[-1].startswith("teardown fit")
        assert set(np.ravel(search.cell_origins_)) == {"fitted"}


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
@pytest.mark.parametrize("kind", [Diary, PassedOn])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_callbacks_hear_what_they_hear_of_scikit_learns_search(kind, n_jobs, tmp_path, pool_at_once):
    for cls in (GridSearch, GridSearchCV):
        callback = kind(tmp_path / cls.__name__)
        model = LogisticRegression(max_iter=3, tol=1.0)
        cls(model, {"C": [0.1, 1.0]}, cv=2, n_jobs=n_jobs).set_callbacks(callback).fit(X, Y)
    ours, theirs = ((tmp_path / name).read_text().splitlines() for name in ("GridSearch", "GridSearchCV"))
    ours = [line.replace("'GridSearch'", "'GridSearchCV'") for line in ours]
    assert sorted(ours) == sorted(theirs)
    assert (ours[:3], ours[-3:]) == (theirs[:3], theirs[-3:])


class InPlace(LogisticRegression):
    """Doubles the weights that it is given, where they lie."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        sample_weight *= 2
        return super().fit(X, y, sample_weight)


def test_a_fit_that_changes_its_weights_changes_its_own_only():
    told = {"cv": 3, "param_grid": {"model__C": [0.01, 1.0, 100.0]}}
    pipeline = Pipeline([("scale", StandardScaler()), ("model", InPlace(max_iter=500))])
    found, expected = (
        search(pipeline, **told).fit(X, Y, model__sample_weight=WEIGHTS.copy())
        for search in (GridSearch, GridSearchCV)
    )
    for split in range(3):
        name = f"split{split}_test_score"
        np.testing.assert_array_equal(found.cv_results_[name], expected.cv_results_[name])
