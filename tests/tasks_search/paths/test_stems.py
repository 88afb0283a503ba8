"""Steps that are cut for each candidate: how often they are fitted, what else goes with them, and doubt."""

import time
from typing import Any

import pytest
from joblib import Memory
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, chi2, f_classif
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC

from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from hyperparameter_tuning.tasks.evaluation.assignments import assignments
from hyperparameter_tuning.tasks.evaluation.families import Profiler, families
from hyperparameter_tuning.tasks.evaluation.paths.proven import Proven
from hyperparameter_tuning.tasks.evaluation.self_check import PathCheck
from hyperparameter_tuning.tasks.evaluation.step_paths import table
from hyperparameter_tuning.tasks.evaluation.step_paths.principal_components import PrincipalComponentsPath
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, taken
from hyperparameter_tuning.tasks.evaluation.step_paths.selections import KBestPath
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, Unit

X, Y = load_wine(return_X_y=True)
BAYES = GaussianNB()
SPLITS = tuple(KFold(3, shuffle=True, random_state=0).split(X))
LOSS = {"loss": get_scorer("neg_log_loss")}


class Counted(TransformerMixin, BaseEstimator):
    """Counts its fits; changes nothing."""

    fits = 0

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def fit(self, X: Any, y: Any = None) -> "Counted":
        Counted.fits += 1
        self.fitted_ = True
        return self

    def transform(self, X: Any) -> Any:
        return X


class Components(PrincipalComponentsPath):
    """Notes how far it is fitted, and cannot be above a number."""

    def __init__(self, most: int = 99) -> None:
        self.grown: list[int] = []
        self.most = most

    def grow(self, step: Any, longest: Any, *rest: Any) -> Any:
        self.grown.append(longest["n_components"])
        if self.grown[-1] > self.most:
            raise ValueError("too many")
        return super().grow(step, longest, *rest)


class Slow(Components):
    """Takes its time."""

    seconds = 0.5

    def grow(self, *parts: Any) -> Any:
        time.sleep(self.seconds)
        return super().grow(*parts)


class WrongSelection(KBestPath):
    """Says that one column more makes no difference."""

    def cut(self, grown: Any, path: Any, X: Any) -> Any:
        return super().cut(grown, {"k": path["k"] + 1}, X)


@pytest.fixture(autouse=True)
def no_fits() -> None:
    Counted.fits = 0


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch) -> Components:
    rule = Components(most=10)
    monkeypatch.setattr(table, "STEP_PATHS", {**table.STEP_PATHS, PCA: Proven(rule)})
    return rule


def both(estimator: Any, candidates: list[dict[str, Any]], **settings: Any) -> tuple[list[Any], list[Any]]:
    asked = [Request(number, params, **settings) for number, params in enumerate(candidates)]
    ours = Evaluator(estimator, X, Y, SPLITS, LOSS).evaluate(asked)
    return ours, Evaluator(estimator, X, Y, SPLITS, LOSS, shared_fits=False).evaluate(asked)


def hows(estimator: Any, candidates: list[dict[str, Any]], **settings: Any) -> list[str]:
    ours, plain = both(estimator, candidates, **settings)
    assert scores(ours) == scores(plain)
    return [result.folds[0].how for result in ours]


def scores(results: list[Any]) -> list[list[float]]:
    return [[fold.scores["loss"] for fold in result.folds] for result in results]


def selecting(*between: tuple[str, Any], model: Any = BAYES) -> Pipeline:
    return Pipeline([("first", Counted()), ("select", SelectKBest()), *between, ("model", model)])


KS = [{"select__k": k} for k in (2, 5, 9)]
PIPELINE = Pipeline([("pca", PCA(random_state=0, svd_solver="full")), ("model", GaussianNB())])


