"""Takes each guard out, one at a time, and looks whether the test that is there for it notices.

Run as ``make mutants``; ``make mutants ARGS=engine`` for some tables only.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.mutants.guards import Guard
from tests.mutants.tables import TABLES, chosen
from tests.mutants.trees import Tree, Verdict

Item = TypeVar("Item")
Found = TypeVar("Found")
Work = Callable[[Callable[[Tree, Item], Found], Sequence[Item]], Iterator[Found]]


def main() -> int:
    """Try every guard of the tables that are asked for; returns 1 where one is not missed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; engine is all that begin so")
    parser.add_argument("--only", default="", help="guards whose name or file has this in it")
    parser.add_argument("--jobs", type=int, default=2, help="guards at a time")
    told = parser.parse_args()
    guards = [each for each in chosen(told.tables) if told.only in each.name or told.only in each.file]
    if not guards:
        print(f"No guard of these tables has {told.only!r} in its name or file.")
        return 1
    with TemporaryDirectory(prefix="hpt-mutants-") as folder, _trees(Path(folder), told.jobs) as over:
        broken = [said for code, said in over(_with_all, _by_file(guards)) if code != 0]
        if broken:
            print(*broken, "Tests fail with every guard in its place.", sep="\n")
            return 1
        verdicts = []
        for guard, (verdict, said) in zip(guards, over(Tree.without, guards), strict=True):
            verdicts.append(verdict)
            print(_line(guard, verdict), flush=True)
            if verdict not in ("killed", "SURVIVED"):
                print(said, flush=True)
    missed = verdicts.count("killed")
    print(f"{missed} guards are missed when they are gone, {len(verdicts) - missed} are not.")
    return 0 if missed == len(verdicts) else 1


@contextmanager
def _trees(folder: Path, n_trees: int) -> Iterator[Work]:
    """Yield what works on many items, in their order, as many at a time as there are trees."""
    free: SimpleQueue[Tree] = SimpleQueue()
    with ExitStack() as open_trees:
        for number in range(n_trees):
            free.put(open_trees.enter_context(closing(Tree(folder / str(number)))))
        pool = open_trees.enter_context(ThreadPoolExecutor(n_trees))

        def over(act: Callable[[Tree, Item], Found], items: Sequence[Item]) -> Iterator[Found]:
            def on_a_tree(item: Item) -> Found:
                tree = free.get()
                try:
                    return act(tree, item)
                finally:
                    free.put(tree)

            return pool.map(on_a_tree, items)

        yield over


def _with_all(tree: Tree, tests: Sequence[str]) -> tuple[int, str]:
    return tree.run(*tests)


def _by_file(guards: Sequence[Guard]) -> list[list[str]]:
    """Return the tests of *guards*, those of one file together."""
    tests: defaultdict[str, set[str]] = defaultdict(set)
    for guard in guards:
        tests[guard.test.partition("::")[0]].add(guard.test)
    return [sorted(each) for each in tests.values()]


def _line(guard: Guard, verdict: Verdict) -> str:
    return f"{verdict:<10} without {guard.name} ({guard.file}): {guard.test}"


if __name__ == "__main__":
    sys.exit(main())
