"""The one seam between strategies and scoring: requests go in, results come out.

Strategies do not belong here, nor does anything that knows of jobs, queues or databases.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.tasks.evaluation"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Evaluate": f"{_ROOM}.seam",
        "Evaluator": f"{_ROOM}.evaluator",
        "FoldResult": f"{_ROOM}.requests",
        "Request": f"{_ROOM}.requests",
        "Result": f"{_ROOM}.requests",
        "SearchStopped": f"{_ROOM}.seam",
        "UnitKey": f"{_ROOM}.seam",
    },
)
