"""The trials of a running search: opened by requests, filled by units, finished one by one.

Deciding when a search ends does not belong here (`limits`), nor choosing candidates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome, TrialState, is_better
from hyperparameter_tuning.tasks.searchers.proposer import ProposerError

TrialKey = tuple[int, int | None, float | None]


@dataclass
class _OpenTrial:
    request: Request
    started: bool = False
    state: TrialState | None = None
    asked: set[int] = field(default_factory=set)
    folds: dict[int, FoldResult] = field(default_factory=dict)

    def outcome(self) -> TrialOutcome:
        request = self.request
        return TrialOutcome(
            trial=request.trial,
            params=request.params,
            state=self.state or "interrupted",
            resource=request.resource,
            rung=request.rung,
            folds=tuple(self.folds[split] for split in sorted(self.folds)),
            prefix_of=request.prefix_of,
        )


class TrialBook:
    """Keeps the trials of a search and tells the observer.

    Args:
        context: Of the search.
        observer: Told of each event as it happens.
        judge: Called once per finished trial, in the order in which trials were asked for.
    """

    def __init__(
        self, context: SearchContext, observer: SearchObserver, judge: Callable[[TrialOutcome], None]
    ) -> None:
        self._context = context
        self._observer = observer
        self._judge = judge
        self._trials: dict[TrialKey, _OpenTrial] = {}
        self._order: list[TrialKey] = []
        self._judged = 0
        self._best: TrialOutcome | None = None
        self.n_candidates = 0
        self.n_drawn = 0
        self.in_rungs = False

    def open(self, requests: Sequence[Request]) -> None:
        """Take a list of requests; trials that were open and are not in it were given up.

        Raises:
            ProposerError: the list breaks the rules of `Proposer`.
        """
        if not requests:
            raise ProposerError("The strategy asked for nothing; it must end instead.")
        self._give_up_others({_key(request) for request in requests})
        self.in_rungs |= requests[0].rung is not None
        for request in requests:
            self._number(request)
            trial = self._trials.get(_key(request))
            if trial is None:
                trial = self._trials[_key(request)] = _OpenTrial(request)
                self._order.append(_key(request))
            trial.asked.update(self._splits(request))
        for request in requests:
            if request.prefix_of is not None and not request.trial < request.prefix_of < self.n_candidates:
                raise ProposerError(
                    f"The strategy made candidate {request.trial} a prefix of none that it drew."
                )

    def start(self, request: Request) -> None:
        """Tell of the first unit of a trial."""
        trial = self._trials[_key(request)]
        if not trial.started:
            trial.started = True
            self._observer.trial_started(request)

    def add(self, request: Request, fold: FoldResult) -> None:
        """Take a finished unit, and finish the trial when that was its last."""
        trial = self._trials[_key(request)]
        trial.folds[fold.split] = fold
        self._observer.unit_finished(request, fold)
        if len(trial.folds) < len(trial.asked):
            return
        if any(item.state == "failed" for item in trial.folds.values()):
            self._finish(trial, "failed")
        elif len(trial.folds) == self._context.n_splits:
            self._finish(trial, "complete")

    def complete_rung(self, requests: Sequence[Request]) -> None:
        """Tell of the round of a halving that these requests were."""
        rungs = {request.rung for request in requests}
        rung, resource = requests[0].rung, requests[0].resource
        if rung is not None and len(rungs) == 1 and resource is not None:
            n_resources = round(resource * self._context.n_samples)
            self._observer.rung_completed(rung, n_resources, len(requests))

    def is_answered(self, requests: Sequence[Request]) -> bool:
        """Say whether every unit of these requests is finished."""
        trials = ((request, self._trials[_key(request)]) for request in requests)
        return all(set(self._splits(request)) <= trial.folds.keys() for request, trial in trials)

    def give_up_open(self) -> None:
        """Finish the trials that the strategy left open when it ended."""
        self._give_up_others(set())

    def outcomes(self) -> tuple[TrialOutcome, ...]:
        """Return every trial that was begun, in the order asked."""
        trials = (self._trials[key] for key in self._order)
        return tuple(trial.outcome() for trial in trials if trial.started)

    def _give_up_others(self, wanted: set[TrialKey]) -> None:
        for key in self._order[self._judged :]:
            if key not in wanted and self._trials[key].state is None:
                self._finish(self._trials[key], "pruned")

    def _number(self, request: Request) -> None:
        limit = self._context.budget.max_trials
        if request.trial > self.n_candidates or request.trial < 0:
            raise ProposerError(f"The strategy numbered a candidate {request.trial} out of turn.")
        if request.trial < self.n_candidates:
            return
        self.n_candidates += 1
        self.n_drawn += request.prefix_of is None
        if limit is not None and self.n_drawn > limit:
            raise ProposerError(f"The strategy asked for more candidates than the {limit} allowed.")

    def _splits(self, request: Request) -> Sequence[int]:
        return range(self._context.n_splits) if request.splits is None else request.splits

    def _finish(self, trial: _OpenTrial, state: TrialState) -> None:
        trial.state = state
        outcome = trial.outcome()
        self._observer.trial_finished(outcome)
        if state == "complete" and is_better(outcome, self._best, self._context.metric):
            self._best = outcome
            self._observer.best_updated(outcome)
        while self._judged < len(self._order):
            earliest = self._trials[self._order[self._judged]]
            if earliest.state is None:
                break
            self._judged += 1
            self._judge(earliest.outcome())


def _key(request: Request) -> TrialKey:
    return (request.trial, request.rung, request.resource)
