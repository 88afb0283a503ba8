"""What a search was told: the frozen values that the old functions pass on to each other.

Reading payloads of jobs is in `node.compat_payload`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.legacy_imports.old_errors import value_errors
from hyperparameter_tuning.node.compat_cross_validation import CrossValidationConfig
from hyperparameter_tuning.node.compat_search_space import read_search_space


@dataclass(frozen=True)
class SearchConfiguration:
    """How to search.

    Attributes:
        strategy: The implementation: random, grid, halving, halving_random or optuna.
        selected_strategy: The name that was selected.
        search_space: Values to try by parameter.
        n_iterations: Number of candidates; None leaves it to the strategy.
        scoring: scikit-learn's scorer name; None is the estimator's own.
        random_state: Seed of all draws.
        cross_validation: How candidates are judged.
    """

    strategy: str
    selected_strategy: str
    search_space: Mapping[str, Sequence[Any]]
    n_iterations: int | None = None
    scoring: str | None = None
    random_state: int | None = None
    cross_validation: CrossValidationConfig = field(default_factory=CrossValidationConfig)


@dataclass(frozen=True)
class ModelingInputs:
    """A table and what its node says.

    Attributes:
        frame: The table.
        node_config: Configuration of the node.
        dataset_meta: What is known of the dataset.
        upstream_order: Ids of the nodes before it, in order.
    """

    frame: Any
    node_config: Mapping[str, Any]
    dataset_meta: Mapping[str, Any] | None = None
    upstream_order: Sequence[str] = ()


def _coerce_search_space(value: Any) -> dict[str, list[Any]]:
    """Read a search space from a mapping or its JSON text: single values wrapped, "none" as None, None last.

    Raises:
        OldCallError: it is no object, or a parameter has no value.
    """
    with value_errors():
        return read_search_space(value)
