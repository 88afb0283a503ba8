"""The evaluator: scores candidates on folds, for every strategy alike.

Why a candidate is scored does not belong here, nor when a search ends; callers learn of units by callback.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from joblib import effective_n_jobs

from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.tasks.evaluation.assignments import Assignment, assignments, units_of
from hyperparameter_tuning.tasks.evaluation.costs import expected_seconds, fold_size
from hyperparameter_tuning.tasks.evaluation.division import final_step
from hyperparameter_tuning.tasks.evaluation.families import Family, Profiler, families
from hyperparameter_tuning.tasks.evaluation.family_work import Answers, Scored, has_same_scores
from hyperparameter_tuning.tasks.evaluation.fold_cache import FoldCache
from hyperparameter_tuning.tasks.evaluation.fold_rows import Split
from hyperparameter_tuning.tasks.evaluation.ledger import Ledger
from hyperparameter_tuning.tasks.evaluation.pool_choice import COLD_SECONDS, PoolChoice
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request, Result
from hyperparameter_tuning.tasks.evaluation.scoring import Scorers, shared_scorer
from hyperparameter_tuning.tasks.evaluation.seam import OnStart, OnUnit, ShouldStop, UnitKey
from hyperparameter_tuning.tasks.evaluation.self_check import PathCheck, SelfCheck
from hyperparameter_tuning.tasks.evaluation.shared_data import SharedData
from hyperparameter_tuning.tasks.evaluation.unit_warnings import WarningCount, WarningTally
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, OnError, Recipe, Unit
from hyperparameter_tuning.tasks.evaluation.worker_pool import Finished, InProcess, WorkerPool

Callback = TypeVar("Callback")

_Held = tuple[tuple[str, ...], tuple[Scored, ...]]
"""Names of the rules that a family's results rest on, and its results."""


