"""What is handed to one process at a time: families of one fold.

Nothing is scored here, nor is an order chosen. A family is never split: that would fit it twice.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hyperparameter_tuning.tasks.evaluation.families import Family
from hyperparameter_tuning.tasks.evaluation.unit_work import Unit

LONGEST_SECONDS = 2.0
MOST_FAMILIES = 10
"""Expected work, and families, of one assignment at most, where it can be divided: a person watches, or wants
to stop. The number holds where the expectation is far too low."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Work for one process, and what it is expected to take.

    Attributes:
        families: All of one fold, where there is more than one.
        seconds: Expected.
        wave: Waves are worked on one after the other, so that candidates are complete on all folds early:
            whoever stops a search, or limits its time, has something to choose from.
        check: Numbers of a family and of its member that is fitted plainly too, to compare.
    """

    families: tuple[Family, ...]
    seconds: float
    wave: int = 0
    check: tuple[int, int] | None = None


def units_of(assignment: Assignment) -> Iterator[Unit]:
    """Yield the units of an assignment in the order of its families."""
    for family in assignment.families:
        yield from family.units


def assignments(
    families: Sequence[Family], seconds: Callable[[Family], float], n_workers: int
) -> list[Assignment]:
    """Divide families into assignments.

    Families that share a prepared fold stay together, so that it is prepared in one process only. Of a number
    of folds that the workers do not divide evenly, the odd ones are split over all workers.

    Args:
        families: In the order of their candidates.
        seconds: Expected seconds of a family.
        n_workers: Processes that work at once.
    """
    alone: list[list[Family]] = []
    together: dict[Hashable, list[Family]] = {}
    for family in families:
        if _shares(family):
            together.setdefault(family.shared_key, []).append(family)
        else:
            alone.append([family])
    bundles = list(together.values())
    whole = len(bundles) - len(bundles) % n_workers
    parts = [*bundles[:whole], *(part for bundle in bundles[whole:] for part in _dealt(bundle, n_workers))]
    pieces = [enumerate(_limited(part, seconds)) for part in parts]
    waves = [(wave, piece) for part in pieces for wave, piece in part] + [(0, family) for family in alone]
    return [Assignment(tuple(piece), sum(map(seconds, piece)), wave) for wave, piece in waves]


def _shares(family: Family) -> bool:
    return family.first.has_steps or (family.rule is not None and family.rule.shares_fold)


def _dealt(bundle: Sequence[Family], n_workers: int) -> Iterator[list[Family]]:
    for worker in range(min(n_workers, len(bundle))):
        yield list(bundle[worker::n_workers])


def _limited(part: Iterable[Family], seconds: Callable[[Family], float]) -> Iterator[list[Family]]:
    piece: list[Family] = []
    total = 0.0
    for family in part:
        if piece and (total + seconds(family) > LONGEST_SECONDS or len(piece) == MOST_FAMILIES):
            yield piece
            piece, total = [], 0.0
        piece.append(family)
        total += seconds(family)
    yield piece
