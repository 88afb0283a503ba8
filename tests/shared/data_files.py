"""Tables in files below a root."""

from pathlib import Path
from typing import Any

from hyperparameter_tuning.shared.settings import Settings

Roots = tuple[Path, Settings]


def file(path: str) -> dict[str, Any]:
    return {"source": "file", "path": path, "target": "y"}


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
