"""Which candidates go together, and what is shared between them: a preparation per fold, a fit per family."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, mutual_info_classif
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.metrics import get_scorer, make_scorer
from sklearn.model_selection import KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder
from sklearn.svm import SVC

from hyperparameter_tuning.shared.resampling import Resampler, ResamplingPipeline
from hyperparameter_tuning.tasks.evaluation import Evaluator, Request, fold_preparation, unit_work
from hyperparameter_tuning.tasks.evaluation.fold_rows import rows_for
from hyperparameter_tuning.tasks.evaluation.scoring import score_by
from tests.tasks_search.paths.compared import exact

X, Y = load_wine(return_X_y=True)
SPLITS = tuple(KFold(3, shuffle=True, random_state=0).split(X))
ACCURACY = {"accuracy": get_scorer("accuracy")}


class Counted(TransformerMixin, BaseEstimator):
    """Counts its fits; scales nothing."""

    fits = 0

    def __init__(self, power: int = 1, random_state: Any = 0) -> None:
        self.power, self.random_state = power, random_state

    def fit(self, X: Any, y: Any = None) -> "Counted":
        type(self).fits += 1
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        return np.asarray(X) ** self.power


class Sensitive(Counted):
    """Cannot be fitted with one power."""

    def fit(self, X: Any, y: Any = None) -> "Counted":
        if self.power == 3:
            raise ValueError("three is too much")
        return super().fit(X, y)


class HalfSampler(BaseEstimator):
    """Keeps every other row."""

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        return X.iloc[::2], y[::2]


class Halving(SVC):
    """Changes the rows that it is given."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Halving":
        X /= 2
        return super().fit(X, y, sample_weight)


@pytest.fixture(autouse=True)
def no_fits() -> None:
    Counted.fits = Sensitive.fits = 0


def hows(estimator: Any, candidates: list[dict[str, Any]], scorers: Any = None, **settings: Any) -> list[str]:
    evaluator = Evaluator(estimator, X, Y, SPLITS, scorers or ACCURACY, **settings)
    results = evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])
    plain = Evaluator(estimator, X, Y, SPLITS, scorers or ACCURACY, shared_fits=False, **settings)
    same = plain.evaluate([Request(number, params) for number, params in enumerate(candidates)])
    for result, other in zip(results, same, strict=True):
        assert [(f.state, dict(f.scores), f.error) for f in result.folds] == [
            (f.state, dict(f.scores), f.error) for f in other.folds
        ]
    return [result.folds[0].how for result in results]


def scaled(model: Any, **steps: Any) -> Pipeline:
    return Pipeline([("before", Counted(**steps)), ("model", model)])


