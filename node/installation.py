"""One data directory brought to life: locked, cleaned of leftovers, migrated, its processes started.

Which command does this, and what it shows meanwhile, does not belong here.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hyperparameter_tuning.node.data_folder import bring_up_to_date, make_data_dir
from hyperparameter_tuning.node.process_records import exclusive, read_running, reap_leftovers
from hyperparameter_tuning.node.supervisor import (
    TERM_SECONDS,
    ProcessSpec,
    Supervisor,
    own_command,
    worker_command,
)
from hyperparameter_tuning.shared.errors import ConflictError
from hyperparameter_tuning.shared.settings import Settings

BACKLOG = 128


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen; the socket outlives a restart of the API, so no caller is ever refused meanwhile.

    Raises:
        ConflictError: the port is taken; the sentence says what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConflictError(
            f"Port {port} of {host} cannot be used ({error.strerror}). Choose another one with --port; "
            "0 takes a free one.",
            code="port_taken",
        ) from error
    listener.listen(BACKLOG)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def installation(
    settings: Settings,
    environment: dict[str, str],
    *,
    listener: socket.socket | None = None,
    log_dir: Path | None = None,
    announce: Callable[[str], None],
) -> Iterator[Supervisor]:
    """Run worker and keeper, and the API where there is a socket for it, until the block ends.

    Args:
        settings: Of this installation; its tables are brought up to date.
        environment: Variables for the processes.
        listener: Where the API listens; None starts none.
        log_dir: Folder for what the processes print.
        announce: Receives a sentence whenever a process has died.

    Raises:
        ConflictError: other processes run in this data directory already, or it cannot be used.
        TuningError: the job store is of a newer version, or does not answer.
    """
    make_data_dir(settings.data_dir)
    with ExitStack() as stack:
        if not stack.enter_context(exclusive(settings.data_dir)):
            raise _taken(settings.data_dir)
        reap_leftovers(settings.data_dir)
        bring_up_to_date(settings)
        supervisor = Supervisor(
            settings.data_dir,
            environment,
            _specs(settings, listener),
            url=None if listener is None else address_of(listener),
            log_dir=log_dir,
            announce=announce,
        )
        stack.callback(supervisor.stop, TERM_SECONDS + settings.shutdown_delay_seconds)
        supervisor.start()
        yield supervisor


@contextmanager
def kept_alive(supervisor: Supervisor) -> Iterator[None]:
    """Restart what dies in the background, for commands that do something themselves meanwhile."""
    ended = threading.Event()
    thread = threading.Thread(target=supervisor.run, args=(ended.is_set,), name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _specs(settings: Settings, listener: socket.socket | None) -> list[ProcessSpec]:
    specs = [
        ProcessSpec("worker", worker_command(settings.concurrency)),
        ProcessSpec("keeper", own_command("keeper")),
    ]
    if listener is not None:
        descriptor = listener.fileno()
        specs.insert(0, ProcessSpec("api", own_command("api", "--fd", str(descriptor)), (descriptor,)))
    return specs


def _taken(data_dir: Path) -> ConflictError:
    running = read_running(data_dir)
    where = f" at {running.url}" if running is not None and running.url else ""
    return ConflictError(
        f"Another tuning-node works in {data_dir}{where}. Use that one, end it, or choose another folder "
        "with --data-dir.",
        code="data_dir_taken",
    )
