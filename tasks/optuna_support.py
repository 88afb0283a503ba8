"""Optuna behind a small door: samplers, pruners, distributions, and a study that is asked and told.

The only module that imports Optuna. Which candidates are scored, when and how does not belong here
(`tasks.searchers.optuna`); the study lives in memory and is rebuilt by telling it the same again.
"""

import itertools
import logging
import math
import random
import warnings
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.pruners import (
    BasePruner,
    HyperbandPruner,
    MedianPruner,
    NopPruner,
    PercentilePruner,
    SuccessiveHalvingPruner,
    WilcoxonPruner,
)
from optuna.samplers import (
    BaseSampler,
    CmaEsSampler,
    NSGAIISampler,
    QMCSampler,
    RandomSampler,
    TPESampler,
)
from optuna.samplers._tpe import _truncnorm
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial
from packaging.specifiers import SpecifierSet

from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    FloatDimension,
    IntDimension,
    Space,
    typed_value,
)
from hyperparameter_tuning.registry.strategy_options import OptunaOptions
from hyperparameter_tuning.tasks.normal_tail import log_ndtr

Told = Literal["complete", "failed", "pruned"]
Key = tuple[tuple[str, int | float], ...]
"""Name and value of each dimension in the study's own coding, sorted by name."""

_STUDY_NAME = "search"
"""Fixed, since Hyperband draws a trial's bracket from the study's name and the trial's number."""

_SAME_TAILS = ">=5.0,<5.1"
"""Versions of Optuna whose tails `tasks.normal_tail` was proven to give bit by bit; others keep their own."""

TARGET_QUANTILE = 0.1
"""Share of the trials that count as good for importances; Optuna's own default."""

_STATES = {"complete": TrialState.COMPLETE, "failed": TrialState.FAIL, "pruned": TrialState.PRUNED}

SAMPLERS: Mapping[str, Callable[[OptunaOptions, int], BaseSampler]] = {
    "tpe": lambda options, seed: TPESampler(
        seed=seed,
        n_startup_trials=options.n_startup_trials,
        n_ei_candidates=options.n_ei_candidates,
        multivariate=options.multivariate,
        constant_liar=True,
    ),
    "cmaes": lambda options, seed: CmaEsSampler(
        seed=seed,
        n_startup_trials=options.n_startup_trials,
        sigma0=options.sigma0,
        warn_independent_sampling=False,
    ),
    # Unscrambled sequences are the same for every seed.
    "qmc": lambda options, seed: QMCSampler(
        seed=seed, qmc_type=options.qmc_type, scramble=True, warn_independent_sampling=False
    ),
    "nsga2": lambda options, seed: NSGAIISampler(seed=seed, population_size=options.population_size),
    "random": lambda _, seed: RandomSampler(seed=seed),
}
"""How to make each sampler of `OptunaOptions` from the options and a seed."""

PRUNERS: Mapping[str, Callable[[OptunaOptions, int], BasePruner]] = {
    "none": lambda _, __: NopPruner(),
    "median": lambda options, _: MedianPruner(
        n_startup_trials=options.pruner_startup_trials, n_warmup_steps=options.pruner_warmup_folds
    ),
    "percentile": lambda options, _: PercentilePruner(
        options.percentile,
        n_startup_trials=options.pruner_startup_trials,
        n_warmup_steps=options.pruner_warmup_folds,
    ),
    "successive_halving": lambda options, n_folds: SuccessiveHalvingPruner(
        min_resource=min(options.min_folds, n_folds), reduction_factor=options.reduction_factor
    ),
    "hyperband": lambda options, n_folds: HyperbandPruner(
        min_resource=min(options.min_folds, n_folds),
        max_resource=n_folds,
        reduction_factor=options.reduction_factor,
    ),
    "wilcoxon": lambda options, _: WilcoxonPruner(
        p_threshold=options.p_threshold, n_startup_steps=options.pruner_warmup_folds
    ),
}
"""How to make each pruner of `OptunaOptions` from the options and the number of folds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One suggestion of a study.

    Attributes:
        trial: Optuna's own handle.
        params: Typed hyperparameters.
        key: Equal exactly for suggestions that are the same candidate; True, 1 and 1.0 differ in it.
    """

    trial: Trial
    params: Mapping[str, Any]
    key: Key


