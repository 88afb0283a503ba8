"""``tuning-node jobs``: what was run, what runs, and what to do with it.

Rules about jobs are in the jobs room; this shows them and passes wishes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

import typer

from hyperparameter_tuning.node.commands.console import BAD_INPUT, CommandError, command_group, settings_of

app = command_group("Look at runs, end them, go on with them, apply their results.")

JobId = Annotated[str, typer.Argument(help="A job's id, or enough of its beginning.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command("list")
def list_jobs(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most runs to show.")] = 20,
    status: Annotated[
        list[str] | None, typer.Option(help="Only runs in this state; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show runs, newest first."""
    from hyperparameter_tuning.node.commands import job_actions, job_tables

    page = _with(ctx, lambda services: job_actions.find(services, limit, status or []))
    if as_json:
        typer.echo(job_tables.as_json([job_actions.document(job) for job in page]))
        return
    job_tables.print_jobs(page)


@app.command()
def show(ctx: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Show one run: how far it is, its best candidate, its top trials, its patches."""
    from hyperparameter_tuning.node.commands import job_actions, job_tables

    seen = _with(ctx, lambda services: job_actions.look(services, job_id))
    if as_json:
        typer.echo(job_tables.as_json(job_actions.seen_document(seen)))
        return
    job_tables.print_job(seen)


@app.command()
def cancel(ctx: typer.Context, job_id: JobId) -> None:
    """Discard a run; its trials so far stay readable."""
    from hyperparameter_tuning.node.commands import job_actions

    job = _with(ctx, lambda services: job_actions.cancel(services, job_id))
    typer.echo(f"Run {job.id} is {job.state.value}.")


@app.command()
def stop(ctx: typer.Context, job_id: JobId) -> None:
    """Finish a run early and keep its best candidate."""
    from hyperparameter_tuning.node.commands import job_actions

    job = _with(ctx, lambda services: job_actions.stop(services, job_id))
    typer.echo(f"Run {job.id} is {job.state.value}; its best candidate will be kept.")


@app.command()
def resume(
    ctx: typer.Context,
    job_id: JobId,
    max_trials: Annotated[int | None, typer.Option(min=1, help="New limit of candidates.")] = None,
    max_seconds: Annotated[float | None, typer.Option(min=0.001, help="New limit of seconds.")] = None,
) -> None:
    """Go on with a finished run as a new one; what it has scored is taken over."""
    from hyperparameter_tuning.node.commands import job_actions

    asked = {"max_trials": max_trials, "max_seconds": max_seconds}
    budget = {name: value for name, value in asked.items() if value is not None}
    job = _with(ctx, lambda services: job_actions.resume(services, job_id, budget))
    typer.echo(f"Run {job.id} goes on with it. A worker takes it up as soon as one is free.")


@app.command()
def apply(  # noqa: PLR0913 - each is an option of the command line
    ctx: typer.Context,
    job_id: JobId,
    trial: Annotated[int | None, typer.Option(min=0, help="Any complete trial; left out: the best.")] = None,
    param: Annotated[list[str] | None, typer.Option(help="Only this parameter; may be repeated.")] = None,
    target: Annotated[list[str] | None, typer.Option(help="Only this node; may be repeated.")] = None,
    overwrite: Annotated[
        bool, typer.Option(help="Replace values that were edited since the run started.")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would change.")] = False,
) -> None:
    """Put the best parameters, or any trial's, onto the pipeline's model nodes."""
    from hyperparameter_tuning.jobs.write_back import Choice
    from hyperparameter_tuning.node.commands import job_actions, job_tables

    choice = Choice(
        trial=trial,
        params=tuple(param) if param else None,
        targets=tuple(target) if target else None,
        overwrite=overwrite,
    )
    job_tables.print_changes(_with(ctx, lambda services: job_actions.preview(services, job_id, choice)))
    if preview:
        return
    record = _with(ctx, lambda services: job_actions.apply(services, job_id, choice))
    if record.state == "conflict":
        raise CommandError(
            "Nothing was written: a value was edited since the run started. With --overwrite it is replaced."
        )
    typer.echo(f"Applied; the pipeline is at revision {record.revision}.")


@app.command()
def purge(  # noqa: PLR0913 - each is an option of the command line
    ctx: typer.Context,
    older_than_days: Annotated[
        float | None,
        typer.Option(
            *("--older-than-days", "--older-than"),
            min=0,
            max=36_500,
            help="Only runs that ended so many days ago.",
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", "--state", help="Only runs that ended so; may be repeated."),
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Only this owner's runs.")] = None,
    pipeline: Annotated[str | None, typer.Option(help="Only runs of this pipeline.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go, even with --yes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would go.")] = False,
) -> None:
    """Delete runs that have ended, with their trials, events and tuned models; live ones stay."""
    from hyperparameter_tuning.jobs.records import JobFilter
    from hyperparameter_tuning.node.commands import job_actions

    where = JobFilter(
        owner=owner,
        graph_ref=pipeline,
        states=job_actions.states(status or []),
        older_than_seconds=None
        if older_than_days is None
        else timedelta(days=older_than_days).total_seconds(),
    )
    if where.is_empty:
        raise CommandError(
            "Say what to delete: --older-than-days, --status, --owner or --pipeline; --older-than-days 0 is "
            "all.",
            BAD_INPUT,
        )
    only_look = dry_run or not yes
    purged = _with(ctx, lambda services: job_actions.purge(services, where, dry_run=only_look))
    count = f"{len(purged.job_ids)} run{'' if len(purged.job_ids) == 1 else 's'}"
    how = "run it without --dry-run, with --yes," if dry_run else "add --yes"
    typer.echo(f"{count} would be deleted; {how} to do it." if only_look else f"Deleted {count}.")


def _with(ctx: typer.Context, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run *work* with open services."""
    from hyperparameter_tuning.node.services import open_services

    settings = settings_of(ctx)
    if settings.database_url is None and not (settings.data_dir / "tuning.db").exists():
        raise CommandError(
            f"There are no runs in {settings.data_dir.absolute()}. Choose another folder with --data-dir, or "
            "see one with 'tuning-node demo'."
        )

    async def opened() -> Any:
        async with open_services(settings) as services:
            return await work(services)

    return asyncio.run(opened())
