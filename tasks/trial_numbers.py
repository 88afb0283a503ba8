"""Numbers of trials in the store, kept when a search begins again over what is stored already.

Messages that carry the numbers are in `tasks.trial_messages`.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.space import candidate_key


class TrialNumbers:
    """Gives each candidate of a search its number in the store.

    Reference trials come first, so the strategy's candidate 0 is the trial *offset*. A resumed job whose
    budget changed may be proposed other candidates under the same numbers: then a candidate keeps the
    number under which it is stored, and new ones follow the greatest.

    Args:
        offset: Number of the strategy's first candidate.
        stored: Parameters of the stored trials by number.
    """

    def __init__(self, offset: int = 0, stored: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        self._offset = offset
        keys = {number: candidate_key(params) for number, params in (stored or {}).items()}
        self._numbers: dict[int, int] = {}
        self._free: defaultdict[str, deque[int]] = defaultdict(deque)
        for number, key in sorted(keys.items()):
            self._free[key].append(number)
        # Candidates begin in any order: the engine works on the longest first.
        self._taken = set(keys)

    def of(self, trial: int, params: Mapping[str, Any]) -> int:
        """Return the number of the strategy's candidate *trial*; the same at every call."""
        if trial not in self._numbers:
            self._numbers[trial] = self._choose(self._offset + trial, candidate_key(params))
        return self._numbers[trial]

    def _choose(self, expected: int, key: str) -> int:
        same = self._free[key]
        if expected in same:
            same.remove(expected)
            return expected
        if same:
            return same.popleft()
        number = expected if expected not in self._taken else max(self._taken) + 1
        self._taken.add(number)
        return number
