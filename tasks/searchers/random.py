"""Random search as a strategy: distinct independent draws.

How one dimension is drawn does not belong here (`draws`).
"""

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.plans import plan_random
from hyperparameter_tuning.registry.racing import check_racing
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import draw_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_all, ask_racing

_BATCH_PER_JOB = 16
"""Candidates per list and unit in work, where the number of draws is open: enough to keep workers busy."""


_RACING_BATCH = 32
"""The same where candidates race: a number of its own, so that the same are ended on any machine."""


class RandomProposer:
    """Asks for distinct random draws from the space."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list with ``max_trials`` draws, or batches for as long as the search lasts.

        Raises:
            UserError: shorter fits are asked for, and the space has no length.
        """
        limit, path = plan_random(context).candidates, free_prefixes(context)
        batch_size = None if limit is not None else _BATCH_PER_JOB * max(1, context.n_jobs)
        space = context.space if path is None else path.rest
        draws = draw_candidates(space, limit, context.seed)
        if check_racing(context):
            yield from ask_racing(draws, context, None if limit is not None else _RACING_BATCH, path)
        else:
            yield from ask_all(draws, batch_size, path)
