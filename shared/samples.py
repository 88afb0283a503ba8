"""Sample tables: those bundled with scikit-learn, and the packaged penguins.

Their names and targets are in `shared.sample_names`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

from hyperparameter_tuning.shared.data_roots import packaged_examples
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.findings import nearest_name


def load_sample(name: str) -> pd.DataFrame:
    """Return a sample table; the target is the column that `SAMPLE_TARGETS` names.

    Classes are texts where scikit-learn names them (``setosa``), and diabetes is in its natural units.

    Raises:
        UnknownNameError: there is no such table.
    """
    if name not in _LOADERS:
        nearest = nearest_name(name, _LOADERS)
        hint = f" Did you mean '{nearest}'?" if nearest else f" Known are {', '.join(_LOADERS)}."
        raise UnknownNameError(
            f"There is no sample table '{name}'.{hint}", code="unknown_sample", nearest=nearest
        )
    return _LOADERS[name]()


def _bundled(load: Callable[..., Any], **options: Any) -> pd.DataFrame:
    bunch = load(as_frame=True, **options)
    frame: pd.DataFrame = bunch.frame.copy()
    names = bunch.get("target_names")
    if names is not None and np.asarray(names).dtype.kind in "UO":
        frame["target"] = np.asarray(names, dtype=object)[frame["target"].to_numpy()]
    return frame


def _penguins() -> pd.DataFrame:
    return pd.read_csv(packaged_examples() / "penguins.csv")


_LOADERS: Mapping[str, Callable[[], pd.DataFrame]] = {
    "penguins": _penguins,
    "diabetes": partial(_bundled, datasets.load_diabetes, scaled=False),
    "breast_cancer": partial(_bundled, datasets.load_breast_cancer),
    "wine": partial(_bundled, datasets.load_wine),
    "iris": partial(_bundled, datasets.load_iris),
    "digits": partial(_bundled, datasets.load_digits),
}
