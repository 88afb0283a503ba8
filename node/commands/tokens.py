"""``tuning-node token``: who may ask a server that demands tokens.

Rules about tokens are in the jobs room; a token is printed once, and never again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hyperparameter_tuning.node.commands.console import command_group, complain, settings_of

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.token_records import TokenRecord

app = command_group("Let people in, see who may come, take tokens back.")


@app.command()
def create(
    ctx: typer.Context,
    owner: Annotated[str, typer.Option(help="As whom the bearer acts: sees and makes pipelines and runs.")],
    label: Annotated[str, typer.Option(help="What you call it, such as the machine it is for.")] = "",
    expires_days: Annotated[
        float | None,
        typer.Option(min=0.0001, max=36_500, help="Days that it is valid; left out: until it is revoked."),
    ] = None,
) -> None:
    """Make a token and print it, this once; only its hash is kept."""
    from hyperparameter_tuning.jobs import tokens

    made = _with(ctx, lambda session: tokens.create(session, owner, label, expires_days))
    # Alone on standard output, so that a script can take it from there.
    typer.echo(made.token)
    complain(f"Token {made.record.id} of '{owner}'. It is not shown again: keep it like a password.")


@app.command("list")
def list_tokens(ctx: typer.Context) -> None:
    """Show every token's owner and state; what the tokens are is not stored."""
    from hyperparameter_tuning.jobs import tokens

    _print(_with(ctx, tokens.find))


@app.command()
def revoke(
    ctx: typer.Context,
    token_id: Annotated[str, typer.Argument(help="Its id, as 'token list' shows it.", show_default=False)],
) -> None:
    """Take a token back, from the next request on; runs that were accepted with it go on."""
    from hyperparameter_tuning.jobs import tokens

    revoked = _with(ctx, lambda session: tokens.revoke(session, token_id))
    typer.echo(f"Token {revoked.id} of '{revoked.owner_id}' is revoked.")


def _with(ctx: typer.Context, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run *work* in a transaction on a store that is of this version; a fresh folder gets one."""
    from hyperparameter_tuning.jobs.database import Database
    from hyperparameter_tuning.node.data_folder import bring_up_to_date

    settings = settings_of(ctx)
    bring_up_to_date(settings)

    async def opened() -> Any:
        database = Database(settings)
        try:
            return await database.run(work)
        finally:
            await database.close()

    return asyncio.run(opened())


def _print(found: "Sequence[TokenRecord]") -> None:
    from rich.table import Table
    from rich.text import Text

    from hyperparameter_tuning.node.commands.job_tables import console_of_output

    if not found:
        typer.echo("There are no tokens. Make one: tuning-node token create --owner NAME")
        return
    table = Table(header_style="bold", box=None)
    for name in ("id", "owner", "label", "state", "created", "expires", "last used"):
        table.add_column(name)
    for token in found:
        times = (token.created_at, token.expires_at, token.last_used_at)
        shown = [f"{time:%Y-%m-%d %H:%M}" if time is not None else "never" for time in times]
        table.add_row(*map(Text, (token.id, token.owner_id, token.label, token.state, *shown)))
    console_of_output().print(table)