class TestSharedSteps:
    def test_are_fitted_once_per_fold_and_setting(self):
        evaluator = Evaluator(scaled(SVC()), X, Y, SPLITS, ACCURACY)
        candidates = [{"model__C": c, "before__power": power} for c in (0.1, 1.0, 10.0) for power in (1, 2)]
        evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])
        assert Counted.fits == len(SPLITS) * 2

    def test_later_calls_find_them(self):
        evaluator = Evaluator(scaled(SVC()), X, Y, SPLITS, ACCURACY)
        for number, c in enumerate((0.1, 1.0, 10.0)):
            evaluator.evaluate([Request(number, {"model__C": c})])
        assert Counted.fits == len(SPLITS)

    def test_resources_of_a_halving_have_their_own(self):
        evaluator = Evaluator(scaled(SVC()), X, Y, SPLITS, ACCURACY)
        evaluator.evaluate([Request(0, {"model__C": 1.0}, resource=part) for part in (0.5, 1.0)])
        assert Counted.fits == len(SPLITS) * 2

    def test_scores_and_origins(self):
        assert hows(scaled(SVC()), [{"model__C": c} for c in (0.1, 1.0)]) == ["fitted", "shared"]

    @pytest.mark.parametrize("n_jobs", [1, 2])
    def test_the_first_candidates_are_complete_long_before_the_last_begin(self, n_jobs):
        told: list[int] = []
        searching = partial(Evaluator, n_jobs=n_jobs, pool_after_seconds=0)
        with searching(scaled(SVC()), X, Y, SPLITS, ACCURACY) as evaluator:
            evaluator.evaluate(
                [Request(number, {"model__C": 1.0 + number}) for number in range(60)],
                on_unit=lambda request, fold: told.append(request.trial),
            )
        first_half = told[: len(told) // 2]
        assert sum(first_half.count(trial) == len(SPLITS) for trial in range(60)) >= 20

    def test_samplers_change_training_rows_only(self):
        frame = pd.DataFrame(X, columns=[f"column {number}" for number in range(X.shape[1])])
        steps = [("half", Resampler(HalfSampler())), ("scale", StandardScaler()), ("model", SVC())]
        evaluator = partial(Evaluator, ResamplingPipeline(steps), frame, Y, SPLITS, ACCURACY)
        asked = [Request(number, {"model__C": c}) for number, c in enumerate((0.1, 1.0))]
        ours, plain = evaluator().evaluate(asked), evaluator(shared_fits=False).evaluate(asked)
        assert [f.scores for r in ours for f in r.folds] == [f.scores for r in plain for f in r.folds]
        assert ours[1].folds[0].how == "shared"

    @pytest.mark.parametrize(
        "before",
        [PCA(2, svd_solver="full", random_state=0), TargetEncoder(random_state=0), Resampler(HalfSampler())],
        ids=["other bits", "other numbers", "other rows"],
    )
    @pytest.mark.parametrize(
        ("model", "name", "how"),
        [(GaussianNB(), "model__var_smoothing", "prefix"), (RidgeClassifier(), "model__tol", "shared")],
    )
    def test_training_scores_are_those_of_rows_as_they_pass_a_fitted_step(self, before, model, name, how):
        frame = pd.DataFrame(np.rint(X), columns=[f"column {number}" for number in range(X.shape[1])])
        pipeline = ResamplingPipeline([("before", before), ("model", model)])
        answers = make_scorer(exact, response_method=("predict_proba", "decision_function"))
        evaluator = partial(
            Evaluator, pipeline, frame, Y, SPLITS, {"answers": answers}, return_train_score=True
        )
        asked = [Request(number, {name: value}) for number, value in enumerate((0.1, 0.2))]
        ours, plain = evaluator().evaluate(asked), evaluator(shared_fits=False).evaluate(asked)
        assert how in {result.folds[0].how for result in ours}
        assert [f.train_scores for r in ours for f in r.folds] == [
            f.train_scores for r in plain for f in r.folds
        ]
        assert [f.scores for r in ours for f in r.folds] == [f.scores for r in plain for f in r.folds]

    def test_a_step_that_fails_fails_its_candidates_only(self):
        pipeline = Pipeline([("before", Sensitive()), ("model", SVC())])
        candidates = [{"before__power": power, "model__C": c} for power in (1, 3) for c in (0.1, 1.0)]
        assert hows(pipeline, candidates) == ["fitted", "shared", "fitted", "fitted"]


class TestNothingIsShared:
    @pytest.mark.parametrize(
        "estimator",
        [
            scaled(SVC(), random_state=None),
            scaled(SVC(), random_state=np.random.RandomState(0)),
            scaled(LogisticRegression(), random_state=True),
            Pipeline([("before", SelectKBest(mutual_info_classif, k=3)), ("model", SVC())]),
            Pipeline([("before", PCA(2, random_state=0)), ("model", RandomForestClassifier(2))], memory="x"),
        ],
        ids=["no seed", "a generator", "no number", "an unseeded function", "an own cache"],
    )
    def test_where_every_fit_may_be_another(self, estimator):
        evaluator = Evaluator(estimator, X, Y, SPLITS, ACCURACY)
        if estimator.memory is not None:
            estimator.memory = None
            estimator.set_params(memory=_NoMemory())
        name = "model__C" if hasattr(estimator.steps[-1][1], "C") else "model__max_depth"
        results = evaluator.evaluate([Request(number, {name: value}) for number, value in enumerate((1, 2))])
        assert {fold.how for result in results for fold in result.folds} == {"fitted"}

    def test_where_a_model_works_in_place(self):
        class InPlace(ClassifierMixin, BaseEstimator):
            def __init__(self, copy: bool = False, C: float = 1.0) -> None:
                self.copy, self.C = copy, C

            def fit(self, X: Any, y: Any) -> "InPlace":
                X *= self.C
                self.classes_, self.mean_ = np.unique(y), X.mean()
                return self

            def predict(self, X: Any) -> Any:
                return np.where(X.mean(axis=1) > self.mean_, self.classes_[0], self.classes_[-1])

        assert hows(scaled(InPlace()), [{"model__C": c} for c in (2.0, 3.0)]) == ["fitted", "fitted"]

    @pytest.mark.parametrize("copies", [False, np.False_])
    def test_where_a_step_works_in_place(self, copies):
        pipeline = Pipeline([("before", StandardScaler(copy=copies)), ("model", SVC())])
        assert hows(pipeline, [{"model__C": c} for c in (2.0, 3.0)]) == ["fitted", "fitted"]

    def test_where_a_step_itself_is_chosen(self):
        steps = [StandardScaler(), "passthrough"]
        assert hows(scaled(SVC()), [{"before": step} for step in steps]) == ["fitted", "fitted"]

    def test_where_the_scorer_looks_at_the_estimator(self):
        def steps_of(estimator: Any, X: Any, y: Any) -> float:
            return float(len(estimator.steps))

        assert hows(scaled(SVC()), [{"model__C": c} for c in (2.0, 3.0)], {"n": steps_of}) == ["fitted"] * 2

    def test_where_a_pipeline_is_of_another_class(self):
        class Own(Pipeline):
            pass

        own = Own([("before", Counted()), ("model", SVC())])
        assert hows(own, [{"model__C": c} for c in (2.0, 3.0)]) == ["fitted", "fitted"]


class TestRowsOfAFold:
    """Candidates with nothing else in common; each fold's rows are cut for all of them, or for each."""

    @pytest.fixture
    def cuts(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        asked: list[int] = []

        def counted(*args: Any) -> Any:
            asked.append(1)
            return rows_for(*args)

        for module in (fold_preparation, unit_work):
            monkeypatch.setattr(module, "rows_for", counted)
        return asked

    def test_are_cut_once_for_models_that_only_read_them(self, cuts):
        evaluator = Evaluator(SVC(), X, Y, SPLITS, ACCURACY)
        evaluator.evaluate([Request(number, {"C": c}) for number, c in enumerate((1.0, 2.0, 3.0))])
        assert len(cuts) == len(SPLITS)
        assert hows(SVC(), [{"C": c} for c in (1.0, 2.0)]) == ["fitted", "fitted"]

    @pytest.mark.parametrize("estimator", [SVC(), scaled(SVC()), RandomForestClassifier(2, random_state=0)])
    def test_have_their_targets_checked_once_where_fits_share_them(self, estimator, monkeypatch):
        asked: list[int] = []

        def counted(*args: Any, **settings: Any) -> Any:
            asked.append(1)
            return score_by(*args, **settings)

        monkeypatch.setattr(unit_work, "score_by", counted)
        name = "n_estimators" if isinstance(estimator, RandomForestClassifier) else "C"
        name = f"model__{name}" if isinstance(estimator, Pipeline) else name
        requests = [Request(number, {name: value}) for number, value in enumerate((1, 2, 3))]
        Evaluator(estimator, X, Y, SPLITS, ACCURACY).evaluate(requests)
        assert asked == []
        Evaluator(estimator, X, Y, SPLITS, ACCURACY, shared_fits=False).evaluate(requests)
        assert len(asked) == 3 * len(SPLITS)

    @pytest.mark.parametrize(
        ("estimator", "candidates"),
        [
            (LinearRegression(copy_X=False), [{"tol": 1e-6}, {"tol": 1e-5}]),
            (LinearRegression(), [{"copy_X": False, "tol": 1e-6}, {"copy_X": False, "tol": 1e-5}]),
            (LinearRegression(), [{"copy_X": np.False_, "tol": 1e-6}, {"copy_X": np.False_, "tol": 1e-5}]),
            (OneVsRestClassifier(Halving()), [{"estimator__C": 1.0}, {"estimator__C": 2.0}]),
            (OneVsRestClassifier(SVC()), [{"estimator": Halving(C=1.0)}, {"estimator": Halving(C=2.0)}]),
            (Halving(), [{"C": 1.0}, {"C": 2.0}]),
        ],
        ids=["in place", "told so", "by numpy", "a member of others", "a member chosen", "of another one"],
    )
    def test_are_cut_for_each_model_that_might_change_them(self, cuts, estimator, candidates):
        scorers = {"r2": get_scorer("r2")} if isinstance(estimator, LinearRegression) else ACCURACY
        evaluator = Evaluator(estimator, X, Y, SPLITS, scorers)
        evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])
        assert len(cuts) == len(candidates) * len(SPLITS)
        assert hows(estimator, candidates, scorers) == ["fitted", "fitted"]

    @pytest.mark.parametrize("no", [False, np.False_])
    def test_a_model_in_a_pipeline_that_may_be_told_to_work_in_place(self, no):
        pipeline = scaled(LinearRegression())
        candidates = [{"model__copy_X": no, "model__tol": tol} for tol in (1e-6, 1e-5, 1e-4)]
        assert hows(pipeline, candidates, {"r2": get_scorer("r2")}) == ["fitted"] * 3


