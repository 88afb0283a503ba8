"""When a pool of processes pays: its start and its messages cost time too.

Starting and feeding the pool does not belong here (`worker_pool`).
"""

COLD_SECONDS = 1.5
"""Work at which a pool that must be started first is even: about 1 s of imports in each process."""

WARM_SECONDS = 0.03
"""Work at which a running pool is even: a call to it costs 10 to 12 ms however little it does."""


class PoolChoice:
    """Decides from the units seen so far.

    Work done here counts like work to come: a search that asks for a few small units at a time would
    otherwise never start the pool. Paying at most twice what hindsight would is the rule for renting
    or buying (the ski rental problem).

    Args:
        n_jobs: Units that may be worked on at once.
        cold_seconds: See `COLD_SECONDS`.
    """

    def __init__(self, n_jobs: int, cold_seconds: float = COLD_SECONDS) -> None:
        self._n_jobs = n_jobs
        self._cold_seconds = cold_seconds
        self._units = 0
        self._seconds = 0.0
        self._serial_seconds = 0.0

    def saw(self, seconds: float, *, in_process: bool) -> None:
        """Note how long a unit took."""
        self._units += 1
        self._seconds += seconds
        if in_process:
            self._serial_seconds += seconds

    def pays(self, n_units: int, *, warm: bool) -> bool:
        """Say whether *n_units* more are better done by the pool.

        Before any unit was seen the answer is no, unless the pool costs nothing: the first is the measure.
        """
        if self._n_jobs == 1 or n_units < 2:
            return False
        if self._cold_seconds <= 0:
            return True
        if not self._units:
            return False
        ahead = n_units * self._seconds / self._units
        if warm:
            return ahead > WARM_SECONDS
        return ahead + self._serial_seconds > self._cold_seconds
