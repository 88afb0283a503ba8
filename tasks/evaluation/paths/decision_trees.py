"""Single trees: a best-first tree begins as every smaller one, and pruning is a copy's own affair.

Best-first growth numbers nodes in the order in which they are expanded, so the first ``2k - 1`` nodes of a
larger tree are the tree of ``k`` leaves (scikit-learn 1.9, ``BestFirstTreeBuilder``); nodes that are cut off
must be gone, since pruning walks all of them. Depth-first growth, without a limit, is another tree.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.tree._tree import TREE_LEAF, TREE_UNDEFINED

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.single_precision import single_precision


class DecisionTreePath(PathRule):
    """``ccp_alpha``, ``max_leaf_nodes``, and both together."""

    name = "tree pruning"
    params = ("ccp_alpha", "max_leaf_nodes")
    takes_weights = True

    def has(self, estimator: Any, path: Params) -> bool:
        """Pruning from 0, and two leaves or no limit; anything else is scikit-learn's to refuse."""
        alpha, leaves = path["ccp_alpha"], path["max_leaf_nodes"]
        return bool(0 <= alpha < np.inf) and (leaves is None or is_count(leaves, least=2))

    def part(self, estimator: Any, path: Params) -> Params:
        """Growth with a limit and growth without one are different trees."""
        return {"best_first": path["max_leaf_nodes"] is not None}

    def length(self, path: Params) -> float:
        """The leaves, where they are limited: pruning costs next to nothing."""
        return float(path["max_leaf_nodes"] or 0)

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Grow the largest tree unpruned, then cut and prune a copy of it for each candidate."""
        limits = [path["max_leaf_nodes"] for path in wanted]
        grown = estimator.set_params(ccp_alpha=0.0, max_leaf_nodes=None if None in limits else max(limits))
        fold = rows.fold
        grown.fit(single_precision(fold, fold.X_train), fold.y_train, **fold.told())
        # The tree's own check of the rows to predict, once for all its prunings; it refuses what they would.
        narrow = [
            (table, grown._validate_X_predict(single_precision(fold, table), True)) for table in rows.scored
        ]
        cuts = {limit: _first_leaves(grown.tree_, limit) for limit in set(limits)}
        for position, path in enumerate(wanted):
            pruned = copy_with(grown, path)
            pruned.tree_ = cuts[path["max_leaf_nodes"]]
            pruned._prune_tree()
            pruned._validate_X_predict = KnownAnswers(pruned._validate_X_predict, narrow, itself=True)
            yield position, pruned


def _first_leaves(tree: Any, limit: int | None) -> Any:
    """Return what *tree*, grown best first, was when it had *limit* leaves."""
    if limit is None or tree.n_leaves <= limit:
        return tree
    state = tree.__getstate__()
    count = 2 * limit - 1
    nodes = state["nodes"][:count].copy()
    # The j-th expansion makes nodes 2j + 1 and 2j + 2, so a child beyond the end was not there yet.
    leaves = nodes["left_child"] >= count
    for side in ("left_child", "right_child"):
        nodes[side][leaves] = TREE_LEAF
    for side in ("feature", "threshold"):
        nodes[side][leaves] = TREE_UNDEFINED
    make, args, _ = tree.__reduce__()
    cut = make(*args)
    cut.__setstate__({**state, "nodes": nodes, "values": state["values"][:count].copy(), "node_count": count})
    return cut
