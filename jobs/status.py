"""The states of a job and every legal move between them, as data.

Nothing is executed here: `jobs.repository` turns a move into one compare-and-set statement, and the rooms'
verbs (`jobs.service`, `jobs.claims`, `jobs.finishing`, `jobs.reconciliation`) choose the move.
"""

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether a job never leaves this state."""
        return self in TERMINAL


TERMINAL: frozenset[JobState] = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
ACTIVE: frozenset[JobState] = frozenset(set(JobState) - TERMINAL)
LEASED: frozenset[JobState] = frozenset({JobState.RUNNING, JobState.STOPPING, JobState.CANCELLING})


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table.

    Attributes:
        sources: States that the move may start from.
        target: State that it ends in.
        event: Event written in the same transaction; None for a move that is no news.
        leased: Whether only the holder of the lease token may do it.
        releases: Whether the lease ends with it.
    """

    sources: frozenset[JobState]
    target: JobState
    event: str | None
    leased: bool = False
    releases: bool = False


def _from(*states: JobState) -> frozenset[JobState]:
    return frozenset(states)


_S = JobState
_WORKING = _from(_S.RUNNING, _S.STOPPING)

MOVES: dict[str, Move] = {
    # Worker takes a queued job; one that was asked to stop before only refits its recorded best.
    "claim": Move(_from(_S.QUEUED), _S.RUNNING, "job.running"),
    "claim_to_stop": Move(_from(_S.QUEUED), _S.STOPPING, "job.running"),
    # The person asks. A queued job holds nothing, so it ends at once.
    "cancel_queued": Move(_from(_S.QUEUED), _S.CANCELLED, "job.cancelled"),
    "cancel": Move(_WORKING, _S.CANCELLING, "job.cancelling"),
    "stop_queued": Move(_from(_S.QUEUED), _S.CANCELLED, "job.cancelled"),
    "stop_requeued": Move(_from(_S.QUEUED), _S.QUEUED, "job.stopping"),
    "stop": Move(_from(_S.RUNNING), _S.STOPPING, "job.stopping"),
    # The worker ends its job.
    "succeed": Move(_WORKING, _S.SUCCEEDED, "job.succeeded", leased=True, releases=True),
    "fail": Move(_WORKING, _S.FAILED, "job.failed", leased=True, releases=True),
    "fail_while_cancelling": Move(
        _from(_S.CANCELLING), _S.CANCELLED, "job.cancelled", leased=True, releases=True
    ),
    "cancelled": Move(
        _from(_S.CANCELLING, _S.STOPPING), _S.CANCELLED, "job.cancelled", leased=True, releases=True
    ),
    # The worker shuts down and hands the job back; the attempt does not count.
    "give_back": Move(_WORKING, _S.QUEUED, "job.requeued", leased=True, releases=True),
    "give_back_cancelling": Move(
        _from(_S.CANCELLING), _S.CANCELLED, "job.cancelled", leased=True, releases=True
    ),
    # The job's own process died under the worker: another try, which counts.
    "retry": Move(_WORKING, _S.QUEUED, "job.requeued", leased=True, releases=True),
    # The keeper acts for a worker that fell silent.
    "expire": Move(_WORKING, _S.QUEUED, "job.requeued", releases=True),
    "poison": Move(_WORKING, _S.FAILED, "job.failed", releases=True),
    "expire_cancelling": Move(_from(_S.CANCELLING), _S.CANCELLED, "job.cancelled", releases=True),
}

TERMINAL_EVENTS: frozenset[str] = frozenset({"job.succeeded", "job.failed", "job.cancelled"})
