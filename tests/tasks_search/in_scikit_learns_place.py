"""Plugin of pytest: scikit-learn's own tests find our searches under the names of theirs."""

import sklearn.experimental.enable_halving_search_cv  # noqa: F401 - makes the halvings importable
from sklearn import model_selection

from hyperparameter_tuning.tasks.searchers import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    RandomSearch,
)

OURS = {
    "GridSearchCV": GridSearch,
    "RandomizedSearchCV": RandomSearch,
    "HalvingGridSearchCV": HalvingGridSearch,
    "HalvingRandomSearchCV": HalvingRandomSearch,
}

for name, ours in OURS.items():
    setattr(model_selection, name, ours)