class AskTell:
    """A study in memory that maximises.

    Args:
        space: What is searched.
        options: Sampler, pruner and their settings.
        seed: Seed of all draws.
        n_folds: Folds of a whole candidate.
    """

    def __init__(self, space: Space, options: OptunaOptions, *, seed: int, n_folds: int) -> None:
        self._codes = {dimension.name: _code(dimension) for dimension in space}
        self._random = random.Random(seed)
        self._per_fold = options.pruner == "wilcoxon"
        self._prunes = options.pruner != "none"
        with _quiet():
            self._study = optuna.create_study(
                study_name=_STUDY_NAME,
                direction="maximize",
                sampler=SAMPLERS[options.sampler](options, seed),
                pruner=PRUNERS[options.pruner](options, n_folds),
            )

    @property
    def prunes(self) -> bool:
        """Whether candidates may be given up before all folds are scored."""
        return self._prunes

    def ask(self) -> Asked:
        """Return the next suggestion; it may repeat an earlier one."""
        with _quiet(), _fast_tails():
            trial = self._study.ask({name: code.distribution for name, code in self._codes.items()})
        internal = dict(trial.params)
        params = {name: code.decode(internal[name]) for name, code in self._codes.items()}
        return Asked(trial, params, tuple(sorted(internal.items())))

    @property
    def size(self) -> float:
        """Number of distinct candidates; infinite for a continuum."""
        return math.prod(code.size for code in self._codes.values())

    def ask_unseen(self, seen: Container[Key]) -> Asked:
        """Return a suggestion that is not in *seen*, drawn at random; the space must hold one."""
        start = self._random.randrange(int(self.size))
        number = next(n for n in itertools.count(start) if self._nth(n) not in seen)
        self._study.enqueue_trial(dict(self._nth(number)))
        return self.ask()

    def _nth(self, number: int) -> Key:
        """Return one of all candidates by its number, read as digits of mixed radix."""
        internal = {}
        for name, code in self._codes.items():
            number, digit = divmod(number, int(code.size))
            internal[name] = code.low + digit * code.step
        return tuple(sorted(internal.items()))

    def report(self, asked: Asked, scores: Sequence[float]) -> bool:
        """Report the last of the folds scored so far; say whether to give the candidate up.

        The paired test of the Wilcoxon pruner needs the fold's own score, the other rules compare candidates
        by the mean over the folds so far. Steps count finished folds, so that a rule's "after n folds" holds.
        """
        value = scores[-1] if self._per_fold else sum(scores) / len(scores)
        with _quiet():
            asked.trial.report(value, step=len(scores))
            return asked.trial.should_prune()

    def tell(self, asked: Asked, state: Told, score: float | None = None) -> None:
        """Tell how a suggestion ended.

        Args:
            asked: From `ask`.
            state: How it ended.
            score: Mean test score, needed for ``complete``.
        """
        with _quiet():
            self._study.tell(asked.trial, score if state == "complete" else None, state=_STATES[state])


def parameter_importances(
    space: Space, scored: Sequence[tuple[Mapping[str, Any], float]]
) -> dict[str, float]:
    """Return how much each parameter of *space* decides whether a trial is among the best tenth.

    PED-ANOVA (Watanabe, Bansal, Hutter, IJCAI 2023) as Optuna has it, with its defaults.

    Args:
        space: What was searched.
        scored: Typed parameters and score of each trial, greater is better; trials outside of *space* are
            left out.

    Returns:
        Shares that add up to 1, the greatest first; equal ones where nothing tells them apart.
    """
    codes = {dimension.name: _code(dimension) for dimension in space}
    with _quiet():
        study = optuna.create_study(direction="maximize")
        for params, value in scored:
            trial = _told_trial(codes, params, value)
            if trial is not None:
                study.add_trial(trial)
        evaluator = PedAnovaImportanceEvaluator(target_quantile=TARGET_QUANTILE)
        shares = get_param_importances(study, evaluator=evaluator)
    return {name: float(share) for name, share in shares.items()}


