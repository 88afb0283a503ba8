"""What keeps candidates from sharing, condition by condition, with what would be wrong without it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA, KernelPCA
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest, mutual_info_classif, mutual_info_regression
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score, get_scorer
from sklearn.metrics._scorer import _MultimetricScorer, _Scorer
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.shared.resampling import ResamplingPipeline
from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from hyperparameter_tuning.tasks.evaluation.division import leaves_rows_alone
from hyperparameter_tuning.tasks.evaluation.families import Profiler
from hyperparameter_tuning.tasks.evaluation.growth import Growths
from hyperparameter_tuning.tasks.evaluation.stems import stems_of
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe
from tests.tasks_search.paths.compared import SCORERS
from tests.tasks_search.test_families import Counted, scaled

X, Y = load_wine(return_X_y=True)
SPLITS = tuple(KFold(3, shuffle=True, random_state=0).split(X))
BITS = {"bits": SCORERS["classification"]["decisions"]}
WEIGHTS = np.random.default_rng(0).uniform(0.1, 5.0, len(Y))
CS = [{"model__C": c} for c in (1.0, 2.0)]
TREES = [{"model__n_estimators": n} for n in (3, 5)]
FOREST = RandomForestClassifier(random_state=0)


def hows(
    estimator: Any,
    candidates: list[dict[str, Any]],
    scorers: Any = None,
    target: Any = Y,
    **settings: Any,
) -> list[str]:
    """Assert that scores are those of plain fits; return how those of the first fold came about."""
    found = []
    for shared_fits in (True, False):
        settings |= {"keep_non_finite": True, "return_train_score": True, "shared_fits": shared_fits}
        evaluator = Evaluator(estimator, X, target, SPLITS, scorers or BITS, **settings)
        results = evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])
        found.append(results)
    ours, plain = found
    for result, other in zip(ours, plain, strict=True):
        assert [
            (f.state, repr(dict(f.scores)), repr(dict(f.train_scores)), f.error) for f in result.folds
        ] == [(f.state, repr(dict(f.scores)), repr(dict(f.train_scores)), f.error) for f in other.folds]
    return [result.folds[0].how for result in ours]


FITTED = ["fitted", "fitted"]


class TestSteps:
    def test_one_that_is_chosen_may_draw(self) -> None:
        step = Counted(random_state=None)
        assert hows(scaled(SVC()), [{"before": step, **params} for params in CS]) == FITTED

    def test_one_that_a_candidate_makes_draw(self) -> None:
        assert hows(scaled(SVC()), [{"before__random_state": None, **params} for params in CS]) == FITTED

    def test_one_that_is_not_there_is_an_error_of_its_own_fit(self) -> None:
        with pytest.raises(ValueError, match="Invalid parameter 'nowhere'"):
            hows(scaled(SVC()), [{"nowhere__power": 1, **params} for params in CS])

    def test_one_that_draws_keeps_a_models_path_away(self) -> None:
        assert hows(scaled(FOREST), TREES) == ["prefix", "fitted"]
        assert hows(scaled(FOREST, random_state=None), TREES) == FITTED

    @pytest.mark.parametrize("function", [mutual_info_classif, mutual_info_regression])
    def test_one_whose_function_draws_shares_nothing(self, function: Callable[..., Any]) -> None:
        """Their scores are those of chance: only how they came about is the same."""
        for seeded in (False, True):
            given = partial(function, random_state=0) if seeded else function
            pipeline = Pipeline([("before", SelectKBest(given, k=3)), ("model", SVC())])
            evaluator = Evaluator(pipeline, X, Y, SPLITS, BITS)
            found = evaluator.evaluate([Request(number, params) for number, params in enumerate(CS)])
            assert found[1].folds[0].how == ("shared" if seeded else "fitted")

    @pytest.mark.parametrize(
        "step",
        [
            StandardScaler(copy=False),
            KernelPCA(2, copy_X=False, random_state=0),
            KMeans(3, n_init=1, copy_x=False, random_state=0),
        ],
        ids=lambda step: type(step).__name__,
    )
    def test_one_that_works_in_place_shares_nothing_by_whatever_name(self, step: Any) -> None:
        assert hows(Pipeline([("before", step), ("model", SVC())]), CS) == FITTED

    def test_only_a_plain_yes_is_one(self) -> None:
        assert leaves_rows_alone({"copy": True, "model__copy_X": np.True_})
        assert not leaves_rows_alone({"copy": "warn"})  # the default of HDBSCAN
        assert not leaves_rows_alone({"copy": np.False_})


class TestArgumentsOfFit:
    def test_that_a_step_is_told_make_plain_fits(self) -> None:
        pipeline = Pipeline([("before", StandardScaler()), ("model", SVC())])
        assert hows(pipeline, CS, fit_params={"model__sample_weight": WEIGHTS}) == ["fitted", "shared"]
        assert hows(pipeline, CS, fit_params={"before__sample_weight": WEIGHTS}) == FITTED

    def test_that_a_pipeline_of_samplers_refuses_are_refused(self) -> None:
        pipeline = ResamplingPipeline([("before", StandardScaler()), ("model", SVC())])
        assert hows(pipeline, CS, fit_params={"model__sample_weight": WEIGHTS}) == FITTED

    def test_that_are_routed_make_plain_fits(self) -> None:
        pipeline = Pipeline([("before", StandardScaler()), ("model", SVC())])
        with config_context(enable_metadata_routing=True):
            assert hows(pipeline, CS, fit_params={"model__sample_weight": WEIGHTS}) == FITTED


class Looking(_Scorer):
    """Of scikit-learn's kind, and looks at the estimator."""

    def _score(self, method_caller: Any, estimator: Any, X: Any, y_true: Any, **told: Any) -> float:
        return float(len(estimator.steps))


