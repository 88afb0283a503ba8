"""How a list of candidates is asked for: all at once, in batches, or in the rounds of a halving.

Where candidates come from does not belong here (`candidates`).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from hyperparameter_tuning.registry.free_prefixes import FreePrefixes
from hyperparameter_tuning.registry.search_context import Rung, SearchContext
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.searchers.candidates import Params
from hyperparameter_tuning.tasks.searchers.prefix_groups import groups_of
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.racing import Race, fold_rounds

Means = np.ndarray[Any, np.dtype[np.float64]]


def ask_all(
    candidates: Iterable[Params], batch_size: int | None = None, path: FreePrefixes | None = None
) -> Proposals:
    """Ask for each candidate once, on all folds.

    Args:
        candidates: In the order in which they are numbered.
        batch_size: Candidates per list; None is all in one.
        path: Shorter fits that become candidates beside each.
    """
    groups = groups_of(candidates, path)
    while batch := [request for group in islice(groups, batch_size) for request in group]:
        yield batch


def ask_racing(
    candidates: Iterable[Params],
    context: SearchContext,
    batch_size: int | None = None,
    path: FreePrefixes | None = None,
) -> Proposals:
    """Ask for two folds of each candidate, then fold by fold for those that are not hopeless.

    Candidates race in lists of a fold, so that families are scored from one fit as ever; who is ended does
    not depend on how many units are worked on at once.

    Args:
        candidates: In the order in which they are numbered.
        context: Its metric decides.
        batch_size: Candidates that race at once; None is all. Later ones race the best of earlier ones.
        path: Shorter fits that become candidates beside each.
    """
    race, groups = Race(context.n_splits), groups_of(candidates, path)
    while field := {request.trial: request for group in islice(groups, batch_size) for request in group}:
        scores: dict[int, list[float]] = {trial: [] for trial in field}
        for splits in fold_rounds(context.n_splits):
            results = yield [replace(field[trial], splits=splits) for trial in scores]
            for result in results:
                scores[result.request.trial].extend(
                    fold.scores.get(context.metric, math.nan) for fold in result.folds
                )
            failed = {result.request.trial for result in results if result.state == "failed"}
            sound = {
                trial: own
                for trial, own in scores.items()
                if trial not in failed and all(map(math.isfinite, own))
            }
            scores = {trial: sound[trial] for trial in race.survivors(sound)} if sound else {}
            if not scores:
                break
        race.crown(scores.values())


def ask_in_rounds(
    candidates: Iterable[Params],
    rungs: Sequence[Rung],
    context: SearchContext,
) -> Proposals:
    """Ask in the rounds of a successive halving, each with the best of the round before on more rows.

    Survivors, and their order, are those of scikit-learn 1.9's ``BaseSuccessiveHalving``: the tail of the
    unstable sort of the means, with NaN moved to the front.

    Args:
        candidates: Of the first round, in the order in which they are numbered.
        rungs: From `registry.plans`.
        context: Its metric decides; resources are shares of its ``n_samples``.
    """
    survivors = list(enumerate(candidates))
    for rung in rungs:
        survivors = survivors[-rung.n_candidates :]
        resource = rung.n_resources / context.n_samples
        results = yield [
            Request(trial, params, resource=resource, rung=rung.index) for trial, params in survivors
        ]
        survivors = [survivors[position] for position in _worst_to_best(_means(results, context))]


def _means(results: Sequence[Result], context: SearchContext) -> Means:
    scores = [[fold.scores.get(context.metric, math.nan) for fold in result.folds] for result in results]
    means: Means = np.average(np.array(scores, dtype=np.float64), axis=1)
    return means


def _worst_to_best(means: Means) -> list[int]:
    order = np.roll(np.argsort(means), np.count_nonzero(np.isnan(means)))
    return [int(position) for position in order]