def _told_trial(codes: Mapping[str, "_Code"], params: Mapping[str, Any], value: float) -> FrozenTrial | None:
    distributions = {name: code.distribution for name, code in codes.items()}
    try:
        coded = {name: code.encode(params[name]) for name, code in codes.items()}
        return create_trial(params=coded, distributions=distributions, value=value)
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class _Code:
    """How one dimension is written in a study: as a number, never as the choice itself."""

    distribution: BaseDistribution
    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]
    size: float
    low: int = 0
    step: int = 1


def _code(dimension: Dimension) -> _Code:
    if isinstance(dimension, CategoricalDimension):
        # Optuna holds True, 1 and 1.0 to be one choice: it is given the index instead.
        choices = dimension.choices
        indexes = CategoricalDistribution(range(len(choices)))
        typed = [typed_value(choice) for choice in choices]
        return _Code(
            indexes,
            lambda index: choices[index],
            lambda choice: typed.index(typed_value(choice)),
            size=len(choices),
        )
    if isinstance(dimension, IntDimension):
        step = 1 if dimension.log else dimension.step
        # The last value is what the steps reach; Optuna would warn and cut a larger bound itself.
        last = dimension.low + (dimension.high - dimension.low) // step * step
        numbers = IntDistribution(dimension.low, last, log=dimension.log, step=step)
        return _Code(numbers, int, int, size=(last - dimension.low) // step + 1, low=dimension.low, step=step)
    if dimension.step is not None:
        values = dimension.values()
        positions = IntDistribution(0, len(values) - 1)
        return _Code(positions, lambda index: values[index], values.index, size=len(values))
    continuum = FloatDistribution(dimension.low, dimension.high, log=dimension.log)
    return _Code(continuum, float, float, size=math.inf)


def dimension_of(name: str, distribution: Any) -> Dimension | None:
    """Return the dimension that an Optuna distribution describes, or None when it is not one."""
    if isinstance(distribution, CategoricalDistribution):
        return CategoricalDimension(name, tuple(distribution.choices))
    if isinstance(distribution, IntDistribution):
        return IntDimension(
            name, distribution.low, distribution.high, step=distribution.step, log=distribution.log
        )
    if isinstance(distribution, FloatDistribution):
        return FloatDimension(
            name, distribution.low, distribution.high, step=distribution.step, log=distribution.log
        )
    return None


@contextmanager
def _fast_tails() -> Iterator[None]:
    """Compute TPE's logarithms of the normal distribution for all values at once, with the same bits.

    TPE spends most of its time there, one call of Python per value: a third of a suggestion where whole
    numbers are searched. Who asks another study at the same moment gets the same answers.
    """
    own = _truncnorm._log_ndtr
    if SpecifierSet(_SAME_TAILS).contains(optuna.__version__):
        _truncnorm._log_ndtr = partial(log_ndtr, beyond=_truncnorm._log_ndtr_single)
    try:
        yield
    finally:
        _truncnorm._log_ndtr = own


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from writing about experimental samplers and new studies; users did not ask for that."""
    verbosity = optuna.logging.get_verbosity()
    # Setting a level empties the caches of all loggers of the process.
    if verbosity < logging.WARNING:
        optuna.logging.set_verbosity(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            # Announced for Optuna 6; this package is bounded below it.
            warnings.filterwarnings("ignore", "`sigma0` has been deprecated", FutureWarning)
            yield
    finally:
        if verbosity < logging.WARNING:
            optuna.logging.set_verbosity(verbosity)
