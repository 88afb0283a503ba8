"""Cross-validation settings as the package's first canvases and servers spelt them.

Two spellings were about: ``folds`` of the canvas, which no server read, and ``cv_folds`` of the server. Both
are read, and what is wrong is refused. What they are today is in
`registry.migrations.origin_cross_validation`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.registry.config_cross_validation import MAX_FOLDS
from hyperparameter_tuning.registry.names import NameIndex
from hyperparameter_tuning.shared.errors import UserError

DEFAULT_FOLDS = 5
_LEAST_FOLDS = 2
_STRATEGIES = NameIndex(
    "cross-validation strategy",
    {"auto": (), "kfold": ("k_fold",), "stratified_kfold": ("stratified_k_fold", "stratified")},
)
_REFIT_ON = {"train_only": "train", "train_plus_validation": "train_and_validation"}
_REFITS = NameIndex("refit strategy", {name: (now,) for name, now in _REFIT_ON.items()})
_TRUE, _FALSE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True)
class CrossValidationConfig:
    """How candidates are judged.

    Attributes:
        enabled: Whether it was asked for; a search judges by folds in any case.
        strategy: ``auto``, ``kfold`` or ``stratified_kfold``.
        folds: At least 2.
        shuffle: Whether rows are shuffled first.
        random_state: Seed of the shuffle; None leaves it to the search's.
        refit_strategy: ``train_only`` or ``train_plus_validation``.
    """

    enabled: bool = False
    strategy: str = "auto"
    folds: int = DEFAULT_FOLDS
    shuffle: bool = True
    random_state: int | None = None
    refit_strategy: str = "train_only"

    @property
    def refit_on(self) -> str:
        """The rows that the best candidate is fitted on, in today's words."""
        return _REFIT_ON[self.refit_strategy]


def parse_cross_validation(document: Mapping[str, Any] | None) -> CrossValidationConfig:
    """Read cross-validation settings in either spelling; where both are there, ``cv_*`` counts.

    Raises:
        UserError: a value is of the wrong type, or a name is unknown; the message names the nearest.
    """
    given = document or {}

    def read(name: str) -> tuple[Any, str]:
        key = f"cv_{name}" if given.get(f"cv_{name}") is not None else name
        return given.get(key), f"/cross_validation/{key}"

    return CrossValidationConfig(
        enabled=_flag(*read("enabled"), default=False),
        strategy=_named(_STRATEGIES, *read("strategy"), default="auto"),
        folds=_whole(*read("folds"), least=_LEAST_FOLDS, most=MAX_FOLDS) or DEFAULT_FOLDS,
        shuffle=_flag(*read("shuffle"), default=True),
        random_state=_whole(*read("random_state"), least=0),
        refit_strategy=_named(_REFITS, *read("refit_strategy"), default="train_only"),
    )


def _flag(value: Any, pointer: str, *, default: bool) -> bool:
    word = str(value).strip().lower()
    if value is None or not word:
        return default
    if word not in _TRUE | _FALSE:
        raise UserError(f"'{pointer.rpartition('/')[2]}' must be true or false.", pointer=pointer)
    return word in _TRUE


def _whole(value: Any, pointer: str, *, least: int, most: int | None = None) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = None if isinstance(value, bool) or float(value) != int(float(value)) else int(float(value))
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or number < least or (most is not None and number > most):
        span = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise UserError(f"'{pointer.rpartition('/')[2]}' must be a whole number {span}.", pointer=pointer)
    return number


def _named(index: NameIndex, value: Any, pointer: str, *, default: str) -> str:
    if value is None or not str(value).strip():
        return default
    try:
        return index.resolve(value)
    except UserError as error:
        error.pointer = pointer
        raise