class TestPaths:
    @pytest.mark.parametrize(
        ("rows", "target", "hows"),
        [
            (X, Y, {"prefix", "fitted"}),
            (pd.DataFrame(X), pd.Series(Y), {"prefix", "fitted"}),
            (csr_matrix(X), Y, {"fitted"}),
            (X, Y.reshape(-1, 1), {"fitted"}),
            (X, np.column_stack([Y == 0, Y == 1]).astype(int), {"fitted"}),
        ],
        ids=["an array", "a frame", "sparse rows", "a column of targets", "two targets"],
    )
    @pytest.mark.filterwarnings("ignore:A column-vector y")
    def test_are_of_dense_tables_with_one_target(self, rows, target, hows):
        evaluator = Evaluator(RandomForestClassifier(random_state=0), rows, target, SPLITS, ACCURACY)
        results = evaluator.evaluate([Request(number, {"n_estimators": number + 2}) for number in range(3)])
        assert {fold.how for result in results for fold in result.folds} == hows
        assert {fold.state for result in results for fold in result.folds} == {"complete"}

    @pytest.mark.parametrize("pipeline", [Pipeline, ResamplingPipeline])
    def test_a_pipeline_of_nothing_but_the_model_has_its_path(self, pipeline):
        # A graph whose dataset is connected to the tuning node directly is such a one.
        alone = pipeline([("model", RandomForestClassifier(random_state=0))])
        candidates = [{"model__n_estimators": n} for n in (2, 5)]
        assert hows(alone, candidates) == ["prefix", "fitted"]
        assert hows(alone, [{"model__max_depth": depth} for depth in (1, 2)]) == ["fitted", "fitted"]

    def test_a_pipeline_shares_its_steps_and_its_models_path(self):
        pipeline = scaled(RandomForestClassifier(random_state=0))
        candidates = [{"model__n_estimators": n, "before__power": power} for power in (1, 2) for n in (3, 5)]
        assert hows(pipeline, candidates) == ["prefix", "fitted"] * 2

    def test_values_of_different_types_are_different_models(self):
        candidates = [{"n_estimators": n, "max_features": part} for part in (1, 1.0) for n in (3, 5)]
        assert hows(RandomForestClassifier(random_state=0), candidates) == ["prefix", "fitted"] * 2

    @pytest.mark.parametrize(
        ("estimator", "names"),
        [
            (RandomForestClassifier(random_state=None), "seedless"),
            (RandomForestClassifier(random_state=0, oob_score=True), "out of bag"),
            (RandomForestClassifier(random_state=0, warm_start=True), "warm start"),
            (RandomForestClassifier(random_state=0, n_jobs=2), "several jobs"),
        ],
    )
    def test_need_conditions(self, estimator, names):
        evaluator = Evaluator(estimator, X, Y, SPLITS, ACCURACY)
        results = evaluator.evaluate([Request(at, {"n_estimators": n}) for at, n in enumerate((20, 30))])
        assert {fold.how for result in results for fold in result.folds} == {"fitted"}, names

    def test_a_subclass_is_fitted(self):
        class Own(RandomForestClassifier):
            pass

        assert hows(Own(random_state=0), [{"n_estimators": n} for n in (3, 5)]) == ["fitted", "fitted"]

    def test_a_value_off_the_path_fails_alone(self):
        candidates = [{"n_estimators": n} for n in (3, 0, 5, 2.5, True)]
        assert hows(RandomForestClassifier(random_state=0), candidates) == [
            "prefix",
            "fitted",
            "fitted",
            "fitted",
            "fitted",
        ]

    def test_several_targets_and_sparse_tables_are_fitted(self):
        targets = np.column_stack([Y, Y])
        evaluator = Evaluator(
            RandomForestClassifier(random_state=0), X, targets, SPLITS, {"n": _first_target_accuracy}
        )
        results = evaluator.evaluate([Request(at, {"n_estimators": n}) for at, n in enumerate((3, 5))])
        assert {fold.how for result in results for fold in result.folds} == {"fitted"}


def _first_target_accuracy(estimator: Any, X: Any, y: Any) -> float:
    return float((estimator.predict(X)[:, 0] == y[:, 0]).mean())


class _NoMemory:
    """What joblib's Memory is asked for, without a folder."""

    location = None

    def cache(self, function: Any) -> Any:
        return function
