"""What the chosen strategy will do with a configuration, by the plan that its proposer follows.

Plans themselves are in `registry.plans`; judging what they refuse is in `registry.rules_strategy`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.free_prefixes import lengths_of
from hyperparameter_tuning.registry.plan_calls import call_plan
from hyperparameter_tuning.registry.planned_work import PlannedWork, planned_work
from hyperparameter_tuning.registry.row_counts import number_of_splits
from hyperparameter_tuning.registry.search_context import Plan, SearchContext
from hyperparameter_tuning.registry.space import Space
from hyperparameter_tuning.shared.errors import UserError

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.registry.tuning_case import TuningCase


def asked_plan(case: "TuningCase", space: Space) -> Plan | None:
    """Return what the strategy will do with the budget that was asked; None when it has no plan.

    Raises:
        UserError: the plan refuses; the code says why.
    """
    return None if case.strategy.plan is None else plan_of(case.strategy, search_context(case, space))


def plan_of(strategy: StrategySpec, context: SearchContext) -> Plan:
    """Return what a strategy will do; without a plan it proposes ``max_trials`` candidates at most.

    Raises:
        UserError: the plan refuses, and the code says why; or it cannot be asked.
    """
    if strategy.plan is None:
        wanted = context.budget.max_trials
        return Plan(wanted, basis="unbounded" if wanted is None else "upper_bound")
    return call_plan(strategy, strategy.plan, context)


def search_context(case: "TuningCase", space: Space) -> SearchContext:
    """Return what the strategy is told, the number of candidates as asked."""
    return SearchContext(
        space=space,
        options=case.config.strategy,
        seed=case.config.execution.seed,
        budget=replace(case.budget, max_trials=case.config.budget.max_trials),
        n_samples=case.training_rows,
        n_splits=number_of_splits(case.config.cross_validation),
        n_classes=case.n_classes,
        lengths=() if case.model is None else lengths_of(case.model),
    )


def context_of_task(task: "TuningTask", *, rows: int, splits: int, n_jobs: int = 1) -> SearchContext:
    """Return what the strategy of a task is told.

    Args:
        task: What is tuned.
        rows: Rows that the folds divide.
        splits: Folds times repeats.
        n_jobs: Units that are worked on at once.
    """
    return SearchContext(
        space=task.space,
        options=task.options,
        seed=task.seed,
        budget=task.budget,
        n_samples=rows,
        n_splits=splits,
        n_classes=task.n_classes,
        n_jobs=n_jobs,
        metric=task.metric.key,
        lengths=lengths_of(task.model),
    )


def work_of_task(task: "TuningTask", *, rows: int, splits: int) -> PlannedWork:
    """Return how much work the search of a task is; arguments as for `context_of_task`.

    Raises:
        UserError: the plan refuses; the code says why.
    """
    plan = plan_of(task.strategy, context_of_task(task, rows=rows, splits=splits))
    return planned_work(plan, references=len(task.reference_candidates), splits=splits, rows=rows)


def first_round_rows(case: "TuningCase", space: Space) -> int | None:
    """Return the rows of a halving's first round; None where candidates see all rows, or nothing can run."""
    if not space:
        return None
    try:
        plan = asked_plan(case, space)
    except UserError:
        return None
    return plan.rungs[0].n_resources if plan is not None and plan.rungs else None
