"""What a strategy is told before it proposes its first candidate, and what its plan answers.

The budget is what the configuration asks, already cut to the server's ceiling. Proposers and plans get
the same object, so that an estimate cannot differ from the search.
"""

from dataclasses import dataclass
from typing import Any, Literal

from hyperparameter_tuning.registry.space import Space

Basis = Literal["exact", "upper_bound", "unbounded"]


@dataclass(frozen=True, slots=True)
class SearchBudget:
    """When a search ends of itself; None is no limit of that kind.

    Attributes:
        max_trials: Candidates proposed by the strategy; trials 0 and 1 do not count.
        max_seconds: Wall time of the search.
        max_failed_trials: Failed candidates before the job fails.
        target_score: Natural unit of the metric; reaching it ends the search.
        no_improvement_trials: Complete candidates in a row without a better one.
    """

    max_trials: int | None = None
    max_seconds: float | None = None
    max_failed_trials: int | None = None
    target_score: float | None = None
    no_improvement_trials: int | None = None


@dataclass(frozen=True, slots=True)
class SearchContext:
    """Everything a proposer may know.

    Attributes:
        space: Dimensions in the order of the rows.
        options: The strategy's own options, an instance of its options model.
        seed: Seed of all draws.
        budget: See `SearchBudget`.
        n_samples: Rows that the folds divide.
        n_splits: Folds times repeats.
        n_classes: Distinct target values; 0 for regression.
        n_jobs: Units that are worked on at once; proposers may size their batches by it.
        metric: Key of the metric that decides, in the scores of each result (greater is better there).
        lengths: Parameters of the model that say how far one fit goes, so that shorter fits can be read off
            a longer one.
    """

    space: Space
    options: Any
    seed: int = 42
    budget: SearchBudget = SearchBudget()
    n_samples: int = 0
    n_splits: int = 5
    n_classes: int = 0
    n_jobs: int = 1
    metric: str = "score"
    lengths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One round of a successive halving.

    Attributes:
        index: From 0.
        n_resources: Rows that each candidate may use.
        n_candidates: Candidates in the round.
    """

    index: int
    n_resources: int
    n_candidates: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a strategy will do, before it does it.

    Attributes:
        candidates: Distinct candidates that are drawn or listed; None when unbounded.
        rungs: Rounds of a halving, empty for others.
        basis: Whether the number is exact, an upper bound, or absent.
        prefixes: Further candidates that are read off the fit of each; see `registry.free_prefixes`.
    """

    candidates: int | None
    rungs: tuple[Rung, ...] = ()
    basis: Basis = "exact"
    prefixes: int = 0
