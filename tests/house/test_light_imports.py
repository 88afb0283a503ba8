"""What starts must start light: each room is imported in a fresh interpreter and its company looked at."""

import subprocess
import sys

import pytest

HEAVY = {
    "hyperparameter_tuning.node.app": {"sklearn", "optuna", "pandas", "celery.app"},
    "hyperparameter_tuning.node.cli": {
        "sklearn",
        "optuna",
        "pandas",
        "fastapi",
        "sqlalchemy",
        "celery",
        "uvicorn",
    },
    "hyperparameter_tuning.tasks.evaluation": {"celery", "sqlalchemy", "fastapi", "optuna"},
    "hyperparameter_tuning.registry": {"sklearn", "optuna", "pandas", "sqlalchemy", "fastapi", "celery"},
    "hyperparameter_tuning.shared": {"sklearn", "optuna", "pandas", "sqlalchemy", "fastapi", "celery"},
    "hyperparameter_tuning.jobs": {"sklearn", "optuna", "pandas", "sqlalchemy", "fastapi", "celery"},
    "hyperparameter_tuning.tasks": {"sklearn", "optuna", "pandas", "sqlalchemy", "fastapi", "celery"},
}


@pytest.mark.parametrize(("module", "unwanted"), HEAVY.items(), ids=list(HEAVY))
def test_importing_a_room_does_not_load(module: str, unwanted: set[str]) -> None:
    program = f"import sys, {module}; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert unwanted & set(loaded.stdout.split()) == set()


def test_every_name_a_room_promises_can_be_imported() -> None:
    program = """
import importlib
rooms = "shared registry registry.models jobs tasks tasks.evaluation tasks.searchers node"
for room in rooms.split():
    module = importlib.import_module(f"hyperparameter_tuning.{room}")
    names = dir(module)
    assert names, room
    for name in names:
        getattr(module, name)
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
