"""The sample tables that a dataset node may name, and what each is there to predict.

Reading them does not belong here: `shared.samples` does, and it needs scikit-learn.
"""

from collections.abc import Mapping

SAMPLE_TARGETS: Mapping[str, str] = {
    "penguins": "species",
    "diabetes": "target",
    "breast_cancer": "target",
    "wine": "target",
    "iris": "target",
    "digits": "target",
}


def sample_target(name: object) -> str | None:
    """Return the target column of the sample table called *name*, or None when there is no such table."""
    return SAMPLE_TARGETS.get(name) if isinstance(name, str) else None
