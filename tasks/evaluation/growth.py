"""Candidates that come again only longer, as a halving on the number of trees asks: what tells that they do.

How a fit goes on does not belong here (`paths.continuation`), nor where it is kept (`kept_fits`).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.tasks.evaluation.division import PIPELINES, final_step, with_params
from hyperparameter_tuning.tasks.evaluation.paths.continuation import Continuation
from hyperparameter_tuning.tasks.evaluation.paths.table import CONTINUATIONS
from hyperparameter_tuning.tasks.evaluation.setting_keys import are_plain, setting_key


@dataclass(frozen=True, slots=True)
class Growth:
    """How long a candidate's fit is, and which shorter fits it may go on from.

    Attributes:
        rule: How it goes on.
        key: Equal for candidates that differ in their length only; of one fold, of course.
        length: Value of the rule's parameter.
        is_further: An earlier call has asked for it, so that a shorter fit may be kept.
    """

    rule: Continuation
    key: Hashable
    length: Any
    is_further: bool = False


class Growths:
    """Looks for growth; one per search, since it knows what was asked for.

    Args:
        estimator: Of the search, unfitted.
        lengthened: Full name of the parameter in which candidates come again longer; None: they do not.
    """

    def __init__(self, estimator: Any, lengthened: str | None) -> None:
        self._final = final_step(estimator)
        self._rule = CONTINUATIONS.get(type(self._final))
        before = f"{estimator.steps[-1][0]}__" if type(estimator) in PIPELINES else ""
        if self._rule is not None and lengthened != before + self._rule.param:
            self._rule = None
        self._known: set[Hashable] = set()

    def of(self, own: Mapping[str, Any], off: frozenset[str]) -> Growth | None:
        """Return the growth of a candidate that is on the path of its class, or None.

        Args:
            own: All parameters of the final estimator that it sets, by its own names.
            off: Names of rules that are not to be used.
        """
        rule = self._rule
        if rule is None or rule.name in off:
            return None
        rest = {name: value for name, value in own.items() if name != rule.param}
        if not are_plain(rest) or not rule.allows(with_params(self._final, rest)):
            return None
        length = own.get(rule.param, getattr(self._final, rule.param))
        return Growth(rule, (rule.name, setting_key(rest)), length)

    def noted(self, growths: Mapping[int, Growth]) -> dict[int, Growth]:
        """Return *growths* of one call, by any number, with those marked that an earlier call asked for."""
        marked = {at: replace(each, is_further=each.key in self._known) for at, each in growths.items()}
        self._known.update(each.key for each in growths.values())
        return marked
