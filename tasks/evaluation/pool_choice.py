"""When a pool of processes pays: its start and its messages cost time too.

Starting and feeding the pool does not belong here (`worker_pool`), nor what work may take (`costs`).
"""

from collections.abc import Sequence

from hyperparameter_tuning.tasks.evaluation.assignments import Assignment

COLD_SECONDS = 1.5
"""Work at which a pool that must be started first is even: about 1 s of imports in each process."""

WARM_SECONDS = 0.03
"""Work at which a running pool surely pays: a call to it costs about 3 ms however little it does, and the
first of a search also the file of its data."""

PROBED_SECONDS = 0.02
"""Below this a table of costs is no guide, and one assignment done here is a cheap measure. Above it, a probe
keeps all other processes waiting for it."""


class PoolChoice:
    """Decides from what work is expected to take, and from what it took so far.

    Work done here counts like work to come: a search that asks for a few small units at a time would
    otherwise never start the pool. Paying at most twice what hindsight would is the rule for renting
    or buying (the ski rental problem).

    Args:
        n_jobs: Assignments that may be worked on at once.
        cold_seconds: See `COLD_SECONDS`.
    """

    def __init__(self, n_jobs: int, cold_seconds: float = COLD_SECONDS) -> None:
        self._n_jobs = n_jobs
        self._cold_seconds = cold_seconds
        self._expected = 0.0
        self._seconds = 0.0
        self._serial_seconds = 0.0

    def saw(self, expected: float, seconds: float, *, in_process: bool) -> None:
        """Note how long an assignment took that was *expected* to take so long."""
        self._expected += expected
        self._seconds += seconds
        if in_process:
            self._serial_seconds += seconds

    def pays(self, expected: float, waiting: Sequence[Assignment], *, warm: bool) -> bool:
        """Say whether the assignments that are waiting are better done by the pool.

        Before any was done here, small ones are not: the first is the measure.

        Args:
            expected: Seconds that all of them may take.
            waiting: The shortest first.
            warm: The pool runs already.
        """
        if self._n_jobs == 1 or len(waiting) < 2:
            return False
        if self._cold_seconds <= 0:
            return True
        if not self._expected and waiting[0].seconds < PROBED_SECONDS:
            return False
        ahead = expected * (self._seconds / self._expected if self._expected else 1.0)
        if warm:
            return ahead > WARM_SECONDS
        return ahead + self._serial_seconds > self._cold_seconds
