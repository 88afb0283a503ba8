"""One trace from the editor's request to the write-back, in whatever process the work is done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.shared import tracing
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.workflow import run_job
from tests.jobs.test_keeping import Mailbox
from tests.node.conftest import JOBS, Store

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
QUICK = {"budget": {"max_trials": 2}, "cross_validation": {"kind": "k_fold", "folds": 3}}


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use_provider(provider)
    yield exporter
    tracing.use_provider(None)
    provider.shutdown()


def named(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def parent_name(spans: InMemorySpanExporter, span: ReadableSpan) -> str:
    by_id = {found.context.span_id: found.name for found in spans.get_finished_spans() if found.context}
    return "" if span.parent is None else by_id.get(span.parent.span_id, "the caller")


class TestTrace:
    def test_goes_from_the_request_to_the_write_back(
        self, spans: InMemorySpanExporter, client: httpx.Client, store: Store, pipeline: str
    ) -> None:
        spans.clear()  # of saving the pipeline
        body = {"pipeline_id": pipeline, "node_id": "tune", "config": QUICK}
        job = client.post(JOBS, json=body, headers={"traceparent": PARENT}).json()

        async def work(db: Database) -> None:
            settings = db.settings.model_copy(update={"n_jobs": 1})
            host = create_host(settings)
            await run_job(job["id"], settings, db, host)
            await host.close()

        store(work)
        found = named(spans)
        assert {f"{span.context.trace_id:032x}" for span in found.values() if span.context} == {TRACE}
        chain = {
            f"POST {JOBS}": "the caller",
            "job.submit": f"POST {JOBS}",
            "job.publish": "job.submit",
            "job.run": "job.submit",
            "job.load": "job.run",
            "job.search": "job.run",
            "job.refit": "job.run",
            "job.store_model": "job.run",
            "job.write_back": "job.run",
        }
        assert {name: parent_name(spans, span) for name, span in found.items()} == chain
        submitted, ran = found["job.submit"].attributes or {}, found["job.run"].attributes or {}
        assert submitted["hpt.job_id"] == ran["hpt.job_id"] == job["id"]
        assert ran["hpt.state"] == "succeeded"
        searched = found["job.search"].attributes or {}
        stored = store(lambda db: db.run(lambda s: service.get(s, job["id"]), write=False))
        assert searched["hpt.units"] == stored.n_units > 0
        assert searched["hpt.reason"] == stored.reason

    def test_is_taken_up_by_the_keeper(
        self, spans: InMemorySpanExporter, client: httpx.Client, store: Store, pipeline: str
    ) -> None:
        from tests.jobs import factories

        with tracing.span("editor"):
            context = tracing.traceparent()

        async def work(db: Database) -> None:
            with tracing.span("editor", parent=context):
                job = await factories.succeeded(db, graph_ref=pipeline)
                waiting = await factories.submitted(db)
            host = create_host(db.settings)
            await Keeper(db.settings, db, host, Mailbox()).tick()
            await host.close()
            assert waiting.traceparent
            assert job.traceparent

        store(work)
        found = named(spans)
        assert parent_name(spans, found["job.write_back"]) == "job.submit"
        assert parent_name(spans, found["job.publish"]) == "job.submit"

    def test_what_is_asked_all_the_time_is_left_out(
        self, spans: InMemorySpanExporter, client: httpx.Client
    ) -> None:
        for path in ("/healthz", "/readyz", "/metrics"):
            client.get(path)
        assert named(spans) == {}

    @pytest.mark.parametrize("header", ["", "nonsense", "00-0-0-00", "ff-" + "f" * 200])
    def test_a_header_that_is_none_begins_a_new_one(
        self, spans: InMemorySpanExporter, client: httpx.Client, header: str
    ) -> None:
        assert client.get(f"{JOBS}/none", headers={"traceparent": header}).status_code == 404
        (span,) = spans.get_finished_spans()
        assert span.parent is None
        assert (span.attributes or {})["hpt.status"] == 404


class TestOff:
    def test_nothing_is_recorded_or_stored(self, client: httpx.Client, store: Store, pipeline: str) -> None:
        headers = {"traceparent": PARENT}
        job = client.post(JOBS, json={"pipeline_id": pipeline, "node_id": "tune"}, headers=headers).json()
        stored = store(lambda db: db.run(lambda s: service.get(s, job["id"]), write=False))
        assert stored.traceparent is None
        assert tracing.traceparent() is None

    def test_nothing_of_it_is_loaded(self, tmp_path: Any) -> None:
        program = (
            "import sys\n"
            "import hyperparameter_tuning.jobs.keeper, hyperparameter_tuning.tasks.workflow\n"
            "from hyperparameter_tuning.shared import tracing\n"
            "from hyperparameter_tuning.shared.settings import Settings\n"
            "tracing.start_tracing(Settings(), 'api')\n"
            "with tracing.span('x', parent='y') as span:\n"
            "    span.note(a=1)\n"
            "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)


class TestStart:
    def test_without_the_packages_is_refused_with_the_command(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        monkeypatch.setattr(tracing, "_PACKAGES", ("opentelemetry", "opentelemetry.there_is_none.of_it"))
        with pytest.raises(TuningError, match=r"hyperparameter-tuning-node\[otel\]"):
            tracing.start_tracing(Settings(data_dir=tmp_path, traces=True), "api")

    def test_sends_spans_by_otlp_to_where_the_variables_say(self, tmp_path: Any) -> None:
        from tests.node.otlp import collecting

        with collecting() as collected:
            program = (
                "from hyperparameter_tuning.shared import tracing\n"
                "from hyperparameter_tuning.shared.settings import Settings\n"
                "tracing.start_tracing(Settings(traces=True), 'keeper')\n"
                "with tracing.span('work', job_id='j1'):\n"
                "    pass\n"
            )
            environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": collected.url, "PATH": ""}
            subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, env=environment)
        assert collected.spans == [("tuning-node-keeper", "work", {"hpt.job_id": "j1"})]
