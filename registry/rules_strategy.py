"""Rules about the strategy: what it needs of the rows and of the budget, before anything is built.

Rows alone do not belong here (`registry.rules_space`); what a strategy will do is in `registry.plans`.
"""

from collections.abc import Iterator

from hyperparameter_tuning.registry.offer import missing_reason
from hyperparameter_tuning.registry.planning import asked_plan
from hyperparameter_tuning.registry.rule_findings import Fix, error, patch_fix, row_pointer, warning
from hyperparameter_tuning.registry.search_context import Plan
from hyperparameter_tuning.registry.space import Space, grid_size
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding

SUGGESTED_GRID_POINTS = 5
_SWITCHES = {
    "no_path_parameter": "/strategy/free_prefixes",
    "too_few_folds_to_race": "/strategy/racing",
    "racing_with_pruner": "/strategy/racing",
}
"""Refusals that go away with one option, by code."""
_SEARCH_AT_RANDOM = patch_fix("Search at random", ("replace", "/strategy", {"name": "random"}))


def strategy_is_installed(case: TuningCase) -> Iterator[Finding]:
    """The package behind the strategy is there; the configuration is kept where it is not."""
    reason = missing_reason(case.strategy)
    if reason is not None:
        yield error("/strategy/name", "strategy_unavailable", reason)


def strategy_can_run(case: TuningCase) -> Iterator[Finding]:
    """The strategy gets rows that it can work on, and its plan comes to an end."""
    if case.space is None:
        return
    unfit = [] if case.strategy.supports.continuous else list(_list_findings(case, case.space))
    yield from unfit or _plan_findings(case, case.space)


def _list_findings(case: TuningCase, space: Space) -> Iterator[Finding]:
    """A strategy over lists gets finite ones, of a size that can be built."""
    for (index, _), item in zip(case.rows, space, strict=True):
        if item.size is None:
            yield error(
                row_pointer(index),
                "grid_unbounded",
                f"'{item.name}' is a continuous range, and {case.strategy.label} needs a finite list: "
                "give it a step, grid points or choices.",
                patch_fix(
                    f"Take {SUGGESTED_GRID_POINTS} values",
                    ("add", row_pointer(index, "grid_points"), SUGGESTED_GRID_POINTS),
                ),
            )
    size, limit = grid_size(space), case.settings.max_grid_candidates
    if size is not None and size > limit:
        yield error(
            "/search_space",
            "grid_too_large",
            f"The grid has {size:,} candidates; this server builds {limit:,} at most: "
            "take values out, or search at random.",
            _SEARCH_AT_RANDOM,
        )


def _plan_findings(case: TuningCase, space: Space) -> Iterator[Finding]:
    """The strategy's own plan accepts rows, options and budget."""
    try:
        plan = asked_plan(case, space)
    except UserError as refusal:
        place = refusal.pointer or "/strategy"
        yield error(place, refusal.code, refusal.message, _plan_fix(case, refusal))
        return
    yield from _end_findings(case, plan)


def _end_findings(case: TuningCase, plan: Plan | None) -> Iterator[Finding]:
    asked, limit = case.config.budget, case.settings.max_trials
    rows_decide = case.strategy.default_max_trials is None and not case.training_rows
    endless = plan is None or (plan.basis == "unbounded" and not rows_decide)
    if endless and asked.max_trials is None and asked.max_seconds is None:
        yield error(
            "/budget/max_trials",
            "unbounded_search",
            f"{case.strategy.label} would never end: say how many candidates (max_trials) or seconds "
            "(max_seconds) it may take.",
            patch_fix("Try 30 candidates", ("replace", "/budget/max_trials", 30)),
        )
    if plan is not None and asked.max_trials is None and (plan.candidates or 0) > limit and _draws(case):
        yield error(
            "/budget/max_trials",
            "too_many_trials",
            f"{case.strategy.label} would draw {plan.candidates:,} candidates; "
            f"this server runs {limit:,} at most.",
            patch_fix(f"Limit to {limit}", ("replace", "/budget/max_trials", limit)),
        )


def _draws(case: TuningCase) -> bool:
    return case.strategy.supports.continuous


def budget_is_within_ceiling(case: TuningCase) -> Iterator[Finding]:
    """The server's ceilings apply silently to nobody."""
    for name, unit in (("max_trials", "candidates"), ("max_seconds", "seconds")):
        asked, ceiling = getattr(case.config.budget, name), getattr(case.settings, name)
        if asked is not None and asked > ceiling:
            yield warning(
                f"/budget/{name}",
                "budget_ceiling",
                f"This server allows {ceiling:,.0f} {unit} per job; the search ends there.",
                patch_fix(f"Ask for {ceiling:,.0f}", ("replace", f"/budget/{name}", ceiling)),
            )


def _plan_fix(case: TuningCase, refusal: UserError) -> Fix | None:
    if refusal.code in _SWITCHES:
        return patch_fix("Turn it off", ("replace", _SWITCHES[refusal.code], False))
    size = refusal.details.get("size")
    if refusal.code != "grid_too_large" or size is None or size > case.settings.max_grid_candidates:
        return None
    return patch_fix(f"Raise the limit to {size}", ("replace", "/budget/max_trials", size))


STRATEGY_RULES = (strategy_is_installed, strategy_can_run, budget_is_within_ceiling)
