"""What editors are answered about a job's events.

The events themselves are in `jobs.events`; how they are sent is in `node.routes.events`.
"""

from datetime import datetime
from typing import Any

from pydantic import ConfigDict

from hyperparameter_tuning.node import examples
from hyperparameter_tuning.node.job_documents import AnswerDocument


class EventDocument(AnswerDocument):
    """One line of a job's history; ``seq`` counts from 1 without gaps."""

    job_id: str
    seq: int
    type: str
    at: datetime
    data: dict[str, Any]


class EventList(AnswerDocument):
    """Events after the asked one. ``terminal`` says that no more will come."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVENT_LIST]})

    items: list[EventDocument]
    next_after: int
    terminal: bool


class EventTicket(AnswerDocument):
    """Opens the event stream of one job once, within so many seconds."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EVENT_TICKET]})

    ticket: str
    expires_in: int
