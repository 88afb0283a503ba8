"""What a person is shown: how far a run is, what it found, in words and numbers they can read."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from hyperparameter_tuning.jobs.records import EventRecord, JobRecord
from hyperparameter_tuning.jobs.report import read_source, report_of
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node.commands.job_tables import (
    params_text,
    print_changes,
    print_jobs,
    score_text,
    time_text,
)
from hyperparameter_tuning.node.commands.pipeline_run import RunResult
from hyperparameter_tuning.node.commands.report_lines import report_lines
from hyperparameter_tuning.node.commands.run_display import (
    LineDisplay,
    LiveDisplay,
    duration_text,
    ending_sentence,
    for_terminal,
    print_result,
    result_json,
)
from hyperparameter_tuning.node.job_views import progress_of
from hyperparameter_tuning.registry.node_kinds import node_kinds
from tests.jobs import factories
from tests.node.conftest import Store

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def job(store: Store) -> JobRecord:
    claimed: JobRecord = store(factories.claimed)
    return replace(claimed, started_at=NOW - timedelta(seconds=10))


def screen(*, terminal: bool) -> tuple[Console, io.StringIO]:
    shown = io.StringIO()
    return Console(file=shown, force_terminal=terminal, width=120, color_system=None), shown


def event(kind: str, **data: Any) -> EventRecord:
    return EventRecord(job_id="j", seq=1, type=kind, data=data, created_at=NOW)


class TestProgress:
    def test_units_tell_best(self, job: JobRecord) -> None:
        seen = progress_of(replace(job, n_units=5, n_complete=1, search={"fits": 20, "trials": 4}), NOW)
        assert (seen.fraction, seen.eta_seconds) == (0.25, 30.0)

    def test_without_units_candidates_tell(self, job: JobRecord) -> None:
        seen = progress_of(replace(job, n_complete=2, n_failed=1, n_planned=4), NOW)
        assert (seen.done, seen.planned, seen.fraction) == (3, 4, 0.75)

    def test_without_either_the_time_limit_tells(self, job: JobRecord) -> None:
        seen = progress_of(job, NOW)  # the factories' budget is 60 seconds
        assert (seen.fraction, seen.eta_seconds) == (pytest.approx(1 / 6), 50.0)

    def test_the_limit_that_is_reached_first_tells(self, job: JobRecord) -> None:
        """Without ``max_trials`` only the server's ceiling bounds a search: its time is what ends it."""
        seen = progress_of(replace(job, n_units=1, search={"fits": 50_000, "trials": 10_000}), NOW)
        assert (seen.fraction, seen.eta_seconds) == (pytest.approx(1 / 6), 50.0)

    def test_nothing_is_estimated_before_the_first_unit(self, job: JobRecord) -> None:
        assert progress_of(replace(job, search={"fits": 20}), NOW).eta_seconds is None

    def test_a_succeeded_job_is_done_however_early_it_ended(self, job: JobRecord) -> None:
        seen = progress_of(replace(job, state=JobState.SUCCEEDED, n_units=5, search={"fits": 20}), NOW)
        assert (seen.fraction, seen.eta_seconds) == (1.0, None)

    def test_a_queued_job_estimates_nothing(self, job: JobRecord) -> None:
        seen = progress_of(replace(job, state=JobState.QUEUED, started_at=None), NOW)
        assert (seen.fraction, seen.eta_seconds) == (None, None)


class TestDisplays:
    def test_a_terminal_gets_a_live_line_and_a_pipe_gets_plain_ones(self) -> None:
        assert isinstance(for_terminal(screen(terminal=True)[0]), LiveDisplay)
        assert isinstance(for_terminal(screen(terminal=False)[0]), LineDisplay)

    def test_the_live_line_has_progress_best_and_time_left(self, job: JobRecord) -> None:
        console, shown = screen(terminal=True)
        seen = replace(
            job, n_units=5, n_complete=3, best_score=0.91, best_trial=2, search={"fits": 20, "trials": 4}
        )
        with LiveDisplay(console) as display:
            display.look(replace(seen, started_at=datetime.now(UTC) - timedelta(seconds=10)))
            display.progress.refresh()
        for words in ("Searching", "3/4 candidates", "best accuracy 0.91", "left"):
            assert words in shown.getvalue()

    def test_plain_lines_tell_each_better_candidate(self, job: JobRecord) -> None:
        console, shown = screen(terminal=False)
        with LineDisplay(console) as display:
            display.look(job)
            display.happened(event("best.updated", trial=3, score=0.5, params={}))
            display.happened(event("budget.warning", code="x", message="The time is nearly over."))
            display.happened(event("trial.started", trial=4))
        assert shown.getvalue().splitlines() == [
            "trial 3: accuracy 0.5, the best so far",
            "The time is nearly over.",
        ]


