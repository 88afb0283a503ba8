"""How many rows and folds a search has, from the summary alone: no table is read.

Dividing rows does not belong here (`shared.splits`, `shared.split_node`); the arithmetic is theirs.
"""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm


def training_rows(plain: PlainForm, rows: int, kinds: NodeKinds) -> int:
    """Return how many of *rows* leave the splitters of the path by the outputs it takes.

    Rows without a target, which are left out later, still count.

    Args:
        plain: The graph.
        rows: Rows of the dataset.
        kinds: Node kinds by type.
    """
    for step in plain.steps:
        kind = kinds.get(step.kind)
        if kind is not None and kind.fold_policy == "splitter":
            rows = _parts({**kind.default_config, **step.config}, rows).get(step.output or "train", rows)
    return rows


def _parts(config: Mapping[str, Any], rows: int) -> dict[str, int]:
    test, validation = _share(config.get("test_size"), rows), _share(config.get("validation_size"), rows)
    return {"train": max(rows - test - validation, 0), "validation": validation, "test": test}


def _share(share: Any, rows: int) -> int:
    # The tolerance keeps 0.2 of 15 rows at 3: the product is a little more than 3.
    return math.ceil(float(share) * rows - 1e-9) if isinstance(share, int | float) else 0


def number_of_splits(cross_validation: BaseModel) -> int:
    """Return folds times repeats."""
    return int(getattr(cross_validation, "folds", 1)) * int(getattr(cross_validation, "repeats", 1))
