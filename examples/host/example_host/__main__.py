"""Starts the editor with the node's worker and keeper: ``python -m example_host [--demo] [--port N]``."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn

from example_host import ports, seed, store
from example_host.app import create_app
from example_host.walk import walk
from hyperparameter_tuning.jobs import database
from hyperparameter_tuning.shared.settings import get_settings

HOST = "example_host.ports:create"
FOLDER = "example-editor-data"
PROCESSES = ("worker", "keeper")


def main() -> None:
    """Start everything, show the way or walk it, and end everything."""
    parser = argparse.ArgumentParser(prog="make host", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="walk through it once, then end")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    asked = parser.parse_args()
    os.environ["HPT_HOST"] = HOST
    with ExitStack() as stack:
        if "HPT_DATA_DIR" not in os.environ:
            once = asked.demo and stack.enter_context(tempfile.TemporaryDirectory())
            os.environ["HPT_DATA_DIR"] = once or FOLDER
        url = stack.enter_context(running(asked.port))
        if asked.demo:
            walk(url)
        else:
            _show_the_way(url)
            _wait()


@contextmanager
def running(port: int) -> Iterator[str]:
    """Run editor, worker and keeper, and give the address."""
    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database.upgrade(settings)  # the node's tables, by `tuning-node db upgrade` in production
    host = ports.create(settings)
    store.upgrade(host.url)
    with host.sessions.begin() as session:
        seed.seed(session)
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(create_app(host.sessions), log_level="warning", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    started = [_started(name) for name in PROCESSES]
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)
        listener.close()
        host.engine.dispose()


def _started(name: str) -> "subprocess.Popen[bytes]":
    log = (get_settings().data_dir / f"{name}.log").open("ab")
    with log:
        command = [sys.executable, "-m", "hyperparameter_tuning.node.cli", name]
        # A group of its own: Ctrl-C reaches the editor, which ends the others in order.
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _show_the_way(url: str) -> None:
    print(
        f"""The editor answers at {url}/docs.
On the board '{seed.BOARD}', ada (lovelace) may edit, ben (franklin) may only view.
Its data is in {get_settings().data_dir.absolute()}. Ctrl-C ends everything.

  url={url}
  curl -s -c cookies $url/login --json '{{"name": "ada", "password": "lovelace"}}'
  curl -s -b cookies $url/boards/{seed.BOARD}
  jobs=$url/tuning/hyperparameter-tuning-jobs
  curl -s -b cookies $jobs --json '{{"pipeline_id": "{seed.BOARD}", "node_id": "tune"}}'
  job=...                      # the "id" of the answer
  curl -s -b cookies $jobs/$job
  curl -s -b cookies -X POST $jobs/$job/apply
  curl -s -b cookies -X POST $jobs/$job/revert

  make host ARGS=--demo        # the same, walked through once
""",
        flush=True,
    )


def _wait() -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()


if __name__ == "__main__":
    main()
