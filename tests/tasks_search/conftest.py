"""Searches that use their pool of processes at once, however small their work is."""

from collections.abc import Callable
from functools import partial

import pytest

from hyperparameter_tuning.tasks.evaluation import Evaluator
from hyperparameter_tuning.tasks.searchers import library_rounds


@pytest.fixture
def pool_at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Evaluator]:
    """Make every search of the library start its processes with the first unit."""
    eager = partial(Evaluator, pool_after_seconds=0)
    monkeypatch.setattr(library_rounds, "Evaluator", eager)
    return eager
