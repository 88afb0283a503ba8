"""A configuration together with everything it is judged against, and what follows from both.

Judging does not belong here (the ``rules_*`` modules), nor what the worker gets (`registry.task`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.metrics import auto_metric, get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.node_configurations import steps_are_configured
from hyperparameter_tuning.registry.planning import first_round_rows
from hyperparameter_tuning.registry.row_counts import (
    smallest_fit_rows,
    training_rows,
    usable_rows,
)
from hyperparameter_tuning.registry.search_context import SearchBudget
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.space import Space
from hyperparameter_tuning.registry.space_rows import space_from_rows
from hyperparameter_tuning.registry.suggestions import DataFacts, suggested_rows, suggested_space
from hyperparameter_tuning.registry.unavailable import unavailable
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.errors import UnknownNameError, UserError
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.preparation import PreparedPath, build_steps
from hyperparameter_tuning.shared.settings import Settings

_CLASS_KINDS = frozenset({"category", "text", "boolean"})


@dataclass(frozen=True)
class TuningCase:
    """What rules look at.

    Attributes:
        config: The configuration, complete.
        plain: The graph in its plain form; an empty one where nothing is connected.
        summary: What is known of the dataset; None while it is unread.
        settings: The server's ceilings.
        kinds: Node kinds that the path may name.
    """

    config: TuningConfig
    plain: PlainForm
    summary: DataSummary | None
    settings: Settings
    kinds: NodeKinds

    @property
    def model(self) -> ModelSpec | None:
        """The model to tune: the connected one, else the chosen one."""
        return self._named_model if isinstance(self._named_model, ModelSpec) else None

    @property
    def model_refusal(self) -> UnknownNameError | None:
        """Why there is no model although one is named."""
        return self._named_model if isinstance(self._named_model, UnknownNameError) else None

    @cached_property
    def _named_model(self) -> ModelSpec | UnknownNameError | None:
        name = self.plain.model.type if self.plain.model is not None else self.config.model
        if name is None:
            return None
        try:
            return get_model(name, problem_type_hint(self.config.problem_type, self.target))
        except UnknownNameError as error:
            return unavailable("model", error)

    @cached_property
    def strategy(self) -> StrategySpec:
        """The chosen strategy."""
        return get_strategy_spec(strategy_name(self.config), self.settings)

    @property
    def needs_lists(self) -> bool:
        """Whether the strategy takes finite lists of values only."""
        return not self.strategy.supports.continuous

    @property
    def target_name(self) -> str | None:
        """The column to predict: the configured one, else the one that the graph declares."""
        return self.config.target or self.plain.target

    @property
    def target(self) -> Column | None:
        """What is known of the column to predict."""
        name = self.target_name
        return self.summary.column(name) if self.summary is not None and name is not None else None

    @property
    def n_classes(self) -> int:
        """Distinct values of the target for a classifier; 0 for a regressor or where unknown."""
        if self.model is None or self.model.problem_type == "regression" or self.target is None:
            return 0
        return self.target.distinct

    @property
    def excluded_columns(self) -> tuple[str, ...]:
        """Columns that order or group rows and are no features."""
        column = getattr(self.config.cross_validation, "column", None)
        return () if column is None else (column,)

    @cached_property
    def metric(self) -> tuple[MetricSpec, str] | None:
        """The metric that decides and why; None while the model is unknown."""
        key = self.config.objective.metric
        if key != AUTO_METRIC:
            chosen = get_metric(key)
            return chosen, f"{chosen.label}: chosen in the configuration."
        if self.model is None:
            return None
        return auto_metric(
            self.model.problem_type, self.n_classes, self.model.has_scores, self.model.has_probabilities
        )

    @cached_property
    def rows(self) -> tuple[tuple[int | None, Mapping[str, Any]], ...]:
        """The rows in force with their index in the configuration; None for suggested ones.

        What is fixed is not suggested.
        """
        given = self.config.search_space
        if given:
            return tuple((index, row.model_dump()) for index, row in enumerate(given) if row.enabled)
        if self.model is None:
            return ()
        fixed = {row.name for row in self.config.fixed_params}
        return tuple((None, row) for row in self.suggested_rows if row["name"] not in fixed)

    @cached_property
    def suggested_rows(self) -> tuple[Mapping[str, Any], ...]:
        """The rows suggested for the model, the strategy and the data; none while the model is unknown."""
        if self.model is None:
            return ()
        return tuple(suggested_rows(self.model, lists=self.needs_lists, facts=self.data_facts))

    @cached_property
    def space(self) -> Space | None:
        """The typed rows in force; None while the model or a row is wrong, or nothing is searched."""
        if self.model is None or not self.rows:
            return None
        try:
            return space_from_rows(self.model, [row for _, row in self.rows])
        except UserError:
            return None

    @property
    def is_data_known(self) -> bool:
        """Whether the target was seen, so that an automatic metric is settled."""
        return self.target is not None or self.config.objective.metric != AUTO_METRIC

    @property
    def training_rows(self) -> int:
        """Rows that the folds divide; 0 while the dataset is unread."""
        return 0 if self.summary is None else training_rows(self.plain, self.summary.rows, self.kinds)

    @property
    def usable_rows(self) -> int:
        """Training rows that have a target, at least; 0 while the dataset is unread."""
        if self.summary is None:
            return 0
        return usable_rows(self.plain, self.summary, self.target_name, self.kinds)

    @cached_property
    def prepared_path(self) -> PreparedPath | None:
        """The steps upstream and the columns after them; None while dataset, target or a step is open."""
        # Without a target the target itself would look like a feature.
        if self.summary is None or self.plain.dataset is None or self.target is None:
            return None
        if not steps_are_configured(self.plain, self.kinds):
            return None
        apart = {self.target.name, *self.excluded_columns}
        features = [column for column in self.summary.columns if column.name not in apart]
        return build_steps(self.plain.steps, features, self.kinds)

    @cached_property
    def data_facts(self) -> DataFacts:
        """What the suggested space depends on, beside the model and the strategy."""
        rows = self.usable_rows
        fit_rows = smallest_fit_rows(self.config.cross_validation, rows)
        first = None
        if self.model is not None and rows:
            first = first_round_rows(self, suggested_space(self.model, lists=self.needs_lists))
        least = fit_rows if first is None else fit_rows * min(first, rows) // rows
        return DataFacts(fit_rows, least, self._known_features)

    @property
    def _known_features(self) -> int:
        """Columns that reach the model; 0 where only a fitted step would tell their number."""
        names = [] if self.prepared_path is None else [item.name for item in self.prepared_path.remaining]
        return 0 if any(name.endswith("*") for name in names) else len(names)

    @property
    def budget(self) -> SearchBudget:
        """The budget asked for, cut to the server's ceilings."""
        asked, ceiling = self.config.budget, self.settings
        max_trials = None if asked.max_trials is None else min(asked.max_trials, ceiling.max_trials)
        if max_trials is None and not self._ends_by_itself:
            max_trials = ceiling.max_trials
        return SearchBudget(
            max_trials=max_trials,
            max_seconds=min(asked.max_seconds or ceiling.max_seconds, ceiling.max_seconds),
            max_failed_trials=asked.max_failed_trials,
            target_score=asked.target_score,
            no_improvement_trials=asked.no_improvement_trials,
        )

    @property
    def _ends_by_itself(self) -> bool:
        """Whether the strategy reads an absent number of candidates as "all there are"."""
        return self.strategy.plan is not None and self.strategy.default_max_trials is None


def strategy_name(config: TuningConfig) -> str:
    """Return the value of the chosen strategy."""
    name: str = config.strategy.name  # type: ignore[attr-defined]
    return name


def problem_type_hint(declared: str, target: Column | None) -> str | None:
    """Return what tells a classifier's alias from a regressor's, or None.

    Args:
        declared: The configured problem type; ``auto`` leaves it to the data.
        target: The column to predict, where known.
    """
    if declared != "auto":
        return declared
    if target is None:
        return None
    if target.dtype in _CLASS_KINDS:
        return "classification"
    return "regression" if target.dtype == "number" else None
