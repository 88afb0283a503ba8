"""A path rule that is wrong on purpose: every candidate gets the answers of the longest."""

from collections.abc import Iterator, Sequence
from typing import Any

from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule


class WrongPath(PathRule):
    """Says that the number of trees makes no difference."""

    name = "wrong"
    params = ("n_estimators",)
    grows = True

    def length(self, path: Params) -> float:
        return float(path["n_estimators"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        longest = max(path["n_estimators"] for path in wanted)
        estimator.set_params(n_estimators=longest).fit(rows.fold.X_train, rows.fold.y_train)
        for position in range(len(wanted)):
            yield position, estimator
