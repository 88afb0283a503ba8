"""Graphs as released versions saved them."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = tuple(sorted(path.stem for path in FIXTURES.glob("*.json")))
TUNING_NODES = {
    "version_0_canvas": "node-6",
    "version_0_later_canvas": "classification-c0de",
    "version_0_pipeline": "train",
    "version_1": "tune",
}


def write_table(folder: Path) -> None:
    """Put the file that the fixtures read below a data root."""
    folder.mkdir(parents=True, exist_ok=True)
    packaged = files("hyperparameter_tuning.frontend_schema") / "examples" / "penguins.csv"
    (folder / "penguins.csv").write_bytes(packaged.read_bytes())


def saved(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document
