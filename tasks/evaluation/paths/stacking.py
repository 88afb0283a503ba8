"""Stacking: the final estimator learns from what the members predict, whatever it is.

Source: scikit-learn 1.9, ``_BaseStacking.fit`` and ``_transform``: members, and their predictions of rows
that they were not fitted on, are made first; the final estimator and ``passthrough`` come in afterwards.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Self

from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone, is_classifier
from sklearn.ensemble._base import _fit_single_estimator

from hyperparameter_tuning.tasks.evaluation.division import with_params
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.members import are_repeatable, is_settled_cv
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule

_FINAL = "final_estimator"


class StackingPath(PathRule):
    """``final_estimator``, its parameters, and ``passthrough``."""

    name = "stacking, last estimator"
    params = (_FINAL, "passthrough")
    needs_seed = False

    def path_of(self, estimator: Any, own: Params) -> Params:
        """What the candidate sets of the final estimator, which need not be the same for all."""
        passthrough = own.get("passthrough", estimator.passthrough)
        final = {name: value for name, value in own.items() if name.partition("__")[0] == _FINAL}
        return {**final, "passthrough": passthrough}

    def allows(self, estimator: Any) -> bool:
        """Members must be the same at every fit, and so must the folds that they are asked about."""
        return are_repeatable(estimator.estimators) and is_settled_cv(estimator.cv)

    def has(self, estimator: Any, path: Params) -> bool:
        """Settings that the final estimator knows.

        Raises:
            ValueError: it does not.
        """
        with_params(estimator, path)
        return isinstance(path["passthrough"], bool)

    def length(self, path: Params) -> float:
        """All cost what the members do."""
        return 0.0

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Fit members and ask them once; fit a final estimator for each candidate on what they said."""
        own_final = estimator.final_estimator
        members, predictions = _members(estimator, rows)
        y_train = members.final_estimator_.y_
        said = [(table, _said(members, table)) for table in rows.scored]
        for position, path in enumerate(wanted):
            stacked = copy.copy(members)
            stacked.final_estimator = clone(own_final) if own_final is not None else None
            stacked.set_params(**{name: clone(value, safe=False) for name, value in path.items()})
            with rows.of(position):
                stacked._validate_final_estimator()
                learned = stacked._concatenate_predictions(rows.fold.X_train, predictions)
                _fit_single_estimator(stacked.final_estimator_, learned, y_train, fit_params={})
            known = [(table, stacked._concatenate_predictions(table, answers)) for table, answers in said]
            stacked._transform = KnownAnswers(stacked._transform, known)
            yield position, stacked


class _Pupil(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Stands in place of a final estimator, and keeps the target that it would learn."""

    def fit(self, X: Any, y: Any) -> Self:
        """Keep the target."""
        self.y_ = y
        return self


class _ClassPupil(ClassifierMixin, _Pupil):  # type: ignore[misc]
    pass


class _NumberPupil(RegressorMixin, _Pupil):  # type: ignore[misc]
    pass


def _members(estimator: Any, rows: PathRows) -> tuple[Any, Sequence[Any]]:
    """Return the stack with fitted members, and what they predict of rows they were not fitted on."""
    pupil = _ClassPupil() if is_classifier(estimator) else _NumberPupil()
    members = copy.copy(estimator).set_params(final_estimator=pupil, passthrough=False)
    heard: list[Any] = []
    concatenate = members._concatenate_predictions

    def listening(X: Any, predictions: Any) -> Any:
        heard.extend(predictions)
        return concatenate(X, predictions)

    members._concatenate_predictions = listening
    members.fit(rows.fold.X_train, rows.fold.y_train)
    del members._concatenate_predictions
    return members, heard


def _said(members: Any, table: Any) -> list[Any]:
    pairs = zip(members.estimators_, members.stack_method_, strict=True)
    return [getattr(member, method)(table) for member, method in pairs]
