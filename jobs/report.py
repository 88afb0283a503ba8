"""The report of a job: how its search went, also while it goes on, and when it failed or was cancelled.

Links do not belong here (`node`), nor the shape of the document (`registry.published_report`); its parts are
made by the neighbours of this module.
"""

from typing import Any

from hyperparameter_tuning.jobs.report_parameters import hints, importances, slices
from hyperparameter_tuning.jobs.report_remarks import ending, evaluation, labels, notes, timing
from hyperparameter_tuning.jobs.report_source import ReportSource, read_source
from hyperparameter_tuning.jobs.report_trials import failures, gain, history, rungs, shown_trial, spread

__all__ = ["ReportSource", "read_source", "report_of"]


def report_of(source: ReportSource) -> dict[str, Any]:
    """Return a report as JSON values: `registry.published_report.ReportDocument` without links.

    Args:
        source: What was read of the job.
    """
    job = source.job
    outcome = job.outcome or {}
    return {
        "job_id": job.id,
        "run_number": job.run_number,
        "status": job.state.value,
        "final": job.is_terminal,
        "model_type": job.model_type,
        "strategy": job.strategy,
        "metric": job.metric,
        "direction": job.direction,
        "metric_reason": outcome.get("metric_reason"),
        "error": None
        if job.error_code is None
        else {"code": job.error_code, "message": job.error_message or ""},
        "ending": ending(source),
        "evaluation": evaluation(source),
        "labels": labels(source),
        "notes": notes(source),
        "warnings": list(outcome.get("warnings") or ()),
        "counts": {"complete": job.n_complete, "failed": job.n_failed, "pruned": job.n_pruned},
        "baseline": shown_trial(source.baseline),
        "best": shown_trial(source.best),
        "gain": gain(source),
        "spread": spread(source),
        "history": history(source),
        "rungs": rungs(source),
        "importances": importances(source),
        "slices": slices(source),
        "hints": hints(source),
        "failures": failures(source),
        "timing": timing(source),
    }