class TestJobs:
    @pytest.mark.parametrize("width", [60, 80, 120])
    def test_a_narrow_terminal_gets_fewer_columns_of_which_each_can_be_read(
        self, store: Store, width: int
    ) -> None:
        shown = io.StringIO()
        job = store.succeeded()
        print_jobs([job], Console(file=shown, width=width, color_system=None))
        header, row = shown.getvalue().splitlines()
        assert ("strategy" in header) == (width >= 100)
        for words in (job.id[:12], "decision_tree_classifier", "succeeded", "0.9"):
            assert words in row


class TestResult:
    def test_a_success_shows_best_baseline_and_changes(self, store: Store) -> None:
        job = store.succeeded()

        async def work(db: Any) -> Any:
            from hyperparameter_tuning.jobs import service

            return await db.run(lambda session: service.trials(session, job.id), write=False)

        row = {"node_id": "model", "label": "Tree", "path": "/data/config/params/max_depth", "op": "set"}
        row |= {"before": 1, "before_absent": False, "after": 7, "after_absent": False, "changed": True}
        console, shown = screen(terminal=False)
        print_result(RunResult(job, tuple(store(work)), ({**row, "conflict": None},)), console)
        text = shown.getvalue()
        assert "Best accuracy: 0.9 (trial 1; current parameters: 0.5) with max_depth=7." in text
        assert "current parameters" in text
        assert "--apply" in text
        assert [line.split() for line in text.splitlines() if line.startswith("Tree")] == [
            ["Tree", "max_depth", "1", "7"]
        ]

    def test_it_ends_with_what_the_search_found_of_the_parameters(self, store: Store) -> None:
        job = store(factories.searched)

        async def work(db: Any) -> Any:
            source = await db.run(lambda session: read_source(session, job, node_kinds()), write=False)
            return report_of(source)

        result = RunResult(job, report=store(work))
        console, shown = screen(terminal=True)
        print_result(result, console)
        assert "Importances: max_depth 75%. From 60 comparable candidates." in shown.getvalue()
        assert "Try up to 17." in shown.getvalue()
        document = json.loads(result_json(result))
        assert document["importances"]["state"] == "ready"
        assert [hint["suggested"] for hint in document["hints"]] == [17]

    def test_only_the_first_importances_are_shown_and_none_where_there_are_none(self) -> None:
        values = [{"parameter": f"p{index}", "importance": 0.1} for index in range(7)]
        (line,) = report_lines({"importances": {"values": values, "sentence": "Rough."}, "hints": []})
        assert line == "Importances: p0 10%, p1 10%, p2 10%, p3 10%, p4 10% and others. Rough."
        assert list(report_lines({"importances": {"values": []}, "hints": []})) == []

    def test_current_parameters_that_win_are_no_news(self, job: JobRecord) -> None:
        won = replace(job, state=JobState.SUCCEEDED, best_trial=0, best_score=0.9)
        assert "the current parameters are the best" in ending_sentence(RunResult(won))

    def test_a_failure_is_its_sentence(self, job: JobRecord) -> None:
        failed = replace(job, state=JobState.FAILED, error_message="The table changed.")
        result = RunResult(failed)
        assert (ending_sentence(result), result.exit_code) == ("The run failed: The table changed.", 1)

    def test_a_value_that_was_edited_is_marked(self) -> None:
        row = {
            "label": "Tree",
            "path": "/a/b",
            "op": "set",
            "before": None,
            "before_absent": True,
            "after": 2,
        }
        console, shown = screen(terminal=False)
        print_changes([{**row, "after_absent": False, "changed": True, "conflict": "value_changed"}], console)
        assert "(not set)" in shown.getvalue()
        assert "edited since the run started" in shown.getvalue()


class TestWords:
    def test_numbers_are_short_and_missing_ones_a_dash(self) -> None:
        assert [score_text(value) for value in (0.123456789, 1234567.0, None)] == [
            "0.12346",
            "1.2346e+06",
            "-",
        ]

    def test_parameters_keep_their_types(self) -> None:
        text = params_text({"a": None, "b": True, "c": "sqrt", "d": 1, "e": 0.30000000000000004})
        assert text == 'a=null, b=true, c="sqrt", d=1, e=0.3'

    def test_time_spans_are_said_as_people_do(self) -> None:
        assert [duration_text(seconds) for seconds in (3.2, 75, 7260)] == ["3 s", "1 min 15 s", "2 h 1 min"]

    def test_no_moment_is_an_empty_text(self) -> None:
        assert time_text(None) == ""
