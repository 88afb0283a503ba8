"""Strategies, the driver that runs them, and the same searches as scikit-learn estimators.

How candidates are scored does not belong here; that is behind `tasks.evaluation`.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.tasks.searchers"
_OLD = "hyperparameter_tuning.legacy_imports"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "GridProposer": f"{_ROOM}.grid",
        "GridSearch": f"{_ROOM}.estimators",
        "HalvingGridSearch": f"{_ROOM}.estimators",
        "HalvingProposer": f"{_ROOM}.halving",
        "HalvingRandomProposer": f"{_ROOM}.halving_random",
        "HalvingRandomSearch": f"{_ROOM}.estimators",
        "OptunaProposer": f"{_ROOM}.optuna",
        "OptunaSearch": f"{_ROOM}.estimators",
        "Proposals": f"{_ROOM}.proposer",
        "Proposer": f"{_ROOM}.proposer",
        "RandomProposer": f"{_ROOM}.random",
        "RandomSearch": f"{_ROOM}.estimators",
        "Request": "hyperparameter_tuning.tasks.evaluation.requests",
        "Result": "hyperparameter_tuning.tasks.evaluation.requests",
        "SearchLimits": f"{_ROOM}.limits",
        "SearchObserver": f"{_ROOM}.observer",
        "SearchOutcome": f"{_ROOM}.outcome",
        "TooManyFailuresError": f"{_ROOM}.limits",
        "TrialOutcome": f"{_ROOM}.outcome",
        "load_proposer": f"{_ROOM}.proposer",
        "run_search": f"{_ROOM}.search",
        # Names of the first import path; what became of them is in legacy/README.md.
        "OptunaSearchCV": f"{_OLD}.searcher_building",
        "_HAS_OPTUNA": f"{_OLD}.searcher_building",
        "_OPTUNA_INTEGRATION_GUIDANCE": f"{_OLD}.searcher_building",
        "_build_optuna_distributions": f"{_OLD}.searcher_building",
        "_build_searcher": f"{_OLD}.searcher_building",
        "_create_optuna_searcher": f"{_OLD}.searcher_building",
        "_optuna_accepts_sampler": f"{_OLD}.searcher_building",
        "_prepare_search_parameters": f"{_OLD}.search_parameters",
    },
)
