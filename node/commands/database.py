"""``tuning-node db``: the job store's tables.

The migrations themselves are in `jobs.migrations`.
"""

from pathlib import Path
from typing import Annotated

import typer

from hyperparameter_tuning.node.commands.console import command_group, settings_of
from hyperparameter_tuning.node.data_folder import bring_up_to_date, make_data_dir

app = command_group("The job store's tables: bring them up to date, or look at them.")


@app.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the job store to this version's tables; safe to run at any time."""
    from hyperparameter_tuning.jobs import database

    settings = settings_of(ctx)
    make_data_dir(settings.data_dir)
    before = database.current(settings)
    bring_up_to_date(settings)
    after = database.current(settings)
    changed = f"from {before or 'nothing'} to {after}" if before != after else f"already at {after}"
    typer.echo(f"The job store is up to date ({changed}).")


@app.command()
def current(ctx: typer.Context) -> None:
    """Print which version of the tables the job store has."""
    from hyperparameter_tuning.jobs import database

    revision = database.current(settings_of(ctx))
    typer.echo(revision or "The job store has no tables yet; run: tuning-node db upgrade")


@app.command()
def sql(ctx: typer.Context) -> None:
    """Print the statements that make the tables, for a database that only its administrator may change."""
    from hyperparameter_tuning.jobs import database

    typer.echo(database.sql(settings_of(ctx)))


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The copy; must not exist yet.", show_default=False)],
) -> None:
    """Copy a SQLite job store while everything runs; copy the folder of tuned models after it."""
    from hyperparameter_tuning.jobs.backups import back_up

    settings = settings_of(ctx)
    size = back_up(settings, file)
    typer.echo(
        f"The job store is copied to {file} ({size:,} bytes). Copy the tuned models now: {settings.artifacts}"
    )