def test_what_comes_before_is_fitted_once_and_what_comes_after_for_each():
    evaluator = Evaluator(selecting(), X, Y, SPLITS, LOSS)
    evaluator.evaluate([Request(number, params) for number, params in enumerate(KS)])
    assert Counted.fits == len(SPLITS)
    Counted.fits = 0
    evaluator = Evaluator(selecting(("after", Counted())), X, Y, SPLITS, LOSS)
    evaluator.evaluate([Request(number, params) for number, params in enumerate(KS)])
    assert Counted.fits == len(SPLITS) * (1 + len(KS))


def test_other_settings_of_the_steps_before_are_other_stems():
    candidates = [{**params, "first__number": number} for number in (1, 2) for params in KS]
    assert hows(selecting(), candidates) == ["fitted", "shared", "shared"] * 2


def test_other_settings_of_the_step_itself_are_other_stems():
    candidates = [{**params, "select__score_func": score} for score in (f_classif, chi2) for params in KS]
    assert hows(selecting(), candidates) == ["fitted", "shared", "shared"] * 2


def test_what_a_models_path_shares_on_one_cut_is_not_that_of_another():
    """The largest variance, for one: of the best column, and of all."""
    candidates = [{"select__k": k, "model__var_smoothing": share} for k in (1, 9) for share in (0.1, 0.5)]
    ours, plain = both(selecting(), candidates)
    assert scores(ours) == scores(plain)
    assert "prefix" in {result.folds[0].how for result in ours}


def test_a_models_own_settings_and_path_go_with_every_cut():
    candidates = [{**params, "model__C": c} for params in KS for c in (0.1, 1.0)]
    found = Evaluator(selecting(model=SVC()), X, Y, SPLITS, {"loss": get_scorer("accuracy")})
    ways = [r.folds[0].how for r in found.evaluate([Request(n, p) for n, p in enumerate(candidates)])]
    assert ways == ["fitted", *["shared"] * 5]
    forest = selecting(model=RandomForestClassifier(random_state=0))
    candidates = [{**params, "model__n_estimators": n} for params in KS for n in (3, 6)]
    assert hows(forest, candidates) == ["prefix", "fitted"] * 3


def test_two_such_steps_are_cut_one_after_the_other():
    pipeline = selecting(("pca", PCA(random_state=0, svd_solver="full")))
    candidates = [{"select__k": k, "pca__n_components": n} for k in (4, 8) for n in (1, 3)]
    assert hows(pipeline, candidates) == ["fitted", "shared", "shared", "shared"]
    assert Counted.fits == len(SPLITS) * (1 + len(candidates))  # theirs, and the plain ones


def test_a_halvings_rows_have_stems_of_their_own():
    asked = [Request(n, params, resource=part) for part in (0.5, 1.0) for n, params in enumerate(KS)]
    ours = Evaluator(selecting(), X, Y, SPLITS, LOSS).evaluate(asked)
    assert Counted.fits == len(SPLITS) * 2
    plain = Evaluator(selecting(), X, Y, SPLITS, LOSS, shared_fits=False).evaluate(asked)
    assert scores(ours) == scores(plain)


def test_the_longest_is_fitted_and_later_batches_go_on_from_it(components):
    evaluator = Evaluator(PIPELINE, X, Y, SPLITS[:1], LOSS)
    for counts in ((1, 3, 2), (2,), (5, 4), (1,)):
        evaluator.evaluate([Request(n, {"pca__n_components": count}) for n, count in enumerate(counts)])
    assert components.grown == [3, 5]


def test_a_fit_that_fails_is_not_tried_again_for_each(components):
    candidates = [{"pca__n_components": count} for count in (2, 3, 11)]
    assert hows(PIPELINE, candidates) == ["fitted"] * 3
    assert components.grown == [11] * len(SPLITS)


def test_a_fit_that_failed_is_not_cut_from():
    failed = GrownStep(PCA(3).fit(X), 3.0, error=ValueError("not to the end"))
    with pytest.raises(ValueError, match="not to the end"):
        taken(PrincipalComponentsPath(), failed, {"n_components": 2}, X, Y)


