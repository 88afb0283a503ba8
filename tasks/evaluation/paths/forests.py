"""Forests: the first trees of a large forest are the small forest, and a pruned copy is the pruned forest.

Trees are drawn one after the other from one stream of seeds, so ``n_estimators`` is a prefix; probabilities
are summed in the order of the trees and divided once (scikit-learn 1.9, ``ForestClassifier.predict_proba``).
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import is_classifier

from hyperparameter_tuning.tasks.evaluation.paths.checked_targets import targets_checked_once
from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.quick_members import quick_members
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.single_precision import single_precision


class ForestPath(PathRule):
    """``n_estimators``, ``ccp_alpha``, and both together."""

    name = "forest prefix"
    params = ("n_estimators", "ccp_alpha")
    takes_weights = True
    grows = True

    def allows(self, estimator: Any) -> bool:
        """Several jobs sum trees in any order, even those of one plain fit.

        A prefix has no out-of-bag score of its own, and warm starts keep trees from before.
        """
        return (
            super().allows(estimator)
            and effective_n_jobs(estimator.n_jobs) == 1
            and not estimator.oob_score
            and not estimator.warm_start
        )

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1 and pruning from 0; anything else is scikit-learn's to refuse."""
        alpha = path["ccp_alpha"]
        return is_count(path["n_estimators"]) and isinstance(alpha, int | float) and 0 <= alpha < np.inf

    def length(self, path: Params) -> float:
        """The number of trees."""
        return float(path["n_estimators"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Grow the largest forest unpruned, then prune and sum as far as each candidate goes."""
        alphas = sorted({path["ccp_alpha"] for path in wanted})
        grown = estimator.set_params(
            n_estimators=max(path["n_estimators"] for path in wanted),
            # One alpha needs no copies: the trees are pruned as they grow.
            ccp_alpha=alphas[0] if len(alphas) == 1 else 0.0,
        )
        fold = rows.fold
        with quick_members(grown), targets_checked_once():
            grown.fit(single_precision(fold, fold.X_train), fold.y_train, **fold.told())
        for alpha in alphas:
            positions = _by_count(wanted, alpha)
            trees = grown.estimators_[: max(positions)]
            if len(alphas) > 1 and alpha > 0:
                trees = [_pruned(tree, alpha) for tree in trees]
            for count, answers in _sums(grown, trees, set(positions), rows):
                prefix = _prefix(grown, trees[:count], alpha, answers)
                yield from ((position, prefix) for position in positions[count])


def _by_count(wanted: Sequence[Params], alpha: float) -> Mapping[int, list[int]]:
    positions: dict[int, list[int]] = {}
    for position, path in enumerate(wanted):
        if path["ccp_alpha"] == alpha:
            positions.setdefault(path["n_estimators"], []).append(position)
    return positions


def _pruned(tree: Any, alpha: float) -> Any:
    pruned = copy_with(tree, {"ccp_alpha": alpha})
    pruned._prune_tree()
    return pruned


def _sums(
    grown: Any, trees: Sequence[Any], counts: set[int], rows: PathRows
) -> Iterator[tuple[int, list[tuple[Any, Any]]]]:
    """Yield, for each wanted count, the mean over so many trees for each table."""
    tables = [
        # As predictions do: what is not finite is refused.
        (table, grown._validate_X_predict(single_precision(rows.fold, table)))
        for table in rows.scored
    ]
    sums: list[Any] = [None] * len(tables)
    # Asked once: tags are made anew at each question, which costs more than a small tree's answer.
    columns = slice(grown.n_classes_) if is_classifier(grown) else 0 if grown.n_outputs_ == 1 else slice(None)
    for count, tree in enumerate(trees, 1):
        for index, (_, narrow) in enumerate(tables):
            values = tree.tree_.predict(narrow)[:, columns]
            # From zero, as scikit-learn does: -0.0 + 0.0 is 0.0.
            sums[index] = (0.0 if sums[index] is None else sums[index]) + values
        if count in counts:
            yield count, [(table, total / count) for (table, _), total in zip(tables, sums, strict=True)]


def _prefix(grown: Any, trees: Sequence[Any], alpha: float, answers: Sequence[tuple[Any, Any]]) -> Any:
    prefix = copy.copy(grown)
    prefix.estimators_ = list(trees)
    prefix.n_estimators, prefix.ccp_alpha = len(trees), alpha
    method = "predict_proba" if is_classifier(grown) else "predict"
    setattr(prefix, method, KnownAnswers(getattr(prefix, method), answers))
    return prefix
