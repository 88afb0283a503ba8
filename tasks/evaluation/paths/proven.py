"""Where a rule was proven to give the same bits: in which versions of the package that the class is of.

Which classes have one is in `paths.table` and `step_paths.table`. A subclass may override anything and a new
version may compute anything anew, so both are fitted plainly.
"""

import sys
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from packaging.specifiers import SpecifierSet

Rule = TypeVar("Rule")


class Proven(NamedTuple, Generic[Rule]):
    """A rule and where it was proven to give the same bits.

    Attributes:
        rule: The rule.
        versions: PEP 440 specifiers of the class's package.
    """

    rule: Rule
    versions: str = ">=1.9,<1.10"


def installed_rule(proven: Proven[Rule] | None, estimator: Any) -> Rule | None:
    """Return the rule where it was proven for the installed version of the estimator's package."""
    if proven is None or not _is_of(type(estimator).__module__.partition(".")[0], proven.versions):
        return None
    return proven.rule


@cache
def _is_of(package: str, versions: str) -> bool:
    """Say whether the loaded *package* is of one of these *versions*."""
    return SpecifierSet(versions).contains(sys.modules[package].__version__, prereleases=True)
