"""docs/extend.md is a package that installs and works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.outside.installing import install, said_by, with_installed

PAGE = Path(__file__).parents[2] / "docs" / "extend.md"
USES = """
import numpy as np
import pandas as pd
from hyperparameter_tuning.registry import get_metric, get_model, get_strategy_spec, load_estimator_class
from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.values import default_params
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.metrics import make_scorers
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import build_pipeline, build_steps
from hyperparameter_tuning.tasks.searchers import load_proposer, run_search
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate, by_candidate

assert left_out() == ()
model, strategy = get_model("perceptron"), get_strategy_spec("alternating")
context = SearchContext(model.suggested, strategy.options(), budget=SearchBudget(max_trials=4), metric=METRIC)
outcome = run_search(load_proposer(strategy), context, FakeEvaluate(context, by_candidate))
print(len(outcome.trials), [trial.params["alpha"] for trial in outcome.trials][:2])

rng = np.random.default_rng(0)
table = pd.DataFrame({"a": rng.normal(size=200), "b": rng.normal(size=200)})
y = (table["a"] > 0).to_numpy().astype(int)
steps = [PlainStep(kind="acme_even_out", config={"bins": 50})]
path = build_steps(steps, [Column(name=name, dtype="number") for name in table], node_kinds())
pipeline = build_pipeline(path, load_estimator_class(model)(**default_params(model, 42))).fit(table, y)
score = make_scorers([get_metric("worst_recall")], 2, [0, 1])["worst_recall"](pipeline, table, y)
print(path.findings, score > 0.5)
"""


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that the page's blocks make, each named in its first line, installed."""
    folder = tmp_path_factory.mktemp("acme")
    project = folder / "acme-tuning"
    blocks = re.findall(r"```(?:toml|python)\n# ([\w./]+)\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    assert len(blocks) == len(re.findall(r"```(?:toml|python)", PAGE.read_text()))
    for name, text in blocks:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    (project / "acme_tuning" / "__init__.py").touch()
    return install(project, folder / "packages")


def test_what_the_page_registers_works(acme: Path) -> None:
    root = PAGE.parents[1]
    assert said_by(USES, acme, root).splitlines() == ["4 [0.001, 0.0001]", "() True"]


def test_doctor_names_what_the_page_brings(acme: Path, tmp_path: Path) -> None:
    (command,) = re.findall(r"^tuning-node (\w+)$", PAGE.read_text(), flags=re.MULTILINE)
    program = [sys.executable, "-m", "hyperparameter_tuning.node.cli", "--data-dir", str(tmp_path), command]
    done = subprocess.run(program, env=with_installed(acme), capture_output=True, text=True)
    said = " ".join(done.stdout.split())
    assert "acme-tuning 1.0 brings alternating, perceptron_classifier, worst_recall, acme_even_out" in said
