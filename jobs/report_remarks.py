"""Parts of a report in words: how candidates were judged, why the search ended, what to be careful about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hyperparameter_tuning.jobs.report_source import ReportSource
from hyperparameter_tuning.jobs.report_trials import Part
from hyperparameter_tuning.shared.step_order import cautions, unsafe_steps

ENDINGS: Mapping[str, str] = {
    "exhausted": "Every planned candidate was scored.",
    "max_trials": "The number of candidates that the budget allows was scored.",
    "max_seconds": "The time limit ended the search before the strategy was done.",
    "target_score": "A candidate reached the score that was asked for.",
    "no_improvement": "So many candidates in a row brought nothing better that the search ended.",
    "user": "Somebody ended the search.",
    "no_trials": "Somebody ended the search before any candidate was complete.",
    "poison": "The worker was lost too often.",
    "error": "The run failed.",
}
GOES_ON = "The search has not ended."

EVALUATIONS: Mapping[str, str] = {
    "k_fold": "Each candidate is judged on {folds} folds.",
    "group_k_fold": "Each candidate is judged on {folds} folds; rows of one '{column}' stay together.",
    "time_series": "Each candidate is judged on {folds} folds, each by rows after those it learns from.",
    "holdout": "Each candidate is judged on one share of the rows, {test_size:g} of them.",
    "validation_port": "Each candidate is judged on the rows at the validation port.",
}


def ending(source: ReportSource) -> Part:
    """Return why the search ended."""
    reason = source.job.reason
    budget = source.job.config.get("budget") or {}
    sentence = ENDINGS.get(reason or "", f"The search ended: {reason}.") if reason else GOES_ON
    limits = {name: limit for name, limit in budget.items() if limit is not None}
    return {"reason": reason, "sentence": sentence, "budget": limits}


def evaluation(source: ReportSource) -> Part:
    """Return how each candidate was judged."""
    fields = source.job.config.get("cross_validation") or {}
    kind = str(fields.get("kind", ""))
    sentence = EVALUATIONS.get(kind, "").format_map({"column": "", **fields})
    repeats = fields.get("repeats", 1)
    if repeats != 1:
        sentence = f"{sentence[:-1]}, {repeats} times over."
    search = source.job.search
    return {
        "kind": kind,
        "splits": search.get("splits"),
        "rows": search.get("rows"),
        "sentence": sentence,
    }


def labels(source: ReportSource) -> list[Part]:
    """Return what makes the scores optimistic: steps that saw all rows before the folds were made."""
    unsafe = unsafe_steps(source.job.plain, source.kinds)
    told = dict(zip(unsafe, cautions(unsafe), strict=True))
    if source.job.outcome is not None:
        # A kind whose package has gone since counts as unsafe now; the job ended with the labels it has.
        ended_with = source.job.outcome.get("cautions") or ()
        told = {name: caution for name, caution in told.items() if caution in ended_with}
    if not told:
        return []
    sentence = " ".join(f"The result {caution}." for caution in told.values())
    return [{"code": "may_be_optimistic", "sentence": sentence, "nodes": list(told)}]


def notes(source: ReportSource) -> list[Part]:
    """Return what may be compared with what."""
    job = source.job
    told = {
        "rungs_apart": "Scores of different rounds are of different shares of the rows: only those of one "
        "round are compared."
        if source.rungs
        else None,
        "free_prefixes": "Each draw was fitted once, with the most trees or rounds; shorter candidates are "
        "prefixes of that fit. This is another search than scikit-learn's, which draws the length."
        if (job.config.get("strategy") or {}).get("free_prefixes")
        else None,
        "pruned": f"{job.n_pruned} candidates were given up early; their scores are compared with no others."
        if job.n_pruned
        else None,
        "restarted": "The worker was lost on the way; folds that were scored before were kept."
        if job.attempts > 1
        else None,
        "resumed": "The job goes on from an earlier one and has its candidates."
        if job.resumed_from
        else None,
        "best_of_many": "The best score is the best of many on the same folds: on new rows it is likely "
        "to be a little worse."
        if len(source.comparison.scores) > 1
        else None,
    }
    return [{"code": code, "sentence": sentence} for code, sentence in told.items() if sentence]


def timing(source: ReportSource) -> Part:
    """Return what the search cost."""
    job = source.job
    fits = sum(item.n for item in source.sums)
    end = job.finished_at or datetime.now(UTC)
    seconds = None if job.started_at is None else max((end - job.started_at).total_seconds(), 0.0)
    outcome: Mapping[str, Any] = job.outcome or {}
    return {
        "seconds": seconds,
        "fits": fits,
        "fits_per_second": fits / seconds if seconds else None,
        "fit_seconds": sum(item.fit_seconds for item in source.sums),
        "score_seconds": sum(item.score_seconds for item in source.sums),
        "refit_seconds": outcome.get("refit_seconds"),
    }
