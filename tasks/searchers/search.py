"""The driver: runs one strategy against one evaluator until the strategy or a limit ends the search.

How candidates are proposed or scored does not belong here.
"""

import logging
from collections.abc import Sequence
from contextlib import closing

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.registry.space import grid_size
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.import_paths import one_line
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.evaluation.seam import Evaluate, SearchStopped
from hyperparameter_tuning.tasks.searchers.limits import LimitWatch, SearchLimits, TooManyFailuresError
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import Reason, SearchOutcome, best_of
from hyperparameter_tuning.tasks.searchers.proposer import Proposals, Proposer, ProposerError
from hyperparameter_tuning.tasks.searchers.trial_book import TrialBook

logger = logging.getLogger(__name__)


def run_search(
    proposer: Proposer,
    context: SearchContext,
    evaluate: Evaluate,
    *,
    observer: SearchObserver | None = None,
    limits: SearchLimits | None = None,
) -> SearchOutcome:
    """Run a search to its end.

    Limits are judged over the candidates in the order in which they were asked for, so that a search that
    ends by its scores ends at the same candidate however many units are worked on at once.

    Args:
        proposer: The strategy.
        context: What the strategy is told; its metric decides.
        evaluate: The seam, for example `Evaluator.evaluate`.
        observer: Told of trials, units and rungs as they happen.
        limits: See `SearchLimits`; absent: only the strategy ends the search.

    Returns:
        Every candidate that was begun, and the best.

    Raises:
        TooManyFailuresError: `SearchLimits.max_failed_trials` was reached.
        ProposerError: the strategy broke its rules.
        UserError: the space or the options do not allow this search.
    """
    watch = LimitWatch(limits or SearchLimits(), context.metric)
    book = TrialBook(context, observer or SearchObserver(), watch.judge)
    with closing(proposer.propose(context)) as proposals:
        cut_short = _drive(proposals, evaluate, book, watch)
    if not cut_short:
        book.give_up_open()
    trials = book.outcomes()
    by_score = watch.reached in ("target_score", "no_improvement")
    reason = watch.reached if cut_short or by_score else None
    reason = reason or _natural_end(context, book)
    outcome = SearchOutcome(trials, reason, context.metric, best_of(trials, context.metric))
    if watch.too_many_failures:
        raise TooManyFailuresError(outcome)
    return outcome


def _drive(proposals: Proposals, evaluate: Evaluate, book: TrialBook, watch: LimitWatch) -> bool:
    """Run the search; say whether a limit left something undone."""
    requests = _next(proposals, None)
    while requests is not None:
        if watch.must_stop():
            return True
        book.open(requests)
        results: Sequence[Result]
        try:
            results = evaluate(requests, on_start=book.start, on_unit=book.add, should_stop=watch.must_stop)
        except SearchStopped as stop:
            results = stop.results
            if not book.is_answered(requests):
                return True
        book.complete_rung(requests)
        requests = _next(proposals, results)
    return False


def _next(proposals: Proposals, results: Sequence[Result] | None) -> list[Request] | None:
    try:
        return next(proposals, None) if results is None else proposals.send(list(results))
    except StopIteration:
        return None
    except TuningError:
        raise
    except Exception as error:
        logger.exception("The strategy failed.")
        raise ProposerError(f"The strategy failed while proposing: {one_line(error)}.") from error


def _natural_end(context: SearchContext, book: TrialBook) -> Reason:
    """Say why the strategy ended; a halving, or one that tried everything, ends without a limit too."""
    limit = context.budget.max_trials
    path = free_prefixes(context)
    tried_all = book.in_rungs or book.n_drawn == grid_size(context.space if path is None else path.rest)
    return "exhausted" if limit is None or book.n_drawn < limit or tried_all else "max_trials"
