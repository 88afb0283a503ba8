"""Which rows a unit is fitted and scored on.

Making folds does not belong here (`shared.splits`); this only cuts them down to a halving's resource.
"""

from typing import Any

import numpy as np
from sklearn.utils import resample

Rows = np.ndarray[Any, np.dtype[Any]]
Split = tuple[Rows, Rows]


def rows_for(split: Split, resource: float | None, seed: int) -> Split:
    """Return the training and test rows of a fold at one resource.

    Both parts are drawn without replacement, each from the same seed, as scikit-learn 1.9 does in its
    successive halving, so that scores are equal to the bit. A resource of 1.0 is therefore a permutation.

    Args:
        split: Training and test row positions, shapes (n_train,) and (n_test,).
        resource: Share of the rows in (0, 1]; None leaves them untouched.
        seed: Seed of the draw; the same for every candidate and fold.

    Returns:
        Row positions of shapes (int(resource * n_train),) and (int(resource * n_test),).
    """
    train, test = np.asarray(split[0]), np.asarray(split[1])
    if resource is None:
        return train, test
    return _drawn(train, resource, seed), _drawn(test, resource, seed)


def _drawn(rows: Rows, resource: float, seed: int) -> Rows:
    drawn: Rows = resample(rows, replace=False, random_state=seed, n_samples=int(resource * len(rows)))
    return drawn
