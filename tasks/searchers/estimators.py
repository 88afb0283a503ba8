"""Grid, random and Optuna search as scikit-learn estimators, for notebooks and scripts.

Halvings are in `halving_estimators`; what they share is in `search_estimator`. Jobs do not use these
classes, but the same driver and the same seam.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from numbers import Integral, Real
from types import SimpleNamespace
from typing import Any, ClassVar, get_args

from pydantic import ValidationError
from sklearn.callback._callback_context import CallbackContext
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.utils._param_validation import Interval, StrOptions

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.racing import check_racing
from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.strategy_options import OptunaOptions
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.tasks.searchers.halving_estimators import HalvingGridSearch, HalvingRandomSearch
from hyperparameter_tuning.tasks.searchers.library_rounds import LibraryRounds
from hyperparameter_tuning.tasks.searchers.library_spaces import (
    divided_at_length,
    draws_of,
    grid_of,
    int_seed,
    length_names,
)
from hyperparameter_tuning.tasks.searchers.limits import SearchLimits
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.searchers.prepared import PreparedCandidates
from hyperparameter_tuning.tasks.searchers.search_estimator import PlannedSearch, SearchEstimator

__all__ = ["GridSearch", "HalvingGridSearch", "HalvingRandomSearch", "OptunaSearch", "RandomSearch"]


class GridSearch(GridSearchCV, SearchEstimator):  # type: ignore[misc]
    """Scores every combination of a grid; results equal those of scikit-learn's ``GridSearchCV``.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_grid: Lists of values by parameter, a list of such dictionaries, or a space.
        racing: After two folds, end candidates that a paired test finds worse than the best so far: they have
            no mean, rank last, and are ``pruned`` in the column ``state``. Scikit-learn has no such search.
        scoring: Metric name, callable, list of names, or callables by name; None is the estimator's own.
        n_jobs: Units worked on at once; None is 1, -1 every core.
        refit: Fit the best on all rows: True, the deciding metric of several, a callable that returns a row
            of ``cv_results_``, or False.
        cv: Number of folds, splitter, or list of splits; None is 5 folds.
        verbose: 1 prints the size of the search, 2 a line per fit, 3 its scores too, 10 when fits begin.
        pre_dispatch: Work handed to processes ahead, in joblib's sense.
        error_score: Score of a failed fold, or ``raise``.
        return_train_score: Whether training scores are columns too.
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **GridSearchCV._parameter_constraints,
        "racing": ["boolean"],
    }

    def __init__(  # noqa: PLR0913 - scikit-learn reads an estimator's parameters off its signature
        self,
        estimator: Any,
        param_grid: Any,
        *,
        racing: bool = False,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        error_score: Any = math.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator,
            param_grid,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.racing = racing

    def _run_search(self, evaluate_candidates: LibraryRounds, *, callback_ctx: CallbackContext) -> None:
        planned = self._plan(evaluate_candidates.context)
        self._run_planned(evaluate_candidates, planned, callback_ctx)

    def _plan(self, context: SearchContext) -> PlannedSearch:
        races, candidates = _races(self, context), grid_of(self.param_grid)
        return PlannedSearch(PreparedCandidates(candidates, races=races), context, len(candidates))

    def _extra_columns(self, trials: Sequence[TrialOutcome]) -> dict[str, Any]:
        return _state_column(trials) if self.racing else {}


class RandomSearch(RandomizedSearchCV, SearchEstimator):  # type: ignore[misc]
    """Scores random candidates; results equal those of scikit-learn's ``RandomizedSearchCV``.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_distributions: Lists and SciPy distributions by parameter, a list of such dictionaries, or a
            space, whose draws are distinct.
        n_iter: Number of candidates.
        free_prefixes: Fit each candidate with the most trees or rounds of the space, and score up to nine
            shorter lengths of that fit as rows of their own. ``n_iter`` counts fits; the column ``prefix_of``
            names the row of the fit, or holds -1. Another search than scikit-learn's, which draws the length.
        racing: As in `GridSearch`.
        scoring: As in `GridSearch`.
        n_jobs: As in `GridSearch`.
        refit: As in `GridSearch`.
        cv: As in `GridSearch`.
        verbose: As in `GridSearch`.
        pre_dispatch: As in `GridSearch`.
        random_state: Seed of the draws.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **RandomizedSearchCV._parameter_constraints,
        "free_prefixes": ["boolean"],
        "racing": ["boolean"],
    }

    def __init__(  # noqa: PLR0913 - scikit-learn reads an estimator's parameters off its signature
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_iter: int = 10,
        free_prefixes: bool = False,
        racing: bool = False,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = math.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator,
            param_distributions,
            n_iter=n_iter,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            random_state=random_state,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.free_prefixes = free_prefixes
        self.racing = racing

    def _run_search(self, evaluate_candidates: LibraryRounds, *, callback_ctx: CallbackContext) -> None:
        planned = self._plan(evaluate_candidates.context)
        self._run_planned(evaluate_candidates, planned, callback_ctx)

    def _plan(self, context: SearchContext) -> PlannedSearch:
        path, drawn = None, self.param_distributions
        if self.free_prefixes:
            path, drawn = divided_at_length(drawn, length_names(self.estimator))
        candidates = draws_of(drawn, self.n_iter, self.random_state) if path is None or drawn else [{}]
        most = len(candidates) * (1 if path is None else len(path.values))
        return PlannedSearch(PreparedCandidates(candidates, path, _races(self, context)), context, most)

    def _extra_columns(self, trials: Sequence[TrialOutcome]) -> dict[str, Any]:
        columns = _state_column(trials) if self.racing else {}
        return columns | (_prefix_column(trials) if self.free_prefixes else {})


def _choices(option: str) -> set[str]:
    return set(get_args(OptunaOptions.model_fields[option].annotation))


class OptunaSearch(SearchEstimator):
    """Lets Optuna suggest candidates, and gives hopeless ones up fold by fold where a pruner is set.

    Rows of ``cv_results_`` have a column ``state``; folds that a pruner left out are NaN, so that a pruned
    candidate never wins. With several metrics, ``refit`` names the one that is maximised.

    Args:
        estimator: Unfitted estimator or pipeline.
        param_distributions: By parameter a list, an Optuna distribution, or SciPy's uniform, loguniform or
            randint; or a space.
        n_trials: Number of distinct candidates.
        free_prefixes: As in `RandomSearch`; the study is told the best length of each fit.
        racing: As in `GridSearch`; without a pruner only.
        timeout: Seconds after which no more are begun; None is no limit.
        sampler: tpe, cmaes, qmc, nsga2 or random.
        pruner: none, median, percentile, successive_halving, hyperband or wilcoxon.
        options: Further settings of sampler and pruner, the fields of
            `registry.strategy_options.OptunaOptions`.
        scoring: As in `GridSearch`.
        n_jobs: Units worked on at once; as many candidates are suggested before any of them is told, so
            other numbers are other searches.
        refit: As in `GridSearch`.
        cv: As in `GridSearch`.
        verbose: As in `GridSearch`.
        random_state: Seed of sampler and pruner.
        error_score: As in `GridSearch`.
        return_train_score: As in `GridSearch`.
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **{
            name: what
            for name, what in SearchEstimator._parameter_constraints.items()
            if name != "pre_dispatch"
        },
        "param_distributions": [dict, list],
        "n_trials": [Interval(Integral, 1, None, closed="left")],
        "free_prefixes": ["boolean"],
        "racing": ["boolean"],
        "timeout": [Interval(Real, 0, None, closed="left"), None],
        "sampler": [StrOptions(_choices("sampler"))],
        "pruner": [StrOptions(_choices("pruner"))],
        "options": [Mapping, None],
        "random_state": ["random_state"],
    }

    def __init__(  # noqa: PLR0913 - scikit-learn reads an estimator's parameters off its signature
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_trials: int = 10,
        free_prefixes: bool = False,
        racing: bool = False,
        timeout: float | None = None,
        sampler: str = "tpe",
        pruner: str = "none",
        options: Mapping[str, Any] | None = None,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        random_state: Any = None,
        error_score: Any = math.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_trials = n_trials
        self.free_prefixes = free_prefixes
        self.racing = racing
        self.timeout = timeout
        self.sampler = sampler
        self.pruner = pruner
        self.options = options
        self.random_state = random_state

    def _run_search(self, evaluate_candidates: LibraryRounds, *, callback_ctx: CallbackContext) -> None:
        planned = self._plan(evaluate_candidates.context)
        self._run_planned(evaluate_candidates, planned, callback_ctx)

    def _plan(self, context: SearchContext) -> PlannedSearch:
        several = isinstance(self.scoring, list | tuple | set | dict)
        if several and not isinstance(self.refit, str):
            raise ValueError(f"Optuna needs one deciding metric: name it by refit, not {self.refit!r}.")
        # Optuna is loaded by those who search with it only.
        spaces = import_module("hyperparameter_tuning.tasks.searchers.optuna_spaces")
        proposer = import_module("hyperparameter_tuning.tasks.searchers.optuna").OptunaProposer()
        told = replace(
            context,
            space=spaces.space_of(self.param_distributions),
            options=self._read_options(),
            seed=int_seed(self.random_state),
            budget=SearchBudget(max_trials=self.n_trials),
            lengths=length_names(self.estimator),
        )
        _races(self, told)
        try:
            path = free_prefixes(told)
        except UserError as refusal:
            raise ValueError(refusal.message) from refusal
        most = self.n_trials * (1 if path is None else len(path.values))
        return PlannedSearch(proposer, told, most, SearchLimits(max_seconds=self.timeout))

    def _read_options(self) -> OptunaOptions:
        """Read the settings of sampler and pruner.

        Raises:
            ValueError: one is unknown, or has a value that it cannot have.
        """
        named = {name: getattr(self, name) for name in ("sampler", "pruner", "free_prefixes", "racing")}
        try:
            return OptunaOptions.model_validate({**(self.options or {}), **named})
        except ValidationError as refusal:
            first = refusal.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] != "extra_forbidden":
            raise ValueError(f"The option '{name}' of OptunaSearch is {first['input']!r}. {first['msg']}.")
        near = nearest_name(name, OptunaOptions.model_fields)
        hint = "" if near is None else f" Did you mean '{near}'?"
        raise ValueError(f"OptunaSearch has no option '{name}'.{hint}")

    def _extra_columns(self, trials: Sequence[TrialOutcome]) -> dict[str, Any]:
        return _state_column(trials) | (_prefix_column(trials) if self.free_prefixes else {})


def _races(search: Any, context: SearchContext) -> bool:
    """Say whether candidates race, and refuse a search where they cannot."""
    several = isinstance(search.scoring, list | tuple | set | dict) and not isinstance(search.refit, str)
    if search.racing and several:
        raise ValueError("Racing needs one deciding metric: name it by refit.")
    options = SimpleNamespace(racing=search.racing, pruner=getattr(search, "pruner", "none"))
    try:
        return check_racing(replace(context, options=options))
    except UserError as refusal:
        raise ValueError(refusal.message) from refusal


def _state_column(trials: Sequence[TrialOutcome]) -> dict[str, Any]:
    return {"state": [trial.state for trial in trials]}


def _prefix_column(trials: Sequence[TrialOutcome]) -> dict[str, Any]:
    rows = {trial.trial: row for row, trial in enumerate(trials)}
    # The fit of an interrupted search may be missing where prefixes are whole.
    return {
        "prefix_of": [rows.get(-1 if trial.prefix_of is None else trial.prefix_of, -1) for trial in trials]
    }
