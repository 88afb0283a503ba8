"""The engine against other searches than scikit-learn's: the same candidates on the same folds, by turns.

Run as ``python -m benchmarks.engine_peers [--write]`` in an environment with the dependency group `peers`:
`make bench CASE=peers`. Each peer is used as its documentation shows, on two workers where it has any. What
each row asks of ours is a ratio; scores are compared first where the peer tells them fold by fold.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid, cross_val_score

from benchmarks.engine import FOLDER, N_JOBS, machine
from benchmarks.engine_cases import CASES, Case
from benchmarks.engine_tables import TABLES
from benchmarks.paired import Comparison, compare
from hyperparameter_tuning.tasks.searchers import GridSearch, OptunaSearch

PAIRS = 5
METHOD = (
    "Median of paired ratios, the peer's cost over ours on two workers, by turns; in brackets the worst "
    "pair. Above 1 ours costs less. Same candidates, folds and scores, but for OptunaSearchCV, which "
    "suggests its own. CPU counts the workers that were alive.\n\n"
)

Search = Callable[[], Any]


@dataclass(frozen=True)
class Peer:
    """One peer on one case.

    Attributes:
        label: Of the peer, with what it runs on.
        package: Whose version is told.
        case: Key of `CASES`.
        searches: Makes the peer's search and ours, ready to be called; both answer mean scores by candidate,
            or None where the peer draws its own candidates.
        cpu: CPU ratio to reach, where one is asked for.
        wall: Wall ratio to reach, where one is asked for.
    """

    label: str
    package: str
    case: str
    searches: Callable[[Case, Any, Any], tuple[Search, Search]]
    cpu: float | None = None
    wall: float | None = None


def grid_of(case: Case, X: Any, y: Any) -> Search:
    """Return our grid search on two workers."""
    search = GridSearch(case.estimator, case.space, refit=False, cv=5, n_jobs=N_JOBS)
    return lambda: search.fit(X, y).cv_results_["mean_test_score"]


def dask(case: Case, X: Any, y: Any) -> tuple[Search, Search]:
    """Return dask-ml's grid search on two threads, and ours."""
    from dask_ml.model_selection import GridSearchCV

    theirs = GridSearchCV(
        case.estimator, dict(case.space), refit=False, cv=5, scheduler="threads", n_jobs=N_JOBS, iid=False
    )
    return lambda: theirs.fit(X, y).cv_results_["mean_test_score"], grid_of(case, X, y)


def ray(case: Case, X: Any, y: Any) -> tuple[Search, Search]:
    """Return Ray Tune over the grid on two CPUs, warm, and ours."""
    import ray as ray_core
    from ray import tune

    ray_core.init(
        num_cpus=N_JOBS,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        ignore_reinit_error=True,
    )
    candidates = list(ParameterGrid(dict(case.space)))
    table = ray_core.put((X, y))

    def trial(config: dict[str, Any]) -> dict[str, float]:
        rows, target = ray_core.get(table)
        model = clone(case.estimator).set_params(**candidates[config["number"]])
        return {"score": float(np.mean(cross_val_score(model, rows, target, cv=5)))}

    def theirs() -> Any:
        tuner = tune.Tuner(
            trial,
            param_space={"number": tune.grid_search(list(range(len(candidates))))},
            run_config=tune.RunConfig(verbose=0),
        )
        found = {each.config["number"]: each.metrics["score"] for each in tuner.fit()}
        return np.array([found[number] for number in range(len(candidates))])

    return theirs, grid_of(case, X, y)


def flaml(case: Case, X: Any, y: Any) -> tuple[Search, Search]:
    """Return flaml.tune told to evaluate the grid, in one process as it does without a cluster, and ours."""
    from flaml import tune

    candidates = list(ParameterGrid(dict(case.space)))

    def trial(config: dict[str, Any]) -> dict[str, float]:
        model = clone(case.estimator).set_params(**candidates[config["number"]])
        return {"score": float(np.mean(cross_val_score(model, X, y, cv=5)))}

    def theirs() -> Any:
        told = tune.run(
            trial,
            config={"number": tune.choice(list(range(len(candidates))))},
            points_to_evaluate=[{"number": number} for number in range(len(candidates))],
            metric="score",
            mode="max",
            num_samples=len(candidates),
            verbose=0,
        )
        found = {each.config["number"]: each.last_result["score"] for each in told.trials}
        return np.array([found[number] for number in range(len(candidates))])

    return theirs, grid_of(case, X, y)


