"""The API imports this room at its start: nothing heavy may come with it."""

import subprocess
import sys

HEAVY = ("pandas", "sklearn", "celery", "optuna", "pyarrow", "scipy", "fastapi", "alembic", "redis")
AT_START = ("service", "write_back", "events", "keeper", "reference_host", "finishing", "progress", "outbox")


def test_modules_of_the_api_load_nothing_heavy() -> None:
    names = ", ".join(f"hyperparameter_tuning.jobs.{name}" for name in AT_START)
    code = f"import sys, {names}; print([name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
