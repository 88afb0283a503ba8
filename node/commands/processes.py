"""``tuning-node serve``, and the processes that it keeps alive: api, worker, keeper.

How they are kept alive is in `node.supervisor`; what the worker does is in the tasks room, which is started
as a command line and never imported.
"""

import os
import shlex
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hyperparameter_tuning.node.commands.console import (
    chose_data_dir,
    complain,
    process_environment,
    refuse_windows,
    settings_to_serve,
)
from hyperparameter_tuning.node.commands.exposure import refuse_unguarded
from hyperparameter_tuning.node.supervisor import worker_command

if TYPE_CHECKING:
    from hyperparameter_tuning.shared.settings import Settings

END_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")


def serve(
    ctx: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to answer on; beyond this machine only with tokens.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = None,
    console_logs: Annotated[
        bool, typer.Option("--console-logs", help="Print the processes' logs here, not into files.")
    ] = False,
) -> None:
    """Run API, worker and keeper in one data folder, until Ctrl-C."""
    refuse_windows("serve")
    from hyperparameter_tuning.node.installation import address_of, installation, listening_socket

    settings = settings_to_serve(ctx)
    address = host or settings.api_host
    refuse_unguarded(settings, address)
    ended = _end_event()
    log_dir = None if console_logs else settings.data_dir.absolute() / "logs"
    with (
        listening_socket(address, settings.api_port if port is None else port) as listener,
        installation(
            settings,
            process_environment(settings),
            listener=listener,
            log_dir=log_dir,
            announce=complain,
        ) as supervisor,
    ):
        _print_first_screen(ctx, settings, address_of(listener), log_dir)
        supervisor.run(ended.is_set)
        # A terminal has written ^C where the cursor stands.
        typer.echo(("\n" if sys.stdout.isatty() else "") + "Ending; a running search hands its job back.")


def _print_first_screen(ctx: typer.Context, settings: "Settings", url: str, log_dir: Path | None) -> None:
    """Say where the canvas is, where everything is kept, and how to see the jobs from a terminal."""
    folder = settings.data_dir.absolute()
    ours = shlex.join(["tuning-node", *(["--data-dir", str(folder)] if chose_data_dir(ctx) else [])])
    rows = {
        "Canvas": url,
        "Data": folder,
        "Logs": log_dir or "here",
        "Jobs": f"{ours} jobs list",
        "End": "Ctrl-C",
    }
    if settings.auth == "tokens":
        rows["Sign in"] = f"with a token; make one: {ours} token create --owner NAME"
    for name, value in rows.items():
        typer.echo(f"{name:<7} {value}")


def worker(
    ctx: typer.Context,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help="Jobs that this worker runs at once.")
    ] = None,
) -> None:
    """Run searches; start as many as you have machines."""
    refuse_windows("worker")
    settings = settings_to_serve(ctx)
    command = worker_command(concurrency or settings.concurrency)
    environment = process_environment(settings)
    if concurrency is not None:
        environment["HPT_CONCURRENCY"] = str(concurrency)
    # Celery takes this process over, so that signals and exit codes are its own.
    os.execve(sys.executable, command, {**os.environ, **environment})


def keeper(ctx: typer.Context) -> None:
    """Send jobs to workers, and mend what dead workers left; run at least one."""
    import asyncio

    from hyperparameter_tuning.node.keeping import keep
    from hyperparameter_tuning.node.process_logging import log_of_process

    settings = settings_to_serve(ctx)
    log_of_process(settings)
    asyncio.run(keep(settings))


def api(
    ctx: typer.Context,
    fd: Annotated[int | None, typer.Option(help="A listening socket that was opened for us.")] = None,
) -> None:
    """Run the API alone."""
    from hyperparameter_tuning.jobs.database import check_current, current
    from hyperparameter_tuning.node.installation import listening_socket
    from hyperparameter_tuning.node.serving import serve_api

    settings = settings_to_serve(ctx)
    if current(settings) is not None:
        # Before tokens are looked for, in tables brought up to date: others may run on those that are there.
        check_current(settings)
    refuse_unguarded(settings, settings.api_host)
    listener = (
        listening_socket(settings.api_host, settings.api_port) if fd is None else socket.socket(fileno=fd)
    )
    serve_api(settings, listener)


def _end_event() -> threading.Event:
    ended = threading.Event()
    for name in END_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.set())
    return ended
