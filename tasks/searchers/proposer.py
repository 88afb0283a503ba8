"""The public interface of a strategy: a generator that asks for scores and is told them.

Strategies themselves do not belong here, one module each; nor does the driver (`search`).
"""

from collections.abc import Generator
from typing import Protocol, runtime_checkable

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.import_paths import ImportPathError, load_by_path, one_line
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result

Proposals = Generator[list[Request], list[Result], None]


class ProposerError(TuningError):
    """A strategy broke the rules of `Proposer`; a fault of its author, not of the configuration."""

    default_code = "strategy_misbehaved"


@runtime_checkable
class Proposer(Protocol):
    """Proposes candidates.

    Rules for the generator, which the driver holds it to:

    - Each yield is a non-empty list of requests, and receives one result per request, in their order.
    - Candidates are numbered from 0 in the order in which they first appear, without gaps.
    - A candidate keeps its number over rungs and folds.
    - A candidate that is asked for fold by fold appears in every following list until all its folds are
      scored. One that is missing was given up: it counts as pruned, and cannot win.
    - ``context.budget.max_trials`` is never passed; the other limits are the driver's. Candidates that are
      prefixes of a drawn one's fit do not count, and come before it in the same list.
    - Equal contexts give equal proposals, as long as the results are equal.
    """

    def propose(self, context: SearchContext) -> Proposals:
        """Yield what to score next until there is nothing left to ask.

        Args:
            context: Space, options, seed, budget and size of the search.

        Raises:
            UserError: the space or the options do not allow this search.
        """
        ...


def load_proposer(spec: StrategySpec) -> Proposer:
    """Import and make the proposer of a strategy.

    Raises:
        ProposerError: the import path does not lead to a proposer.
    """
    try:
        proposer = load_by_path(spec.proposer)()
    except ImportPathError as error:
        raise ProposerError(f"The strategy '{spec.value}' cannot be loaded: {error.message}") from error
    except Exception as error:
        raise ProposerError(f"The strategy '{spec.value}' cannot be made: {one_line(error)}.") from error
    if not isinstance(proposer, Proposer):
        raise ProposerError(f"The strategy '{spec.value}' is not a proposer: it has no 'propose'.")
    return proposer
