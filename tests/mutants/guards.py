"""What a guard is: a condition that something rests on, how to take it out, and the test that notices.

Which guards there are does not belong here (`tables`), nor how they are taken out (`trees`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """A guard, how to take it out, and the quickest test that must fail then.

    Attributes:
        name: For the person who reads.
        file: Where it is.
        text: What is replaced; stands there once.
        without: What stands there without it.
        test: Node id of the test.
    """

    name: str
    file: str
    text: str
    without: str
    test: str


Row = tuple[str, str, str, str]
"""Name, text, what stands there without it, and the test: by its name in a file, or as a whole node id."""


def guards(file: str, tests: str, *rows: Row) -> tuple[Guard, ...]:
    """Return the guards of one module.

    Args:
        file: Of the module.
        tests: File of the tests that are named without one.
        *rows: One per guard.
    """
    return tuple(
        Guard(name, file, text, without, test if test.startswith("tests/") else f"{tests}::{test}")
        for name, text, without, test in rows
    )
