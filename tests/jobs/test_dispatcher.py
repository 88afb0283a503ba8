"""What workers find in the queue's folder."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.shared.settings import Settings

MESSAGES = 300


def looked_at(queue: Path, ended: threading.Event, found: dict[str, bytes]) -> None:
    """Read each message as soon as it is there, as a worker does."""
    while not ended.is_set():
        for path in queue.iterdir():
            if path.name not in found:
                found[path.name] = path.read_bytes()


def test_no_worker_ever_reads_half_a_message(tmp_path: Path) -> None:
    dispatcher, queue = Dispatcher(Settings(data_dir=tmp_path)), tmp_path / "broker" / "queue"
    found: dict[str, bytes] = {}
    ended = threading.Event()
    worker = threading.Thread(target=looked_at, args=(queue, ended, found))
    worker.start()
    for number in range(MESSAGES):
        dispatcher.send(f"job-{number}")
    ended.set()
    worker.join()
    dispatcher.close()
    assert len(list(queue.iterdir())) == MESSAGES
    assert [name for name, message in found.items() if not _is_whole(message)] == []
    assert [path.name for path in queue.parent.iterdir() if path.name.startswith("unseen")] == []


def _is_whole(message: bytes) -> bool:
    try:
        json.loads(message)
    except ValueError:
        return False
    return True