def test_what_shares_a_stem_stays_in_one_process():
    recipe = Recipe(selecting(), get_scorer("accuracy"))
    data = FoldData(X, Y, SPLITS)
    profiler = Profiler(recipe, data)
    units = [Unit(at, params, None, split) for split in (0, 1) for at, params in enumerate(KS)]
    found = families(units, {at: profiler.profile(params) for at, params in enumerate(KS)})
    work = assignments(found, lambda _: 0.01, 2)
    assert [{family.units[0].split for family in each.families} for each in work] == [{0}, {1}]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_wrong_cut_ends_in_plain_fits_and_a_warning(monkeypatch, n_jobs):
    monkeypatch.setattr(table, "STEP_PATHS", {**table.STEP_PATHS, SelectKBest: Proven(WrongSelection())})
    candidates = [{"select__k": k} for k in range(1, 13)]
    asked = [Request(number, params) for number, params in enumerate(candidates)]
    plain = Evaluator(selecting(), X, Y, SPLITS, LOSS, shared_fits=False).evaluate(asked)
    with Evaluator(selecting(), X, Y, SPLITS, LOSS, n_jobs=n_jobs, pool_after_seconds=0) as evaluator:
        found = evaluator.evaluate(asked)
        assert scores(found) == scores(plain)
        assert evaluator.path_checks() == (PathCheck("best columns", "different"),)
        assert "'best columns' were not those of plain fits" in evaluator.warnings()[0].message


def test_a_right_cut_is_checked_where_it_is_cheap_and_with_a_models_path_in_one_cell():
    forest = selecting(model=RandomForestClassifier(random_state=0))
    candidates = [{"select__k": k, "model__n_estimators": n} for k in range(1, 14) for n in (2, 4, 6)]
    evaluator = Evaluator(forest, X, Y, SPLITS, LOSS)
    evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])
    checks = {check.rule: check.outcome for check in evaluator.path_checks()}
    assert checks == {"best columns": "equal", "forest prefix": "equal"}


def test_a_step_that_costs_more_than_the_model_is_checked_only_where_there_are_many():
    counts = [{"pca__n_components": count} for count in range(1, 14)]
    evaluator = Evaluator(PIPELINE, X, Y, SPLITS, LOSS)
    evaluator.evaluate([Request(number, params) for number, params in enumerate(counts)])
    assert evaluator.path_checks() == (PathCheck("principal components", "not_checked"),)
    many = tuple(KFold(35).split(X))
    evaluator = Evaluator(PIPELINE, X, Y, many, {"accuracy": get_scorer("accuracy")})
    evaluator.evaluate([Request(number, params) for number, params in enumerate(counts[:2])])
    assert evaluator.path_checks() == (PathCheck("principal components", "equal"),)


def test_a_pipeline_with_a_memory_has_none():
    pipeline = selecting()
    pipeline.memory = Memory(location=None)
    assert hows(pipeline, KS) == ["fitted"] * 3


@pytest.mark.parametrize("name", ["pca__n_components", "model__n_estimators"])
def test_the_time_of_steps_is_told_once_by_who_shares_them(monkeypatch, name):
    rule = Slow()
    monkeypatch.setattr(table, "STEP_PATHS", {**table.STEP_PATHS, PCA: Proven(rule)})
    pipeline = Pipeline([*PIPELINE.steps[:1], ("model", RandomForestClassifier(2, random_state=0))])
    candidates = [{"pca__n_components": 2, name: count} for count in (1, 2, 3)]
    asked = [Request(number, params) for number, params in enumerate(candidates)]
    found = Evaluator(pipeline, X, Y, SPLITS, LOSS).evaluate(asked)
    for fold in range(len(SPLITS)):
        spent = sum(result.folds[fold].fit_seconds for result in found)
        assert Slow.seconds <= spent < 2 * Slow.seconds