@dataclass
class Evaluator:
    """Scores candidates; the one seam that every strategy uses.

    As a context it closes itself: files that processes share are removed, and processes ended.

    Attributes:
        estimator: Unfitted scikit-learn estimator or pipeline; never changed.
        X: Features, shape (n_rows, n_features).
        y: Target, shape (n_rows,), or None.
        splits: Training and test row positions of each fold, repeats counted on.
        scorers: Callables ``(estimator, X, y) -> number`` by metric key, greater is better; or one callable.
        param_prefix: Put before each hyperparameter of a request, for example ``model__``.
        n_jobs: Units that may be worked on at once, in joblib's sense (-1 is every core).
        seed: Seed of the rows that a halving draws.
        on_error: ``record`` makes the error of a unit a failed fold, ``raise`` lets it pass.
        required_metrics: Metrics that must be finite for a fold to count; None is all of them.
        keep_non_finite: Keep NaN and infinite scores as scores, as scikit-learn does.
        return_train_score: Score the training part too.
        recorded: Folds known from before; a unit found here is not worked on again. Resources are those of
            the requests: None and 1.0 are different units.
        on_start: Called before the first unit of a request is worked on.
        on_unit: Called as each unit ends.
        should_stop: Asked between units.
        scratch: Folder for the data that processes share; None is the system's own.
        pool_after_seconds: Work at which processes are started; 0 starts them at once.
        shared_fits: Score candidates of a family from one fit, and share the steps before the model; off,
            every unit is fitted by itself. Scores are the same to the bit.
        fit_params: Further arguments of ``fit``; those with one value per row are cut with the rows.
        score_params: Further arguments of the scorers, cut alike.
        lengthened: Full name of the parameter in which later calls ask for the same candidates again, only
            longer, as a halving on the number of trees does. Their fits are kept, and go on where that gives
            the same bits.
        checks: Those of the path rules; given where several evaluators work for one search.
        pre_dispatch: Assignments handed to processes ahead, in joblib's sense.
    """

    estimator: Any
    X: Any
    y: Any
    splits: Sequence[Split]
    scorers: Scorers
    _: KW_ONLY
    param_prefix: str = ""
    n_jobs: int | None = 1
    seed: int = 0
    on_error: OnError = "record"
    required_metrics: frozenset[str] | None = None
    keep_non_finite: bool = False
    return_train_score: bool = False
    recorded: Mapping[UnitKey, FoldResult] = field(default_factory=dict)
    on_start: OnStart | None = None
    on_unit: OnUnit | None = None
    should_stop: ShouldStop | None = None
    scratch: Path | None = None
    pool_after_seconds: float = COLD_SECONDS
    shared_fits: bool = True
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    score_params: Mapping[str, Any] = field(default_factory=dict)
    lengthened: str | None = None
    checks: SelfCheck = field(default_factory=SelfCheck)
    pre_dispatch: int | str = "2 * n_jobs"

    def __post_init__(self) -> None:
        self._workers = workers = effective_n_jobs(self.n_jobs)
        self._data = FoldData(self.X, self.y, tuple(self.splits), self.fit_params, self.score_params)
        self._shared = SharedData(self._data, self.scratch)
        self._choice = PoolChoice(workers, self.pool_after_seconds)
        self._pool = WorkerPool(workers, self.pre_dispatch)
        self._here = InProcess(workers)
        self._tally = WarningTally()
        self._cache = FoldCache()
        self._size = fold_size(self._data)
        self._recipe = Recipe(
            estimator=self.estimator,
            scorer=shared_scorer(self.estimator, self.scorers, raising=self.on_error == "raise"),
            param_prefix=self.param_prefix,
            seed=self.seed,
            return_train_score=self.return_train_score,
            on_error=self.on_error,
            required_metrics=self.required_metrics,
            keep_non_finite=self.keep_non_finite,
        )
        self._profiler = Profiler(
            self._recipe, self._data, shared_fits=self.shared_fits, lengthened=self.lengthened
        )

    def evaluate(
        self,
        requests: Sequence[Request],
        *,
        on_start: OnStart | None = None,
        on_unit: OnUnit | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[Result]:
        """Score candidates on the folds that they ask for.

        Args:
            requests: Candidates; scored in this order, ending in any.
            on_start: Called besides the evaluator's own.
            on_unit: Called besides the evaluator's own.
            should_stop: Asked besides the evaluator's own.

        Returns:
            One result per request, in their order; each holds its folds in the order asked.

        Raises:
            SearchStopped: should_stop said so; it carries the finished units.
            WorkerLostError: a worker process was killed.
        """
        starts = _given(self.on_start, on_start)
        listeners = _given(self.on_unit, on_unit)
        questions = _given(self.should_stop, should_stop)
        ledger = Ledger(requests, len(self._data.splits))
        pending = []
        for unit in ledger.units():
            known = self._known(unit)
            if known is None:
                pending.append(unit)
            else:
                ledger.begin(unit, starts)
                ledger.finish(unit, known, listeners)
        ledger.stop_if_asked(questions)
        with closing(self._scored(requests, pending, lambda unit: ledger.begin(unit, starts))) as answers:
            for unit, fold in answers:
                self._tally.add(fold.warnings)
                ledger.finish(unit, fold, listeners)
                ledger.stop_if_asked(questions)
        return ledger.results()

    def warnings(self) -> tuple[WarningCount, ...]:
        """Return the distinct warnings of all units so far, and of path rules that were found wrong."""
        return (*self.checks.warnings(), *self._tally.counts())

    def warning_texts(self) -> list[tuple[str, str]]:
        """Return class name and whole text of each distinct warning of the units so far."""
        return self._tally.texts()

    def path_checks(self) -> tuple[PathCheck, ...]:
        """Return what became of the check of each path rule that was used so far."""
        return self.checks.outcomes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, *, shut_down_pool: bool = True) -> None:
        """Remove shared files and end worker processes.

        Args:
            shut_down_pool: False leaves the processes warm for the next search of this interpreter.
        """
        if shut_down_pool:
            self._pool.shut_down()
        self._shared.close()

    def _known(self, unit: Unit) -> FoldResult | None:
        if not self.recorded:
            return None
        known = self.recorded.get((candidate_key(unit.params), unit.resource, unit.split))
        return None if known is None else replace(known, how="recorded")

    def _scored(
        self, requests: Sequence[Request], units: Sequence[Unit], begin: Callable[[Unit], None]
    ) -> Generator[Scored, None, None]:
        """Score units; those of a path rule are told once it is not in doubt, and else fitted plainly."""
        held: list[_Held] = []
        work = self.checks.chosen(self._assignments(requests, units), self._workers)
        with closing(self._worked(work, begin)) as finished:
            for assignment, answers in finished:
                if assignment.check is not None:
                    self._judge(assignment, assignment.check, answers)
                rules = [family.rules for family in assignment.families]
                held.extend(zip(rules, answers.scored, strict=True))
                self._make_up(held)
                for _, scored in _taken(held, self.checks.trusts):
                    yield from scored
        self.checks.give_up()
        for _, scored in _taken(held, self.checks.trusts):
            yield from scored
        if held:
            yield from self._scored(requests, [unit for _, scored in held for unit, _ in scored], begin)

    def _judge(self, assignment: Assignment, place: tuple[int, int], answers: Answers) -> None:
        """Note what a check came to for the rules that its cell rested on; the others have had none."""
        family, (_, result) = assignment.families[place[0]], answers.scored[place[0]][place[1]]
        rested = family.rested_on(result.how)
        if answers.is_equal is not None:
            self.checks.judge(rested, answers.is_equal)
        self.checks.miss(set(family.rules) - set(rested))

    def _make_up(self, held: Sequence[_Held]) -> None:
        """Check here, in place of a cell that did not go on after all, the first that did."""
        for rules, scored in held:
            unit, fold = scored[0]
            if fold.how == "continued" and self.checks.missed(rules):
                plain = self._here.plain(self._recipe, self._data, unit)
                self.checks.judge(rules, has_same_scores(fold, plain))

    def _assignments(self, requests: Sequence[Request], units: Sequence[Unit]) -> list[Assignment]:
        wanted = {unit.position: requests[unit.position].params for unit in units}
        profiles = self._profiler.profiles(wanted, self.checks.off)
        return assignments(families(units, profiles), self._expected, self._workers)

    def _expected(self, family: Family) -> float:
        """Return the seconds that a family may take: those of its longest member, times the rows it uses."""
        final = final_step(self.estimator)
        own = [
            profile.own or unit.params for profile, unit in zip(family.profiles, family.units, strict=True)
        ]
        longest = max(expected_seconds(final, params, self._size) for params in own)
        return longest * (family.units[0].resource or 1.0)

    def _worked(
        self, work: Sequence[Assignment], begin: Callable[[Unit], None]
    ) -> Generator[Finished, None, None]:
        """Work here until a pool pays, then there.

        What is worked on here is a measure, or small, so it begins with the shortest; a pool begins with the
        longest, so that its processes end together.
        """
        waiting = deque(sorted(work, key=_shortest_first if self._workers > 1 else _in_waves))
        ahead = sum(map(_seconds, waiting))
        while waiting and not self._choice.pays(ahead, waiting, warm=self._pool.is_warm):
            assignment = waiting.popleft()
            ahead -= assignment.seconds
            for unit in units_of(assignment):
                begin(unit)
            answers = self._here.run(self._recipe, self._data, self._cache, assignment)
            self._choice.saw(assignment.seconds, _spent(answers), in_process=True)
            yield assignment, answers
        if waiting:
            yield from self._pooled(sorted(waiting, key=_longest_first), begin)

    def _pooled(
        self, work: Iterable[Assignment], begin: Callable[[Unit], None]
    ) -> Generator[Finished, None, None]:
        started: SimpleQueue[Assignment] = SimpleQueue()
        with closing(self._pool.run(self._recipe, self._shared.path, work, started)) as finished:
            for assignment, answers in finished:
                # The pool hands work out from threads of its own; listeners are told from this one.
                while not started.empty():
                    for unit in units_of(started.get()):
                        begin(unit)
                self._choice.saw(assignment.seconds, _spent(answers), in_process=False)
                yield assignment, answers


def _seconds(assignment: Assignment) -> float:
    return assignment.seconds


def _in_waves(assignment: Assignment) -> tuple[bool, int]:
    """Checks come first: the results of their rules wait for them."""
    return (assignment.check is None, assignment.wave)


def _shortest_first(assignment: Assignment) -> tuple[bool, int, float]:
    return (*_in_waves(assignment), assignment.seconds)


def _longest_first(assignment: Assignment) -> tuple[bool, int, float]:
    return (*_in_waves(assignment), -assignment.seconds)


def _spent(answers: Answers) -> float:
    return sum(fold.fit_seconds + fold.score_seconds for family in answers.scored for _, fold in family)


def _taken(held: list[_Held], trusts: Callable[[tuple[str, ...]], bool]) -> list[_Held]:
    """Take what is trusted out of *held*."""
    taken = [item for item in held if trusts(item[0])]
    held[:] = [item for item in held if not trusts(item[0])]
    return taken


def _given(*callbacks: Callback | None) -> list[Callback]:
    return [callback for callback in callbacks if callback is not None]
