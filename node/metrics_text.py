"""Figures as Prometheus reads them: names, help, labels. The tables below are all there is.

Where the figures come from does not belong here (`jobs.figures`, `node.request_figures`).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from hyperparameter_tuning.jobs.figures import Figures
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node.request_figures import RequestFigures

WRITE_BACK_STATES = ("pending", "proposed", "applied", "conflict", "skipped", "reverted")


@dataclass(frozen=True, slots=True)
class _Total:
    """A counter that is read from the store.

    Attributes:
        name: Of the metric, without ``_total``.
        help: One sentence.
        tallies: Label value to the tallies that are added up for it; "" where there is no label.
        label: Name of the label; None where there is none.
    """

    name: str
    help: str
    tallies: Mapping[str, tuple[str, ...]]
    label: str | None = None


TOTALS = (
    _Total("hpt_jobs_submitted", "Jobs that were stored.", {"": ("submit",)}),
    _Total("hpt_job_claims", "Times that a worker took a job.", {"": ("move.claim", "move.claim_to_stop")}),
    _Total(
        "hpt_job_retries",
        "Times that a job that had begun was queued again, by why.",
        {
            "lease_expired": ("move.expire",),
            "process_died": ("move.retry",),
            "worker_shutdown": ("move.give_back",),
        },
        "reason",
    ),
    _Total(
        "hpt_lease_expiries",
        "Times that a worker fell silent and the keeper took its job away, by what became of the job.",
        {
            "requeued": ("move.expire",),
            "failed": ("move.poison",),
            "cancelled": ("move.expire_cancelling",),
        },
        "outcome",
    ),
    _Total(
        "hpt_jobs_ended",
        "Jobs that ended, by how.",
        {
            "succeeded": ("move.succeed",),
            "failed": ("move.fail", "move.poison"),
            "cancelled": (
                "move.cancel_queued",
                "move.stop_queued",
                "move.cancelled",
                "move.fail_while_cancelling",
                "move.give_back_cancelling",
                "move.expire_cancelling",
            ),
        },
        "state",
    ),
    _Total("hpt_units_finished", "Candidates scored on one fold and recorded.", {"": ("units",)}),
    _Total("hpt_messages_sent", "Messages that the broker took.", {"": ("sent",)}),
    _Total(
        "hpt_write_back_moves",
        "Times that a patch came into a state; conflict: a person had edited what it would change.",
        {state: (f"write_back.{state}",) for state in WRITE_BACK_STATES},
        "state",
    ),
    _Total("hpt_keeper_rounds", "Rounds of the acting keeper.", {"": ("keeper_rounds",)}),
    _Total(
        "hpt_webhook_events",
        "Events that were posted to the webhook, by its answer.",
        {name: (f"webhook.{name}",) for name in ("taken", "refused")},
        "answer",
    ),
)


def metrics_text(figures: Figures | None, requests: RequestFigures, event_clients: int) -> bytes:
    """Return all figures in Prometheus' text format.

    Args:
        figures: Of the store; None while it does not answer.
        requests: What this process has answered.
        event_clients: Who follows events at this process now.
    """
    registry = CollectorRegistry()
    registry.register(_Once((*_of_store(figures), *_of_process(requests, event_clients))))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Once(Collector):
    """Gives what was made before."""

    def __init__(self, metrics: tuple[Metric, ...]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _of_store(figures: Figures | None) -> Iterator[Metric]:
    yield GaugeMetricFamily("hpt_store_up", "Whether the job store answers.", value=int(figures is not None))
    if figures is None:
        return
    states = {state.value: 0 for state in JobState} | dict(figures.jobs)
    yield _labelled("hpt_jobs", "Stored jobs by state.", "state", states)
    patches = dict.fromkeys(WRITE_BACK_STATES, 0) | dict(figures.write_backs)
    yield _labelled("hpt_write_backs", "Stored patches by state.", "state", patches)
    waiting = figures.waiting
    for name, help_text, value in (
        ("hpt_queue_jobs", "Jobs that wait for a worker.", waiting.jobs),
        ("hpt_queue_unsent", "Jobs among them that the broker has not got.", waiting.unsent),
        ("hpt_queue_oldest_seconds", "Since when the oldest of them waits.", waiting.seconds),
        ("hpt_webhook_jobs_behind", "Jobs with events that the webhook has not taken.", figures.untold),
        ("hpt_keeper_lease_seconds", "How long the acting keeper's lease lasts yet.", figures.keeper_seconds),
    ):
        yield GaugeMetricFamily(name, help_text, value=value)
    for total in TOTALS:
        yield _counter(total, figures.totals)


def _of_process(requests: RequestFigures, event_clients: int) -> Iterator[Metric]:
    clients = "Streams and long polls that follow events at this process."
    yield GaugeMetricFamily("hpt_event_clients", clients, value=event_clients)
    durations = HistogramMetricFamily(
        "hpt_http_request_seconds",
        "Requests that this process answered, and how long it took until the answer began.",
        labels=("method", "route", "status"),
    )
    for answered, found in sorted(requests.answers.items(), key=str):
        buckets = [(_bound(bound), float(count)) for bound, count in found.cumulated()]
        durations.add_metric((answered.method, answered.route, str(answered.status)), buckets, found.total)
    yield durations


def _labelled(name: str, help_text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return family


def _counter(total: _Total, tallies: Mapping[str, int]) -> Metric:
    labels = () if total.label is None else (total.label,)
    family = CounterMetricFamily(total.name, total.help, labels=labels)
    for value, names in total.tallies.items():
        number = sum(tallies.get(name, 0) for name in names)
        family.add_metric((value,) if total.label else (), number)
    return family


def _bound(bound: float) -> str:
    return "+Inf" if math.isinf(bound) else str(bound)
