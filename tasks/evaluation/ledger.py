"""What is finished of one call to the evaluator, and who is told.

Working on units does not belong here.
"""

from collections.abc import Iterator, Sequence

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request, Result
from hyperparameter_tuning.tasks.evaluation.seam import OnStart, OnUnit, SearchStopped, ShouldStop
from hyperparameter_tuning.tasks.evaluation.unit_work import Unit


class Ledger:
    """The units of one call: asked, begun, finished.

    Args:
        requests: The requests of the call.
        n_splits: Number of folds that None stands for in a request.
    """

    def __init__(self, requests: Sequence[Request], n_splits: int) -> None:
        self._requests = tuple(requests)
        self._asked = [
            tuple(range(n_splits)) if request.splits is None else request.splits for request in requests
        ]
        self._begun: set[int] = set()
        self._finished: dict[tuple[int, int], FoldResult] = {}

    def units(self) -> list[Unit]:
        """Return every unit, candidate by candidate, so that trials end one after the other."""
        return [
            Unit(position, request.params, request.resource, split, (request.callbacks or {}).get(split))
            for position, request in enumerate(self._requests)
            for split in self._asked[position]
        ]

    def begin(self, unit: Unit, listeners: Sequence[OnStart]) -> None:
        """Tell the listeners of the first unit of a request."""
        if unit.position not in self._begun:
            self._begun.add(unit.position)
            for listener in listeners:
                listener(self._requests[unit.position])

    def finish(self, unit: Unit, fold: FoldResult, listeners: Sequence[OnUnit]) -> None:
        """Keep the result of a unit and tell the listeners."""
        self._finished[(unit.position, unit.split)] = fold
        for listener in listeners:
            listener(self._requests[unit.position], fold)

    def results(self) -> list[Result]:
        """Return one result per request with the folds finished so far, in the order asked."""
        return [
            Result(request, tuple(self._folds(position))) for position, request in enumerate(self._requests)
        ]

    def stop_if_asked(self, questions: Sequence[ShouldStop]) -> None:
        """Raise `SearchStopped` with what is finished when any question is answered yes."""
        if any(ask() for ask in questions):
            raise SearchStopped(self.results())

    def _folds(self, position: int) -> Iterator[FoldResult]:
        for split in self._asked[position]:
            fold = self._finished.get((position, split))
            if fold is not None:
                yield fold
