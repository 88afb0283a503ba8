"""The seam as types: how a driver calls an evaluator, and how a stop comes back.

How scores are made does not belong here; see `tasks.evaluation.evaluator`.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request, Result

UnitKey = tuple[str, float | None, int]
"""``(candidate_key(params), resource, split)`` of a unit that is already known."""

OnUnit = Callable[[Request, FoldResult], None]
OnStart = Callable[[Request], None]
ShouldStop = Callable[[], bool]


class SearchStopped(Exception):  # noqa: N818 - a wish that was granted, not an error
    """The caller's ``should_stop`` said so between two units.

    Attributes:
        results: One per request of the call, in their order, holding the folds that were finished.
    """

    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__("The search was stopped.")
        self.results = tuple(results)


class Evaluate(Protocol):
    """Score candidates; the only thing that a search driver knows about scoring."""

    def __call__(
        self,
        requests: Sequence[Request],
        *,
        on_start: OnStart | None = None,
        on_unit: OnUnit | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[Result]:
        """Return one result per request, in their order.

        Args:
            requests: Candidates to score.
            on_start: Called before the first unit of a request is worked on.
            on_unit: Called in the calling thread as each unit ends, in whatever order they end.
            should_stop: Asked between units.

        Raises:
            SearchStopped: *should_stop* said so.
        """
        ...
