"""Parts of a report about single candidates: history, rounds, failures, the best against the current ones.

Values of parameters are in `jobs.report_parameters`, sentences about the whole in `jobs.report_remarks`.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from hyperparameter_tuning.jobs.report_source import BASELINE, ReportSource, is_comparable
from hyperparameter_tuning.jobs.trial_records import TrialRecord

Part = dict[str, Any]
Item = TypeVar("Item")

MAX_POINTS = 2_000
SHOWN_TRIALS = 5


def history(source: ReportSource) -> Part:
    """Return every candidate with the best so far; of very many those that improve, and some of the rest."""
    points: list[Part] = []
    best: float | None = None
    improved: set[int] = set()
    for trial in source.trials:
        if is_comparable(trial) and is_better(source, trial.score, best):
            best = trial.score
            improved.add(len(points))
        points.append(_point(source.job.started_at, trial, best))
    shown = thinned(points, MAX_POINTS, improved)
    return {"total": len(points), "note": shown_note(len(shown), len(points)), "points": shown}


def rungs(source: ReportSource) -> list[Part]:
    """Return the rounds of a halving, each with its own candidates only; none for other strategies."""
    return [_rung(source, rung) for rung in source.rungs]


def failures(source: ReportSource) -> list[Part]:
    """Return the failed candidates by their first error, the commonest first."""
    by_error: defaultdict[str, list[int]] = defaultdict(list)
    for trial in source.trials:
        if trial.state == "failed":
            by_error[trial.error or "unknown"].append(trial.number)
    ordered = sorted(by_error.items(), key=lambda item: (-len(item[1]), item[1][0]))
    return [
        {"error": error, "count": len(trials), "trials": trials[:SHOWN_TRIALS]} for error, trials in ordered
    ]


def shown_trial(trial: TrialRecord | None) -> Part | None:
    """Return a candidate that stands for others."""
    if trial is None:
        return None
    names = ("origin", "state", "score", "std")
    values = {name: getattr(trial, name) for name in names}
    return {
        "trial": trial.number,
        **values,
        "params": dict(trial.params),
        "number_types": dict(trial.number_types),
    }


def gain(source: ReportSource) -> Part | None:
    """Return the best against the current parameters; None while either has no score."""
    before, after = source.baseline, source.best
    if before is None or after is None or before.score is None or after.score is None:
        return None
    absolute = sign(source) * (after.score - before.score)
    pairs = [
        (fold["score"], fold["baseline"])
        for fold in _fold_scores(source)
        if None not in (fold["score"], fold["baseline"])
    ]
    better = sum(is_better(source, own, other) for own, other in pairs)
    sentence = f"The best {source.job.metric} is {after.score:.5g}; with the current parameters it is "
    sentence += f"{before.score:.5g}."
    if after.number == before.number:
        sentence = "No candidate is better than the current parameters."
    return {
        "absolute": absolute,
        "relative": absolute / abs(before.score) if before.score else None,
        "folds_better": better,
        "folds": len(pairs),
        "sentence": sentence,
    }


def spread(source: ReportSource) -> Part | None:
    """Return the best candidate's score by fold; None while there is none."""
    folds = _fold_scores(source)
    scores = [fold["score"] for fold in folds if fold["score"] is not None]
    if not scores:
        return None
    return {
        "least": min(scores),
        "greatest": max(scores),
        "std": statistics.pstdev(scores),
        "folds": folds,
    }


def sign(source: ReportSource) -> int:
    """Return 1 where greater scores are better, else -1."""
    return 1 if source.job.direction == "maximize" else -1


def is_better(source: ReportSource, score: float | None, other: float | None) -> bool:
    """Say whether *score* is better than *other*; any score is better than none."""
    if score is None or other is None:
        return score is not None
    return sign(source) * (score - other) > 0


def thinned(items: Sequence[Item], limit: int, kept: Iterable[int] = ()) -> list[Item]:
    """Return *items* in order, evenly thinned to about *limit*; the last one and those at *kept* stay."""
    if len(items) <= limit:
        return list(items)
    always = {len(items) - 1, *kept}
    step = -(-len(items) // max(limit - len(always), 1))
    return [item for index, item in enumerate(items) if index % step == 0 or index in always]


def shown_note(shown: int, total: int) -> str | None:
    """Return what to say where not all are shown."""
    return None if shown == total else f"{shown:,} of {total:,} candidates are shown; the table has all."


def _point(started_at: datetime | None, trial: TrialRecord, best: float | None) -> Part:
    seconds = None
    # Candidates of an earlier job that this one goes on from ended before it began.
    if trial.finished_at is not None and started_at is not None and trial.finished_at >= started_at:
        seconds = (trial.finished_at - started_at).total_seconds()
    return {
        "trial": trial.number,
        "origin": trial.origin,
        "state": trial.state,
        "score": trial.score,
        "best": best,
        "seconds": seconds,
        "resource": trial.resource,
        "rung": trial.rung,
    }


def _rung(source: ReportSource, rung: Mapping[str, Any]) -> Part:
    scores = source.rung_scores(rung["resource"])
    took_part = [
        trial.number
        for trial in source.trials
        # The winner that was scored on all rows in the end has no round any more.
        if trial.origin == "search" and (trial.rung is None or trial.rung >= rung["index"])
    ]
    ordered = sorted(took_part, key=lambda number: _rank(source, scores.get(number), number))
    candidates = [{"trial": number, "score": scores.get(number)} for number in ordered[:MAX_POINTS]]
    has_best = bool(candidates) and candidates[0]["score"] is not None
    return {
        "rung": rung["index"],
        "resource": rung["resource"],
        "rows": rung["n_resources"],
        "planned": rung["n_candidates"],
        "total": len(took_part),
        "best": candidates[0] if has_best else None,
        "candidates": candidates,
    }


def _rank(source: ReportSource, score: float | None, number: int) -> tuple[bool, float, int]:
    return (score is None, 0.0 if score is None else -sign(source) * score, number)


def _fold_scores(source: ReportSource) -> list[Part]:
    """Return the folds of the best candidate on all rows, each with the current parameters' score."""
    metric, best = source.job.metric, source.job.best_trial
    scores = {
        (fold.trial, fold.repeat, fold.fold): fold.scores.get(metric)
        for fold in source.folds
        if fold.resource == 1.0
    }
    return [
        {"repeat": repeat, "fold": fold, "score": score, "baseline": scores.get((BASELINE, repeat, fold))}
        for (trial, repeat, fold), score in sorted(scores.items(), key=lambda item: item[0])
        if trial == best
    ]
