"""How much work a configuration asks for, before anything runs: candidates, fits, rounds, limits.

How long that takes does not belong here (`jobs.durations`), nor judging (`registry.validation`). The numbers
come from the plan that the search itself follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.planned_work import PlannedWork, planned_work
from hyperparameter_tuning.registry.planning import plan_of, search_context
from hyperparameter_tuning.registry.search_context import Plan
from hyperparameter_tuning.registry.task import references_of
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.errors import UserError


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling of the server and what it leaves of what was asked.

    Attributes:
        asked: In the configuration; None where it asks for no limit.
        ceiling: Of this server.
        in_force: The smaller one; None where the search ends by itself before the ceiling can matter.
    """

    asked: float | None
    ceiling: float
    in_force: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The work of a configuration.

    Attributes:
        work: None while it cannot be told.
        max_trials: Candidates; see `Limit`.
        max_seconds: Wall time of the search.
        max_grid_candidates: The largest grid that this server builds.
        reasons: Sentences on what the numbers rest on, or why there are none.
    """

    work: PlannedWork | None
    max_trials: Limit
    max_seconds: Limit
    max_grid_candidates: int
    reasons: tuple[str, ...] = ()


def estimate(case: TuningCase) -> Estimate:
    """Say how much work *case* asks for; what is open is said, not guessed."""
    work, reasons = _work(case)
    asked, settings, budget = case.config.budget, case.settings, case.budget
    return Estimate(
        work,
        Limit(asked.max_trials, settings.max_trials, budget.max_trials),
        Limit(asked.max_seconds, settings.max_seconds, budget.max_seconds),
        settings.max_grid_candidates,
        (*reasons, *_ends(case, work)),
    )


def _work(case: TuningCase) -> tuple[PlannedWork | None, list[str]]:
    if case.model is None:
        return None, ["Connect a model node or choose a model: its search space decides."]
    if case.space is None:
        return None, ["The search space has errors or no row: nothing can be counted."]
    context = replace(search_context(case, case.space), budget=case.budget, n_samples=case.usable_rows)
    try:
        plan = plan_of(case.strategy, context)
    except UserError as refusal:
        size = refusal.details.get("size")
        if size is None:
            return None, [refusal.message]
        plan = Plan(size)
        return _counted(case, case.model, plan), [refusal.message]
    return _counted(case, case.model, plan), list(_open_ends(case, plan))


def _counted(case: TuningCase, model: ModelSpec, plan: Plan) -> PlannedWork:
    try:
        references = len(references_of(case, model))
    except UserError:
        references = 1  # the validator names what the model node holds wrongly; it counts once it is mended
    splits = search_context(case, ()).n_splits
    if _may_end_early(case) and plan.basis == "exact":
        plan = replace(plan, basis="upper_bound")
    return planned_work(plan, references=references, splits=splits, rows=case.usable_rows)


def _may_end_early(case: TuningCase) -> bool:
    budget: Any = case.config.budget
    return budget.target_score is not None or budget.no_improvement_trials is not None


def _open_ends(case: TuningCase, plan: Plan) -> Iterator[str]:
    if getattr(case.config.strategy, "racing", False):
        yield "Racing may end candidates after two folds: then there are fewer fits."
    if case.strategy.supports.intermediate and not case.usable_rows:
        yield "Rounds depend on the rows: connect a dataset with a target."
    elif plan.prefixes:
        yield (
            f"Each candidate drawn is fitted once; {plan.prefixes} shorter fits are read off it and counted "
            "as candidates, too."
        )
    elif plan.rungs and case.usable_rows < case.training_rows:
        yield "Rows without a target are left out; after a split, rounds may have a few rows more."


def _ends(case: TuningCase, work: PlannedWork | None) -> Iterator[str]:
    if work is None:
        return
    if work.basis == "unbounded":
        yield f"{case.strategy.label} goes on until the time limit ends it."
    if _may_end_early(case):
        yield "A good score, or no better one for a while, may end the search earlier."
    asked, ceiling = case.config.budget.max_trials, case.settings.max_trials
    if asked is not None and asked > ceiling:
        yield f"This server allows {ceiling:,} candidates per job."
