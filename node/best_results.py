"""Which earlier result is the best, among those whose scores may be compared at all.

Reading jobs does not belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperparameter_tuning.jobs.records import JobRecord

# metric, content of the dataset, kind of validation
ComparisonKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class BestResult:
    """The best job among comparable ones, and the newest of all.

    Attributes:
        best: None when nothing was found.
        newest: The job that finished last, comparable or not.
        comparable: Whether the scores of the two may be compared.
        compared: How many jobs the best was chosen from.
    """

    best: JobRecord | None = None
    newest: JobRecord | None = None
    comparable: bool = False
    compared: int = 0

    def sentence(self, label: str) -> str:
        """Say in one sentence what was found for the model called *label*."""
        if self.best is None:
            return f"There is no finished tuning of {label} yet that this could be taken from."
        jobs = "1 run" if self.compared == 1 else f"{self.compared} runs"
        text = f"Best {self.best.metric} of {jobs} on the same data with the same kind of validation."
        if not self.comparable:
            text += " The newest run differs in one of them, so its score must not be compared."
        return text


def comparison_key(job: JobRecord) -> ComparisonKey:
    """Return what two jobs must share before their scores mean the same."""
    validation = job.config.get("cross_validation") or {}
    return (job.metric, str(job.data_summary.get("fingerprint", "")), str(validation.get("kind", "")))


def best_result(
    jobs: Sequence[JobRecord], *, metric: str | None = None, data: str | None = None
) -> BestResult:
    """Choose the best score.

    Args:
        jobs: Succeeded jobs, newest first.
        metric: Only this metric; None takes the newest job's.
        data: Only this dataset content; None takes the newest job's.

    Returns:
        The best among the jobs that share metric, data and validation kind with the newest one that fits.
    """
    fitting = [
        job
        for job in jobs
        if job.best_score is not None
        and metric in (None, job.metric)
        and data in (None, comparison_key(job)[1])
    ]
    if not fitting:
        return BestResult(newest=jobs[0] if jobs else None)
    key = comparison_key(fitting[0])
    peers = [job for job in fitting if comparison_key(job) == key]
    sign = 1 if peers[0].direction == "maximize" else -1
    # Of equal scores the newest is taken: it comes first.
    best = max(peers, key=lambda job: sign * (job.best_score or 0.0))
    return BestResult(best, jobs[0], comparison_key(jobs[0]) == key, len(peers))
