"""Goes on with a search that ended: a new job that begins with the finished units of the old one.

The old job never changes. The budget may be raised, the space never: units of another space would be
another search.
"""

import math
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs import repository, trials_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.lookups import get
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.submitting import new_run_id, submit
from hyperparameter_tuning.shared.errors import ConflictError, UnknownNameError, UserError
from hyperparameter_tuning.shared.findings import nearest_name

# Name to whether it counts (whole numbers); each may only grow, but the target, which is no amount.
_AMOUNTS = {
    "max_trials": True,
    "max_seconds": False,
    "max_failed_trials": True,
    "no_improvement_trials": True,
}
_TARGET = "target_score"
_TOTALS = ("trials", "fits")
_COPIED = ("search", "best_trial", "best_score", "best_params")


async def resume(
    session: Session,
    job_id: str,
    budget: Mapping[str, Any] | None = None,
    *,
    run_id: str | None = None,
    n_planned: int | None = None,
) -> JobRecord:
    """Make a new job from one that has ended, with its finished trials and units copied in.

    Units that failed are copied too, unless the whole job failed: then they are scored again.

    Args:
        session: An open write transaction; commit it durably.
        job_id: The job that ended.
        budget: Parts of ``budget`` to raise; None as a value removes a limit.
        run_id: Idempotency key; absent: a fresh one.
        n_planned: Candidates planned under the new budget, where the caller knows.

    Returns:
        The new job, queued; ``created`` False when this run_id was used before.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: ``not_finished``; ``nothing_left`` for a succeeded job whose budget is not raised;
            ``already_running`` when the node has another active job.
        UserError: a part of the budget is unknown, lowered, or no number.
    """
    old = await get(session, job_id)
    if not old.is_terminal:
        raise ConflictError(f"The job is {old.state.value}.", code="not_finished", job_id=job_id)
    changed = raised_budget(old.config.get("budget") or {}, budget or {})
    if old.state is JobState.SUCCEEDED and changed == old.config.get("budget"):
        raise ConflictError(
            "The search has used its whole budget. Raise it to go on.", code="nothing_left", pointer="/budget"
        )
    new = await submit(session, _submission(old, changed, run_id, n_planned))
    if not new.created:
        return new
    failed_too = old.state is not JobState.FAILED
    await trials_repository.copy(session, old.id, new.id, failed_too=failed_too)
    counts = await trials_repository.counts(session, new.id)
    values = {name: getattr(old, name) for name in _COPIED}
    if changed != old.config.get("budget"):
        # How much there is to do now is told once the search has begun: the old totals are reached already.
        values["search"] = {key: value for key, value in old.search.items() if key not in _TOTALS}
    values |= {f"n_{state}": counts.get(state, 0) for state in ("complete", "failed", "pruned")}
    values["n_units"] = await trials_repository.count_units(session, new.id)
    await repository.set_values(session, new.id, values)
    return await get(session, new.id)


def raised_budget(present: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return *present* with *changes*, none of which may lower a limit.

    Raises:
        UserError: as `resume`, with a pointer.
    """
    raised = dict(present)
    for name, value in changes.items():
        pointer = f"/budget/{name}"
        if name not in (*_AMOUNTS, _TARGET):
            nearest = nearest_name(name, (*_AMOUNTS, _TARGET))
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            raise UnknownNameError(f"A budget has no '{name}'.{hint}", pointer=pointer)
        if value is not None:
            _check_amount(name, value, present.get(name), pointer)
        raised[name] = int(value) if value is not None and _AMOUNTS.get(name) else value
    return raised


def _check_amount(name: str, value: Any, before: Any, pointer: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"'{name}' must be a number.", code="wrong_type", pointer=pointer)
    if name == _TARGET:
        return
    if _AMOUNTS[name] and value != int(value):
        raise UserError(f"'{name}' must be a whole number.", code="wrong_type", pointer=pointer)
    if value <= 0:
        raise UserError(f"'{name}' must be greater than 0.", code="out_of_bounds", pointer=pointer)
    if name in _AMOUNTS and before is None:
        raise UserError(f"'{name}' had no limit; it can only be raised.", code="lowered", pointer=pointer)
    if before is not None and value < before:
        raise UserError(f"'{name}' was {before}; it can only be raised.", code="lowered", pointer=pointer)


def _submission(
    old: JobRecord, budget: Mapping[str, Any], run_id: str | None, n_planned: int | None
) -> Submission:
    raised = budget != old.config.get("budget")
    return Submission(
        run_id=run_id or new_run_id(),
        owner=old.owner,
        graph_ref=old.graph_ref,
        node_id=old.node_id,
        base_revision=old.base_revision,
        config={**old.config, "budget": dict(budget)},
        plain=old.plain,
        data_summary=old.data_summary,
        fingerprints=old.fingerprints,
        model_type=old.model_type,
        strategy=old.strategy,
        metric=old.metric,
        direction=old.direction,  # type: ignore[arg-type]
        seed=old.seed,
        write_back_mode=old.write_back_mode,  # type: ignore[arg-type]
        concurrent=old.concurrent,
        resumed_from=old.id,
        n_planned=n_planned if n_planned is not None or raised else old.n_planned,
    )
