"""What a person sees of a run: a live line in a terminal, plain lines elsewhere, the result at the end."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from hyperparameter_tuning.node.commands.job_tables import (
    as_json,
    console_of_output,
    params_text,
    print_changes,
    print_report,
    print_top_trials,
    score_text,
    top_trials,
)
from hyperparameter_tuning.node.commands.report_lines import reported

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.records import EventRecord, JobRecord
    from hyperparameter_tuning.node.commands.pipeline_run import Display, RunResult

PHASES = {
    "queued": "Waiting for a worker",
    "running": "Searching",
    "stopping": "Keeping the best",
    "cancelling": "Cancelling",
    "succeeded": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


@dataclass(slots=True)
class QuietDisplay:
    """Shows nothing while a run goes on."""

    def __enter__(self) -> "QuietDisplay":
        return self

    def __exit__(self, *details: object) -> None:
        return None

    def look(self, job: "JobRecord") -> None:
        """Show nothing."""

    def happened(self, event: "EventRecord") -> None:
        """Show nothing."""

    def say(self, sentence: str) -> None:
        """Show nothing."""


@dataclass(slots=True)
class LineDisplay:
    """Prints a line for everything worth one: for logs and pipes."""

    console: Console
    metric: str = ""

    def __enter__(self) -> "LineDisplay":
        return self

    def __exit__(self, *details: object) -> None:
        return None

    def look(self, job: "JobRecord") -> None:
        """Learn what the numbers mean."""
        self.metric = job.metric

    def happened(self, event: "EventRecord") -> None:
        """Print a line for a better candidate or a change of state."""
        if event.type == "best.updated":
            data = event.data
            self.say(f"trial {data['trial']}: {self.metric} {score_text(data['score'])}, the best so far")
        elif event.type in ("budget.warning", "log") and event.data.get("message"):
            self.say(str(event.data["message"]))
        elif event.type == "job.running":
            self.say("a worker has taken the run")

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        self.console.print(Text(sentence))


@dataclass(slots=True)
class LiveDisplay:
    """One line that lives: phase, bar, candidates, best so far, time left."""

    console: Console
    progress: Progress = field(init=False)
    task: TaskID | None = None

    def __post_init__(self) -> None:
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[candidates]}"),
            TextColumn("{task.fields[best]}", style="bold green"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}", style="dim"),
            console=self.console,
            transient=True,
        )

    def __enter__(self) -> "LiveDisplay":
        self.task = self.progress.add_task(PHASES["queued"], total=None, candidates="", best="", left="")
        self.progress.start()
        return self

    def __exit__(self, *details: object) -> None:
        self.progress.stop()

    def look(self, job: "JobRecord") -> None:
        """Move the bar to where *job* is."""
        from hyperparameter_tuning.node.job_views import progress_of

        if self.task is None:
            return
        seen = progress_of(job, datetime.now(UTC))
        of = f"/{seen.planned}" if seen.planned is not None else ""
        self.progress.update(
            self.task,
            description=PHASES[job.state.value],
            total=None if seen.fraction is None else 1.0,
            completed=seen.fraction or 0.0,
            candidates=f"{seen.done}{of} candidates" if seen.done else "",
            best="" if job.best_score is None else f"best {job.metric} {score_text(job.best_score)}",
            left="" if seen.eta_seconds is None else f"about {duration_text(seen.eta_seconds)} left",
        )

    def happened(self, event: "EventRecord") -> None:
        """Print warnings above the line."""
        if event.type == "budget.warning":
            self.say(str(event.data.get("message", "")))

    def say(self, sentence: str) -> None:
        """Print a sentence above the line."""
        self.progress.console.print(Text(sentence))


def quiet() -> "Display":
    """Return a display that shows nothing."""
    return QuietDisplay()


def for_terminal(console: Console | None = None) -> "Display":
    """Return the display that fits standard output."""
    out = console or console_of_output()
    return LiveDisplay(out) if out.is_terminal else LineDisplay(out)


def duration_text(seconds: float) -> str:
    """Return a time span as people say it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def print_result(result: "RunResult", console: Console | None = None) -> None:
    """Print what became of a run: why it ended, the best candidates, what changes, what was written."""
    out = console or console_of_output()
    job = result.job
    out.print(Text(ending_sentence(result)), soft_wrap=True)
    print_top_trials(result.trials, job.direction, out)
    print_report(result.report, out)
    if job.state.value != "succeeded":
        return
    if result.changes:
        out.print()
        print_changes(result.changes, out)
    out.print()
    if result.out is not None:
        what = "the best parameters" if result.applied else "the result on its tuning node"
        out.print(Text(f"Wrote {result.out} with {what}."), soft_wrap=True)
    else:
        out.print("Nothing was written; --apply puts the best parameters into the pipeline file.")
    if result.model is not None:
        saved = Text(f"Saved the tuned model as {result.model} (sha256 {job.artifact_sha256}).")
        out.print(saved, soft_wrap=True)


def ending_sentence(result: "RunResult") -> str:
    """Say in one sentence how a run ended."""
    job = result.job
    if job.state.value == "failed":
        return f"The run failed: {job.error_message}"
    if job.state.value == "cancelled":
        return f"The run was cancelled after {job.n_complete} complete candidates."
    baseline = next((trial for trial in result.trials if trial.number == 0), None)
    best = f"Best {job.metric}: {score_text(job.best_score)} (trial {job.best_trial}"
    if job.best_trial == 0:
        return f"{best}): the current parameters are the best that was found."
    before = "" if baseline is None else f"; current parameters: {score_text(baseline.score)}"
    return f"{best}{before}) with {params_text(job.best_params or {})}."


def result_json(result: "RunResult") -> str:
    """Return the result as one JSON document."""
    from hyperparameter_tuning.node.contract import plain_document
    from hyperparameter_tuning.node.job_views import job_document, trial_document

    job = plain_document(job_document(result.job, {}, migrated=result.migrated))
    top = top_trials(result.trials, result.job.direction)
    return as_json(
        {
            **job,
            "top_trials": [trial_document(trial).model_dump(mode="json") for trial in top],
            **reported(result.report),
            "changes": [dict(row) for row in result.changes],
            "applied": result.applied,
            "out": None if result.out is None else str(result.out),
            "model": None if result.model is None else str(result.model),
        }
    )
