"""Frozen values that enter and leave the store, under one name.

No SQL and no rules. Scores are in the metric's natural unit, times are UTC from the database's clock. Each
family has a module of its own; nothing is defined here.
"""

from hyperparameter_tuning.jobs.job_records import EventRecord, JobRecord, Signals
from hyperparameter_tuning.jobs.record_pages import JobFilter, JobPage, Page, PipelinePage, Purged
from hyperparameter_tuning.jobs.submission import Submission
from hyperparameter_tuning.jobs.trial_records import FoldRecord, TrialRecord, TrialState
from hyperparameter_tuning.jobs.write_back_records import (
    PipelineRecord,
    WriteBackKind,
    WriteBackRecord,
    WriteBackState,
)

__all__ = [
    "EventRecord",
    "FoldRecord",
    "JobFilter",
    "JobPage",
    "JobRecord",
    "Page",
    "PipelinePage",
    "PipelineRecord",
    "Purged",
    "Signals",
    "Submission",
    "TrialRecord",
    "TrialState",
    "WriteBackKind",
    "WriteBackRecord",
    "WriteBackState",
]
