"""The example pipelines that come with the package, for an editor to offer.

The graphs themselves are files of `frontend-schema/examples`; that they open and run is tested there.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.frontend_schema import folder


@dataclass(frozen=True, slots=True)
class ExamplePipeline:
    """One example.

    Attributes:
        id: Name of its file.
        name: What people call it.
        description: What it shows, in one sentence.
    """

    id: str
    name: str
    description: str

    @property
    def graph(self) -> dict[str, Any]:
        """The graph, a copy of the caller's own."""
        document: dict[str, Any] = json.loads(_text(self.id))
        return document


EXAMPLES = (
    ExamplePipeline(
        "penguins",
        "Penguins",
        "Three species from mixed columns with gaps: split, impute, encode, scale, logistic regression.",
    ),
    ExamplePipeline("diabetes", "Diabetes", "Progress of a disease as a number: scale, ridge regression."),
    ExamplePipeline(
        "breast_cancer", "Breast cancer", "Two classes from numbers: split, scale, a support vector machine."
    ),
    ExamplePipeline(
        "wine_sql", "Wine from a database", "A SQL table behind a named connection: nearest neighbours."
    ),
)
"""In the order in which they are offered: the one to start with first."""


@lru_cache(maxsize=len(EXAMPLES))
def _text(name: str) -> str:
    return (folder() / "examples" / f"{name}.json").read_text(encoding="utf-8")
