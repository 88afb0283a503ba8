"""The origin's dataset and preparation nodes, as the reference kinds take their configuration.

Only what a reference kind can say is migrated; the rest (a KNN imputer, a hash encoder) stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.migrations.migrated import Migrated
from hyperparameter_tuning.registry.migrations.origin_values import first, number, text, truth, whole

Settings = Mapping[str, Any]
Config = dict[str, Any]

_SOURCES = ("file", "sql", "sample")
_DATASET_IDS = ("path", "file_path", "datasetId", "dataset_id", "datasetSourceId", "dataset_source_id")


def dataset(settings: Settings) -> Migrated:
    """The origin names a dataset by an id of its own; where that is a file's name, it is read as such."""
    if settings.get("source") in _SOURCES:
        return Migrated({key: value for key, value in settings.items() if key in _DATASET_KEYS})
    target = text(settings.get("target_column"))
    named: Config = {"target": target} if target else {}
    path = first(settings, *_DATASET_IDS)
    if path is None:
        return Migrated(named, ("The node names no dataset: choose a file, a SQL table or a sample.",))
    note = (
        f"The dataset is read from the file '{path}' below the data roots: choose another if that is not it."
    )
    return Migrated({"source": "file", "path": str(path), **named}, (note,))


_DATASET_KEYS = ("source", "path", "connection", "table", "name", "target")


def split(settings: Settings) -> Migrated:
    """Shares, seed and stratification keep their meaning."""
    seed = whole(settings.get("random_state"))
    notes = () if seed is not None else ("The split had no seed, so it has 42 now and repeats.",)
    config = {
        "test_size": _share(settings.get("test_size"), 0.2),
        "validation_size": _share(settings.get("validation_size"), 0.0),
        "shuffle": truth(settings.get("shuffle"), default=True),
        "stratify": "auto" if truth(settings.get("stratify"), default=False) else "off",
        "seed": 42 if seed is None else seed,
    }
    return Migrated(config, notes)


def _share(value: Any, default: float) -> float:
    found = number(value)
    return default if found is None or not 0 <= found < 1 else float(found)


def feature_target_split(settings: Settings) -> Migrated:
    """It only names the target; a split that sets no rows apart lets every row pass."""
    target = text(settings.get("target_column"))
    named = f"the target '{target}' is named at the dataset" if target else "it named no target"
    note = f"Features and target are not separated on the canvas now: {named}, and all rows pass here."
    config = {"test_size": 0.0, "validation_size": 0.0, "shuffle": False, "stratify": "off", "seed": 42}
    return Migrated(config, (note,))


_SCALERS = {
    "standard": "standard",
    "standardscaler": "standard",
    "minmax": "minmax",
    "minmaxscaler": "minmax",
    "robust": "robust",
    "robustscaler": "robust",
    "maxabs": "maxabs",
    "maxabsscaler": "maxabs",
}


def scale(settings: Settings, method: str = "standard") -> Migrated | None:
    """One method for all columns; methods of single columns cannot be kept."""
    asked = str(first(settings, "method", "default_method") or method).casefold()
    if asked not in _SCALERS:
        return None
    notes = [] if not settings.get("column_methods") else [f"All columns are scaled by '{_SCALERS[asked]}'."]
    columns, found = _columns(settings, "every numeric column is scaled")
    return Migrated({"method": _SCALERS[asked], "columns": columns}, (*notes, *found))


_FILLS = {"mean": "mean", "median": "median", "mode": "most_frequent", "most_frequent": "most_frequent"}


def impute(settings: Settings) -> Migrated | None:
    """A statistic or a constant; a list of recipes only where it has one."""
    recipes = settings.get("strategies")
    if isinstance(recipes, list):
        if len(recipes) != 1 or not isinstance(recipes[0], Mapping):
            return None
        settings = recipes[0]
    if str(settings.get("method", "simple")).casefold() not in ("simple", *_FILLS, "constant"):
        return None
    asked = str(first(settings, "strategy", "method") or "mean").casefold()
    asked = "mean" if asked == "simple" else asked
    columns, notes = _columns(settings, "gaps of every column are filled")
    if asked in _FILLS:
        return Migrated({"numeric": _FILLS[asked], "columns": columns}, notes)
    return None if asked != "constant" else Migrated({**_constant(settings), "columns": columns}, notes)


def _constant(settings: Settings) -> Config:
    value = settings.get("fill_value")
    as_number = number(value)
    filled: Config = {"numeric": "constant", "numeric_fill_value": 0 if as_number is None else as_number}
    if isinstance(value, str) and value and as_number is None:
        filled |= {"categorical": "constant", "categorical_fill_value": value}
    return filled


def encode(settings: Settings, method: str = "onehot") -> Migrated | None:
    """One-hot, dummy, ordinal, label and target encoding; hash and weight-of-evidence have no counterpart."""
    make = _ENCODERS.get(str(settings.get("method") or method).casefold())
    if make is None:
        return None
    columns, notes = _columns(settings, "every text and category column is encoded")
    return Migrated({**make(settings), "columns": columns}, notes)


def _one_hot(settings: Settings) -> Config:
    return _one_column_each(truth(settings.get("drop_first"), default=False))


def _dummy(settings: Settings) -> Config:
    return _one_column_each(truth(settings.get("drop_first"), default=True))


def _one_column_each(drop_first: bool) -> Config:
    return {"method": "one_hot", "drop": "first" if drop_first else "none"}


def _ordinal(_settings: Settings) -> Config:
    return {"method": "ordinal"}


def _target(settings: Settings) -> Config:
    smoothing = number(first(settings, "smoothing", "smooth"))
    return {"method": "target", "smooth": smoothing}


_ENCODERS: Mapping[str, Callable[[Settings], Config]] = {
    "onehot": _one_hot,
    "dummy": _dummy,
    "ordinal": _ordinal,
    "label": _ordinal,
    "target": _target,
}


def _columns(settings: Settings, otherwise: str) -> tuple[list[str], tuple[str, ...]]:
    named = settings.get("columns")
    columns = [item for item in named if isinstance(item, str)] if isinstance(named, list) else []
    return columns, () if columns else (f"No columns were named: {otherwise}.",)
