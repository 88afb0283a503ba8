"""A strategy over candidates that are given as a list, for users of the library.

Proposers of jobs do not belong here: they take candidates from the context's space.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperparameter_tuning.registry.free_prefixes import FreePrefixes
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import Params
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_all, ask_racing


@dataclass(frozen=True, slots=True)
class PreparedCandidates:
    """Asks for each of a list of candidates once.

    Attributes:
        candidates: In the order of the rows of ``cv_results_``.
        path: Shorter fits that become candidates beside each.
        races: Candidates that are hopeless after two folds are ended.
    """

    candidates: Sequence[Params]
    path: FreePrefixes | None = None
    races: bool = False

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list with all candidates, or one per fold where they race."""
        if self.races:
            return ask_racing(self.candidates, context, path=self.path)
        return ask_all(self.candidates, path=self.path)