class LookingAtAll(_MultimetricScorer):
    """Of scikit-learn's kind for several, and looks at the estimator."""

    def __call__(self, estimator: Any, *told: Any, **more: Any) -> dict[str, float]:
        return {"steps": float(len(estimator.steps))}


def n_steps(estimator: Any, X: Any, y: Any) -> float:
    return float(len(estimator.steps))


class TestScorers:
    @pytest.mark.parametrize(
        "scorers",
        [
            {"steps": Looking(accuracy_score, 1, {}, "predict")},
            {"accuracy": get_scorer("accuracy"), "steps": n_steps},
            LookingAtAll(scorers={"accuracy": get_scorer("accuracy")}),
        ],
        ids=["a subclass", "one of several", "several in one"],
    )
    def test_that_may_look_at_the_estimator_make_plain_fits(self, scorers: Any) -> None:
        assert hows(scaled(SVC()), CS, scorers) == FITTED


class Shifting(GaussianNB):
    """Changes the rows that it is given."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        X -= 1
        return super().fit(X, y, sample_weight)


class TestRulesThatWereFoundWrong:
    """Asked for by name: a search would fit and find them wrong again, without an end."""

    def test_a_models_is_off(self) -> None:
        profiler = Profiler(Recipe(FOREST, get_scorer("accuracy")), FoldData(X, Y, SPLITS))
        assert profiler.profile({"n_estimators": 2}).rule is not None
        assert profiler.profile({"n_estimators": 2}, frozenset({"forest prefix"})).rule is None

    def test_a_steps_is_off(self) -> None:
        pipeline = Pipeline([("before", SelectKBest()), ("model", SVC())])
        assert len(stems_of(pipeline, {"before__k": 2}, frozenset())) == 1
        assert stems_of(pipeline, {"before__k": 2}, frozenset({"best columns"})) == ()

    def test_that_of_a_fit_which_goes_on_is_off(self) -> None:
        growths = Growths(FOREST, "n_estimators")
        assert growths.of({"n_estimators": 2}, frozenset()) is not None
        assert growths.of({"n_estimators": 2}, frozenset({"forest continued"})) is None


class TestFamilies:
    def test_a_candidate_that_cannot_be_looked_at_is_fitted_with_its_steps(self) -> None:
        """An array is no number of the path; its candidate is left to itself, steps included."""
        pipeline = Pipeline([("before", MinMaxScaler()), ("model", MultinomialNB())])
        alphas = np.linspace(0.1, 2.0, X.shape[1])
        candidates = [{"before__feature_range": (0, most), "model__alpha": alphas} for most in (5, 9)]
        assert hows(pipeline, candidates) == FITTED

    def test_a_member_of_somebody_else_reads_rows_of_its_own(self) -> None:
        candidates = [{"learning_rate": rate} for rate in (1.0, 0.5)]
        assert hows(AdaBoostClassifier(Shifting(), random_state=0, n_estimators=2), candidates) == FITTED

    def test_a_step_is_not_cut_for_several_targets(self) -> None:
        targets = np.column_stack([X[:, 0], X[:, 1]])
        pipeline = Pipeline(
            [("before", PCA(svd_solver="full", random_state=0)), ("model", LinearRegression())]
        )
        candidates = [{"before__n_components": count} for count in (2, 3)]
        numbers = SCORERS["regression"]
        assert hows(pipeline, candidates, numbers, X[:, 0]) == ["fitted", "shared"]
        assert hows(pipeline, candidates, numbers, targets) == FITTED

    def test_rows_of_another_resource_are_another_family(self) -> None:
        asked = [
            Request(number, {"n_estimators": n}, resource=part)
            for part in (0.5, 1.0)
            for number, n in enumerate((3, 5))
        ]
        ours, plain = (
            Evaluator(FOREST, X, Y, SPLITS, BITS, shared_fits=shared).evaluate(asked)
            for shared in (True, False)
        )
        assert [f.scores for r in ours for f in r.folds] == [f.scores for r in plain for f in r.folds]
        assert [result.folds[0].how for result in ours] == ["prefix", "fitted"] * 2

    def test_an_object_that_has_changed_is_looked_at_again(self) -> None:
        tree = DecisionTreeClassifier(random_state=0, max_depth=2)
        members = [("tree", tree), ("bayes", GaussianNB())]
        evaluator = Evaluator(VotingClassifier(members), X, Y, SPLITS, {"accuracy": get_scorer("accuracy")})
        asked = [Request(at, {"estimators": members, "weights": [1, at]}) for at in (1, 2)]
        assert {result.folds[0].how for result in evaluator.evaluate(asked)} == {"prefix", "fitted"}
        tree.random_state = None
        assert {result.folds[0].how for result in evaluator.evaluate(asked)} == {"fitted"}
