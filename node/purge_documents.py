"""What is asked and answered where many jobs are deleted at once."""

from typing import Literal

from pydantic import ConfigDict, Field

from hyperparameter_tuning.node import examples
from hyperparameter_tuning.node.job_documents import AnswerDocument
from hyperparameter_tuning.node.job_requests import Flag, Number, RequestDocument

EndedStatus = Literal["succeeded", "failed", "cancelled"]


class PurgeRequest(RequestDocument):
    """Which of your ended jobs to delete; something must be said, and all that is said must hold.

    Attributes:
        older_than_days: Jobs that ended so long ago; 0 is all.
        states: Jobs that ended so.
        owner: Somebody else's jobs; only where nobody has to sign in.
        dry_run: Only say how many would go.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"older_than_days": 30, "states": ["failed"], "dry_run": True}]}
    )

    older_than_days: Number | None = Field(None, ge=0, le=36_500)
    states: list[EndedStatus] = Field(default_factory=list, max_length=10)
    owner: str | None = Field(None, min_length=1, max_length=200)
    dry_run: Flag = False


class PurgeAnswer(AnswerDocument):
    """How many jobs went, or would go, and which: the oldest 1,000 of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PURGE]})

    dry_run: bool
    count: int
    job_ids: list[str]