def optuna_search_cv(case: Case, X: Any, y: Any) -> tuple[Search, Search]:
    """Return OptunaSearchCV and ours, with TPE over the same space; each suggests its own candidates."""
    import optuna
    from optuna.distributions import CategoricalDistribution, IntDistribution
    from optuna_integration import OptunaSearchCV

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = {
        "n_estimators": IntDistribution(10, 300),
        "max_depth": CategoricalDistribution([None, 8, 4]),
        "min_samples_leaf": CategoricalDistribution([1, 4]),
    }

    def theirs() -> None:
        OptunaSearchCV(
            case.estimator, space, n_trials=case.draws, n_jobs=N_JOBS, refit=False, cv=5, random_state=0
        ).fit(X, y)

    def ours() -> None:
        OptunaSearch(
            case.estimator, space, n_trials=case.draws, n_jobs=N_JOBS, refit=False, cv=5, random_state=0
        ).fit(X, y)

    return theirs, ours


PEERS: Mapping[str, Peer] = {
    "dask-ml": Peer("dask-ml, 2 threads", "dask-ml", "pipeline", dask, 1.4, 2.0),
    "dask-ml-forest": Peer("dask-ml, 2 threads", "dask-ml", "forest-geometric", dask),
    "ray": Peer("Ray Tune, 2 CPUs", "ray", "forest-geometric", ray),
    "flaml": Peer("flaml.tune, 1 process", "flaml", "forest-geometric", flaml),
    "optuna": Peer("OptunaSearchCV (TPE), 2 threads", "optuna-integration", "random", optuna_search_cv),
}


def measured(peer: Peer) -> Comparison:
    """Compare the scores, then measure.

    Raises:
        SystemExit: a mean score is another one.
    """
    case = CASES[peer.case]
    X, y = TABLES[case.table]()
    theirs, ours = peer.searches(case, X, y)
    first, second = theirs(), ours()
    if first is not None and not np.allclose(first, second, rtol=0, atol=1e-12):
        raise SystemExit(f"{peer.label}: scores differ")
    return compare(theirs, ours, PAIRS)


def table(found: Mapping[str, Comparison]) -> str:
    """Return the Markdown table."""
    lines = [
        "| peer | search | CPU ratio [worst] | wall ratio [worst] | must reach |",
        "|---|---|---|---|---|",
    ]
    for name, comparison in found.items():
        peer = PEERS[name]
        must = "" if peer.cpu is None else f"{peer.cpu:g}; {peer.wall:g}"
        lines.append(
            f"| {peer.label} ({version(peer.package)}) | {CASES[peer.case].label}, {CASES[peer.case].table} "
            f"| {comparison.median_cpu:.2f} [{min(comparison.cpu):.2f}] "
            f"| {comparison.median_wall:.2f} [{min(comparison.wall):.2f}] | {must} |"
        )
    return "\n".join(lines)


def page(found: Mapping[str, Comparison]) -> str:
    """Return the page of the documentation."""
    title = "# The engine against other searches"
    return f"{title}\n\n{METHOD}{table(found)}\n\n{machine()}; `make bench CASE=peers`.\n"


def main() -> int:
    """Measure, print, and fail where a ratio is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks/")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    found: dict[str, Comparison] = {}
    missed = []
    for name, peer in PEERS.items():
        found[name] = measured(peer)
        holds = found[name].median_cpu >= (peer.cpu or 0) and found[name].median_wall >= (peer.wall or 0)
        missed += [] if holds else [name]
        print(table({name: found[name]}).splitlines()[-1], "" if holds else "MISSED", flush=True)
        if arguments.write:
            # Row by row: the last ones take minutes.
            (FOLDER / "peers.md").write_text(page(found))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
