"""AdaBoost: the first members of a long boosting are the short boosting.

Members are weighted as they come and are never looked at again, so ``n_estimators`` is a prefix. Where
boosting ends early (no errors, or no better than chance), who asks for more has the same members, and zero
weights behind them (scikit-learn 1.9, ``BaseWeightBoosting.fit``).
"""

import copy
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sklearn.base import is_classifier

from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.members import is_known, is_tree, rows_of
from hyperparameter_tuning.tasks.evaluation.paths.quick_members import quick_members
from hyperparameter_tuning.tasks.evaluation.paths.quiet_fit import quiet_fit
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count
from hyperparameter_tuning.tasks.evaluation.paths.stops import longest, stops


class AdaBoostPath(PathRule):
    """``n_estimators``, whatever the members are and however early boosting ends."""

    name = "AdaBoost prefix"
    params = ("n_estimators",)
    takes_weights = True
    grows = True

    def allows(self, estimator: Any) -> bool:
        """Members must draw by the ensemble's seed only."""
        return super().allows(estimator) and is_known(estimator.estimator)

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; anything else is scikit-learn's to refuse."""
        return is_count(path["n_estimators"])

    def length(self, path: Params) -> float:
        """The number of members."""
        return float(path["n_estimators"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Boost as far as the longest, ask each member once, and let scikit-learn weigh what they said."""
        fold, member = rows.fold, estimator.estimator
        grown = estimator.set_params(n_estimators=longest(wanted, "n_estimators"))
        with quiet_fit(), quick_members(grown):
            grown.fit(rows_of(fold, fold.X_train, member), fold.y_train, **fold.told())
        if is_classifier(grown) and grown.n_classes_ == 1:
            raise ValueError("of one class: zeros in the type of the rows, which are converted here")
        tables = [(table, grown._check_X(rows_of(fold, table, member))) for table in rows.scored]
        members = _asked(grown, [checked for _, checked in tables])
        method = "decision_function" if is_classifier(grown) else "predict"
        for n_estimators, positions in stops(wanted, "n_estimators"):
            prefix = _prefix(grown, n_estimators)
            answers = [(table, _answer(prefix, members, checked, method)) for table, checked in tables]
            setattr(prefix, method, KnownAnswers(getattr(prefix, method), answers))
            yield from ((position, prefix) for position in positions)


def _asked(grown: Any, tables: Sequence[Any]) -> list[Any]:
    """Return, for each member, what stands in its place and knows its answers."""
    known = {"check_input": False} if is_tree(grown.estimator) else {}  # the rows were looked at
    return [
        SimpleNamespace(
            predict=KnownAnswers(
                member.predict, [(table, member.predict(table, **known)) for table in tables]
            )
        )
        for member in grown.estimators_
    ]


def _answer(prefix: Any, members: Sequence[Any], checked: Any, method: str) -> Any:
    """Return what scikit-learn makes of the members' answers."""
    stand_in = copy.copy(prefix)
    stand_in.estimators_ = members[: len(prefix.estimators_)]
    stand_in._check_X = lambda table: table
    return getattr(stand_in, method)(checked)


def _prefix(grown: Any, n_estimators: int) -> Any:
    prefix = copy.copy(grown)
    prefix.n_estimators = n_estimators
    prefix.estimators_ = grown.estimators_[:n_estimators]
    # With the zeros behind an early end: how many there are decides how scikit-learn's sum is rounded.
    prefix.estimator_weights_ = grown.estimator_weights_[:n_estimators]
    prefix.estimator_errors_ = grown.estimator_errors_[:n_estimators]
    return prefix
