"""Strategies, the driver that runs them, and the same searches as scikit-learn estimators.

How candidates are scored does not belong here; that is behind `tasks.evaluation`.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.tasks.searchers"

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
    },
)
