"""Whether a run was done before: the job whose result still holds, the newest one, and what changed since.

What a run depends on is in `jobs.fingerprints`; which answer an editor gets does not belong here
(`node.execution_hook`). Functions flush and never commit.
"""

from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import locks_repository, repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.fingerprints import RunContent, changed_parts
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord, Submission
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.submission_row import fingerprint_of, run_content
from hyperparameter_tuning.jobs.submitting import submit

LOOKED_AT = 20
"""Newest results of a node among which one that was applied is looked for."""

# A job that is being cancelled leaves no result to wait for.
_JOINED = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.STOPPING})


@dataclass(frozen=True, slots=True)
class Freshness:
    """What earlier jobs say about a run.

    Attributes:
        fingerprint: Of the run that is asked about.
        current: The succeeded job that did this run already, or None.
        newest: The node's newest succeeded job, whatever it was of; None when there is none.
        changed: Parts of the fingerprint that differ between *newest* and the run; see
            `jobs.fingerprints.PARTS`. Empty when *current* was found.
    """

    fingerprint: str
    current: JobRecord | None = None
    newest: JobRecord | None = None
    changed: tuple[str, ...] = ()


async def look_up(session: Session, submission: Submission) -> Freshness:
    """Find the result that a run would only repeat, and else the newest one of its node.

    A result counts on whichever pipeline of the owner it was made: what it depends on is the same. A node of
    an inline graph is known by its id and its model; without an id there is no newest result of it.

    Args:
        session: Any session.
        submission: The run, as it would be submitted.
    """
    run = _key(submission)
    wanted = run["run_fingerprint"]
    same = await repository.newest_of_run(session, run, {JobState.SUCCEEDED}, anywhere=True)
    if same is not None:
        return Freshness(wanted, same, same)
    on_node = await repository.succeeded(session, _on_node(submission), LOOKED_AT)
    for job in on_node:
        if job.fingerprints.get("applied") == wanted:
            return Freshness(wanted, job, on_node[0])
    if not on_node or not run["node_id"]:
        return Freshness(wanted)
    changed = changed_parts(_content_of(on_node[0]), run_content(submission))
    return Freshness(wanted, None, on_node[0], changed)


async def join_or_submit(session: Session, submission: Submission) -> JobRecord:
    """Store the job unless the node's same run is done or on its way; two who ask at once get one job.

    A run of another node is not joined, though it is the same: it would write its result there.

    Args:
        session: An open write transaction; commit it durably.
        submission: The run.

    Returns:
        The job; one that was there before has ``created`` False.

    Raises:
        ConflictError: another run of the node has not ended.
        UserError: as `jobs.submitting.submit`.
    """
    run = _key(submission)
    await locks_repository.lock_same_runs(session, run["owner_id"], run["run_fingerprint"])
    present = await repository.newest_of_run(session, run, {*_JOINED, JobState.SUCCEEDED})
    return await submit(session, submission) if present is None else present.as_found()


def _key(submission: Submission) -> dict[str, Any]:
    return {
        "owner_id": submission.owner.id,
        "run_fingerprint": fingerprint_of(submission),
        "graph_ref": submission.graph_ref or "",
        "node_id": submission.node_id or "",
    }


def _on_node(submission: Submission) -> JobFilter:
    return JobFilter(
        owner=submission.owner.id,
        graph_ref=submission.graph_ref or "",
        node_id=submission.node_id or "",
        model_type=None if submission.graph_ref else submission.model_type,
    )


def _content_of(job: JobRecord) -> RunContent:
    data = str(job.data_summary.get("fingerprint", ""))
    return RunContent(job.config, job.plain, data, job.fingerprints.get("validation"))
