"""Trees of an ensemble as copies of its first one, which differ from it in their seed alone.

scikit-learn clones the same tree for each member and tells it every parameter anew (1.9,
`BaseEnsemble._make_estimator` and `_set_random_states`): about a tenth of what growing a small tree costs.
Which members are trees is in `members`.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.members import is_tree

# As scikit-learn draws the seed of a member.
_SEEDS_BELOW = np.iinfo(np.int32).max


@contextmanager
def quick_members(ensemble: Any) -> Iterator[None]:
    """Make each tree of *ensemble* after the first from the first, as long as the block lasts.

    Args:
        ensemble: A forest or an AdaBoost, unfitted; one whose members are no trees makes them as ever.

    Yields:
        Nothing.
    """
    if not is_tree(ensemble.estimator):
        yield
        return
    as_ever = ensemble._make_estimator
    first: list[Any] = []

    def make(append: bool = True, random_state: Any = None) -> Any:
        if not first or random_state is None:
            member = as_ever(append=append, random_state=random_state)
            first.append(copy.copy(member))  # the member itself is fitted meanwhile
            return member
        member = copy.copy(first[0])
        member.random_state = random_state.randint(_SEEDS_BELOW)
        if append:
            ensemble.estimators_.append(member)
        return member

    ensemble._make_estimator = make
    try:
        yield
    finally:
        del ensemble._make_estimator
